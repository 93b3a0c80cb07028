"""Imported cases by day of onset beside day of confirmation."""

from dataclasses import dataclass

import numpy as np

from sim.experiment.replicates import Replicates
from sim.world.draws import FloatArray, IntArray


@dataclass(frozen=True)
class CaseDays:
    """Confirmed imported cases of all runs.

    Attributes:
        by_onset: cases that fell ill on a day and were confirmed by the end, shape (runs, days).
        by_report: cases confirmed on a day, shape (runs, days).
    """

    by_onset: IntArray
    by_report: IntArray


def case_days(replicates: Replicates) -> CaseDays:
    """Return the days of the cases of finished runs, at least one."""
    days = replicates.scenario.calendar.days
    cases = [result.cases for result in replicates.results]
    return CaseDays(
        np.stack([_by_day(of[:, 0], days) for of in cases]),
        np.stack([_by_day(of[:, 1], days) for of in cases]),
    )


def _by_day(times: FloatArray, days: int) -> IntArray:
    """Return how many times lie on each day of the calendar, shape (days,)."""
    inside = times[(times >= 0) & (times < days)]
    return np.bincount(inside.astype(np.int64), minlength=days)
