"""Figure of infections of residents: by day, by where they come from, and in hospital wards."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from calibration.targets import IntervalTarget
from sim.experiment.replicates import Replicates
from sim.scenario.lever_registry import Topic
from sim.view import style
from sim.view.axes import (
    AROUND,
    ROW,
    count_axis,
    draw_interval_bars,
    positions,
    short_date,
    stack_days,
    whole_ticks,
)
from sim.view.labels import shortened, whole
from sim.view.timetable import add_panels, timetable_of
from sim.view.words import label_of, percent, runs_note
from sim.world.draws import FloatArray
from sim.world.origins import ORIGIN_LABELS, Origin

ORIGIN_COLORS = {
    Origin.RELEASED: style.BLUE,
    Origin.BREACHED: style.BLACK,
    Origin.ILLEGAL: style.VERMILLION,
    Origin.HOSPITAL_OUTBREAK: style.ORANGE,
    Origin.START: style.GREY,
}
_SOURCES = {
    Origin.RELEASED: "people released from quarantine",
    Origin.BREACHED: "people who broke quarantine",
    Origin.ILLEGAL: "people who crossed unseen",
    Origin.HOSPITAL_OUTBREAK: "the hospital outbreak",
    Origin.START: "those infected at the start",
}
_DAYS, _LEAST = 2.0, 1.9
"""Inches: the panel by day, and the least height of those below it."""
_BINS = 20
_NOBODY = "no resident was infected"
_ALL = "all residents"


@style.in_house_style
def draw_local_cases(replicates: Replicates, reported: Sequence[IntervalTarget] = ()) -> Figure:
    """Return the figure; the scenario must have residents, and runs that have finished.

    Args:
        replicates: finished runs.
        reported: counts that are known within limits; the first confirmed local count of a place
            and a day of the scenario is compared with the runs.
    """
    scenario = replicates.scenario
    by_day = replicates.local_infections()
    totals = np.array([result.local.sum(axis=0) for result in replicates.results], dtype=float)
    occurring = [origin for origin in Origin if totals[:, origin].any()]
    timetable = timetable_of(scenario, (Topic.TOWNS,))
    below = max(_LEAST, AROUND + ROW * (1 + len(occurring)))
    fig = style.new_figure(
        _DAYS + timetable.height + below,
        _finding(totals),
        f"{runs_note(replicates)} a: means of the runs. b: median of the runs; thin line and "
        "brackets: 90 % of them. The origin is how the first infection of a chain came into town.",
        legend=[
            Patch(color=ORIGIN_COLORS[origin], linewidth=0, label=ORIGIN_LABELS[origin])
            for origin in occurring
        ],
    )
    (ax,), place = add_panels(fig, timetable, [_DAYS], below)
    parts = {color: by_day[:, origin] for origin, color in ORIGIN_COLORS.items()}
    stack_days(ax, positions(scenario.calendar), parts, "Infections a day", _NOBODY)
    style.panel_title(ax, "a", "Infections of residents by day of infection and origin")
    counted = next((target for target in reported if _is_in(target, replicates)), None)
    beside = place.subgridspec(1, 1 + (counted is not None))
    _draw_totals(fig.add_subplot(beside[0]), totals, occurring)
    if counted is not None:
        _draw_sizes(fig.add_subplot(beside[1]), replicates, counted)
    return fig


def _is_in(target: IntervalTarget, replicates: Replicates) -> bool:
    """Tell whether a target counts confirmed residents of a place and a day of the scenario."""
    calendar = replicates.scenario.calendar
    return (
        target.series == "local_confirmed_cumulative"
        and target.place in replicates.scenario.places
        and calendar.start <= target.data_date <= calendar.end
    )


def _finding(totals: FloatArray) -> str:
    """Return how many were infected, and where most of their chains came from."""
    if not totals.any():
        return "No resident was infected"
    origin = Origin(int(totals.sum(axis=0).argmax()))
    share = totals[:, origin].sum() / totals.sum()
    everyone = "all" if share == 1 else "almost all" if share > 0.99 else percent(share)
    return (
        f"{whole(float(np.median(totals.sum(axis=1))))} residents were infected, {everyone} of "
        f"them through {_SOURCES[origin]}"
    )


def _draw_totals(ax: Axes, totals: FloatArray, occurring: list[Origin]) -> None:
    """Draw a bar for all residents and one for each origin."""
    rows = {_ALL: totals.sum(axis=1)} | {ORIGIN_LABELS[o]: totals[:, o] for o in occurring}
    colors = {_ALL: style.PURPLE} | {ORIGIN_LABELS[o]: ORIGIN_COLORS[o] for o in occurring}
    draw_interval_bars(ax, rows if occurring else {}, colors, "Residents infected")
    style.panel_title(ax, "b", "In total, by origin")
    if not occurring:
        style.empty_panel(ax, _NOBODY)


def _draw_sizes(ax: Axes, replicates: Replicates, target: IntervalTarget) -> None:
    """Draw a histogram of residents confirmed by a day, upon what was reported of it."""
    scenario = replicates.scenario
    by_day = replicates.series(target.series, target.place)
    sizes = by_day[:, scenario.calendar.day_of(target.data_date)].astype(np.float64)
    inside = float(((sizes >= target.low) & (sizes <= target.high)).mean())
    highest = max(float(sizes.max()), target.high)
    step = max(1, int(np.ceil((highest + 1) / _BINS)))
    edges = np.arange(-0.5, highest + 1 + step, step)
    ax.axvspan(
        target.low - 0.5, target.high + 0.5, color=style.PALE, alpha=0.5, linewidth=0, zorder=0
    )
    ax.hist(sizes, bins=edges.tolist(), color=style.ORANGE, edgecolor="white", linewidth=0.4)
    ax.set_xlim(float(edges[0]), float(edges[-1]))
    ax.set_ylim(top=1.5 * ax.get_ylim()[1])  # room for the label
    ax.text(
        target.low, 0.98, f"reported: {whole(target.low)} to {whole(target.high)}",
        transform=ax.get_xaxis_transform(), ha="left", va="top", fontsize=style.SMALL,
    )  # fmt: skip
    count_axis(ax, "Runs")
    whole_ticks(ax.xaxis, steps=(1, 2, 2.5, 5, 10))
    place = shortened(label_of(scenario, target.place), 24)
    ax.set_xlabel(f"Residents of {place} confirmed by {short_date(target.data_date)}")
    style.panel_title(ax, "c", f"{percent(inside)} of the runs agree with the newspaper")
