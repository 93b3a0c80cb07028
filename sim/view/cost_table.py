"""Panel of words and numbers: what averting an infection costs, scenario by scenario."""

import textwrap
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from sim.experiment.cost_effectiveness import CostEffectiveness, cost_effectiveness
from sim.experiment.pairs import half_width
from sim.experiment.replicates import Replicates
from sim.view.number_text import about, decimal, million, signed
from sim.view.runs_note import scenario_label
from sim.view.style import GREY, PALE, SMALL

_COLUMNS = ((0.16, "extra cost a run"), (0.44, "infections averted a run"), (0.5, "so that"))
"""Where the columns are across the panel, and what stands above them."""


def verdict(against: CostEffectiveness) -> str:
    """Return the cost per infection averted, or words where a ratio would mislead."""
    extra, averted = float(against.extra_cost.sum()), float(against.averted.sum())
    if averted > 0:
        if extra <= 0:
            return "cheaper and fewer infections"
        return f"{about(against.cost_per_averted)} CNY per infection averted"
    if averted == 0:
        return "no fewer infections"
    return "costs more and adds infections" if extra > 0 else "cheaper, but more infections"


def write_cost_table(ax: Axes, reference: Replicates, others: Sequence[Replicates]) -> None:
    """Write a row for each of ``others`` against the reference."""
    ax.set_yticks(
        range(len(others)),
        [textwrap.fill(scenario_label(replicates), 26) for replicates in others],
    )
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(len(others) - 0.4, -1.4)
    ax.set_ylabel("Scenario")
    ax.set_xlim(0, 1)
    ax.set_xticks([])
    ax.set_xlabel("Extra cost in million CNY; averted less than zero: more infections")
    ax.spines[["left", "bottom"]].set_visible(False)
    for number, (x, head) in enumerate(_COLUMNS):
        ax.text(x, -0.95, head, ha=_side(number), va="center", fontsize=SMALL, color=GREY)
    for row, replicates in enumerate(others):
        ax.axhline(row - 0.5, color=PALE, linewidth=0.3)
        against = cost_effectiveness(replicates, reference)
        for number, text in enumerate(_cells(against)):
            x = _COLUMNS[number][0]
            ax.text(x, row, text, ha=_side(number), va="center", fontsize=SMALL)


def _cells(against: CostEffectiveness) -> tuple[str, ...]:
    if not len(against.averted):
        return "", "", "no runs with the same seed"
    extra, averted = float(against.extra_cost.mean()), float(against.averted.mean())
    interval = half_width(against.averted)
    within = f" ± {decimal(interval)}" if np.isfinite(interval) else ""
    sure = "" if against.certain or averted == 0 else " (uncertain)"
    return (
        f"{'+' if extra > 0 else ''}{million(extra)}",
        f"{signed(round(averted, 1))}{within}",
        verdict(against) + sure,
    )


def _side(column: int) -> str:
    return "left" if column == len(_COLUMNS) - 1 else "right"
