"""What figures of policies share: looks, names beside lines, sides of a difference, headings."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from string import ascii_lowercase
from typing import Any, Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator
from scipy.optimize import isotonic_regression
from scipy.special import bdtr

from sim.experiment.comparison import Comparison
from sim.experiment.outcome_registry import OUTCOMES
from sim.experiment.paired_statistics import PairedStatistics
from sim.view.labels import balanced, columns, whole
from sim.view.outcome_words import tick_words, title_of_outcome
from sim.view.style import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    HALO,
    NORMAL,
    ORANGE,
    PALE,
    PURPLE,
    RUST,
    SKY,
    SMALL,
    VERMILLION,
    panel_title,
)
from sim.view.words import percent
from sim.world.draws import BoolArray, FloatArray

Dash = Literal["-", "--", "-.", ":"]

_COLORS = (VERMILLION, BLUE, GREEN, ORANGE, PURPLE, SKY, GREY)
_MARKERS = ("s", "D", "^", "v", "P", "X", "p", "h")
_DASHES: tuple[Dash, ...] = ("--", "-.", ":", "-")

SIDE_COLORS = {"better": BLUE, "worse": RUST, "lower": BLACK, "higher": BLACK}
"""Colour of a difference by the side of zero on which it is; words in ``Direction``."""
_HEADING = 82
"""Columns of a heading of one line."""


@dataclass(frozen=True)
class PolicyLook:
    """The look of one policy.

    Attributes:
        color: of its marks and lines; text stays dark.
        marker: of its points.
        dash: style of its lines.
    """

    color: str
    marker: str
    dash: Dash

    @property
    def line(self) -> dict[str, Any]:
        """How its line is drawn."""
        return {
            "color": self.color, "linestyle": self.dash, "marker": self.marker, "markersize": 4,
            "linewidth": 1.2,
        }  # fmt: skip


def policy_looks(policies: int) -> list[PolicyLook]:
    """Return the looks of so many policies, the baseline first, the only one in black.

    Colours and markers are 7 and 8, so that 56 other policies differ in one of them.
    """
    looks = zip(cycle(_COLORS), cycle(_MARKERS), cycle(_DASHES))
    others = [PolicyLook(*look) for look in islice(looks, max(0, policies - 1))]
    return [PolicyLook(BLACK, "o", "-"), *others][:policies]


def panels_of(figure: Figure, outcomes: Sequence[str]) -> list[tuple[str, Axes]]:
    """Return outcomes with their panels, one below the other, each with its title."""
    axes = figure.subplots(len(outcomes), 1, squeeze=False)[:, 0].tolist()
    for letter, ax, outcome in zip(cycle(ascii_lowercase), axes, outcomes, strict=False):
        panel_title(ax, letter, title_of_outcome(outcome))
    return list(zip(outcomes, axes, strict=True))


def beyond_chance(
    pairs: FloatArray | float, lower: FloatArray | float, higher: FloatArray | float
) -> BoolArray:
    """Tell which differences have a sign that chance alone gives in at most 5 % of cases.

    The sign test (two-sided; pairs without a difference left out), which needs six pairs or more.

    Args:
        pairs: how many, of any shape.
        lower: share of them with a difference below zero, same shape; nan without pairs.
        higher: share of them with a difference above zero.
    """
    below, above = (
        np.round(np.nan_to_num(np.multiply(pairs, of))).astype(np.int64) for of in (lower, higher)
    )
    return np.asarray(2 * bdtr(np.minimum(below, above), below + above, 0.5) <= 0.05)


def is_beyond_chance(of: PairedStatistics) -> bool:
    """Tell whether a difference is ``beyond_chance``."""
    return bool(beyond_chance(of.pairs, of.lower, of.higher))


def finding(
    subject: str,
    names: Sequence[str],
    statistics: Sequence[PairedStatistics],
    text: Callable[[float], str],
    sides: tuple[str, str] = ("lower", "higher"),
    cut_off: Collection[str] = (),
) -> str:
    """Return what policies change against the baseline, in a line if names are short.

    Args:
        subject: what differs.
        names: of the baseline and of the other policies, in words.
        statistics: differences under each of the others.
        text: writes a difference.
        sides: what lower and higher values are.
        cut_off: names of policies whose differences may still change after the calendar.
    """
    sure = [(of, name) for of, name in zip(statistics, names[1:], strict=True)
            if is_beyond_chance(of)]  # fmt: skip
    if not sure:
        return f"{subject}: no policy differs from {names[0]} beyond chance"
    ordered = sorted(sure, key=lambda one: (one[0].median, one[0].higher - one[0].lower))
    if sides[1] == "better" or ("better" not in sides and ordered[0][0].median > 0):
        ordered.reverse()
    best, worst = ordered[0][0], ordered[-1][0]
    first, last = (
        change_words(of.median, of.lower, of.higher, text)
        + f"{' so far' if name in cut_off else ''} with {name}"
        for of, name in (ordered[0], ordered[-1])
    )
    line, more = f"{subject}: {first}", f", {last}" if best.median * worst.median < 0 else ""
    if "better" in sides and sides[best.higher > best.lower] == "worse":
        line, more = f"{subject}: no policy is better than {names[0]}", f", {last}"
    return f"{line}{more}" if columns(f"{line}{more}") <= _HEADING else line


def change_words(median: float, lower: float, higher: float, text: Callable[[float], str]) -> str:
    """Return a median difference by ``text``, or the share of pairs with one if that is zero.

    Args:
        median: of the differences.
        lower: share of pairs with a difference below zero.
        higher: share of pairs with a difference above zero.
        text: writes a difference.
    """
    if median and text(median) != "±0":
        return text(median)
    word, share = ("higher", higher) if higher > lower else ("lower", lower)
    return f"{word} in {percent(share)} of pairs"


def pairs_note(comparison: Comparison) -> str:
    """Return what every figure of a decision is drawn from, in two sentences."""
    pairs = "One pair" if comparison.pairs == 1 else f"{whole(comparison.pairs)} pairs"
    return (
        f"{pairs} of runs, the same parameters and random numbers under every policy. Unit costs "
        "are assumptions."
    )


def difference_axis(ax: Axes, outcome: str, most: int = 5, *, upright: bool = False) -> None:
    """Make an axis one of differences, with zero, and in words what lower and higher values are.

    Args:
        ax: limits must have been set; an end on the other side of zero is left without a word.
        outcome: what differs.
        most: steps between ticks.
        upright: whether the y axis has the differences.
    """
    axis = ax.yaxis if upright else ax.xaxis
    axis.set_major_locator(MaxNLocator(most, steps=[1, 2, 2.5, 5, 10]))
    axis.set_major_formatter(lambda value, _: tick_words(outcome, value))
    (ax.axhline if upright else ax.axvline)(0, color=GREY, linewidth=0.8, zorder=0.7)
    low, high = ax.get_ylim() if upright else ax.get_xlim()
    words = OUTCOMES[outcome].direction.value
    for end, word in enumerate(words):
        if (low, -high)[end] >= 0:
            continue
        arrow = f"{'↓↑'[end]} {word}" if upright else (f"← {word}", f"{word} →")[end]
        ax.text(
            0.01 if upright else (0.005, 0.995)[end], (0.02, 0.98)[end] if upright else 0.99, arrow,
            transform=ax.transAxes, ha="left" if upright or not end else "right",
            va="bottom" if upright and not end else "top", fontsize=NORMAL, fontweight="bold",
            color=SIDE_COLORS[word], path_effects=HALO, zorder=5,
        )  # fmt: skip


MOST_DIRECT = 6
"""Up to so many policies have their names beside what is drawn, more of them have a legend."""
_LINE, _NAME, _BESIDE = 1.25 * SMALL / 72, 22, 1.04
"""Inches of a line of a name beside a panel, characters in it, where it is in axes fractions."""


def marks_of(names: Sequence[str], looks: Sequence[PolicyLook]) -> list[Line2D]:
    """Return what stands for the lines of policies, with their names as labels."""
    return [
        Line2D([], [], **look.line, label=name) for name, look in zip(names, looks, strict=True)
    ]


def legend_of(marks: Sequence[Line2D]) -> list[Line2D]:
    """Return the marks of policies that need a legend: none if they are few."""
    return list(marks) if len(marks) > MOST_DIRECT else []


def room_beside(marks: Sequence[Line2D]) -> float:
    """Return the inches that the labels of ``marks`` need one below another beside a panel."""
    return 0.0 if legend_of(marks) else sum(map(_room, marks))


def name_beside(
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
