"""Figure of what became of infected travellers."""

import datetime as dt
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.experiment.replicates import Replicates
from sim.scenario.schema import Calendar
from sim.view.days import date_axis, positions
from sim.view.number_text import decimal, whole
from sim.view.page import new_figure
from sim.view.policy_lines import draw_policy_lines
from sim.view.policy_marks import PolicyMark, policy_marks
from sim.view.runs_note import runs_note
from sim.view.style import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PALE,
    PURPLE,
    SKY,
    SMALL,
    VERMILLION,
    YELLOW,
    count_axis,
    in_house_style,
    panel_title,
)
from sim.world.draws import FloatArray
from sim.world.fates import FATE_LABELS, Fate

_COLORS = {
    Fate.NOT_FIT_TO_TRAVEL: "#E0E0E0",
    Fate.NOT_CROSSED: PALE,
    Fate.STOPPED_EXIT: "#999999",
    Fate.SEVERE_ON_BOARD: GREY,
    Fate.FOUND_ENTRY: YELLOW,
    Fate.FOUND_CAUGHT: "#9A8A00",
    Fate.FOUND_SYMPTOMS: ORANGE,
    Fate.FOUND_TEST: SKY,
    Fate.FOUND_REVIEW: BLUE,
    Fate.RELEASED_NOT_INFECTIOUS: GREEN,
    Fate.STILL_IN_QUARANTINE: PURPLE,
    Fate.RELEASED_INFECTIOUS: VERMILLION,
    Fate.BREACHED: BLACK,
    Fate.ENTERED_UNSEEN: "#7A2E00",
    Fate.FOUND_IN_COMMUNITY: "#F2A97B",
}
"""In the order of the figure: who was not let in, who was found, who was let go, who got away."""
_TOP, _BAR, _AROUND = 2.5, 0.19, 0.9
"""Inches: the panel by day, one bar of the panel of totals, and what is around the bars."""
_SHORTEST = 14
"""Days that the panel by day shows at least, where the calendar has them."""


@in_house_style
def draw_fates(replicates: Replicates) -> Figure:
    """Return the figure of mean numbers a run: those who entered by day, and all by fate."""
    scenario = replicates.scenario
    by_day = replicates.fates()
    totals = np.array([replicates.outcome(f"fate_{fate.name.lower()}").mean() for fate in Fate])
    occurring = [fate for fate in _COLORS if totals[fate] > 0]
    first, last = _days_shown(by_day, scenario.calendar)
    marks = [mark for mark in policy_marks(scenario) if first <= mark.date <= last]
    bottom = _AROUND + _BAR * max(1, len(occurring))
    fig = new_figure(
        _TOP + bottom,
        "What became of infected travellers",
        f"{runs_note(replicates)} Numbers are means of the runs.",
        key=[mark.entry for mark in marks],
    )
    pages = fig.add_gridspec(2, 1, height_ratios=[_TOP, bottom])
    _draw_days(fig.add_subplot(pages[0]), by_day, scenario.calendar, (first, last), marks)
    beside = pages[1].subgridspec(1, 2, width_ratios=[2.3, 1])
    bars, table = fig.add_subplot(beside[0]), fig.add_subplot(beside[1])
    entered = by_day.sum(axis=0)
    _draw_totals(bars, occurring, totals, entered.sum())
    _write_shares(table, bars, occurring, totals, entered)
    return fig


def _days_shown(by_day: FloatArray, calendar: Calendar) -> tuple[dt.date, dt.date]:
    """Return the first and the last day to show: those of entries, and two around them."""
    days = np.flatnonzero(by_day.any(axis=1))
    if not len(days):
        return calendar.start, calendar.end
    first, last = int(days[0]) - 2, int(days[-1]) + 2
    last = min(max(last, first + _SHORTEST - 1), calendar.days - 1)
    first = max(min(first, last - _SHORTEST + 1), 0)
    return calendar.start + dt.timedelta(days=first), calendar.start + dt.timedelta(days=last)


def _draw_days(
    ax: Axes,
    by_day: FloatArray,
    calendar: Calendar,
    shown: tuple[dt.date, dt.date],
    marks: Sequence[PolicyMark],
) -> None:
    below = np.zeros(len(by_day))
    for fate in _COLORS:
        if by_day[:, fate].any():
            ax.bar(
                positions(calendar),
                by_day[:, fate],
                bottom=below,
                color=_COLORS[fate],
                width=0.85,
                edgecolor="white",
                linewidth=0.3,
            )
            below += by_day[:, fate]
    date_axis(ax, *shown, label="Day of entry")
    ax.set_ylim(top=1.08 * max(1.0, below.max()))
    count_axis(ax, "Infected travellers a day")
    lift = draw_policy_lines([ax], marks)
    panel_title(ax, "a", "By day of entry (colours as below)", lift)


def _draw_totals(ax: Axes, occurring: Sequence[Fate], totals: FloatArray, entrants: float) -> None:
    """Draw a bar a fate."""
    title = f"In total: {whole(totals.sum())} infected, of whom {whole(entrants)} entered"
    panel_title(ax, "b", title, 8)
    rows = range(len(occurring))
    ax.barh(rows, totals[occurring], color=[_COLORS[fate] for fate in occurring], height=0.75)
    ax.set_yticks(rows, [FATE_LABELS[fate] for fate in occurring])
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(max(1, len(occurring)) - 0.4, -0.6)
    ax.set_ylabel("Fate")
    ax.set_xlim(0, 1.05 * max(1.0, totals.max()))
    ax.xaxis.set_major_locator(MaxNLocator(nbins=6, integer=True, steps=[1, 2, 5, 10]))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: whole(value)))
    ax.set_xlabel("Infected travellers, mean a run")


def _write_shares(
    ax: Axes, bars: Axes, occurring: Sequence[Fate], totals: FloatArray, entered: FloatArray
) -> None:
    """Write the numbers and shares of the fates in columns beside their bars."""
    ax.set_axis_off()
    ax.set_ylim(bars.get_ylim())
    of_all = [_percent(totals[fate], totals.sum()) for fate in occurring]
    of_entrants = [_percent(entered[fate], entered.sum()) for fate in occurring]
    for x, head, cells in (
        (0.12, "number", [decimal(totals[fate]) for fate in occurring]),
        (0.5, "of all", of_all),
        (1.0, "of entrants", of_entrants),
    ):
        if cells:
            ax.text(x, -0.9, head, ha="right", va="center", fontsize=SMALL, color=GREY)
        for row, cell in enumerate(cells):
            ax.text(x, row, cell, ha="right", va="center", fontsize=SMALL)


def _percent(part: float, everybody: float) -> str:
    return f"{100 * part / everybody:.1f} %" if part else "none"
