"""Panels of differences from a reference scenario, an outcome a panel."""

import textwrap
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.experiment.pairs import paired_differences
from sim.experiment.replicates import Replicates
from sim.experiment.tables import QUANTILES
from sim.view.number_text import short, signed
from sim.view.runs_note import scenario_label
from sim.view.style import GREY, PALE, SMALL
from sim.view.wide_scale import is_wide, linear_up_to, set_wide_ticks
from sim.world.draws import FloatArray

OUTCOMES = {
    "infected_at_entry": "people",
    "imported_confirmed": "cases",
    "fate_released_infectious": "people",
    "quarantine_person_days": "person-days",
    "stranded_person_days": "person-days",
    "tests": "tests",
}
"""Outcomes that policies are compared by, and their units."""


def draw_differences(
    ax: Axes,
    outcome: str,
    unit: str,
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
    _set_scale(ax, unit, list(rows.values()))
    for row, quantiles in rows.items():
        _draw_row(ax, row, quantiles, colors[row])


def _set_scale(ax: Axes, unit: str, rows: Sequence[FloatArray]) -> None:
    low = min((float(row[0]) for row in rows), default=0.0)
    high = max((float(row[-1]) for row in rows), default=0.0)
    low, high = min(low, 0.0), max(high, 0.0)
    label = f"Difference in {unit}"
    sizes = [float(np.abs(row).max()) for row in rows]
    if is_wide(sizes):
        threshold = linear_up_to(sizes)
        ax.set_xscale("symlog", linthresh=threshold, linscale=0.7)
        # A third of a decade of room on either side.
        low, high = min(2 * low, -threshold), max(2 * high, threshold)
        ax.set_xlim(low, high)
        set_wide_ticks(ax.xaxis, low, high, threshold, most=2, text=short)
        ax.set_xlabel(f"{label} (log scale)")
    else:
        room = 0.15 * (high - low) or 1.0
        ax.set_xlim(low - room, high + room)
        ax.xaxis.set_major_locator(MaxNLocator(nbins=4, integer=True, steps=[1, 2, 2.5, 5, 10]))
        ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: short(value)))
        ax.set_xlabel(label)


def _draw_row(ax: Axes, row: int, quantiles: FloatArray, color: str) -> None:
    low, lower, median, upper, high = quantiles
    ax.axhline(row, color=PALE, linewidth=0.3, zorder=0.4)
    ax.hlines(row, low, high, color=color, linewidth=1.0)
    ax.hlines(row, lower, upper, color=color, linewidth=3.0)
    ax.plot(median, row, "o", color="white", markersize=4, markeredgecolor=color, zorder=3)
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
