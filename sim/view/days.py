"""Days of a calendar on the x axis."""

import datetime as dt

import numpy as np
from matplotlib.axes import Axes
from matplotlib.dates import UTC, AutoDateLocator, DayLocator, MonthLocator, date2num, num2date
from matplotlib.ticker import FuncFormatter

from sim.scenario.schema import Calendar
from sim.world.draws import FloatArray

_SHORT, _LONG = 12, 240


def position(date: dt.date) -> float:
    """Return where ``date`` is on a date axis."""
    return float(date2num(date))


def positions(calendar: Calendar) -> FloatArray:
    """Return where the days of ``calendar`` are on a date axis, shape (days,)."""
    return position(calendar.start) + np.arange(calendar.days, dtype=np.float64)


def short_date(date: dt.date) -> str:
    """Return a date without its year, such as 7 Apr."""
    return f"{date.day} {date:%b}"


def date_axis(ax: Axes, first: dt.date, last: dt.date) -> None:
    """Make the x axis show the days from ``first`` to ``last``, both whole."""
    ax.set_xlim(position(first) - 0.5, position(last) + 0.5)
    days = (last - first).days + 1
    if days <= _SHORT:
        ax.xaxis.set_major_locator(DayLocator(interval=1 + days // 6, tz=UTC))
    elif days <= _LONG:
        ax.xaxis.set_major_locator(AutoDateLocator(minticks=3, maxticks=7, tz=UTC))
    else:
        ax.xaxis.set_major_locator(MonthLocator(interval=1 + days // 210, tz=UTC))
    ax.xaxis.set_major_formatter(
        FuncFormatter(lambda x, _: _month(x) if days > _LONG else short_date(num2date(x, tz=UTC)))
    )
    years = f"{first.year}" if first.year == last.year else f"{first.year}–{last.year}"
    ax.set_xlabel(f"Date ({years})")


def _month(x: float) -> str:
    return f"{num2date(x, tz=UTC):%b %y}"
