"""Panel of how large the hospital outbreak became, against what the articles say of it."""

import datetime as dt

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.view.number_text import whole
from sim.view.style import ORANGE, PALE, SMALL, count_axis
from sim.world.draws import FloatArray

ARTICLE, LOW, HIGH = "A15", 24, 96
"""Article count A15 (UrduPoint / Sputnik, 29 April 2020): "several dozen", read as 2 to 8 dozen."""
COUNTED = dt.date(2020, 4, 28)
"""Day that it describes."""
_BINS = 20


def share_inside(sizes: FloatArray) -> float:
    """Return the share of runs in which so many residents, shape (runs,), lie in the interval."""
    return float(((sizes >= LOW) & (sizes <= HIGH)).mean())


def draw_outbreak_sizes(ax: Axes, sizes: FloatArray, day: dt.date) -> None:
    """Draw a histogram of residents confirmed by ``day``, shape (runs,), upon the interval."""
    highest = max(float(sizes.max()), float(HIGH))
    step = max(1, int(np.ceil((highest + 1) / _BINS)))
    edges = np.arange(-0.5, highest + 1 + step, step)
    ax.axvspan(LOW - 0.5, HIGH + 0.5, color=PALE, alpha=0.5, linewidth=0, zorder=0)
    ax.hist(sizes, bins=edges.tolist(), color=ORANGE, edgecolor="white", linewidth=0.4)
    ax.set_xlim(float(edges[0]), float(edges[-1]))
    ax.set_ylim(top=1.9 * ax.get_ylim()[1])  # room for the label
    ax.text(
        LOW,
        0.98,
        f"{ARTICLE}: several dozen\n({LOW} to {HIGH})",
        transform=ax.get_xaxis_transform(),
        ha="left",
        va="top",
        fontsize=SMALL,
    )
    count_axis(ax, "Runs")
    ax.xaxis.set_major_locator(MaxNLocator(nbins=6, integer=True, steps=[1, 2, 2.5, 5, 10]))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: whole(value)))
    ax.set_xlabel(f"Residents confirmed by {day.day} {day:%B}")
