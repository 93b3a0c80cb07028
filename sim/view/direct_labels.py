"""Names of policies written beside what is drawn, or in a legend if they are many."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from scipy.optimize import isotonic_regression

from sim.view.labels import balanced
from sim.view.policies.look import PolicyLook
from sim.view.style import BLACK, PALE, SMALL
from sim.world.draws import FloatArray

MOST_DIRECT = 6
"""Up to so many policies have their names beside what is drawn, more of them have a legend."""
_LINE, _NAME, _BESIDE = 1.25 * SMALL / 72, 22, 1.04
"""Inches of a line of a name beside a panel, characters in it, where it is in axes fractions."""


def marks_of(names: Sequence[str], looks: Sequence[PolicyLook]) -> list[Line2D]:
    """Return what stands for the lines of policies, with their names as labels."""
    return [
        Line2D([], [], **line_of(look), label=name) for name, look in zip(names, looks, strict=True)
    ]


def line_of(look: PolicyLook) -> dict[str, Any]:
    """Return how the line of a policy is drawn."""
    return {
        "color": look.color, "linestyle": look.dash, "marker": look.marker, "markersize": 4,
        "linewidth": 1.2,
    }  # fmt: skip


def legend_of(marks: Sequence[Line2D]) -> list[Line2D]:
    """Return the marks of policies that need a legend: none if they are few."""
    return list(marks) if len(marks) > MOST_DIRECT else []


def room_beside(marks: Sequence[Line2D]) -> float:
    """Return the inches that the labels of ``marks`` need one below another beside a panel."""
    return 0.0 if legend_of(marks) else sum(map(_room, marks))


def write_beside(
    ax: Axes, points: Sequence[tuple[float, float]], marks: Sequence[Line2D], height: float
) -> None:
    """Write the names of few policies to the right of a panel, moved so that none overlap.

    Args:
        ax: where to draw; its limits must have been set.
        points: where the lines to the names begin.
        marks: what stands before the names, labelled with them.
        height: of the panel in inches, at least ``room_beside`` the marks.
    """
    if legend_of(marks):
        return
    to_axes = ax.transScale + ax.transLimits
    wanted = np.array([float(to_axes.transform(point)[1]) for point in points])
    tall = np.array([_room(mark) for mark in marks]) / height
    for i, y in _apart(wanted, tall):
        ax.annotate(
            "", points[i], (_BESIDE, y), textcoords="axes fraction", annotation_clip=False,
            zorder=0.6, arrowprops={
                "arrowstyle": "-", "color": PALE, "linewidth": 0.6, "shrinkA": 0, "shrinkB": 0,
            },
        )  # fmt: skip
        ax.annotate(
            _in_lines(marks[i]), (_BESIDE, y), (6, 0), xycoords="axes fraction",
            textcoords="offset points", va="center", color=BLACK, fontsize=SMALL,
            annotation_clip=False,
        )  # fmt: skip
        marks[i].set(data=([_BESIDE], [y]), transform=ax.transAxes, clip_on=False, linestyle="")
        ax.add_artist(marks[i])


def _apart(wanted: FloatArray, tall: FloatArray) -> list[tuple[int, float]]:
    """Return heights from 0 to 1 near the wanted ones at which labels do not overlap.

    Args:
        wanted: where the middle of each label would be alone, shape (labels,).
        tall: room that each needs, shape (labels,).

    Returns:
        Number and height of each label, from below.
    """
    order = np.lexsort((-np.arange(len(wanted)), wanted))
    middles = np.cumsum(tall[order]) - tall[order] / 2
    # A rising sequence next to these shifts leaves everyone the room needed.
    shifts = isotonic_regression(wanted[order] - middles).x
    heights = np.clip(shifts, 0.0, 1.0 - float(tall.sum())) + middles
    return list(zip(order.tolist(), heights.tolist(), strict=True))


def _in_lines(mark: Line2D) -> str:
    return "\n".join(balanced(line, _NAME) for line in str(mark.get_label()).split("\n"))


def _room(mark: Line2D) -> float:
    """Return the inches that a name needs, with the space to the next one."""
    return (_in_lines(mark).count("\n") + 1.5) * _LINE
