"""Figure of imported cases by day of onset beside day of confirmation, and of the time between."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import PercentFormatter

from sim.experiment.case_days import CaseDays, case_days
from sim.experiment.replicates import Replicates
from sim.view.bands import draw_bands, legend_of_bands
from sim.view.days import date_axis, positions
from sim.view.number_text import decimal
from sim.view.page import new_figure
from sim.view.policy_lines import draw_policy_lines
from sim.view.policy_marks import policy_marks
from sim.view.runs_note import runs_note
from sim.view.style import (
    BLUE,
    GREY,
    ORANGE,
    PALE,
    SMALL,
    count_axis,
    empty_panel,
    in_house_style,
    panel_title,
)

_HEIGHT = 2.9
"""Inches of the panels."""
_INCOMPLETE: dict[str, Any] = {
    "facecolor": "white",
    "edgecolor": PALE,
    "hatch": "////",
    "linewidth": 0,
}
_NOBODY = "no imported case was confirmed"


@in_house_style
def draw_onsets(replicates: Replicates) -> Figure:
    """Return the figure; at least one run has finished."""
    scenario = replicates.scenario
    cases = case_days(replicates)
    marks = policy_marks(scenario)
    fig = new_figure(
        _HEIGHT,
        _heading(cases),
        f"{runs_note(replicates)} Onset: of cases confirmed by the end, on days of the calendar; "
        "those without symptoms when confirmed have none yet, or never. Hatched: onsets so late "
        "that more than 5 % of their cases may be confirmed after the end.",
        key=[mark.entry for mark in marks],
        legend=[
            Line2D([], [], color=ORANGE, label="by day of onset"),
            Line2D([], [], color=BLUE, label="by day of confirmation"),
            *legend_of_bands(len(replicates.results)),
            Patch(**_INCOMPLETE, label="onsets incomplete"),
        ],
    )
    by_day, delays = fig.subplots(1, 2, width_ratios=[2.4, 1])
    _draw_days(by_day, cases, replicates)
    lift = draw_policy_lines([by_day], marks)
    panel_title(by_day, "a", "Confirmed imported cases by day", lift)
    _draw_delays(delays, cases)
    panel_title(delays, "b", "From onset to confirmation", lift)
    return fig


def _heading(cases: CaseDays) -> str:
    if not cases.by_report.any():
        return f"Imported cases by onset and by report: {_NOBODY}"
    if not len(cases.delays):
        return "Imported cases by onset and by report: none had symptoms when confirmed"
    return (
        f"Imported cases: confirmed {decimal(float(np.median(cases.delays)))} days after onset "
        f"(median); {100 * cases.without_symptoms:.0f} % had no symptoms then"
    )


def _draw_days(ax: Axes, cases: CaseDays, replicates: Replicates) -> None:
    calendar = replicates.scenario.calendar
    days = positions(calendar)
    if cases.incomplete_days:
        first = max(0, calendar.days - cases.incomplete_days)
        ax.axvspan(days[first] - 0.5, days[-1] + 0.5, **_INCOMPLETE, zorder=0.2)
    draw_bands(ax, days, cases.by_onset, ORANGE)
    draw_bands(ax, days, cases.by_report, BLUE)
    date_axis(ax, calendar.start, calendar.end)
    count_axis(ax, "Cases a day")
    if not cases.by_report.any():
        empty_panel(ax, _NOBODY)


def _draw_delays(ax: Axes, cases: CaseDays) -> None:
    """Draw how many days after onset the cases of all runs were confirmed."""
    ax.set_xlabel("Days, all cases of all runs")
    ax.set_ylabel("Share of cases with symptoms")
    if not len(cases.delays):
        empty_panel(ax, "no case with symptoms")
        return
    whole = np.floor(cases.delays)
    shares = np.bincount(whole.astype(np.int64)) / len(whole)
    shown = int(np.quantile(whole, 0.995)) + 1
    ax.bar(np.arange(shown) + 0.5, shares[:shown], width=0.9, color=ORANGE, alpha=0.6, linewidth=0)
    median = float(np.median(cases.delays))
    ax.axvline(median, color=GREY, linewidth=0.8)
    ax.annotate(
        f"median {decimal(median)} d", (median, 1), (4, -2), xycoords=("data", "axes fraction"),
        textcoords="offset points", va="top", fontsize=SMALL,
    )  # fmt: skip
    ax.set_ylim(0, 1.15 * shares.max())
    ax.set_xlim(0, shown)
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=" %"))
