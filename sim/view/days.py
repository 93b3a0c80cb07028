"""Days of a calendar on the x axis."""

import datetime as dt

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter

from sim.scenario.schema import Calendar
from sim.world.draws import FloatArray

_EPOCH = dt.date(1970, 1, 1)
_DAILY, _WEEKLY, _HALF_MONTHLY = 12, 45, 100
"""Up to how many days the ticks are (every other) day, 7 days apart, or twice a month."""


def position(date: dt.date) -> float:
    """Return where ``date`` is on a date axis: days since 1970, as Matplotlib counts them."""
    return float((date - _EPOCH).days)


def positions(calendar: Calendar) -> FloatArray:
    """Return where the days of ``calendar`` are on a date axis, shape (days,)."""
    return position(calendar.start) + np.arange(calendar.days, dtype=np.float64)


def short_date(date: dt.date) -> str:
    """Return a date without its year, such as 7 Apr."""
    return f"{date.day} {date:%b}"


def date_axis(ax: Axes, first: dt.date, last: dt.date, label: str = "Date") -> None:
    """Make the x axis show the days from ``first`` to ``last``, both whole."""
    ax.set_xlim(position(first) - 0.5, position(last) + 0.5)
    ax.xaxis.set_major_locator(FixedLocator([position(date) for date in _ticks(first, last)]))
    ax.xaxis.set_major_formatter(
        FuncFormatter(lambda x, _: short_date(_EPOCH + dt.timedelta(days=round(x))))
    )
    years = f"{first.year}" if first.year == last.year else f"{first.year} to {last.year}"
    ax.set_xlabel(f"{label} ({years})")


def _ticks(first: dt.date, last: dt.date) -> list[dt.date]:
    days = [first + dt.timedelta(days=day) for day in range((last - first).days + 1)]
    if len(days) <= _DAILY:
        return days[:: 1 + len(days) // 7]
    if len(days) <= _WEEKLY:
        return days[::7]
    if len(days) <= _HALF_MONTHLY:
        return [day for day in days if day.day in (1, 15)]
    months = [day for day in days if day.day == 1]
    return months[:: 1 + len(months) // 6]
