"""The table that a run ends with: outcomes by scenario, in the terminal."""

from collections.abc import Sequence

import numpy as np
from rich import box
from rich.table import Table

from sim.experiment.outcome_registry import OUTCOMES, RUN_TABLE, with_value
from sim.experiment.replicates import Replicates
from sim.view.outcome_words import value_words
from sim.view.runs_note import scenario_label
from sim.world.draws import FloatArray


def summary(all_replicates: Sequence[Replicates]) -> Table:
    """Return a table with the median and the 90 % interval of every outcome by scenario.

    Outcomes that are 0 in every run of every scenario, or have a value in none, are left out.
    """
    table = Table(
        title="Outcomes: median of the runs, below it 5 % to 95 %",
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
    )
    table.add_column("")
    for replicates in all_replicates:
        table.add_column(
            f"{scenario_label(replicates)}\n{len(replicates.results):,} runs", justify="right"
        )
    for name in RUN_TABLE:
        columns = [replicates.outcome(name) for replicates in all_replicates]
        if any(with_value(values).any() for values in columns):
            table.add_row(OUTCOMES[name].label, *(_cell(name, values) for values in columns))
    return table


def _cell(outcome: str, values: FloatArray) -> str:
    known = with_value(values)
    if not len(known):
        return "no value"
    quantiles = np.quantile(known, [0.05, 0.5, 0.95]).tolist()
    low, middle, high = (value_words(outcome, value) for value in quantiles)
    text = f"{middle}\n[dim]{low} to {high}[/dim]"
    if len(known) < len(values):
        text += f"\n[dim]in {len(known):,} of {len(values):,} runs[/dim]"
    return text
