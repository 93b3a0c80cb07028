"""Puts together what the page of a folder says, in the order in which it is read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from sim.view.answers.sentences import policy_sentence, question_of, run_sentence, with_changes
from sim.view.answers.sweep_sentences import shown_outcomes, sweep_sentences
from sim.view.answers.tables import Cell, Runs, Table, differences, summary_of
from sim.view.answers.words import SPACE, count, percent, sentence_name
from sim.view.labels import value_text
from sim.view.outcome_words import NOTHING, amount, difference_words, title_of_outcome
from sim.view.report.embedded_figures import FigureOfPage, figures_of
from sim.view.report.explorer import as_json, explorer_of
from sim.view.report.folder import ComparisonFolder, Results, RunFolder, SweepFolder
from sim.view.report.provenance import Fact, cautions, inputs, provenance, what_ran
from sim.view.sweep.words import place_words
from sim.view.words import words

_PICTURES = 2
"""Figures beside the answer; all others are in the second part."""
_MOST = 500
"""Points of a sweep in a table; the others are in the file."""


@dataclass(frozen=True)
class Answer:
    """What is said of a policy, a scenario or an outcome.

    Attributes:
        sentences: the answer, the main sentence first.
        subject: of what, as a heading; empty if the sentence says it.
    """

    sentences: Sequence[str]
    subject: str = ""


@dataclass(frozen=True)
class Page:
    """All that the page says.

    Attributes:
        title: heading of the page.
        question: what was asked; empty if nothing was.
        answers: the answer, a policy or outcome each.
        first: the table beside them; None without one.
        pictures: the figures beside them.
        explorer: JSON of the explorer; empty without one.
        cautions: what to keep in mind, and what it concerns.
        tables: more tables, by what to call them.
        figures: the other figures.
        facts: what was run.
        files: scenario files and the like: name and text.
        provenance: where the results come from.
        inputs: the files that the page was made of.
    """

    title: str
    question: str
    answers: Sequence[Answer]
    first: Table | None
    pictures: Sequence[FigureOfPage]
    explorer: str
    cautions: Sequence[tuple[str, list[str]]]
    tables: Sequence[tuple[str, Table]]
    figures: Sequence[FigureOfPage]
    facts: Sequence[Fact]
    files: Sequence[tuple[str, str]]
    provenance: Sequence[Fact]
    inputs: Table


def page_of(folder: Results) -> Page:
    """Return what the page of a folder says.

    Raises:
        FolderError: a file in the folder cannot be used.
    """
    if isinstance(folder, ComparisonFolder):
        title, question, answers, first, tables = _comparison(folder)
    elif isinstance(folder, SweepFolder):
        title, question, answers, first, tables = _sweep(folder)
    else:
        assert isinstance(folder, RunFolder)
        title, question, answers, first, tables = _run(folder)
    explorer = explorer_of(folder) if isinstance(folder, SweepFolder) else None
    figures = figures_of(folder.figures)
    files = [(file.path.name, file.text) for file in folder.scenarios]
    if isinstance(folder, SweepFolder):
        files.insert(0, ("sweep.yaml", folder.plan.path.read_text("utf-8")))
    return Page(
        title,
        question,
        answers,
        first,
        figures[:_PICTURES],
        as_json(explorer) if explorer else "",
        list(cautions(folder)),
        tables,
        figures[_PICTURES:],
        what_ran(folder),
        files,
        provenance(folder),
        inputs(folder),
    )


_Specific = tuple[str, str, list[Answer], Table | None, list[tuple[str, Table]]]


def _comparison(folder: ComparisonFolder) -> _Specific:
    paired, last = folder.paired, folder.scenarios[-1].scenario
    others = range(1, len(paired.names))
    policies = count(len(others), "border policy", "border policies")
    return (
        f"{policies} against {words(paired.names[0])}",
        with_changes(question_of(list(paired.names), last.question), last),
        [Answer([policy_sentence(paired, policy)]) for policy in others],
        differences(paired),
        [("All outcomes", differences(paired, every=True))],
    )


def _run(folder: RunFolder) -> _Specific:
    name, outcomes = folder.manifest["scenario"], folder.outcomes
    scenario = folder.scenarios[0].scenario
    runs = Runs(name, len(outcomes), lambda outcome: outcomes[outcome].to_numpy(dtype=float))
    tables = [("All outcomes", summary_of([runs], every=True))]
    drawn = folder.extras.get("parameters.csv")
    if drawn is not None:
        tables.append(("Parameters of the runs", _parameters(drawn)))
    return (
        sentence_name(name),
        with_changes(scenario.question, scenario),
        [Answer([run_sentence(name, runs.values)])],
        summary_of([runs]),
        tables,
    )


def _sweep(folder: SweepFolder) -> _Specific:
    plan, summary = folder.plan, folder.summary
    outcomes = shown_outcomes(plan, summary)
    tables = [("All points", _points(folder, outcomes))]
    boxes = folder.extras.get("boxes.csv")
    if boxes is not None:
        tables.insert(0, ("Boxes of the scenario discovery", _boxes(boxes)))
    return (
        sentence_name(folder.manifest["sweep"]),
        folder.manifest.get("question", ""),
        [
            Answer(sweep_sentences(plan, summary, outcome), title_of_outcome(outcome))
            for outcome in outcomes
        ],
        None,
        tables,
    )


def _points(folder: SweepFolder, outcomes: list[str]) -> Table:
    """Return outcomes at all points, one row per point and policy."""
    of = folder.summary
    by_outcome = {name: list(_rows(of[of["outcome"] == name])) for name in outcomes}
    points = list(zip(*by_outcome.values(), strict=True))
    left = f" {len(points) - _MOST:,} more points are in summary.csv." * (len(points) > _MOST)
    return Table(
        f"Median of the runs at each point, middle 90{SPACE}% of the runs, and median difference "
        f"from {words(folder.plan.policies[0].name)} as its file says.{left}",
        ["Point", *map(title_of_outcome, outcomes)],
        [
            (place_words(folder.plan, rows[0]), list(map(_point, outcomes, rows)))
            for rows in points[:_MOST]
        ],
    )


def _point(outcome: str, row: "pd.Series[float]") -> Cell:
    if not row["runs_with_value"]:
        return Cell(NOTHING, ("no value in any run",))
    notes = [f"{amount(outcome, row['q05'])} to {amount(outcome, row['q95'])}"]
    if row["runs_with_value"] < row["runs"]:
        notes.append(f"in {row['runs_with_value']:,} of {row['runs']:,} runs")
    if "difference_median" in row:
        notes.append(f"difference {difference_words(outcome, row['difference_median'])}")
    return Cell(amount(outcome, row["q50"]), tuple(notes))


def _boxes(boxes: pd.DataFrame) -> Table:
    return Table(
        "Boxes of a scenario discovery: shares of the cases of interest that are inside "
        "(coverage), of the cases inside that are of interest (density), and of all cases.",
        ["Conditions", "Coverage", "Density", "Inside"],
        [
            (
                f"{box['limits']}{' (chosen)' if box['chosen'] else ''}",
                [Cell(percent(box[share])) for share in ("coverage", "density", "mass")],
            )
            for box in _rows(boxes)
        ],
    )


def _parameters(drawn: pd.DataFrame) -> Table:
    quantiles = drawn.drop(columns="seed").quantile([0.5, 0.05, 0.95])
    return Table(
        "Parameters that differ from run to run, by their path in the scenario file.",
        ["Parameter", "Median", f"5{SPACE}%", f"95{SPACE}%"],
        [(str(name), [Cell(value_text(v)) for v in quantiles[name]]) for name in quantiles],
    )


def _rows(table: pd.DataFrame) -> "Iterator[pd.Series[float]]":
    return (row for _, row in table.iterrows())
