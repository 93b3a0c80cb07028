"""Numbered dashed lines on the dates of policies."""

import datetime as dt
from collections.abc import Sequence

from matplotlib.axes import Axes

from sim.view.days import position
from sim.view.policy_marks import PolicyMark
from sim.view.style import GREY, PALE, SMALL, WIDTH

_NUMBER = 9.5
"""Points that a number takes in width and in height."""


def draw_policy_lines(
    axes: Sequence[Axes], marks: Sequence[PolicyMark], *, columns: int = 1
) -> float:
    """Draw a line for every mark through all axes, and numbers above the first row of them.

    The limits of the x axes must have been set.

    Args:
        axes: row by row.
        marks: the first is number 1; those outside an axis are left out.
        columns: axes side by side, from which the room for numbers follows.

    Returns:
        Height of the numbers above the axes, in points.
    """
    lift = 0.0
    for place, ax in enumerate(axes):
        low, high = ax.get_xlim()
        points = 72 * WIDTH * 0.85 / columns
        steps = _levels([m.date for m in marks], (high - low) * _NUMBER / points)
        numbered = sorted(zip(steps, range(1, len(marks) + 1), marks, strict=True), reverse=True)
        # From the highest down, so that a stem never runs over the number beside it.
        for level, number, mark in numbered:
            x = position(mark.date)
            if not low <= x <= high:
                continue
            ax.axvline(x, color=PALE, linewidth=0.6, linestyle=(0, (3, 2)), zorder=0.5)
            if place < columns:
                height = 7 + _NUMBER * level
                _write_number(ax, x, number, height)
                lift = max(lift, height + _NUMBER / 2)
    return lift


def _levels(dates: Sequence[dt.date], gap: float) -> list[int]:
    """Return the lowest level for each date at which no earlier number is in the way."""
    last: list[float] = []
    levels = []
    for x in map(position, dates):
        level = next((i for i, taken in enumerate(last) if x - taken >= gap), len(last))
        last[level : level + 1] = [x]
        levels.append(level)
    return levels


def _write_number(ax: Axes, x: float, number: int, height: float) -> None:
    ax.annotate(
        str(number),
        (x, 1),
        (0, height),
        xycoords=("data", "axes fraction"),
        textcoords="offset points",
        ha="center",
        va="center",
        fontsize=SMALL - 0.5,
        color="white",
        fontweight="bold",
        bbox={"boxstyle": "circle,pad=0.15", "facecolor": GREY, "edgecolor": "none"},
        arrowprops={"arrowstyle": "-", "color": PALE, "linewidth": 0.6, "shrinkA": 0, "shrinkB": 0},
        annotation_clip=False,
    )
