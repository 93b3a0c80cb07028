"""Fan chart of many policies: a row each, without bands and single runs."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.experiment.paired_statistics import SHARES
from sim.view.bands import INNER
from sim.view.difference_rows import draw_interval
from sim.view.number_text import interval, whole
from sim.view.page import new_figure
from sim.view.policies.fan import Fan
from sim.view.policies.fan_axes import show_calendars, show_peak_days, thin_ticks
from sim.view.policy_words import policy_label
from sim.view.runs_note import count_of_runs
from sim.view.style import PALE, SMALL, panel_title

_ROW, _LINE, _AROUND = 0.28, 0.1, 0.6
"""Inches: a row, each further line of a name in it, and what is around all rows."""


def draw_rows(fans: Sequence[Fan], heading: str, counted: str) -> Figure:
    """Return a row a policy: its most central run, height of the peaks, days of the peaks.

    Args:
        fans: of the policies.
        heading: the take-away.
        counted: what the curves count.
    """
    highest = max(1.0, *(float(fan.most_central.max()) for fan in fans))
    labels = [policy_label(fan.name) for fan in fans]
    lines = max(1 + label.count("\n") for label in labels)
    fig = new_figure(
        _AROUND + (_ROW + (lines - 1) * _LINE) * len(fans),
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
        curves.fill_between(fan.days, foot, values, color=fan.look.color, alpha=INNER, linewidth=0)
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
    show_calendars([curves], fans)
    thin_ticks(curves)
    show_peak_days([days], fans)
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
