"""The table that a comparison ends with: differences by policy, in the terminal."""

from collections.abc import Callable
from functools import partial

from rich import box
from rich.table import Table

from sim.experiment.comparison import UNITS, Comparison
from sim.experiment.paired_statistics import PairedStatistics
from sim.view.outcome_words import difference_words, title_of_outcome
from sim.view.policy_words import words


def comparison_table(comparison: Comparison) -> Table:
    """Return a table with the differences of every policy from the baseline.

    Outcomes that no policy changes in any pair are left out.
    """
    table = Table(
        title=f"Differences from {words(comparison.baseline.name)} over {comparison.pairs} pairs "
        "of runs: median, 5 % to 95 %,\nand how many pairs are better with the policy (fewer)",
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
    )
    table.add_column("")
    for policy in comparison.others:
        table.add_column(words(policy.name), justify="right")
    for outcome in UNITS:
        of_policies = [
            comparison.statistics(policy, outcome) for policy in range(1, len(comparison.policies))
        ]
        if any(statistics.equal < 1 for statistics in of_policies):
            number = partial(difference_words, outcome)
            cells = [_cell(statistics, number) for statistics in of_policies]
            table.add_row(title_of_outcome(outcome), *cells)
    return table


def _cell(statistics: PairedStatistics, number: Callable[[float], str]) -> str:
    if statistics.equal == 1:
        return f"{number(0.0)}\n[dim]no difference[/dim]"
    interval = f"{number(statistics.q05)} to {number(statistics.q95)}"
    better = f"better: {statistics.lower:.0%}"
    better += f", equal: {statistics.equal:.0%}" if statistics.equal else ""
    return f"{number(statistics.median)}\n[dim]{interval}\n{better}[/dim]"
