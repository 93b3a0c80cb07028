"""Figure of what the institutions behind the border carry, against what they can."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke

from sim.experiment.replicates import Replicates
from sim.scenario.schema import Scenario
from sim.view.bands import draw_bands, legend_of_bands
from sim.view.days import date_axis, positions
from sim.view.number_text import whole
from sim.view.page import new_figure
from sim.view.policy_lines import draw_policy_lines
from sim.view.policy_marks import policy_marks, sum_of
from sim.view.regions import behind_the_border, total
from sim.view.runs_note import runs_note
from sim.view.style import (
    BLACK,
    BLUE,
    GREEN,
    SMALL,
    VERMILLION,
    count_axis,
    in_house_style,
    panel_title,
)
from sim.world.draws import FloatArray
from sim.world.policy_calendar import PolicyCalendar

_CAPACITY_LINE: dict[str, Any] = {"color": BLACK, "linewidth": 1.0, "linestyle": "--"}
_HEIGHT = 5.2
_HEADROOM = 1.18
_FAR_ABOVE = 5.0
"""A capacity that is this many times the load would leave nothing of the load to be seen."""


@dataclass(frozen=True)
class _Load:
    """A load and the capacity by day that it is held against."""

    title: str
    axis: str
    series: str
    color: str
    capacity: str
    by_day: FloatArray


@in_house_style
def draw_capacity(replicates: Replicates) -> Figure:
    """Return the figure of laboratory, quarantine and hospitals, all of them together."""
    scenario = replicates.scenario
    loads = _loads(PolicyCalendar(scenario))
    marks = policy_marks(scenario)
    fig = new_figure(
        _HEIGHT,
        f"Load and capacity of institutions, {behind_the_border(scenario)}",
        runs_note(replicates) + _worked_off(scenario),
        key=[mark.entry for mark in marks],
        legend=[
            *legend_of_bands(len(replicates.results)),
            Line2D([], [], label="capacity", **_CAPACITY_LINE),
        ],
    )
    axes: list[Axes] = fig.subplots(len(loads), 1).tolist()
    for ax in axes:
        date_axis(ax, scenario.calendar.start, scenario.calendar.end)
    lift = draw_policy_lines(axes, marks)
    for number, (ax, load) in enumerate(zip(axes, loads, strict=True)):
        beside = _draw(ax, load, replicates)
        panel_title(ax, "abc"[number], load.title + beside, 0 if number else lift)
        ax.label_outer()
    return fig


def _worked_off(scenario: Scenario) -> str:
    """Return that the laboratory does not work off what its capacity says, if so."""
    if all(entry.value == 1 for entry in scenario.laboratory.throughput.root):
        return ""
    return " Tests a day: as in the file; those worked off are a multiple (laboratory.throughput)."


def _loads(policy: PolicyCalendar) -> tuple[_Load, ...]:
    return (
        _Load(
            "Laboratory: swabs that wait for their test",
            "Swabs",
            "lab_backlog",
            BLUE,
            "tests a day",
            policy.laboratory_capacity,
        ),
        _Load(
            "Quarantine: people in sites and at home",
            "People",
            "in_quarantine",
            GREEN,
            "beds in sites",
            sum_of(policy.site_beds),
        ),
        _Load(
            "Hospitals: people in beds",
            "People",
            "hospital_occupancy",
            VERMILLION,
            "hospital beds",
            sum_of(policy.hospital_beds),
        ),
    )


def _draw(ax: Axes, load: _Load, replicates: Replicates) -> str:
    """Draw a load and its capacity; return what the title must say of a capacity not drawn."""
    days = positions(replicates.scenario.calendar)
    runs = total(replicates, load.series)
    draw_bands(ax, days, runs, load.color)
    highest = max(1.0, float(np.quantile(runs, 0.95, axis=0).max()))
    by_day = np.broadcast_to(load.by_day, days.shape)
    ax.set_ylim(top=_HEADROOM * highest)
    beside = ""
    if not by_day.any():
        beside = f" (no {load.capacity})"
    elif not np.isfinite(by_day).any():
        beside = f" (no limit on {load.capacity})"
    elif by_day.min() > _FAR_ABOVE * highest:
        beside = f" (capacity out of sight: {whole(by_day.min())} {load.capacity} or more)"
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
        ax.annotate(
            f"{whole(by_day[-1])} {unit}",
            (x[-1], by_day[-1]),
            (0, 2),
            textcoords="offset points",
            ha="right",
            va="bottom",
            fontsize=SMALL,
            path_effects=[withStroke(linewidth=2, foreground="white")],
        )
