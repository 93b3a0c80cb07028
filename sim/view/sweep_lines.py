"""Figure of a sweep over one factor: differences from the reference, and levels beside them."""

from collections.abc import Sequence
from string import ascii_lowercase
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.experiment.sweep.loader import Plan
from sim.experiment.sweep.points import Factor
from sim.view.balanced_text import balanced
from sim.view.bands import legend_of_bands
from sim.view.days import date_axis, position
from sim.view.direct_labels import MOST_DIRECT, legend_of, marks_of, room_beside, write_beside
from sim.view.forest import draw_interval
from sim.view.page import new_figure
from sim.view.policy_look import PolicyLook, policy_looks
from sim.view.policy_words import words
from sim.view.style import BLACK, GREY, PALE, SMALL, in_house_style, panel_title
from sim.view.sweep_heat_map import (
    DATE,
    axis_label,
    date_of,
    grid_of,
    in_file_of,
    level_words,
    one_of,
    tick_label,
    tick_words,
    title_of_outcome,
    unit_of,
)
from sim.world.draws import FloatArray

_DIFFERENCES = [f"difference_{name}" for name in ("q05", "q25", "median", "q75", "q95")]
_LEVELS = ["q05", "q25", "q50", "q75", "q95"]
_OUTER, _INNER = 0.18, 0.3
"""Opacity of the 90 % band, and of the 50 % band upon it."""
_MOST_OUTER, _MOST_INNER = 3, 6
"""Up to so many policies have the outer band, and the inner one; more of them would be mud."""
_PANEL, _AROUND, _HEAD, _ROW, _LINE = 1.2, 0.75, 0.2, 0.14, 0.125
"""Inches: a panel of lines, around a panel, above rows, a policy's row, and a line of a label."""
_NAME, _TITLE = 24, 36
"""Characters in a line of a level's name, and of a title."""
_CHARACTER, _UPRIGHT = 0.026, 17
"""Share of the axis that a character of a tick takes, and characters an inch of upright labels."""


@in_house_style
def draw_lines(plan: Plan, summary: pd.DataFrame, heading: str, runs: str) -> Figure:
    """Return the figure: two panels an outcome, with lines over a scale or rows of named levels.

    Args:
        plan: the sweep, a grid of one factor.
        summary: as ``SweepResults.summary`` makes it.
        heading: the take-away.
        runs: what ran, for the note.
    """
    (factor,) = plan.factors
    outcomes = plan.sweep.outcomes
    titles = [balanced(title_of_outcome(outcome), _TITLE) for outcome in outcomes]
    is_line = factor.is_scale and len(factor.levels) > 1
    height = (_line_height if is_line else _row_height)(plan)
    lines = max(title.count("\n") for title in titles) + len(factor.label) // _TITLE
    room = height + _AROUND + _LINE * lines
    fig = new_figure(
        room * len(outcomes),
        heading,
        f"{runs} Left: differences, pair by pair. Right: the outcome itself.",
        legend=(_line_legend if is_line else _row_legend)(plan, summary),
    )
    axes = fig.subplots(len(outcomes), 2, squeeze=False)
    for row, (outcome, title) in enumerate(zip(outcomes, titles, strict=True)):
        for column, names in enumerate((_DIFFERENCES, _LEVELS)):
            ax = axes[row, column]
            panel_title(ax, ascii_lowercase[(2 * row + column) % 26], title)
            values = _values(plan, summary, outcome, names)
            label = unit_of(outcome) if column else f"difference ({unit_of(outcome)})"
            if is_line:
                _draw_lines(ax, plan, values)
            else:
                _draw_rows(ax, plan, values, height, named=column == 0)
            _set_values(ax, outcome, values, label, upright=is_line, from_zero=column == 0)
            if column == 0:
                _draw_zero(ax, height, upright=is_line)
            elif is_line and len(plan.policies) > 1:
                _write_names(ax, plan, values, height)
    return fig


def _values(plan: Plan, summary: pd.DataFrame, outcome: str, columns: Sequence[str]) -> FloatArray:
    """Return quantiles, shape (policies, quantiles, levels), nan where no run has finished."""
    policies = range(len(plan.policies))
    return np.array(
        [[grid_of(plan, summary, i, outcome, name) for name in columns] for i in policies]
    )


def _looks(plan: Plan) -> tuple[list[str], list[PolicyLook]]:
    return [words(policy.name) for policy in plan.policies], policy_looks(len(plan.policies))


def _line_height(plan: Plan) -> float:
    several = len(plan.policies) > 1
    return max(_PANEL, room_beside(marks_of(*_looks(plan))) if several else 0.0)


def _row_height(plan: Plan) -> float:
    lines = max(label.count("\n") + 1.6 for label in _row_labels(plan))
    return _HEAD + len(plan.points) * max(_ROW * (len(plan.policies) + 0.6), lines * _LINE)


def _row_labels(plan: Plan) -> list[str]:
    levels, own = plan.factors[0].levels, in_file_of(plan, 0)
    texts = [level_words(level) for level in levels]
    return [
        balanced(f"{text} (as in the file)" if is_own else text, _NAME)
        for text, is_own in zip(texts, own, strict=True)
    ]


def _missing(plan: Plan, summary: pd.DataFrame) -> list[Artist]:
    finished = summary[summary["point"] >= 0][["policy", "point"]].drop_duplicates()
    if len(finished) == len(plan.points) * len(plan.policies):
        return []
    mark = Line2D([], [], color=GREY, marker="x", markersize=4, linestyle="none")
    mark.set_label("no finished run")
    return [mark]


def _line_legend(plan: Plan, summary: pd.DataFrame) -> list[Artist]:
    artists = legend_of_bands(int(summary["runs"].max()))[: _bands(len(plan.policies)) + 1]
    if in_file_of(plan, 0).any():
        artists.append(
            Line2D([], [], label=f"as in the file of {words(plan.policies[0].name)}", **_OWN)
        )
    names = legend_of(marks_of(*_looks(plan)))
    return [*artists, *_missing(plan, summary), *names]


_OWN: dict[str, Any] = {"color": GREY, "linewidth": 0.8, "linestyle": (0, (3, 2))}


def _row_legend(plan: Plan, summary: pd.DataFrame) -> list[Artist]:
    marks = marks_of(*_looks(plan)) if len(plan.policies) > 1 else []
    for mark in marks:
        mark.set(linestyle="none", markerfacecolor="white")
    return [
        *marks,
        Line2D([], [], color=GREY, linewidth=3, label="middle 50 % of the runs"),
        Line2D([], [], color=GREY, linewidth=1, label="90 %"),
        *_missing(plan, summary),
    ]


def _bands(policies: int) -> int:
    return 2 if policies <= _MOST_OUTER else 1 if policies <= _MOST_INNER else 0


def _draw_lines(ax: Axes, plan: Plan, values: FloatArray) -> None:
    """Draw a line a policy, with bands."""
    (factor,) = plan.factors
    places = _places(factor)
    _set_places(ax, factor, places)
    ax.set_xlabel(balanced(ax.get_xlabel(), _TITLE))
    order = np.argsort(places, kind="stable")
    for place in places[in_file_of(plan, 0)]:
        ax.axvline(place, zorder=0.6, **_OWN)
    bands = _bands(len(values))
    for quantiles, look in zip(values[:, :, order], _looks(plan)[1], strict=True):
        low, lower, median, upper, high = quantiles
        x = places[order]
        if bands > 1:
            ax.fill_between(x, low, high, color=look.color, alpha=_OUTER, linewidth=0)
        if bands:
            ax.fill_between(x, lower, upper, color=look.color, alpha=_INNER, linewidth=0)
        ax.plot(
            x,
            median,
            color=look.color,
            linestyle=look.dash,
            marker=look.marker,
            markersize=3.5,
            clip_on=False,
        )
        known = np.pad(np.isfinite(median), 1)
        alone = known[1:-1] & ~known[:-2] & ~known[2:]
        ax.vlines(x[alone], low[alone], high[alone], color=look.color, linewidth=1.0)
        gone = x[np.isnan(median)]
        ax.plot(
            gone, np.full(len(gone), 0.05), "x", color=look.color, markersize=4,
            transform=ax.get_xaxis_transform(),
        )  # fmt: skip


def _places(factor: Factor) -> FloatArray:
    """Return where the levels are on the axis, shape (levels,)."""
    quantities = [level.quantity for level in factor.levels if level.quantity]
    return np.array([position(date_of(q)) if q.unit == DATE else q.number for q in quantities])


def is_log(factor: Factor) -> bool:
    """Tell whether an axis is logarithmic: asked for, or values listed in equal ratios."""
    if factor.range is not None:
        return factor.range.scale == "log"
    numbers = np.sort([level.quantity.number for level in factor.levels if level.quantity])
    if len(numbers) < 3 or numbers[0] <= 0:
        return False
    ratios = numbers[1:] / numbers[:-1]
    return bool(ratios.min() > 1.5 and ratios.max() < 1.1 * ratios.min())


def _set_places(ax: Axes, factor: Factor, places: FloatArray) -> None:
    quantities = [level.quantity for level in factor.levels if level.quantity]
    if quantities[0].unit == DATE:
        dates = sorted(date_of(quantity) for quantity in quantities)
        date_axis(ax, dates[0], dates[-1], factor.label)
        return
    log = is_log(factor)
    ax.set_xscale("log" if log else "linear")
    ax.set_xlabel(f"{axis_label(factor)}{', log scale' if log else ''}")
    on_axis = np.log(places) if log else places
    shares = (on_axis - on_axis.min()) / (np.ptp(on_axis) or 1.0)
    labels = {
        place: tick_label(factor, level)
        for place, level in zip(places.tolist(), factor.levels, strict=True)
    }
    kept, taken = list[float](), -1.0
    for share, place in sorted(zip(shares.tolist(), places.tolist(), strict=True)):
        half = _CHARACTER * (len(labels[place]) + 1) / 2
        if share - half >= taken:
            kept.append(place)
            taken = share + half
    ax.set_xticks(kept, [labels[place] for place in kept])
    ax.set_xticks(places, [""] * len(places), minor=True)


def _draw_rows(ax: Axes, plan: Plan, values: FloatArray, height: float, *, named: bool) -> None:
    """Draw a row a level, and in it an interval a policy."""
    levels = values.shape[2]
    labels = _row_labels(plan) if named else [""] * levels
    ax.set_yticks(range(levels), labels)
    ax.set_ylim(levels - 0.5, -0.5 - _HEAD * levels / (height - _HEAD))
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    if named:
        ax.set_ylabel(balanced(plan.factors[0].label, int(height * _UPRIGHT)))
    ax.hlines(
        np.arange(0.5, levels - 1), 0, 1, PALE, linewidth=0.3, transform=ax.get_yaxis_transform()
    )
    looks = _looks(plan)[1]
    for policy, look in enumerate(looks):
        shift = 0.8 * ((policy + 0.5) / len(looks) - 0.5)
        for level, quantiles in enumerate(values[policy].T):
            if np.isfinite(quantiles).all():
                draw_interval(ax, level + shift, quantiles, look)
            else:
                ax.plot(
                    0.5, level + shift, "x", color=look.color, markersize=4,
                    transform=ax.get_yaxis_transform(),
                )  # fmt: skip


def _set_values(
    ax: Axes, outcome: str, values: FloatArray, label: str, *, upright: bool, from_zero: bool
) -> None:
    """Give the axis of values its limits, ticks and label, with nought if it is not far off."""
    known = values[np.isfinite(values)]
    low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 0.0)
    if from_zero or 0 < low < high / 2:
        low, high = min(low, 0.0), max(high, 0.0)
    room = 0.07 * (high - low) or one_of(outcome)
    # Nought is the foot of what cannot be below it.
    foot = low == 0 < high and upright and not from_zero
    limits = (low if foot else low - room, high + room)
    axis = ax.yaxis if upright else ax.xaxis
    (ax.set_ylim if upright else ax.set_xlim)(*limits)
    axis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
    axis.set_major_formatter(FuncFormatter(lambda value, _: tick_words(outcome, value)))
    words_of = f"{label[0].upper()}{label[1:]}"
    axis.set_label_text(balanced(words_of, int(_PANEL * _UPRIGHT)) if upright else words_of)


def _draw_zero(ax: Axes, height: float, *, upright: bool) -> None:
    """Draw the line of no difference, with its name beside lines or above rows."""
    if upright:
        ax.axhline(0, color=BLACK, linewidth=0.8, zorder=0.7)
        ax.annotate(
            "no\ndifference", (1, 0), (3, 0), xycoords=("axes fraction", "data"),
            textcoords="offset points", va="center", fontsize=SMALL, color=BLACK,
        )  # fmt: skip
        return
    top = 1 - _HEAD / height
    ax.plot(
        [0, 0], [0, top], color=BLACK, linewidth=0.8, zorder=0.7, transform=ax.get_xaxis_transform()
    )
    low, high = ax.get_xlim()
    share = -low / (high - low)
    ax.text(
        0, top + 0.5 * (1 - top), "no difference", transform=ax.get_xaxis_transform(),
        ha="left" if share < 0.2 else "right" if share > 0.8 else "center", va="center",
        fontsize=SMALL,
    )  # fmt: skip


def _write_names(ax: Axes, plan: Plan, values: FloatArray, height: float) -> None:
    """Write the names of few policies at the ends of their lines."""
    places = _places(plan.factors[0])
    ends, marks = [], []
    for mark, medians in zip(marks_of(*_looks(plan)), values[:, 2], strict=True):
        known = np.flatnonzero(np.isfinite(medians))
        if len(known):
            last = known[places[known].argmax()]
            ends.append((float(places[last]), float(medians[last])))
            marks.append(mark)
    if len(plan.policies) <= MOST_DIRECT:
        write_beside(ax, ends, marks, height)
