"""Figure of days left out of a fit: what the other days predict of them, and what was counted."""

from dataclasses import dataclass
from string import ascii_lowercase

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator

from calibration.check import QUANTILES, dates_in
from sim.view.days import short_date
from sim.view.nothing import nothing_to_draw
from sim.view.number_text import whole
from sim.view.page import new_figure
from sim.view.policy_words import words
from sim.view.series_words import series_words
from sim.view.style import BLUE, GREY, SMALL, VERMILLION, in_house_style, panel_title

_ROW, _AROUND = 0.36, 0.62
"""Inches: a target, and what is around the rows of a day."""
_APART = 0.15
"""Rows between a count or an interval and the middle of both."""
_ROOM = 1.04
"""How far the axes go beyond the largest number."""
_SUBJECT = "Days left out of the fit"


@dataclass(frozen=True)
class _Row:
    """A target of the day left out.

    Attributes:
        label: what was counted, and where.
        quantiles: predicted, at 5, 25, 50, 75 and 95 %.
        low: smallest count that agrees with what was printed.
        high: largest one; ``inf`` for a lower bound.
    """

    label: str
    quantiles: tuple[float, ...]
    low: float
    high: float

    @classmethod
    def of(cls, row: pd.Series) -> "_Row":
        """Return what a row of the table says."""
        place = words(str(row["place"])).title()
        return cls(
            f"{row['target']}: {series_words(str(row['series']))},\n{place}",
            tuple(float(row[f"predicted_q{100 * share:02.0f}"]) for share in QUANTILES),
            float(row["observed_low"]),
            float(row["observed_high"]),
        )

    @property
    def counted(self) -> str:
        """What was printed, in words."""
        if np.isinf(self.high):
            return f"counted {whole(self.low)} or more"
        upper = f" to {whole(self.high)}" if self.high > self.low else ""
        return f"counted {whole(self.low)}{upper}"

    @property
    def predicted(self) -> str:
        """The median and the 90 % interval, in words."""
        low, _, median, _, high = map(whole, self.quantiles)
        return f"predicted {median} ({low} to {high})"


@in_house_style
def draw_left_out(table: pd.DataFrame) -> Figure:
    """Return the figure, one panel per day or two left out, one row per target.

    Args:
        table: from ``left_out_table``; ``observed_high`` is ``inf`` for a lower bound.
    """
    if table.empty:
        return nothing_to_draw(_SUBJECT, "no day was left out")
    days = {str(date): of_day for date, of_day in table.groupby("left_out", sort=True)}
    heights = [_AROUND + _ROW * len(of_day) for of_day in days.values()]
    inside = int(table["inside_90"].sum())
    fig = new_figure(
        sum(heights),
        f"{_SUBJECT}: {inside} of {len(table)} counts lie in the 90 % prediction interval",
        "Each panel: a fit that was not shown the counts of a day or two, and what it predicts. "
        "Beside the axes: the count; the predicted median (90 %). The scales differ.",
        legend=_legend(),
    )
    axes: list[Axes] = (
        fig.subplots(len(days), 1, squeeze=False, height_ratios=heights).ravel().tolist()
    )
    for number, (ax, (days_out, of_day)) in enumerate(zip(axes, days.items(), strict=True)):
        _draw(ax, of_day)
        named = " and ".join(map(short_date, dates_in(days_out)))
        panel_title(ax, ascii_lowercase[number], f"{named}, predicted from the other days")
    axes[-1].set_xlabel("People")
    return fig


def _legend() -> list[Artist]:
    return [
        Line2D([], [], color=GREY, linewidth=3, label="predicted, 50 %"),
        Line2D([], [], color=GREY, linewidth=1, label="90 %"),
        Line2D(
            [], [], color="white", marker="o", markersize=4, markeredgecolor=GREY,
            linestyle="none", label="median",
        ),
        Line2D(
            [], [], color=VERMILLION, marker="D", markersize=5, linestyle="none", label="counted"
        ),
    ]  # fmt: skip


def _draw(ax: Axes, of_day: pd.DataFrame) -> None:
    """Draw the targets of one day, the numbers to the right of the axes."""
    labels = []
    rows = [_Row.of(row) for _, row in of_day.iterrows()]
    for place, row in enumerate(rows):
        low, lower, median, upper, high = row.quantiles
        below = place + _APART
        ax.hlines(below, low, high, color=BLUE, linewidth=1.0)
        ax.hlines(below, lower, upper, color=BLUE, linewidth=3.0)
        ax.plot(median, below, "o", color="white", markersize=4, markeredgecolor=BLUE, zorder=3)
        _draw_count(ax, place - _APART, row.low, row.high)
        labels.append(row.label)
        ax.annotate(
            f"{row.counted}; {row.predicted}",
            (1, place),
            (8, 0),
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            va="center",
            fontsize=SMALL,
        )
    ax.set_yticks(range(len(rows)), labels)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.set_ylim(len(rows) - 0.4, -0.6)
    numbers = [number for row in rows for number in (*row.quantiles, row.low, row.high)]
    ax.set_xlim(0, _ROOM * max(1.0, *filter(np.isfinite, numbers)))
    ax.xaxis.set_major_locator(MaxNLocator(nbins=6, integer=True, steps=[1, 2, 5, 10]))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: whole(value)))


def _draw_count(ax: Axes, place: float, low: float, high: float) -> None:
    """Draw a number as a diamond, an interval as a bar between two, a lower bound as an arrow."""
    if np.isinf(high):
        ax.annotate(
            "",
            (1, place),
            (low, place),
            xycoords=("axes fraction", "data"),
            textcoords="data",
            arrowprops={"arrowstyle": "->", "color": VERMILLION, "shrinkA": 0, "shrinkB": 0},
        )
    elif high > low:
        ax.hlines(place, low, high, color=VERMILLION, linewidth=1.2, linestyle=":", zorder=3.5)
    ends = sorted({low, high} - {np.inf})
    ax.plot(
        ends, [place] * len(ends), "D", color=VERMILLION, markersize=5.5, markeredgecolor="white",
        markeredgewidth=0.8, zorder=4,
    )  # fmt: skip
