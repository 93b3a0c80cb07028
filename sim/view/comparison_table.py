"""The table that a comparison ends with: differences by policy, in the terminal."""

from rich import box
from rich.table import Table

from sim.experiment.comparison import UNITS, Comparison
from sim.experiment.paired_statistics import PairedStatistics
from sim.view.labels import OUTCOME_LABELS
from sim.view.number_text import about, signed


def comparison_table(comparison: Comparison) -> Table:
    """Return a table with the differences of every policy from the baseline.

    Outcomes that no policy changes in any pair are left out.
    """
    table = Table(
        title=f"Differences from {words(comparison.baseline.name)}, {comparison.pairs} pairs: "
        "median, below it 5 % to 95 % of the pairs, and how probably the policy is better",
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
            table.add_row(OUTCOME_LABELS[outcome], *map(_cell, of_policies))
    return table


def words(name: str) -> str:
    """Return the name of a policy as words."""
    return name.replace("_", " ")


def _cell(statistics: PairedStatistics) -> str:
    interval = f"{_number(statistics.q05)} to {_number(statistics.q95)}"
    if statistics.equal == 1:
        better = "no difference"
    else:
        better = f"better: {statistics.lower:.0%}"
        better += f", equal: {statistics.equal:.0%}" if statistics.equal else ""
    return f"{_number(statistics.median)}\n[dim]{interval}\n{better}[/dim]"


def _number(value: float) -> str:
    return signed(value) if abs(value) < 100_000 else f"{'+' if value > 0 else ''}{about(value)}"
