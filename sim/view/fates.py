"""Figure of what became of infected travellers, by the day they entered and in total."""

import datetime as dt
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.experiment.replicates import Replicates
from sim.scenario.lever_registry import Topic
from sim.scenario.schema import Calendar
from sim.view import style
from sim.view.axes import name_rows, positions, stack_days, whole_ticks
from sim.view.labels import decimal, whole
from sim.view.timetable import add_panels, timetable_of
from sim.view.words import SPACE, runs_note
from sim.world.draws import FloatArray
from sim.world.fates import FATE_LABELS, Fate

FATE_COLORS = {
    Fate.NOT_FIT_TO_TRAVEL: "#E0E0E0",
    Fate.NOT_CROSSED: style.PALE,
    Fate.STOPPED_EXIT: "#999999",
    Fate.SEVERE_ON_BOARD: style.GREY,
    Fate.FOUND_ENTRY: style.YELLOW,
    Fate.FOUND_CAUGHT: "#9A8A00",
    Fate.FOUND_SYMPTOMS: style.ORANGE,
    Fate.FOUND_TEST: style.SKY,
    Fate.FOUND_REVIEW: style.BLUE,
    Fate.RELEASED_NOT_INFECTIOUS: style.GREEN,
    Fate.STILL_IN_QUARANTINE: style.PURPLE,
    Fate.RELEASED_INFECTIOUS: style.VERMILLION,
    Fate.BREACHED: style.BLACK,
    Fate.ENTERED_UNSEEN: "#7A2E00",
    Fate.FOUND_IN_COMMUNITY: "#F2A97B",
}
"""In the order of the figure: who was not let in, who was found, who was let go, who got away."""
FOUND = (
    *(Fate.STOPPED_EXIT, Fate.FOUND_ENTRY, Fate.FOUND_CAUGHT),
    *(Fate.FOUND_SYMPTOMS, Fate.FOUND_TEST, Fate.FOUND_REVIEW),
)
"""Fates of those who were found before they could be in the community."""
IN_COMMUNITY = (
    *(Fate.RELEASED_INFECTIOUS, Fate.BREACHED, Fate.ENTERED_UNSEEN, Fate.FOUND_IN_COMMUNITY),
)
"""Fates of those who were infected and in the community behind the border."""
_TOP, _BAR, _AROUND = 2.1, 0.19, 0.9
"""Inches: the panel by day, one bar of the panel of totals, and what is around the bars."""
_MANY_WAIT = 0.01
"""Share of all who are in quarantine at the end from which on the heading says so."""
_FEW = 0.01
"""Share of the most entries on a day; fewer could not be seen."""
_SHORTEST = 14
"""Days that the panel by day shows at least, where the calendar has them."""


def fate_totals(replicates: Replicates) -> FloatArray:
    """Return the mean number of infected travellers in a run by fate, shape (fates,)."""
    return np.array([replicates.outcome(f"fate_{fate.name.lower()}").mean() for fate in Fate])


@style.in_house_style
def draw_fates(replicates: Replicates) -> Figure:
    """Return the figure of mean numbers in a run: those who entered by day, and all by fate."""
    scenario = replicates.scenario
    by_day = replicates.fates()
    totals = fate_totals(replicates)
    occurring = [fate for fate in FATE_COLORS if totals[fate] > 0]
    days = _days_shown(by_day, scenario.calendar)
    timetable = timetable_of(scenario, (Topic.CASES,), days)
    below = _AROUND + _BAR * max(1, len(occurring))
    fig = style.new_figure(
        _TOP + timetable.height + below,
        _finding(totals),
        f"{runs_note(replicates)} All numbers and shares are of the means of the runs.",
    )
    (ax,), place = add_panels(fig, timetable, [_TOP], below)
    parts = {color: by_day[:, fate] for fate, color in FATE_COLORS.items()}
    unit, nobody = "Infected a day (mean)", "no infected traveller entered"
    stack_days(ax, positions(scenario.calendar), parts, unit, nobody)
    style.panel_title(ax, "a", "Those who entered, by day of entry (colours as below)")
    beside = place.subgridspec(1, 2, width_ratios=[2.3, 1])
    bars, table = fig.add_subplot(beside[0]), fig.add_subplot(beside[1])
    entered = by_day.sum(axis=0)
    _draw_totals(bars, occurring, totals, entered.sum())
    _write_shares(table, bars, occurring, totals, entered)
    return fig


def _finding(totals: FloatArray) -> str:
    """Return what share was found before the community, most often how, and what share was not."""
    everybody = totals.sum()
    if not everybody:
        return "No traveller was infected"
    found, missed = totals[[*FOUND]].sum(), totals[[*IN_COMMUNITY]].sum()
    most = max(FOUND, key=lambda fate: totals[fate])
    way = FATE_LABELS[most].removeprefix("found ").removeprefix("stopped ")
    how = f" (most {way})" if found else ""
    text = (
        f"On average {_share(found, everybody)} of {whole(everybody)} infected travellers were "
        f"found{how}, {_share(missed, everybody)} reached the community"
    )
    waiting = totals[Fate.STILL_IN_QUARANTINE]
    if waiting < _MANY_WAIT * everybody:
        return text
    return f"{text} so far, {_share(waiting, everybody)} are still in quarantine"


def _share(part: float, everybody: float) -> str:
    if not part:
        return "none"
    percent = 100 * part / everybody
    text = "<0.1" if percent < 0.1 else f"{percent:.{0 if percent >= 10 else 1}f}"
    return f"{text}{SPACE}%"


def _days_shown(by_day: FloatArray, calendar: Calendar) -> tuple[dt.date, dt.date]:
    """Return the first and the last day to show: those of entries, and two around them.

    Days with few entries at either end are left out.
    """
    entered = by_day.sum(axis=1)
    days = np.flatnonzero(entered > _FEW * entered.max(initial=0.0))
    if not len(days):
        return calendar.start, calendar.end
    first, last = int(days[0]) - 2, int(days[-1]) + 2
    last = min(max(last, first + _SHORTEST - 1), calendar.days - 1)
    first = max(min(first, last - _SHORTEST + 1), 0)
    return calendar.start + dt.timedelta(days=first), calendar.start + dt.timedelta(days=last)


def _draw_totals(ax: Axes, occurring: Sequence[Fate], totals: FloatArray, entrants: float) -> None:
    """Draw a bar for each fate."""
    title = f"In total, means: {whole(totals.sum())} infected, of whom {whole(entrants)} entered"
    style.panel_title(ax, "b", title, 8)
    rows = range(len(occurring))
    ax.barh(rows, totals[occurring], color=[FATE_COLORS[fate] for fate in occurring], height=0.75)
    name_rows(ax, [FATE_LABELS[fate] for fate in occurring], spine=True)
    ax.set_xlim(0, 1.05 * max(1.0, totals.max()))
    whole_ticks(ax.xaxis)
    ax.set_xlabel("Infected travellers, mean of the runs")


def _write_shares(
    ax: Axes, bars: Axes, occurring: Sequence[Fate], totals: FloatArray, entered: FloatArray
) -> None:
    """Write the numbers and shares of the fates in columns beside their bars."""
    ax.set_axis_off()
    ax.set_ylim(bars.get_ylim())
    of_all = [_share(totals[fate], totals.sum()) for fate in occurring]
    of_entrants = [
        _share(entered[fate], entered.sum()) if entered[fate] else "" for fate in occurring
    ]
    for x, head, cells in (
        (0.12, "mean", [decimal(totals[fate]) for fate in occurring]),
        (0.5, "of all", of_all),
        (1.0, "of entered", of_entrants),
    ):
        if cells:
            ax.text(x, -0.9, head, ha="right", va="center", fontsize=style.SMALL, color=style.GREY)
        for row, cell in enumerate(cells):
            ax.text(x, row, cell, ha="right", va="center", fontsize=style.SMALL)
