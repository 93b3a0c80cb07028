"""Figure of crossings away from the ports in one scenario: by day, and what became of them."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.experiment.replicates import Replicates
from sim.view.bands import draw_bands, legend_of_bands
from sim.view.crossing_fates import COLORS, ENTERED, crossing_fates
from sim.view.days import date_axis, positions
from sim.view.interval_bars import AROUND, ROW, draw_interval_bars
from sim.view.number_text import whole
from sim.view.page import new_figure
from sim.view.policy_lines import draw_policy_lines
from sim.view.policy_marks import policy_marks
from sim.view.regions import total
from sim.view.runs_note import runs_note
from sim.view.style import BLACK, count_axis, empty_panel, in_house_style, panel_title

_DAYS = 2.2
"""Inches: the panel by day."""
_NOBODY = "nobody tried to cross"


@in_house_style
def draw_crossings(replicates: Replicates) -> Figure:
    """Return the figure; the scenario must have a border, and runs that have finished."""
    fates = crossing_fates(replicates)
    occurring = {label: values for label, values in fates.items() if values.any()}
    marks = policy_marks(replicates.scenario)
    bars = AROUND + ROW * max(1, len(occurring))
    fig = new_figure(
        _DAYS + bars,
        _heading(replicates),
        f"{runs_note(replicates)} Bars: median of the runs; thin line and brackets: 90 % of them. "
        "Each attempt is counted once.",
        key=[mark.entry for mark in marks],
        legend=legend_of_bands(len(replicates.results)),
    )
    pages = fig.add_gridspec(2, 1, height_ratios=[_DAYS, bars])
    ax = fig.add_subplot(pages[0])
    _draw_days(ax, replicates)
    lift = draw_policy_lines([ax], marks)
    panel_title(ax, "a", "Attempts by day of setting out", lift)
    ax = fig.add_subplot(pages[1])
    panel_title(ax, "b", "What became of them")
    draw_interval_bars(ax, occurring, COLORS, "People a run")
    ax.set_ylabel("Fate")
    if not occurring:
        empty_panel(ax, _NOBODY)
    return fig


def _heading(replicates: Replicates) -> str:
    attempts = replicates.outcome("illegal_attempts")
    if not attempts.any():
        return f"Illegal crossings: {_NOBODY}"
    entered = crossing_fates(replicates)[ENTERED]
    infected = replicates.outcome("illegal_entered_infected")
    return (
        f"Illegal crossings: {whole(float(np.median(attempts)))} tried, "
        f"{100 * entered.sum() / attempts.sum():.0f} % entered unseen, "
        f"{whole(float(np.median(infected)))} of these infected"
    )


def _draw_days(ax: Axes, replicates: Replicates) -> None:
    calendar = replicates.scenario.calendar
    runs = total(replicates, "illegal_attempts")
    draw_bands(ax, positions(calendar), runs, BLACK)
    date_axis(ax, calendar.start, calendar.end)
    count_axis(ax, "Attempts a day")
    if not runs.any():
        empty_panel(ax, _NOBODY)
