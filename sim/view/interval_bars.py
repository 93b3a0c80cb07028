"""Bars of what some outcome came to in the runs: median, 90 % of the runs, both in numbers."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.view.number_text import interval, whole
from sim.view.style import GREY, SMALL
from sim.world.draws import FloatArray

ROW, AROUND = 0.21, 0.85
"""Inches: one bar, and what is around the bars of a panel."""


def draw_interval_bars(
    ax: Axes, rows: Mapping[str, FloatArray], colors: Mapping[str, str], unit: str
) -> None:
    """Draw a bar a row, with its numbers beside it.

    Args:
        ax: where to draw.
        rows: values of all runs by label, shape (runs,) each; from the top down.
        colors: of the bars, by label.
        unit: label of the x axis.
    """
    labels = list(rows)
    highest = 1.0
    for place, (label, values) in enumerate(rows.items()):
        low, median, high = np.quantile(values, (0.05, 0.5, 0.95))
        ax.barh(place, median, color=colors[label], height=0.7)
        if high > low:
            ax.hlines(place, low, high, color=GREY, linewidth=0.9)
        ax.annotate(
            interval(values),
            (max(median, high), place),
            (4, 0),
            textcoords="offset points",
            va="center",
            fontsize=SMALL,
        )
        highest = max(highest, float(high))
    ax.set_yticks(range(len(labels)), labels)
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(max(1, len(labels)) - 0.4, -0.6)
    # The numbers need room to the right of the longest bar.
    ax.set_xlim(0, 1.45 * highest)
    ax.xaxis.set_major_locator(MaxNLocator(nbins=6, integer=True, steps=[1, 2, 5, 10]))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: whole(value)))
    ax.set_xlabel(unit)
