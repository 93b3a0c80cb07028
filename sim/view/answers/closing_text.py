"""Answers in the terminal: question, table, a sentence each, and where the rest is."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table as RichTable
from rich.text import Text

from sim.experiment.comparison import Comparison
from sim.experiment.replicates import Replicates
from sim.view.answers.sentences import policy_sentence, question_of, run_sentence, with_changes
from sim.view.answers.tables import Runs, Table, differences, summary_of
from sim.view.words import SPACE

_COLUMNS = 3
"""Scenarios side by side, one less with probabilities: with more, a terminal is too narrow."""
_HEADING = 24
"""Characters of the heading of a row."""
_CELL = 20
"""Characters of a cell, and of the name of a policy: tables are at most 100 wide."""
_LOWER = "P(lower)"


def closing_text(
    questions: Sequence[str],
    table: Table,
    sentences: Sequence[str],
    folder: Path | None,
    *,
    baseline: bool = False,
) -> Group:
    """Return the last screen of a command.

    Args:
        questions: what was asked, a line each.
        table: the numbers.
        sentences: what they come to, a sentence each.
        folder: where everything else is; None: nowhere.
        baseline: the first column of the table is what the others are compared with.
    """
    rest = f"Everything else: {folder}; as a page: bordersim report {folder}" if folder else ""
    return Group(
        *(Text(question, "bold") for question in questions),
        _plain(f"{table.caption}.", "dim"),
        *_parts(table, baseline),
        *(_plain(sentence) for sentence in sentences),
        *([Text(rest, "dim")] if rest else []),
    )


def _parts(table: Table, baseline: bool) -> Iterator[RichTable]:
    """Yield a table in parts of a few columns; the baseline stands below the row headings."""
    first = int(baseline)
    columns = range(first, len(table.head) - 1)
    for start in columns[:: _COLUMNS - first]:
        places = columns[start - first :][: _COLUMNS - first]
        part = RichTable(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
        part.add_column("", max_width=_HEADING)
        for place in places:
            part.add_column(table.head[place + 1], justify="right", max_width=_CELL)
            if baseline:
                part.add_column(_LOWER, justify="right", style="dim")
        for title, cells in table.rows:
            before = [_note(f"  {table.head[1]} {cells[0].text}")] if baseline else []
            texts = [Text.assemble(title, *before)]
            for cell in (cells[place] for place in places):
                texts.append(Text.assemble(_plain(cell.text), *(_note(of) for of in cell.notes)))
                if baseline:
                    texts.append(_plain(cell.chance.removeprefix(f"{_LOWER} ").replace(" / ", "/")))
            part.add_row(*texts)
        yield part


def _note(text: str) -> Text:
    return _plain(f"\n{text}", "dim")


def _plain(text: str, style: str = "") -> Text:
    """Return a text without no-break spaces: rich ends lines at them all the same."""
    return Text(text.replace(f"{SPACE}%", "%").replace(SPACE, " "), style)


def summary(
    all_replicates: Sequence[Replicates], every: bool = False, folder: Path | None = None
) -> RenderableType:
    """Return question, medians with 90 % intervals, and a sentence for every scenario.

    Outcomes that are 0 in every run of every scenario, or have a value in none, are left out.

    Args:
        all_replicates: the runs of each scenario, at least one of each.
        every: with all outcomes, not only those that a policy is judged by first.
        folder: where the results are, to say so.
    """
    questions = [with_changes(of.scenario.question, of.scenario) for of in all_replicates]
    scenarios = [Runs(of.scenario.name, len(of.results), of.outcome) for of in all_replicates]
    return closing_text(
        list(filter(None, questions)),
        summary_of(scenarios, every=every),
        [run_sentence(of.name, of.values) for of in scenarios],
        folder,
    )


def comparison_table(
    comparison: Comparison, every: bool = False, folder: Path | None = None
) -> RenderableType:
    """Return question, differences from the baseline, and a sentence for every policy.

    Args:
        comparison: the policies, with at least one pair.
        every: with all outcomes that some policy changes, not only those judged by first.
        folder: where the results are, to say so.
    """
    last = comparison.policies[-1].scenario
    return closing_text(
        [with_changes(question_of(list(comparison.names), last.question), last)],
        differences(comparison, every=every),
        [policy_sentence(comparison, of) for of in range(1, len(comparison.names))],
        folder,
        baseline=True,
    )
