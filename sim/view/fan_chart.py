"""Fan chart: curves of the policies with bands of whole curves, and where the curves peak."""

import datetime as dt
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from string import ascii_lowercase

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.experiment.comparison import Comparison
from sim.experiment.curve_depth import central_envelope, most_central
from sim.experiment.paired_statistics import SHARES, PairedStatistics
from sim.scenario.schema import Scenario
from sim.view.balanced_text import balanced
from sim.view.days import date_axis, position, positions, short_date
from sim.view.forest import draw_interval, policy_label
from sim.view.number_text import interval, signed, whole
from sim.view.page import new_figure
from sim.view.policy_lines import draw_policy_lines
from sim.view.policy_look import PolicyLook, policy_looks
from sim.view.policy_marks import policy_marks
from sim.view.policy_words import words
from sim.view.runs_note import count_of_runs
from sim.view.series_words import series_words
from sim.view.style import BLACK, GREY, PALE, SMALL, count_axis, in_house_style, panel_title
from sim.view.take_away import changes_in_words
from sim.world.draws import FloatArray, IntArray

_MOST = 6
"""With more policies than this there are neither bands nor single runs."""
_ROW, _LOW_ROW, _LINE, _AROUND, _NUMBERS = 1.25, 0.28, 0.1, 0.6, 0.35
"""Inches: a row with bands; a row without, and each further line of a name there; what is around
all rows; and the numbers above the first."""
_TICKS = 3
"""Ticks that narrow axes of days have room for."""
_SINGLE = 4
"""Single runs that are drawn: the first ones, which are the same pairs under every policy."""
_OUTER, _INNER = 0.18, 0.3
"""Opacity of the 90 % band, and of the 50 % band upon it."""
_NAME = 48
"""Characters of a policy's name in a title."""


@dataclass(frozen=True)
class _Fan:
    """The curves of a policy, and how they look.

    Attributes:
        name: of the policy, as words.
        scenario: its world.
        curves: values by run and day, shape (runs, days).
        look: colour, marker and dash.
    """

    name: str
    scenario: Scenario
    curves: IntArray
    look: PolicyLook

    @property
    def days(self) -> FloatArray:
        """Where the days are on a date axis, shape (days,)."""
        return positions(self.scenario.calendar)

    @property
    def most_central(self) -> IntArray:
        """The deepest run, shape (days,)."""
        curve: IntArray = self.curves[most_central(self.curves, 0)[0]]
        return curve

    @property
    def heights(self) -> FloatArray:
        """Highest value of each run, shape (runs,)."""
        highest: FloatArray = self.curves.max(axis=1).astype(np.float64)
        return highest

    @property
    def peak_days(self) -> FloatArray:
        """First day of the highest value, on a date axis, of the runs that are not all nought."""
        first: FloatArray = self.days[self.curves.argmax(axis=1)[self.heights > 0]]
        return first

    @property
    def when(self) -> str:
        """Day of the peak in words: median and 90 % of the runs."""
        if not len(self.peak_days):
            return "no day"
        low, median, high = (
            short_date(self.scenario.calendar.start + dt.timedelta(days=round(day - self.days[0])))
            for day in np.quantile(self.peak_days, (0.05, 0.5, 0.95)).tolist()
        )
        return median if low == high else f"{median} ({low} to {high})"


@in_house_style
def draw_fan_chart(comparison: Comparison, series: str = "imported_confirmed_new") -> Figure:
    """Return the figure: a row a policy, without bands and single runs where there are many.

    Args:
        comparison: policies with at least one pair of runs.
        series: of the bulletin, summed over the regions; best one of new counts a day.
    """
    looks = policy_looks(len(comparison.policies))
    fans = [
        _Fan(words(policy.name), policy.scenario, comparison.curves(number, series), looks[number])
        for number, policy in enumerate(comparison.policies)
    ]
    heading = changes_in_words(
        f"Peak of {series_words(series)}, against {fans[0].name}",
        [fan.name for fan in fans[1:]],
        [PairedStatistics.of(fan.heights, fans[0].heights) for fan in fans[1:]],
        signed,
    )
    counted = series_words(series).capitalize()
    draw = _draw_multiples if len(fans) <= _MOST else _draw_rows
    return draw(fans, heading, counted)


def _draw_multiples(fans: Sequence[_Fan], heading: str, counted: str) -> Figure:
    """Return small multiples that share their axes: curves, and beside them the peaks."""
    marks = policy_marks(fans[0].scenario)
    numbers = f" Dashed lines: changes of policy in {fans[0].name}, see below." if marks else ""
    fig = new_figure(
        _AROUND + _ROW * len(fans) + (_NUMBERS if marks else 0),
        heading,
        f"{count_of_runs(len(fans[0].curves)).capitalize()} a policy. A band is the envelope of "
        "the most central 50 % or 90 % of whole runs (modified band depth), not of quantiles day "
        "by day. Thin lines: single runs, the same pairs in each row. Crosses: median, 50 % and "
        f"90 % of height and of day; in numbers: median (90 %).{numbers}",
        key=[mark.entry for mark in marks],
        legend=_legend(),
    )
    grid = fig.subplots(
        len(fans), 2, squeeze=False, sharex="col", sharey=True, width_ratios=(2.3, 1)
    )
    left, right = grid[:, 0].tolist(), grid[:, 1].tolist()
    _show_calendars(left, fans)
    _show_peak_days(right, fans)
    lift = draw_policy_lines(left[:1], marks, columns=2)
    letters = iter(ascii_lowercase)
    for number, fan in enumerate(fans):
        _draw_curves(left[number], fan)
        _draw_peaks(right[number], fan)
        name = textwrap.shorten(fan.name, _NAME, placeholder=" …")
        panel_title(left[number], next(letters), name, 0 if number else lift)
        panel_title(right[number], next(letters), f"Peak {interval(fan.heights)}\n{fan.when}")
    count_axis(left[0], "")
    for ax in left:
        ax.set_ylabel(balanced(counted, 14))
    return fig


def _legend() -> list[Artist]:
    both = _INNER + _OUTER - _INNER * _OUTER
    return [
        Line2D([], [], color=GREY, label="most central run"),
        Patch(color=GREY, alpha=both, linewidth=0, label="central 50 % of whole runs"),
        Patch(color=GREY, alpha=_OUTER, linewidth=0, label="central 90 %"),
        Line2D([], [], color=GREY, linewidth=0.5, label="single run"),
        Line2D(
            [], [], color=GREY, marker="o", markersize=3, markeredgewidth=0, linestyle="none",
            label="peak of a run",
        ),
    ]  # fmt: skip


def _draw_curves(ax: Axes, fan: _Fan) -> None:
    """Draw bands, single runs and the most central run."""
    for share, opacity in ((0.9, _OUTER), (0.5, _INNER)):
        low, high = central_envelope(fan.curves, share)
        ax.fill_between(fan.days, low, high, color=fan.look.color, alpha=opacity, linewidth=0)
    ax.plot(fan.days, fan.curves[:_SINGLE].T, color=fan.look.color, linewidth=0.5, alpha=0.7)
    ax.plot(fan.days, fan.most_central, color=fan.look.color)


def _draw_peaks(ax: Axes, fan: _Fan) -> None:
    """Draw a dot a run at day and height of its peak, and a cross of the quantiles of both."""
    if flat := int((fan.heights == 0).sum()):
        ax.text(
            1, 1, f"none in {count_of_runs(flat)}", transform=ax.transAxes, ha="right", va="top",
            fontsize=SMALL, color=GREY,
        )  # fmt: skip
    if not len(fan.peak_days):
        return
    ax.plot(
        fan.peak_days, fan.heights[fan.heights > 0], "o", color=fan.look.color, markersize=3,
        alpha=0.4, markeredgewidth=0,
    )  # fmt: skip
    left, lower_day, day, upper_day, right = np.quantile(fan.peak_days, SHARES)
    low, lower, height, upper, high = np.quantile(fan.heights, SHARES)
    ax.hlines(height, left, right, color=BLACK, linewidth=0.8)
    ax.hlines(height, lower_day, upper_day, color=BLACK, linewidth=2.4)
    ax.vlines(day, low, high, color=BLACK, linewidth=0.8)
    ax.vlines(day, lower, upper, color=BLACK, linewidth=2.4)


def _show_calendars(axes: Sequence[Axes], fans: Sequence[_Fan]) -> None:
    calendars = [fan.scenario.calendar for fan in fans]
    for ax in axes:
        date_axis(ax, min(c.start for c in calendars), max(c.end for c in calendars))
        ax.label_outer()


def _show_peak_days(axes: Sequence[Axes], fans: Sequence[_Fan]) -> None:
    """Make the x axes show the days on which any run peaks; the whole calendar if none does."""
    calendar = fans[0].scenario.calendar
    peaks = np.concatenate([fan.peak_days for fan in fans]) - position(calendar.start)
    ends = (peaks.min() - 1, peaks.max() + 1) if len(peaks) else (0, calendar.days - 1)
    first, last = (calendar.start + dt.timedelta(days=round(end)) for end in ends)
    for ax in axes:
        date_axis(ax, first, last, "Day of the peak")
        _thin_ticks(ax)
        ax.label_outer()


def _thin_ticks(ax: Axes) -> None:
    ticks = ax.get_xticks()
    ax.set_xticks(ticks[:: -(-len(ticks) // _TICKS)])


def _draw_rows(fans: Sequence[_Fan], heading: str, counted: str) -> Figure:
    """Return a row a policy: its most central run, height of the peaks, days of the peaks."""
    highest = max(1.0, *(float(fan.most_central.max()) for fan in fans))
    labels = [policy_label(fan.name) for fan in fans]
    lines = max(1 + label.count("\n") for label in labels)
    fig = new_figure(
        _AROUND + (_LOW_ROW + (lines - 1) * _LINE) * len(fans),
        heading,
        f"{count_of_runs(len(fans[0].curves)).capitalize()} a policy. a: the most central run by "
        f"modified band depth; a row is {whole(highest)} high. b, c: peaks of the runs, median "
        "(marker), 50 % (thick) and 90 % (thin); in numbers: median (90 %) of the height, median "
        "of the day.",
    )
    curves, heights, days = fig.subplots(1, 3, width_ratios=(1.7, 1, 1))
    for row, fan in enumerate(fans):
        foot = row + 0.45
        values = foot - 0.9 * fan.most_central / highest
        curves.fill_between(fan.days, foot, values, color=fan.look.color, alpha=_INNER, linewidth=0)
        curves.plot(fan.days, values, color=fan.look.color, linewidth=1.0)
        draw_interval(heights, row, np.quantile(fan.heights, SHARES), fan.look)
        _write_beside(heights, row, interval(fan.heights))
        if len(fan.peak_days):
            draw_interval(days, row, np.quantile(fan.peak_days, SHARES), fan.look)
        _write_beside(days, row, fan.when.partition(" (")[0])
    for ax in (curves, heights, days):
        ax.set_ylim(len(fans) - 0.4, -0.6)
        ax.set_yticks(range(len(fans)), [""] * len(fans))
        ax.tick_params(axis="y", length=0)
        ax.spines["left"].set_visible(False)
        for row in range(len(fans)):
            ax.axhline(row + 0.45 if ax is curves else row, color=PALE, linewidth=0.3, zorder=0.4)
    curves.set_yticks(range(len(fans)), labels)
    _show_calendars([curves], fans)
    _thin_ticks(curves)
    _show_peak_days([days], fans)
    top = max(1.0, *(float(fan.heights.max()) for fan in fans))
    heights.set_xlim(-0.05 * top, 1.05 * top)
    heights.xaxis.set_major_locator(MaxNLocator(nbins=4, integer=True, steps=[1, 2, 5, 10]))
    heights.xaxis.set_major_formatter(FuncFormatter(lambda value, _: whole(value)))
    heights.set_xlabel(counted)
    panel_title(curves, "a", "Most central run")
    panel_title(heights, "b", "Height of the peak")
    panel_title(days, "c", "Day of the peak")
    return fig


def _write_beside(ax: Axes, row: int, text: str) -> None:
    ax.annotate(
        text, (1, row), (5, 0), xycoords=("axes fraction", "data"), textcoords="offset points",
        va="center", fontsize=SMALL,
    )  # fmt: skip
