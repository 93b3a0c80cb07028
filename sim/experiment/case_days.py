"""Imported cases by day of onset beside day of confirmation."""

from dataclasses import dataclass

import numpy as np

from sim.experiment.replicates import Replicates
from sim.world.draws import FloatArray, IntArray

_SEEN_LATE = 0.95
"""Share of the delays within which onsets count as complete."""


@dataclass(frozen=True)
class CaseDays:
    """Confirmed imported cases of all runs.

    Attributes:
        by_onset: cases that fell ill on a day and were confirmed by the end, shape (runs, days).
        by_report: cases confirmed on a day, shape (runs, days).
        delays: days from onset to confirmation of all of them that fell ill before they were
            confirmed, shape (cases,).
        without_symptoms: share of the cases that had no symptoms when they were confirmed; nan
            without cases.
    """

    by_onset: IntArray
    by_report: IntArray
    delays: FloatArray
    without_symptoms: float

    @property
    def incomplete_days(self) -> int:
        """Days at the end whose onsets may be confirmed later: the 95 % point of the delays."""
        if not len(self.delays):
            return 0
        return int(np.ceil(np.quantile(self.delays, _SEEN_LATE)))


def case_days(replicates: Replicates) -> CaseDays:
    """Return the days of the cases of finished runs, at least one."""
    days = replicates.scenario.calendar.days
    cases = [result.cases for result in replicates.results]
    onsets, reports = np.concatenate(cases).T
    ill = onsets < reports
    return CaseDays(
        np.stack([_by_day(of[:, 0], days) for of in cases]),
        np.stack([_by_day(of[:, 1], days) for of in cases]),
        reports[ill] - onsets[ill],
        float(1 - ill.mean()) if len(ill) else float("nan"),
    )


def _by_day(times: FloatArray, days: int) -> IntArray:
    """Return how many times lie on each day of the calendar, shape (days,)."""
    inside = times[(times >= 0) & (times < days)]
    return np.bincount(inside.astype(np.int64), minlength=days)
