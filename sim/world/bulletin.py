"""The daily bulletin: what is counted, by place and day.

Institutions report *flows* (somebody entered, tested positive, was discharged). Every series is
a sum of flows of the day and of all days so far, so stocks and totals cannot disagree.
"""

from collections.abc import Callable, Sequence
from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np

from sim.world.draws import FloatArray, IntArray

if TYPE_CHECKING:
    from sim.world.geography import Geography


class Flow(IntEnum):
    """Events that are counted."""

    ENTRANTS = 0
    ENTRANTS_INFECTED = 1
    INFECTIONS = 2
    FIRST_POSITIVES = 3
    CARRIERS_IN = 4
    CARRIERS_OUT = 5
    CONFIRMED = 6
    CLOSED = 7
    QUARANTINE_IN = 8
    QUARANTINE_OUT = 9
    HOSPITAL_IN = 10
    HOSPITAL_OUT = 11
    SWABS = 12
    PROCESSED = 13
    RELEASED_INFECTIOUS = 14
    STRANDED_IN = 15
    STRANDED_OUT = 16
    LOCAL_FIRST_POSITIVES = 17
    LOCAL_CARRIERS_IN = 18
    LOCAL_CARRIERS_OUT = 19
    LOCAL_CONFIRMED = 20
    LOCAL_CLOSED = 21
    ILLEGAL_ATTEMPTS = 22
    ILLEGAL_CAUGHT = 23
    ILLEGAL_ENTERED = 24
    TURNED_BACK = 25
    REPORTS = 26
    REWARDS_CNY = 27
    HOME_IN = 28
    HOME_OUT = 29
    TRACED = 30
    EXIT_TESTS = 31


LOCAL = {
    Flow.FIRST_POSITIVES: Flow.LOCAL_FIRST_POSITIVES,
    Flow.CARRIERS_IN: Flow.LOCAL_CARRIERS_IN,
    Flow.CARRIERS_OUT: Flow.LOCAL_CARRIERS_OUT,
    Flow.CONFIRMED: Flow.LOCAL_CONFIRMED,
    Flow.CLOSED: Flow.LOCAL_CLOSED,
}
"""The flow that counts residents apart from those who came over the border."""


_NEW, _SO_FAR = 0, 1

_MOST_CNY = 2.0**62
"""Costs of a day that still fit a whole number of 64 bits: no real cost comes near."""

_SERIES: dict[str, dict[tuple[int, Flow], int]] = {
    "imported_confirmed_new": {(_NEW, Flow.CONFIRMED): 1},
    "imported_confirmed_cumulative": {(_SO_FAR, Flow.CONFIRMED): 1},
    "imported_confirmed_active": {(_SO_FAR, Flow.CONFIRMED): 1, (_SO_FAR, Flow.CLOSED): -1},
    "imported_carriers_stock": {(_SO_FAR, Flow.CARRIERS_IN): 1, (_SO_FAR, Flow.CARRIERS_OUT): -1},
    "imported_first_positives": {(_NEW, Flow.FIRST_POSITIVES): 1},
    "local_confirmed_new": {(_NEW, Flow.LOCAL_CONFIRMED): 1},
    "local_confirmed_cumulative": {(_SO_FAR, Flow.LOCAL_CONFIRMED): 1},
    "local_confirmed_active": {
        (_SO_FAR, Flow.LOCAL_CONFIRMED): 1,
        (_SO_FAR, Flow.LOCAL_CLOSED): -1,
    },
    "local_carriers_stock": {
        (_SO_FAR, Flow.LOCAL_CARRIERS_IN): 1,
        (_SO_FAR, Flow.LOCAL_CARRIERS_OUT): -1,
    },
    "local_first_positives": {(_NEW, Flow.LOCAL_FIRST_POSITIVES): 1},
    "entrants_new": {(_NEW, Flow.ENTRANTS): 1},
    "entrants_cumulative": {(_SO_FAR, Flow.ENTRANTS): 1},
    "entrants_infected_cumulative": {(_SO_FAR, Flow.ENTRANTS_INFECTED): 1},
    "illegal_attempts": {(_NEW, Flow.ILLEGAL_ATTEMPTS): 1},
    "illegal_caught": {(_NEW, Flow.ILLEGAL_CAUGHT): 1},
    "illegal_entered": {(_NEW, Flow.ILLEGAL_ENTERED): 1},
    "rewards_paid_cny": {(_NEW, Flow.REWARDS_CNY): 1},
    "in_quarantine": {(_SO_FAR, Flow.QUARANTINE_IN): 1, (_SO_FAR, Flow.QUARANTINE_OUT): -1},
    "lab_backlog": {(_SO_FAR, Flow.SWABS): 1, (_SO_FAR, Flow.PROCESSED): -1},
    "hospital_occupancy": {(_SO_FAR, Flow.HOSPITAL_IN): 1, (_SO_FAR, Flow.HOSPITAL_OUT): -1},
    "released_infectious": {(_NEW, Flow.RELEASED_INFECTIOUS): 1},
    "infections_new": {(_NEW, Flow.INFECTIONS): 1},
    "stranded": {(_SO_FAR, Flow.STRANDED_IN): 1, (_SO_FAR, Flow.STRANDED_OUT): -1},
}

COST = "cost_cny"
SERIES = (*_SERIES, COST)
"""Names of the series, each kept for every place; those of places add up to their region's."""


_TERMS = [list(terms.items()) for terms in _SERIES.values()]
"""The sums behind the series, by the number of a series."""


class Bulletin:
    """The series of all days that are over, worked out when somebody asks.

    Args:
        flows: events counted, shape (days, flows, locations); the world goes on counting.
        geography: which location is in which reporting place.
        daily_costs: returns the costs of each day in CNY, shape (days, locations).
    """

    def __init__(
        self, flows: IntArray, geography: "Geography", daily_costs: Callable[[], FloatArray]
    ) -> None:
        self.flows = flows
        self._roll_up = geography.roll_up
        self._daily_costs = daily_costs
        self.open_day = 0
        """The first day that is not over."""
        self._series: IntArray = np.zeros((0, len(SERIES), self._roll_up.shape[1]), dtype=np.int64)

    def counts(self, series: Sequence[int], places: Sequence[int]) -> IntArray:
        """Return some of ``series``, without costs, much faster than all of them.

        Args:
            series: numbers of series, shape (n,).
            places: number of the reporting place of each, shape (n,).

        Returns:
            Counts of the days that are over, shape (n, days over).
        """
        counts: IntArray = np.zeros((len(series), self.open_day), dtype=np.int64)
        for row, (number, place) in enumerate(zip(series, places, strict=True)):
            for (span, flow), sign in _TERMS[number]:
                events = self.flows[: self.open_day, flow] @ self._roll_up[:, place]
                counts[row] += sign * (events.cumsum() if span == _SO_FAR else events)
        return counts

    @property
    def series(self) -> IntArray:
        """Counts of the days that are over, shape (days over, series, reporting places)."""
        if len(self._series) != self.open_day:
            flows = self.flows[: self.open_day]
            costs = self._daily_costs()[: self.open_day]
            new = flows @ self._roll_up
            so_far = np.cumsum(new, axis=0)
            series = np.zeros((self.open_day, len(SERIES), new.shape[2]), dtype=np.int64)
            for number, terms in enumerate(_SERIES.values()):
                for (span, flow), sign in terms.items():
                    series[:, number] += sign * (so_far if span == _SO_FAR else new)[:, flow]
            series[:, -1] = np.rint(np.minimum(costs @ self._roll_up, _MOST_CNY))
            self._series = series
        return self._series
