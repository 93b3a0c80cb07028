"""Panels of differences from a reference scenario, an outcome a panel."""

import textwrap
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke

from sim.experiment.outcome_registry import OUTCOMES
from sim.experiment.pairs import paired_differences
from sim.experiment.replicates import Replicates
from sim.experiment.tables import QUANTILES
from sim.view.difference_rows import draw_interval, set_difference_scale
from sim.view.number_text import signed
from sim.view.policies.look import PolicyLook
from sim.view.runs_note import scenario_label
from sim.view.style import GREY, PALE, SMALL
from sim.world.draws import FloatArray


def draw_differences(
    ax: Axes,
    outcome: str,
    reference: Replicates,
    others: Sequence[Replicates],
    colors: Sequence[str],
) -> None:
    """Draw a row for each of ``others``: median, 50 % and 90 % of the paired differences."""
    ax.axvline(0, color=GREY, linewidth=0.8, zorder=0.5)
    names = [textwrap.fill(scenario_label(replicates), 22) for replicates in others]
    ax.set_yticks(range(len(others)), names)
    ax.set_ylim(len(others) - 0.4, -0.75)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    rows: dict[int, FloatArray] = {}
    for row, replicates in enumerate(others):
        pairs = paired_differences(replicates, reference, outcome)
        if len(pairs):
            rows[row] = np.quantile(pairs, QUANTILES)
    set_difference_scale(ax, OUTCOMES[outcome].unit, list(rows.values()), room=0.15)
    for row, quantiles in rows.items():
        _draw_row(ax, row, quantiles, colors[row])


def _draw_row(ax: Axes, row: int, quantiles: FloatArray, color: str) -> None:
    ax.axhline(row, color=PALE, linewidth=0.3, zorder=0.4)
    draw_interval(ax, row, quantiles, PolicyLook(color, "o", "-"), size=4)
    median = float(quantiles[2])
    across = float((ax.transScale + ax.transLimits).transform((median, 0.0))[0])
    ax.annotate(
        signed(median),
        (median, row),
        (0, 4),
        textcoords="offset points",
        fontsize=SMALL,
        color=color,
        ha="left" if across < 0.15 else "right" if across > 0.85 else "center",
        va="bottom",
        path_effects=[withStroke(linewidth=2, foreground="white")],
    )
