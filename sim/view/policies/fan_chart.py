"""Fan chart: curves of the policies with bands of whole curves, and where the curves peak."""

import textwrap
from collections.abc import Sequence
from string import ascii_lowercase

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.experiment.comparison import Comparison
from sim.experiment.curve_depth import central_envelope
from sim.experiment.paired_statistics import SHARES, PairedStatistics
from sim.view.balanced_text import balanced
from sim.view.bands import BOTH, INNER, OUTER
from sim.view.number_text import interval, signed
from sim.view.page import new_figure
from sim.view.policies.fan import Fan
from sim.view.policies.fan_axes import show_calendars, show_peak_days
from sim.view.policies.fan_rows import draw_rows
from sim.view.policies.look import policy_looks
from sim.view.policy_lines import draw_policy_lines
from sim.view.policy_marks import policy_marks
from sim.view.policy_words import words
from sim.view.runs_note import count_of_runs
from sim.view.series_words import series_words
from sim.view.style import BLACK, GREY, SMALL, count_axis, in_house_style, panel_title
from sim.view.take_away import changes_in_words

_MOST = 6
"""With more policies than this there are neither bands nor single runs."""
_ROW, _AROUND, _NUMBERS = 1.25, 0.6, 0.35
"""Inches: a row, what is around all rows, and the numbers above the first."""
_SINGLE = 4
"""Single runs that are drawn: the first ones, which are the same pairs under every policy."""
_NAME = 48
"""Characters of a policy's name in a title."""


@in_house_style
def draw_fan_chart(comparison: Comparison, series: str = "imported_confirmed_new") -> Figure:
    """Return the figure: a row a policy, without bands and single runs where there are many.

    Args:
        comparison: policies with at least one pair of runs.
        series: of the surveillance, summed over the regions; best one of new counts a day.
    """
    looks = policy_looks(len(comparison.policies))
    fans = [
        Fan(words(policy.name), policy.scenario, comparison.curves(number, series), looks[number])
        for number, policy in enumerate(comparison.policies)
    ]
    heading = changes_in_words(
        f"Peak of {series_words(series)}, against {fans[0].name}",
        [fan.name for fan in fans[1:]],
        [PairedStatistics.of(fan.heights, fans[0].heights) for fan in fans[1:]],
        signed,
    )
    counted = series_words(series).capitalize()
    draw = _draw_multiples if len(fans) <= _MOST else draw_rows
    return draw(fans, heading, counted)


def _draw_multiples(fans: Sequence[Fan], heading: str, counted: str) -> Figure:
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
    show_calendars(left, fans)
    show_peak_days(right, fans)
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
    return [
        Line2D([], [], color=GREY, label="most central run"),
        Patch(color=GREY, alpha=BOTH, linewidth=0, label="central 50 % of whole runs"),
        Patch(color=GREY, alpha=OUTER, linewidth=0, label="central 90 %"),
        Line2D([], [], color=GREY, linewidth=0.5, label="single run"),
        Line2D(
            [], [], color=GREY, marker="o", markersize=3, markeredgewidth=0, linestyle="none",
            label="peak of a run",
        ),
    ]  # fmt: skip


def _draw_curves(ax: Axes, fan: Fan) -> None:
    """Draw bands, single runs and the most central run."""
    for share, opacity in ((0.9, OUTER), (0.5, INNER)):
        low, high = central_envelope(fan.curves, share)
        ax.fill_between(fan.days, low, high, color=fan.look.color, alpha=opacity, linewidth=0)
    ax.plot(fan.days, fan.curves[:_SINGLE].T, color=fan.look.color, linewidth=0.5, alpha=0.7)
    ax.plot(fan.days, fan.most_central, color=fan.look.color)


def _draw_peaks(ax: Axes, fan: Fan) -> None:
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
