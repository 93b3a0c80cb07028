"""Figure of what the institutions behind the border carry, against what they can."""

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.experiment.replicates import Replicates
from sim.view.bands import draw_bands
from sim.view.days import date_axis, positions
from sim.view.page import new_figure
from sim.view.policy_lines import draw_policy_lines
from sim.view.policy_marks import policy_marks, sum_of
from sim.view.regions import behind_the_border, total
from sim.view.runs_note import runs_note
from sim.view.style import BLACK, BLUE, GREEN, VERMILLION, count_axis, in_house_style, panel_title
from sim.world.draws import FloatArray
from sim.world.policy_calendar import PolicyCalendar

_HEIGHT = 5.4
_FAR_ABOVE = 5.0
"""A capacity that is this many times the load would leave nothing of the load to be seen."""


@dataclass(frozen=True)
class _Load:
    """A load and the capacity by day that it is held against."""

    title: str
    unit: str
    series: str
    load: str
    color: str
    capacity: str
    by_day: FloatArray


@in_house_style
def draw_capacity(replicates: Replicates) -> Figure:
    """Return the figure of laboratory, quarantine and hospitals, all of them together."""
    scenario = replicates.scenario
    policy = PolicyCalendar(scenario)
    loads = (
        _Load(
            "Laboratory",
            "Swabs",
            "lab_backlog",
            "swabs that wait",
            BLUE,
            "tests that can be done a day",
            policy.laboratory_capacity,
        ),
        _Load(
            "Quarantine",
            "People",
            "in_quarantine",
            "people in quarantine, those at home included",
            GREEN,
            "beds in quarantine sites",
            sum_of(policy.site_beds),
        ),
        _Load(
            "Hospitals",
            "People",
            "hospital_occupancy",
            "people in hospital",
            VERMILLION,
            "hospital beds",
            sum_of(policy.hospital_beds),
        ),
    )
    marks = policy_marks(scenario)
    fig = new_figure(
        _HEIGHT,
        f"Load and capacity of institutions, {behind_the_border(scenario)}",
        runs_note(replicates),
        [mark.entry for mark in marks],
    )
    axes: list[Axes] = fig.subplots(len(loads), 1).tolist()
    for ax in axes:
        date_axis(ax, scenario.calendar.start, scenario.calendar.end)
    lift = draw_policy_lines(axes, marks)
    for number, (ax, load) in enumerate(zip(axes, loads, strict=True)):
        _draw(ax, load, replicates)
        panel_title(ax, "abc"[number], load.title, 0 if number else lift)
        ax.label_outer()
    return fig


def _draw(ax: Axes, load: _Load, replicates: Replicates) -> None:
    days = positions(replicates.scenario.calendar)
    runs = total(replicates, load.series)
    draw_bands(ax, days, runs, load.color, load.load)
    handles = ax.get_legend_handles_labels()[0]
    highest = max(1.0, float(np.quantile(runs, 0.95, axis=0).max()))
    limits = np.broadcast_to(load.by_day, days.shape)
    label = load.capacity
    if not np.isfinite(limits).any():
        label += ": no limit"
    elif limits.min() > _FAR_ABOVE * highest:
        label += f": {limits.min():,.0f} or more, above the range shown"
        ax.set_ylim(top=1.3 * highest)
    else:
        finite = np.where(np.isfinite(limits), limits, np.nan)
        x = np.append(days - 0.5, days[-1] + 0.5)
        steps = np.append(finite, finite[-1])
        ax.plot(x, steps, drawstyle="steps-post", color=BLACK, linewidth=1.0, linestyle="--")
        ax.set_ylim(top=1.12 * max(highest, float(np.nanmax(finite))))
    handles.append(Line2D([], [], color=BLACK, linewidth=1.0, linestyle="--"))
    count_axis(ax, load.unit)
    ax.legend(handles, [load.load, label], loc="upper right")
