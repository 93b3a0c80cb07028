"""Lines: differences of a sweep from its reference over one factor, one panel per outcome."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.experiment.sweep.loader import Plan
from sim.experiment.sweep.points import Factor
from sim.view.labels import balanced
from sim.view.outcome_words import one_of, unit_of
from sim.view.policies.look import (
    difference_axis,
    legend_of,
    marks_of,
    name_beside,
    panels_of,
    policy_looks,
    room_beside,
)
from sim.view.style import in_house_style, new_figure
from sim.view.sweep.heat_map import grid_of
from sim.view.sweep.words import (
    axis_label,
    finding_of,
    headline_outcome,
    rows_of,
    tick_label,
    what_ran,
)
from sim.view.words import words
from sim.world.draws import FloatArray

_PANEL, _LINE, _AROUND = 1.6, 0.125, 0.75
"""Inches: the least panel, a line of a level's label, and what is around a panel."""
_QUANTILES = ("q05", "q25", "median", "q75", "q95")
_MOST_TICKS, _ACROSS = 12, 80
"""Most labels below a panel, and characters in all of them."""


@in_house_style
def draw_lines(plan: Plan, summary: pd.DataFrame) -> Figure:
    """Return the figure: lines over a scale, points over levels that have none.

    The sweep is a grid of one factor; arguments: see ``draw_sweep``.
    """
    (factor,) = plan.factors
    outcomes, several = plan.sweep.outcomes, len(plan.policies) > 1
    names = [words(policy.name) for policy in plan.policies]
    marks = [marks_of(names, policy_looks(len(names))) for _ in outcomes]
    height = max(_PANEL, room_beside(marks[0]) if several else 0.0)
    below = 0.0 if factor.is_scale else _LINE * max(of.count("\n") for of in _labels(factor))
    bars = "" if several and factor.is_scale else " Bars: 50 % (thick) and 90 % of the pairs."
    fig = new_figure(
        (height + below + _AROUND) * len(outcomes),
        finding_of(plan, summary, headline_outcome(plan)),
        f"{what_ran(plan, summary)} Marks: median of the differences.{bars}",
        legend_of(marks[0]),
    )
    for (outcome, ax), beside in zip(panels_of(fig, outcomes), marks, strict=True):
        ends = draw_line(ax, plan, summary, outcome)
        if several:
            name_beside(ax, ends, beside, height)
    return fig


def draw_line(
    ax: Axes, plan: Plan, summary: pd.DataFrame, outcome: str
) -> list[tuple[float, float]]:
    """Draw the differences under every policy and return where they end; see ``draw_lines``."""
    (factor,) = plan.factors
    places = _places(factor)
    order = np.argsort(places, kind="stable")
    looks = policy_looks(len(plan.policies))
    ends, drawn = [], [np.zeros(1)]
    for policy, look in enumerate(looks):
        rows = rows_of(plan, summary, policy, outcome)
        low, lower, median, upper, high = (
            grid_of(plan, rows, rows[f"difference_{name}"].to_numpy(dtype=float))[order]
            for name in _QUANTILES
        )
        # Without a scale, policies stand side by side.
        x = places[order] + (0 if factor.is_scale else 0.1 * (policy - (len(looks) - 1) / 2))
        bars = not factor.is_scale or len(looks) == 1
        if bars:
            ax.vlines(x, low, high, color=look.color, linewidth=1.0)
            ax.vlines(x, lower, upper, color=look.color, linewidth=2.6)
        line = look.line | ({} if factor.is_scale else {"linestyle": ""})
        ax.plot(x, median, clip_on=False, **line)
        drawn += [low, high] if bars else [median]
        known = np.flatnonzero(np.isfinite(median))
        last = known[-1] if len(known) else 0
        ends.append((float(x[last]), float(np.nan_to_num(median[last]))))
    values = np.concatenate(drawn)
    # The words for the sides stand above and below what is drawn.
    room = 0.16 * float(np.nanmax(values) - np.nanmin(values)) or one_of(outcome)
    ax.set_ylim(float(np.nanmin(values)) - room, float(np.nanmax(values)) + room)
    ax.set_ylabel(balanced(f"Difference ({unit_of(outcome)})", 24))
    _set_places(ax, factor, places)
    difference_axis(ax, outcome, upright=True)
    return ends


def _places(factor: Factor) -> FloatArray:
    """Return where the levels are on the axis, shape (levels,)."""
    if not factor.is_scale:
        return np.arange(len(factor.levels), dtype=float)
    return np.array([level.quantity.number for level in factor.levels if level.quantity])


def _labels(factor: Factor) -> list[str]:
    width = max(6, _ACROSS // len(factor.levels))
    return [balanced(tick_label(factor, level), width) for level in factor.levels]


def _set_places(ax: Axes, factor: Factor, places: FloatArray) -> None:
    log = factor.is_scale and _is_log(factor, places)
    ax.set_xscale("log" if log else "linear")
    ax.set_xlabel(f"{axis_label(factor)}{', log scale' if log else ''}")
    labels = _labels(factor)
    if not factor.is_scale:
        ax.set_xlim(-0.5, len(places) - 0.5)
        ax.set_xticks(places, labels)
        return
    if len(places) <= _MOST_TICKS and (log or len(set(np.diff(np.sort(places)).round(9))) == 1):
        ax.set_xticks(places, labels)
    ax.set_xticks(places, [""] * len(places), minor=True)


def _is_log(factor: Factor, places: FloatArray) -> bool:
    """Tell whether an axis is logarithmic: asked for, or values listed over a power of ten."""
    if factor.range is not None:
        return factor.range.scale == "log"
    return bool(0 < 10 * places.min() <= places.max())
