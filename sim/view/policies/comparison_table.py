"""The table that a comparison ends with: differences by policy, in the terminal."""

from functools import partial

from rich import box
from rich.table import Table

from sim.experiment.comparison import Comparison
from sim.experiment.outcome_registry import COMPARED
from sim.experiment.paired_statistics import PairedStatistics
from sim.view.outcome_words import difference_words, judged, title_of_outcome
from sim.view.policy_words import words


def comparison_table(comparison: Comparison) -> Table:
    """Return a table with the differences of every policy from the baseline.

    Outcomes that no policy changes in any pair are left out.
    """
    table = Table(
        title=f"Differences from {words(comparison.baseline.name)} over {comparison.pairs:,} pairs "
        "of runs: median, 5 % to 95 %,\nand how many pairs are better with the policy (lower, "
        "where neither is better)",
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
    )
    table.add_column("")
    for policy in comparison.others:
        table.add_column(words(policy.name), justify="right")
    for outcome in COMPARED:
        of_policies = [
            comparison.statistics(policy, outcome) for policy in range(1, len(comparison.policies))
        ]
        if any(statistics.equal < 1 for statistics in of_policies):
            cells = [_cell(outcome, statistics) for statistics in of_policies]
            table.add_row(title_of_outcome(outcome), *cells)
    return table


def _cell(outcome: str, statistics: PairedStatistics) -> str:
    number = partial(difference_words, outcome)
    if statistics.equal == 1:
        return f"{number(0.0)}\n[dim]no difference[/dim]"
    interval = f"{number(statistics.q05)} to {number(statistics.q95)}"
    word, share = judged(outcome, statistics)
    better = f"{word}: {share:.0%}"
    better += f", equal: {statistics.equal:.0%}" if statistics.equal else ""
    return f"{number(statistics.median)}\n[dim]{interval}\n{better}[/dim]"
