"""Figure of crossings away from the ports: by day, and what became of those who tried."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.experiment.replicates import Replicates
from sim.scenario.lever_registry import Topic
from sim.view import style
from sim.view.axes import (
    AROUND,
    ROW,
    count_axis,
    draw_bands,
    draw_interval_bars,
    legend_of_bands,
    positions,
)
from sim.view.labels import whole
from sim.view.timetable import add_panels, timetable_of
from sim.view.words import percent, runs_note, total
from sim.world.draws import FloatArray

_DAYS = 1.9
"""Inches of the panel by day."""
_NOBODY = "nobody tried to cross"
TURNED_BACK, AT_THE_LINE = "turned back at the line", "caught by patrol or sensor"
ON_REPORT, CAPTURED = "caught on a report", "captured by residents"
ENTERED, ON_THE_WAY = "entered unseen", "still on the way at the end"
_COLORS = {
    TURNED_BACK: style.SKY,
    AT_THE_LINE: style.BLUE,
    ON_REPORT: style.GREEN,
    CAPTURED: style.ORANGE,
    ENTERED: style.VERMILLION,
    ON_THE_WAY: style.PALE,
}


def crossing_fates(replicates: Replicates) -> dict[str, FloatArray]:
    """Return how many of those who tried had each fate, by label, shape (runs,) each.

    Patrols and sensors also see those who are turned back; these are counted as turned back only.
    The fates of a run add up to its attempts.
    """
    outcome = replicates.outcome
    by_residents = outcome("caught_on_report") + outcome("captured_by_residents")
    fates = {
        TURNED_BACK: outcome("illegal_turned_back"),
        # Residents may have seen someone who is still on the way at the end.
        AT_THE_LINE: np.maximum(outcome("illegal_caught") - by_residents, 0.0),
        ON_REPORT: outcome("caught_on_report"),
        CAPTURED: outcome("captured_by_residents"),
        ENTERED: outcome("illegal_entered"),
    }
    fates[ON_THE_WAY] = outcome("illegal_attempts") - np.sum(list(fates.values()), axis=0)
    return fates


@style.in_house_style
def draw_crossings(replicates: Replicates) -> Figure:
    """Return the figure; the scenario must have a border, and runs that have finished."""
    fates = crossing_fates(replicates)
    occurring = {label: values for label, values in fates.items() if values.any()}
    timetable = timetable_of(replicates.scenario, (Topic.BORDER,))
    below = AROUND + ROW * max(1, len(occurring))
    fig = style.new_figure(
        _DAYS + timetable.height + below,
        _finding(replicates),
        f"{runs_note(replicates)} Bars: median of the runs; thin line and brackets: 90 % of them. "
        "Each attempt is counted once.",
        legend=legend_of_bands(len(replicates.results)),
    )
    (ax,), place = add_panels(fig, timetable, [_DAYS], below)
    _draw_days(ax, replicates)
    style.panel_title(ax, "a", "Attempts by day of setting out")
    ax = fig.add_subplot(place)
    style.panel_title(ax, "b", "What became of them")
    draw_interval_bars(ax, occurring, _COLORS, "People (median of the runs)")
    if not occurring:
        style.empty_panel(ax, _NOBODY)
    return fig


def _finding(replicates: Replicates) -> str:
    attempts = replicates.outcome("illegal_attempts")
    if not attempts.any():
        return "Nobody tried to cross away from the ports"
    entered = crossing_fates(replicates)[ENTERED]
    infected = replicates.outcome("illegal_entered_infected")
    return (
        f"{whole(float(np.median(attempts)))} tried to cross illegally, "
        f"{percent(entered.sum() / attempts.sum())} of them entered unseen, "
        f"{whole(float(np.median(infected)))} infected"
    )


def _draw_days(ax: Axes, replicates: Replicates) -> None:
    runs = total(replicates, "illegal_attempts")
    draw_bands(ax, positions(replicates.scenario.calendar), runs, style.BLACK)
    count_axis(ax, "Attempts a day")
    if not runs.any():
        style.empty_panel(ax, _NOBODY)
