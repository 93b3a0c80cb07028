"""What a comparison ends with in the terminal: differences, and a sentence for each policy."""

from pathlib import Path

from rich.console import RenderableType

from sim.experiment.comparison import Comparison
from sim.view.answers.closing_text import closing_text
from sim.view.answers.sentences import policy_sentence, question_of, with_changes
from sim.view.answers.tables import differences


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
