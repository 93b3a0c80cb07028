"""Panel of a sweep over a factor with a scale: a line a policy over its levels, with bands."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from sim.experiment.sweep.loader import Plan
from sim.experiment.sweep.points import Factor
from sim.view.balanced_text import balanced
from sim.view.bands import INNER, OUTER, legend_of_bands
from sim.view.days import date_axis, position
from sim.view.direct_labels import legend_of, room_beside, write_beside
from sim.view.policy_words import words
from sim.view.style import BLACK, GREY, SMALL
from sim.view.sweep.marks import looks_of, mark_of_missing, named_marks
from sim.view.sweep.surface import in_file_of
from sim.view.sweep.values import PANEL
from sim.view.sweep.words import DATE, axis_label, date_of, tick_label
from sim.world.draws import FloatArray

WIDE = 36
"""Characters in a line above or below a panel."""
_MOST_OUTER, _MOST_INNER = 3, 6
"""Up to so many policies have the outer band, and the inner one; more of them would be mud."""
_CHARACTER = 0.026
"""Share of the axis that a character of a tick takes."""
_OWN: dict[str, Any] = {"color": GREY, "linewidth": 0.8, "linestyle": (0, (3, 2))}
"""The line at the level that a policy's file has."""


def curve_height(plan: Plan) -> float:
    """Return the inches that a panel needs."""
    return max(PANEL, room_beside(named_marks(plan)) if len(plan.policies) > 1 else 0.0)


def curve_legend(plan: Plan, summary: pd.DataFrame) -> list[Artist]:
    """Return what stands for lines and bands, and for policies if they are many."""
    artists = legend_of_bands(int(summary["runs"].max()))[: _bands(len(plan.policies)) + 1]
    if in_file_of(plan, 0).any():
        artists.append(
            Line2D([], [], label=f"as in the file of {words(plan.policies[0].name)}", **_OWN)
        )
    return [*artists, *mark_of_missing(plan, summary), *legend_of(named_marks(plan))]


def _bands(policies: int) -> int:
    """Return how many bands a policy has."""
    return 2 if policies <= _MOST_OUTER else 1 if policies <= _MOST_INNER else 0


def draw_curves(ax: Axes, plan: Plan, values: FloatArray) -> None:
    """Draw a line a policy, with bands; a cross at the foot where no run has finished.

    Args:
        ax: where to draw.
        plan: the sweep.
        values: quantiles at 5, 25, 50, 75 and 95 %, shape (policies, 5, levels).
    """
    (factor,) = plan.factors
    places = _places(factor)
    _set_places(ax, factor, places)
    ax.set_xlabel(balanced(ax.get_xlabel(), WIDE))
    order = np.argsort(places, kind="stable")
    for place in places[in_file_of(plan, 0)]:
        ax.axvline(place, zorder=0.6, **_OWN)
    bands = _bands(len(values))
    for quantiles, look in zip(values[:, :, order], looks_of(plan), strict=True):
        low, lower, median, upper, high = quantiles
        x = places[order]
        if bands > 1:
            ax.fill_between(x, low, high, color=look.color, alpha=OUTER, linewidth=0)
        if bands:
            ax.fill_between(x, lower, upper, color=look.color, alpha=INNER, linewidth=0)
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


def _set_places(ax: Axes, factor: Factor, places: FloatArray) -> None:
    quantities = [level.quantity for level in factor.levels if level.quantity]
    if quantities[0].unit == DATE:
        dates = sorted(date_of(quantity) for quantity in quantities)
        date_axis(ax, dates[0], dates[-1], factor.label)
        return
    log = _is_log(factor)
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


def _is_log(factor: Factor) -> bool:
    """Tell whether an axis is logarithmic: asked for, or values listed in equal ratios."""
    if factor.range is not None:
        return factor.range.scale == "log"
    numbers = np.sort([level.quantity.number for level in factor.levels if level.quantity])
    if len(numbers) < 3 or numbers[0] <= 0:
        return False
    ratios = numbers[1:] / numbers[:-1]
    return bool(ratios.min() > 1.5 and ratios.max() < 1.1 * ratios.min())


def mark_zero(ax: Axes) -> None:
    """Draw the line of no difference, with its name to the right."""
    ax.axhline(0, color=BLACK, linewidth=0.8, zorder=0.7)
    ax.annotate(
        "no\ndifference", (1, 0), (3, 0), xycoords=("axes fraction", "data"),
        textcoords="offset points", va="center", fontsize=SMALL, color=BLACK,
    )  # fmt: skip


def write_names(ax: Axes, plan: Plan, values: FloatArray, height: float) -> None:
    """Write the names of a few policies beside the ends of their lines; more have a legend."""
    if legend_of(named_marks(plan)):
        return
    places = _places(plan.factors[0])
    ends, marks = [], []
    for mark, medians in zip(named_marks(plan), values[:, 2], strict=True):
        known = np.flatnonzero(np.isfinite(medians))
        if len(known):
            last = known[places[known].argmax()]
            ends.append((float(places[last]), float(medians[last])))
            marks.append(mark)
    write_beside(ax, ends, marks, height)
