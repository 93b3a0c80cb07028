"""The epidemic where travellers start: their hazard of infection before they leave."""

import numpy as np
from scipy import special

from sim.scenario.schema import Calendar
from sim.scenario.source import CountsCurve, EpidemicSource, ExponentialCurve
from sim.world.draws import FloatArray

_BEFORE, _AFTER, _STEP = 90.0, 60.0, 0.25

_MOST_DOUBLINGS = 60.0
"""More would be more cases than the world has people, from however few."""


def cumulative_reported(source: EpidemicSource, calendar: Calendar, days: FloatArray) -> FloatArray:
    """Return the cumulative reported cases of the source at ``days`` since the start."""
    curve = source.curve
    match curve:
        case ExponentialCurve(count=count, doubling_time=doubling, slowing_time=slowing):
            since = days - (calendar.day_of(curve.date) + 0.5)
            if slowing is not None:
                after = np.maximum(since, 0.0)
                since = np.where(since > 0, -slowing * special.expm1(-after / slowing), since)
            doublings: FloatArray = special.exp2(np.minimum(since / doubling, _MOST_DOUBLINGS))
            return count * doublings
        case CountsCurve(counts=rows):
            known = [calendar.day_of(row.date) + 0.5 for row in rows]
            return np.interp(days, known, [row.count for row in rows])
        case _:
            return curve.per_day * np.maximum(days - calendar.day_of(curve.since), 0.0)


class SourceEpidemic:
    """Cumulative hazard of infection at the source.

    ``H(t) = exposure * C(t + reporting_lag) / population`` for a member of the travelling
    community with frailty 1; counted from ``_BEFORE`` days before the calendar.

    Attributes:
        days: times at equal steps, since the start of the calendar.
        hazard: cumulative hazard until each of them.
        first: the first of them.
        step: days between them.
    """

    def __init__(self, source: EpidemicSource, calendar: Calendar) -> None:
        self.first, self.step = -_BEFORE, _STEP
        self.days = np.arange(-_BEFORE, calendar.days + _AFTER, _STEP)
        reported = cumulative_reported(source, calendar, self.days + source.reporting_lag)
        self.hazard = source.exposure * (reported - reported[0]) / source.population
