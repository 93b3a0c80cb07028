"""The epidemic where travellers start: their hazard of infection before they leave."""

import numpy as np

from sim.scenario.schema import Calendar
from sim.scenario.source import (
    CountsCurve,
    CourseTiming,
    DistributedTiming,
    EpidemicSource,
    ExponentialCurve,
    GrowingTiming,
    Timing,
    UniformTiming,
)
from sim.world.draws import FloatArray
from sim.world.quantiles import quantile_of

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
                since = np.where(since > 0, -slowing * np.expm1(-after / slowing), since)
            return count * 2.0 ** np.minimum(since / doubling, _MOST_DOUBLINGS)
        case CountsCurve(counts=rows):
            known = [calendar.day_of(row.date) + 0.5 for row in rows]
            return np.interp(days, known, [row.count for row in rows])
        case _:
            return curve.per_day * np.maximum(days - calendar.day_of(curve.since), 0.0)


class SourceEpidemic:
    """Cumulative hazard of infection at the source, and its inverse.

    ``H(t) = exposure * C(t + reporting_lag) / population`` for a member of the travelling
    community with frailty 1; counted from ``_BEFORE`` days before the calendar.
    """

    def __init__(self, source: EpidemicSource, calendar: Calendar) -> None:
        self.first, self.step = -_BEFORE, _STEP
        self._days = np.arange(-_BEFORE, calendar.days + _AFTER, _STEP)
        reported = cumulative_reported(source, calendar, self._days + source.reporting_lag)
        self.hazard = source.exposure * (reported - reported[0]) / source.population

    def hazard_until(self, times: FloatArray) -> FloatArray:
        """Return the cumulative hazard from long ago to ``times``."""
        hazard: FloatArray = np.interp(times, self._days, self.hazard)
        return hazard

    def time_of(self, hazard: FloatArray) -> FloatArray:
        """Return when the cumulative hazard reached ``hazard``."""
        times: FloatArray = np.interp(hazard, self.hazard, self._days)
        return times


def infection_before_departure(timing: Timing, course: FloatArray, u: FloatArray) -> FloatArray:
    """Return how long before departure each member of a cohort was infected.

    Args:
        timing: as the scenario says, without uncertain numbers.
        course: infection to severe disease or recovery of each member, in days, shape (n,).
        u: uniform numbers, shape (n,).
    """
    match timing:
        case UniformTiming(earliest=earliest, latest=latest, step=None):
            return latest + (earliest - latest) * u
        case UniformTiming(earliest=earliest, latest=latest, step=float(step)):
            steps = round((earliest - latest) / step) + 1
            return latest + step * np.floor(u * steps)
        case GrowingTiming(growth_per_day=growth, earliest=earliest):
            before: FloatArray = -np.log1p(u * np.expm1(-growth * earliest)) / growth
            return before
        case DistributedTiming(before=before_departure):
            return quantile_of(before_departure)(u)
        case CourseTiming(multiple=multiple):
            return u * multiple * course
        case _:
            raise TypeError(f"unknown timing {timing}")
