"""Axes of days that figures of fans share."""

import datetime as dt
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from sim.view.days import date_axis, position
from sim.view.policies.fan import Fan

_TICKS = 3
"""Ticks that narrow axes of days have room for."""


def show_calendars(axes: Sequence[Axes], fans: Sequence[Fan]) -> None:
    """Make the x axes show the days of all calendars, labelled at the foot of the figure."""
    calendars = [fan.scenario.calendar for fan in fans]
    for ax in axes:
        date_axis(ax, min(c.start for c in calendars), max(c.end for c in calendars))
        ax.label_outer()


def show_peak_days(axes: Sequence[Axes], fans: Sequence[Fan]) -> None:
    """Make the x axes show the days on which any run peaks; the whole calendar if none does."""
    calendar = fans[0].scenario.calendar
    peaks = np.concatenate([fan.peak_days for fan in fans]) - position(calendar.start)
    ends = (peaks.min() - 1, peaks.max() + 1) if len(peaks) else (0, calendar.days - 1)
    first, last = (calendar.start + dt.timedelta(days=round(end)) for end in ends)
    for ax in axes:
        date_axis(ax, first, last, "Day of the peak")
        thin_ticks(ax)
        ax.label_outer()


def thin_ticks(ax: Axes) -> None:
    """Leave out ticks of a narrow axis of days."""
    ticks = ax.get_xticks()
    ax.set_xticks(ticks[:: -(-len(ticks) // _TICKS)])
