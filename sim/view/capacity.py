"""Figure of what the institutions behind the border carry, against what they can."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.experiment.replicates import Replicates
from sim.scenario.lever_registry import Topic
from sim.scenario.schema import Scenario
from sim.view import style
from sim.view.axes import (
    count_axis,
    draw_bands,
    legend_of_bands,
    positions,
    short_date,
    write_near,
)
from sim.view.labels import whole
from sim.view.timetable import add_panels, timetable_of
from sim.view.words import percent, runs_note, total
from sim.world.draws import FloatArray
from sim.world.policy_calendar import PolicyCalendar

_CAPACITY_LINE: dict[str, Any] = {"color": style.BLACK, "linewidth": 1.0, "linestyle": "--"}
_ROW = 1.45
"""Inches of a panel."""
_HEADROOM = 1.18
_FAR_ABOVE = 5.0
"""A capacity that is this many times the load would leave nothing of the load to be seen."""


@dataclass(frozen=True)
class _Load:
    """A load and the capacity by day that it is compared with.

    Attributes:
        title: of the panel.
        axis: label of the y axis.
        series: of surveillance, summed over all places.
        color: of the bands.
        capacity: what it is compared with.
        by_day: that capacity, shape (days,).
        full: what is said of a day on which the load reaches it.
    """

    title: str
    axis: str
    series: str
    color: str
    capacity: str
    by_day: FloatArray
    full: str

    def days_full(self, replicates: Replicates) -> FloatArray:
        """Return the share of the runs in which the load reaches the capacity, by day."""
        runs = total(replicates, self.series)
        known = np.isfinite(self.by_day) & (self.by_day > 0)
        share: FloatArray = ((runs >= self.by_day) & known).mean(axis=0)
        return share


@style.in_house_style
def draw_capacity(replicates: Replicates) -> Figure:
    """Return the figure of laboratory, quarantine and hospitals, all of them together."""
    scenario = replicates.scenario
    loads = _loads(scenario)
    timetable = timetable_of(scenario, (Topic.CAPACITY,))
    fig = style.new_figure(
        _ROW * len(loads) + timetable.height,
        _finding(replicates, loads),
        runs_note(replicates) + _worked_off(scenario),
        legend=[
            *legend_of_bands(len(replicates.results)),
            Line2D([], [], label="capacity", **_CAPACITY_LINE),
        ],
    )
    axes, _ = add_panels(fig, timetable, [_ROW] * len(loads))
    for ax, letter, load in zip(axes, "abc", loads, strict=True):
        style.panel_title(ax, letter, load.title + _draw(ax, load, replicates))
    return fig


def _finding(replicates: Replicates, loads: tuple[_Load, ...]) -> str:
    """Return which institution was full most often, when, and in how many of the runs."""
    shares = [load.days_full(replicates) for load in loads]
    most = int(np.argmax([share.max() for share in shares]))
    share, load = shares[most], loads[most]
    if not share.any():
        return "Quarantine, laboratory and hospitals had room on every day of every run"
    day = replicates.scenario.calendar.start + dt.timedelta(days=int(share.argmax()))
    runs = "every run" if share.max() == 1 else f"{percent(share.max())} of the runs"
    return f"{load.full} on {short_date(day)} in {runs}"


def _worked_off(scenario: Scenario) -> str:
    """Return that the laboratory does not work off what its capacity says, if so."""
    if all(entry.value == 1 for entry in scenario.laboratory.throughput.root):
        return ""
    return (
        " Tests a day are those that policy provides; the laboratory works off a fitted multiple "
        "of them (laboratory.throughput)."
    )


def _loads(scenario: Scenario) -> tuple[_Load, ...]:
    policy, days = PolicyCalendar(scenario), scenario.calendar.days

    def beds(by_name: dict[str, FloatArray]) -> FloatArray:
        summed: FloatArray = np.sum([*by_name.values(), np.zeros(days)], axis=0)
        return summed

    return (
        _Load(
            "Laboratory: swabs that wait for their test", "Swabs", "lab_backlog", style.BLUE,
            "tests a day", policy.laboratory_capacity,
            "More swabs waited than a day's tests",
        ),
        _Load(
            "Quarantine: people in sites and at home", "People", "in_quarantine", style.GREEN,
            "beds in sites", beds(policy.site_beds),
            "Quarantine sites were full",
        ),
        _Load(
            "Hospitals: people in beds", "People", "hospital_occupancy", style.VERMILLION,
            "hospital beds", beds(policy.hospital_beds),
            "Hospitals were full",
        ),
    )  # fmt: skip


def _draw(ax: Axes, load: _Load, replicates: Replicates) -> str:
    """Draw a load and its capacity; return what the title must say of a capacity not drawn."""
    days = positions(replicates.scenario.calendar)
    runs = total(replicates, load.series)
    draw_bands(ax, days, runs, load.color)
    highest = max(1.0, float(np.quantile(runs, 0.95, axis=0).max()))
    by_day = load.by_day
    ax.set_ylim(top=_HEADROOM * highest)
    beside = ""
    if not by_day.any():
        beside = f" (no {load.capacity})"
    elif not np.isfinite(by_day).any():
        beside = f" (no limit on {load.capacity})"
    elif by_day.min() > _FAR_ABOVE * highest:
        beside = f" (capacity above the panel: {whole(by_day.min())} {load.capacity} or more)"
    else:
        _draw_capacity_line(ax, days, np.where(np.isfinite(by_day), by_day, np.nan), load.capacity)
    count_axis(ax, load.axis)
    return beside


def _draw_capacity_line(ax: Axes, days: FloatArray, by_day: FloatArray, unit: str) -> None:
    """Draw a capacity as steps, with its last value written above the end."""
    x = np.concatenate([days[:1] - 0.5, days, days[-1:] + 0.5])
    ax.plot(x, np.pad(by_day, 1, mode="edge"), drawstyle="steps-post", **_CAPACITY_LINE)
    ax.set_ylim(top=max(ax.get_ylim()[1], _HEADROOM * float(np.nanmax(by_day))))
    if np.isfinite(by_day[-1]):
        said, end = f"{whole(by_day[-1])} {unit}", (x[-1], by_day[-1])
        write_near(ax, said, end, (0, 2), "bottom", ha="right", path_effects=style.HALO)
