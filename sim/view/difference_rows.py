"""Rows of intervals, and the axis of differences below them."""

from collections.abc import Callable, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.view.number_text import short
from sim.view.policies.look import PolicyLook
from sim.view.wide_scale import is_wide, linear_up_to, set_wide_ticks
from sim.world.draws import FloatArray


def draw_interval(ax: Axes, y: float, quantiles: FloatArray, look: PolicyLook) -> None:
    """Draw 90 % (thin), 50 % (thick) and the median (marker) in a row.

    Args:
        ax: where to draw.
        y: place of the row.
        quantiles: at 5, 25, 50, 75 and 95 %.
        look: of the policy.
    """
    low, lower, median, upper, high = quantiles
    ax.hlines(y, low, high, color=look.color, linewidth=1.0)
    ax.hlines(y, lower, upper, color=look.color, linewidth=3.0)
    ax.plot(
        median, y, look.marker, color="white", markersize=4.5, markeredgecolor=look.color, zorder=3
    )


def set_difference_scale(
    ax: Axes,
    unit: str,
    rows: Sequence[FloatArray],
    *,
    room: float,
    text: Callable[[float], str] = short,
) -> None:
    """Give the x axis room for all differences and for zero, and ticks and a label.

    Args:
        ax: where they are drawn.
        unit: in which they are.
        rows: what has to be seen of each row; nan where there is none.
        room: beside the outermost on a linear axis, as a share of the distance between them.
        text: writes a tick's value.
    """
    known = np.concatenate([[0.0], *rows])
    low, high = float(np.nanmin(known)), float(np.nanmax(known))
    sizes = [float(np.nanmax(np.abs(row))) for row in rows]
    label = f"Difference in {unit}"
    if is_wide(sizes):
        threshold = linear_up_to(sizes)
        ax.set_xscale("symlog", linthresh=threshold, linscale=0.7)
        # A third of a decade of room on either side.
        low, high = min(2 * low, -threshold), max(2 * high, threshold)
        ax.set_xlim(low, high)
        set_wide_ticks(ax.xaxis, low, high, threshold, most=2, text=text)
        # Below each other: side by side they run into the label of the next panel.
        label += "\n(log scale)"
    else:
        beside = room * (high - low) or 1.0
        ax.set_xlim(low - beside, high + beside)
        ax.xaxis.set_major_locator(MaxNLocator(nbins=4, integer=True, steps=[1, 2, 2.5, 5, 10]))
        ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: text(value)))
    ax.set_xlabel(label)
