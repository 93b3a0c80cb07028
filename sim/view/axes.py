"""Parts of axes: days, bands of runs, bars of outcomes, counts of newspapers."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FixedLocator, MaxNLocator

from calibration.targets import CountTarget
from sim.experiment.tables import QUANTILES
from sim.scenario.schema import Calendar
from sim.view.labels import interval, whole
from sim.view.style import BLACK, GREY, HALO, SMALL, empty_panel
from sim.world.draws import FloatArray

_EPOCH = dt.date(1970, 1, 1)
_DAILY, _WEEKLY, _HALF_MONTHLY = 12, 45, 100
"""Up to how many days the ticks are (every other) day, 7 days apart, or twice a month."""


def position(date: dt.date) -> float:
    """Return where ``date`` is on a date axis: days since 1970, as Matplotlib counts them."""
    return float((date - _EPOCH).days)


def positions(calendar: Calendar) -> FloatArray:
    """Return where the days of ``calendar`` are on a date axis, shape (days,)."""
    return position(calendar.start) + np.arange(calendar.days, dtype=np.float64)


def short_date(date: dt.date) -> str:
    """Return a date without its year, such as 7 Apr."""
    return f"{date.day} {date:%b}"


def date_axis(ax: Axes, first: dt.date, last: dt.date, label: str = "Date") -> None:
    """Make the x axis show the days from ``first`` to ``last``, both whole."""
    ax.set_xlim(position(first) - 0.5, position(last) + 0.5)
    ax.xaxis.set_major_locator(FixedLocator([position(date) for date in _ticks(first, last)]))
    ax.xaxis.set_major_formatter(lambda x, _: short_date(_EPOCH + dt.timedelta(days=round(x))))
    years = f"{first.year}" if first.year == last.year else f"{first.year} to {last.year}"
    ax.set_xlabel(f"{label} ({years})")


def _ticks(first: dt.date, last: dt.date) -> list[dt.date]:
    days = [first + dt.timedelta(days=day) for day in range((last - first).days + 1)]
    if len(days) <= _DAILY:
        return days[:: 1 + len(days) // 7]
    if len(days) <= _WEEKLY:
        return days[::7]
    if len(days) <= _HALF_MONTHLY:
        return [day for day in days if day.day in (1, 15)]
    months = [day for day in days if day.day == 1]
    return months[:: 1 + len(months) // 6]


OUTER, INNER = 0.18, 0.3
"""Opacity of the 90 % band, and of the 50 % band upon it."""
BOTH = INNER + OUTER - INNER * OUTER
"""Opacity of the two together."""


def legend_of_bands(runs: int) -> list[Artist]:
    """Return what stands for line and bands in a legend."""
    if runs == 1:
        return [Line2D([], [], color=GREY, label="the run")]
    return [
        Line2D([], [], color=GREY, label="median"),
        Patch(color=GREY, alpha=BOTH, linewidth=0, label="middle 50 % of the runs"),
        Patch(color=GREY, alpha=OUTER, linewidth=0, label="90 %"),
    ]


def draw_bands(ax: Axes, days: FloatArray, runs: npt.NDArray[np.number], color: str) -> None:
    """Draw the quantiles of ``runs``, shape (runs, days).

    Args:
        ax: where to draw.
        days: positions of the days on the x axis.
        runs: values by run and day; a single run is drawn as a line.
        color: of line and bands.
    """
    # Each curve covers its days wholly, so that a calendar of one day can be seen too.
    x = np.concatenate([days[:1] - 0.5, days, days[-1:] + 0.5])
    quantiles = np.pad(np.quantile(runs, QUANTILES, axis=0), ((0, 0), (1, 1)), mode="edge")
    low, lower, median, upper, high = quantiles
    if len(runs) > 1:
        ax.fill_between(x, low, high, color=color, alpha=OUTER, linewidth=0)
        ax.fill_between(x, lower, upper, color=color, alpha=INNER, linewidth=0)
    ax.plot(x, median, color=color)


def whole_ticks(axis: Axis, steps: Sequence[float] = (1, 2, 5, 10), most: int = 6) -> None:
    """Put ticks at whole numbers, in at most ``most`` steps of these numbers or powers of ten."""
    axis.set_major_locator(MaxNLocator(nbins=most, integer=True, steps=steps))
    axis.set_major_formatter(lambda value, _: whole(value))


def name_rows(
    ax: Axes, names: Sequence[str], above: float = 0.6, spine: bool = False, **look: Any
) -> None:
    """Make the y axis one of named rows from the top down, with ``above`` rows of room."""
    ax.set_yticks(range(len(names)), names, **look)
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(max(1, len(names)) - 0.4, -above)
    ax.spines["left"].set_visible(spine)


def count_axis(ax: Axes, label: str) -> None:
    """Make the y axis one of whole counts from zero, never of no height."""
    ax.set_ylim(0, max(1.0, 1.05 * ax.get_ylim()[1]))
    whole_ticks(ax.yaxis, most=5)
    ax.set_ylabel(label)


def draw_rows(
    ax: Axes, rows: npt.ArrayLike, quantiles: FloatArray, colors: Any, size: float = 4.0
) -> None:
    """Draw intervals of 90 and 50 % and a hollow dot at the median, one a row.

    Args:
        ax: where to draw.
        rows: where the rows are on the y axis, shape (rows,).
        quantiles: at ``QUANTILES``, shape (5, rows).
        colors: one of all, or one of each.
        size: of the dots, in points.
    """
    low, lower, median, upper, high = quantiles
    ax.hlines(rows, low, high, color=colors, linewidth=1)
    ax.hlines(rows, lower, upper, color=colors, linewidth=3)
    ax.scatter(median, rows, s=size**2, color="white", edgecolor=colors, linewidth=1, zorder=3)


def write_near(
    ax: Axes,
    text: str,
    place: tuple[float, float],
    points: tuple[float, float],
    va: str = "center",
    **look: Any,
) -> None:
    """Write a small text so many points to the right of a place, and above it."""
    ax.annotate(text, place, points, textcoords="offset points", va=va, fontsize=SMALL, **look)


def write_beside(
    ax: Axes, row: float, text: str, points: float = 4, color: str = BLACK, ha: str = "left"
) -> None:
    """Write into a row to the right of the axes, so many points from them."""
    coordinates = ("axes fraction", "data")
    write_near(ax, text, (1, row), (points, 0), xycoords=coordinates, ha=ha, color=color)


def stack_days(
    ax: Axes, days: FloatArray, parts: Mapping[str, FloatArray], unit: str, nothing: str
) -> None:
    """Draw stacked bars by day.

    Args:
        ax: where to draw.
        days: positions of the days on the x axis.
        parts: values by day and colour, from below; those without any are left out.
        unit: label of the y axis.
        nothing: what is said if there are no values.
    """
    below = np.zeros(len(days))
    for color, values in parts.items():
        if values.any():
            ax.bar(
                days, values, bottom=below, color=color, width=0.85, edgecolor="white",
                linewidth=0.3,
            )  # fmt: skip
            below += values
    ax.set_ylim(top=1.08 * max(1.0, below.max()))
    count_axis(ax, unit)
    if not below.any():
        empty_panel(ax, nothing)


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
    highest = 1.0
    for place, (label, values) in enumerate(rows.items()):
        low, median, high = np.quantile(values, (0.05, 0.5, 0.95))
        ax.barh(place, median, color=colors[label], height=0.7)
        if high > low:
            ax.hlines(place, low, high, color=GREY, linewidth=0.9)
        write_near(ax, interval(values), (max(median, high), place), (4, 0))
        highest = max(highest, float(high))
    name_rows(ax, list(rows), spine=True)
    # The numbers need room to the right of the longest bar.
    ax.set_xlim(0, 1.45 * highest)
    whole_ticks(ax.xaxis)
    ax.set_xlabel(unit)


_MARKER = "D"


def legend_of_counts() -> Line2D:
    """Return what stands for the points in a legend."""
    return Line2D([], [], color=GREY, marker=_MARKER, linestyle="none", markersize=5,
                  label="count in a newspaper")  # fmt: skip


def draw_article_counts(
    ax: Axes, targets: Sequence[CountTarget], color: str, days: FloatArray, curve: FloatArray
) -> None:
    """Draw ``targets`` as points with their numbers; the x axis must have its limits.

    Args:
        ax: where to draw.
        targets: counts of the place and series that the axes show.
        color: of the curve that the counts belong to.
        days: positions of the days on the x axis.
        curve: the values that the counts are held against, one a day.
    """
    shown = [target for target in targets if days[0] <= position(target.data_date) <= days[-1]]
    x = np.array([position(target.data_date) for target in shown])
    values = [target.value for target in shown]
    ax.scatter(x, values, marker=_MARKER, s=26, color=color, edgecolor="white", linewidth=0.8,
               zorder=4)  # fmt: skip
    falls = np.diff(curve, prepend=curve[:1]) < 0
    for place, value in zip(x, values, strict=True):
        # A falling curve leaves the right free, others the left, unless that is outside.
        right = falls[int(place - days[0])] or place < days[0] + 0.25 * len(days)
        write_near(
            ax, whole(value), (place, value), (3 if right else -3, 3), "bottom",
            ha="left" if right else "right", zorder=5, path_effects=HALO,
        )  # fmt: skip
