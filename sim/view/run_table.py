"""What a run ends with in the terminal: its first outcomes, and a sentence for each scenario."""

from collections.abc import Sequence
from pathlib import Path

from rich.console import RenderableType

from sim.experiment.replicates import Replicates
from sim.view.answers.closing_text import closing_text
from sim.view.answers.sentences import run_sentence, with_changes
from sim.view.answers.tables import Runs, summary_of


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
