"""The table that a run ends with: outcomes by scenario, in the terminal."""

from collections.abc import Sequence

import numpy as np
from rich.table import Table

from sim.experiment.replicates import Replicates
from sim.view.labels import OUTCOME_LABELS


def summary(all_replicates: Sequence[Replicates]) -> Table:
    """Return a table with the median and the 90 % interval of every outcome by scenario."""
    table = Table(
        title="Outcomes: median of the runs (5 % to 95 %)", title_justify="left", show_lines=False
    )
    table.add_column("Outcome")
    for replicates in all_replicates:
        runs = len(replicates.results)
        table.add_column(f"{replicates.scenario.name}\n{runs} runs", justify="right")
    for name, label in OUTCOME_LABELS.items():
        cells = [_cell(replicates.outcome(name)) for replicates in all_replicates]
        table.add_row(label, *cells)
    return table


def _cell(values: "np.ndarray[tuple[int, ...], np.dtype[np.float64]]") -> str:
    if not len(values):
        return "no run finished"
    low, middle, high = np.quantile(values, [0.05, 0.5, 0.95])
    return f"{_number(middle)} ({_number(low)} to {_number(high)})"


def _number(value: float) -> str:
    if value and abs(value) < 10 and value != round(value):
        return f"{value:.3g}"
    return f"{value:,.0f}"
