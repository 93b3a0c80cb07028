"""Puts together what the page of a folder says, in the order in which it is read."""

from collections.abc import Sequence
from dataclasses import dataclass

from sim.view.policy_words import words
from sim.view.report import comparison_tables, run_tables, sweep_tables
from sim.view.report.answers import Answer, lead, policy_answers
from sim.view.report.captions import Caption, caption_of, order_of
from sim.view.report.cautions import Caution, cautions_of
from sim.view.report.explorer import as_json, explorer_of
from sim.view.report.facts import Fact, inputs, provenance, what_ran
from sim.view.report.figures import Picture, inlined
from sim.view.report.folder import ComparisonFolder, Results, RunFolder, SweepFolder
from sim.view.report.html_table import HtmlTable
from sim.view.report.run_answers import run_sentences
from sim.view.report.sweep_answers import shown_outcomes, sweep_answers
from sim.view.report.wording import count, listed, sentence_name


@dataclass(frozen=True)
class FigureOfPage:
    """A figure with its words and its data.

    Attributes:
        picture: the figure.
        caption: what it is called, and how to read it.
        table: the numbers behind it.
    """

    picture: Picture
    caption: Caption
    table: HtmlTable


@dataclass(frozen=True)
class TextFile:
    """A file that is shown as it is."""

    name: str
    text: str


@dataclass(frozen=True)
class Page:
    """All that the page says.

    Attributes:
        title: heading of the page.
        question: what was asked; empty if nothing was.
        lead: the answer in a sentence; empty if there is none so short.
        answers: the answer, a policy or outcome each.
        facts: what was run.
        cautions: what to keep in mind.
        explorer: JSON of the explorer; empty without one.
        figures: the figures.
        tables: the tables.
        parameters: the parameters that differ from run to run; None if they are not in the folder.
        files: scenario files and the like.
        provenance: where the results come from.
        inputs: the files that the page was made of.
    """

    title: str
    question: str
    lead: str
    answers: Sequence[Answer]
    facts: Sequence[Fact]
    cautions: Sequence[Caution]
    explorer: str
    figures: Sequence[FigureOfPage]
    tables: Sequence[HtmlTable]
    parameters: HtmlTable | None
    files: Sequence[TextFile]
    provenance: Sequence[Fact]
    inputs: HtmlTable


def page_of(folder: Results) -> Page:
    """Return what the page of a folder says.

    Raises:
        FolderError: a file in the folder cannot be used.
    """
    title, question, in_short, answers, tables = _specific(folder)
    drawn = folder.parameters if isinstance(folder, RunFolder) else None
    explorer = explorer_of(folder) if isinstance(folder, SweepFolder) else None
    return Page(
        title,
        question,
        in_short,
        answers,
        what_ran(folder),
        cautions_of(folder),
        as_json(explorer) if explorer else "",
        _figures(folder),
        tables,
        run_tables.parameters(drawn) if drawn is not None else None,
        _files(folder),
        provenance(folder),
        inputs(folder),
    )


_Specific = tuple[str, str, str, list[Answer], list[HtmlTable]]


def _specific(folder: Results) -> _Specific:
    """Return title, question, lead, answers and tables of one kind of folder."""
    if isinstance(folder, ComparisonFolder):
        baseline = words(folder.manifest.baseline)
        policies = listed([words(policy) for policy in folder.others])
        return (
            f"{count(len(folder.others), 'border policy', 'border policies')} against {baseline}",
            f"What do {policies} change against {baseline}?",
            lead(folder),
            policy_answers(folder),
            [
                comparison_tables.differences(folder),
                comparison_tables.differences(folder, everything=True),
            ],
        )
    if isinstance(folder, SweepFolder):
        return (
            sentence_name(folder.manifest.sweep),
            folder.manifest.question,
            "",
            sweep_answers(folder),
            [sweep_tables.points(folder, shown_outcomes(folder))],
        )
    assert isinstance(folder, RunFolder)
    runs = count(len(folder.manifest.seeds_finished), "run")
    return (
        sentence_name(folder.manifest.scenario),
        folder.scenarios[0].scenario.question,
        "",
        [Answer(runs, run_sentences(folder))],
        [run_tables.compared(folder), run_tables.outcomes(folder)],
    )


def _figures(folder: Results) -> list[FigureOfPage]:
    figures = []
    paths = sorted(folder.figures, key=lambda path: (order_of(path.stem), path.stem))
    for number, path in enumerate(paths, 1):
        caption, table = caption_of(folder, path.stem)
        title = f"Figure {number}. {caption.title}"
        description = f"{caption.sentence} The numbers are in the table below the figure."
        figures.append(FigureOfPage(inlined(path, number, title, description), caption, table))
    return figures


def _files(folder: Results) -> list[TextFile]:
    files = [TextFile(file.path.name, file.text) for file in folder.scenarios]
    if isinstance(folder, SweepFolder):
        files.insert(0, TextFile("sweep.yaml", folder.plan.path.read_text("utf-8")))
    return files
