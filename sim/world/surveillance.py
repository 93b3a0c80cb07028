"""The daily surveillance: what is counted, by place and day.

Institutions report *flows* (someone entered, tested positive, was discharged). Every series is
a sum of flows of the day and of all days so far, so stocks and totals cannot disagree.
"""

from collections.abc import Callable, Sequence
from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.world.codes import NONE
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
    PRE_DEPARTURE_TESTS = 31


LOCAL = {
    Flow.FIRST_POSITIVES: Flow.LOCAL_FIRST_POSITIVES,
    Flow.CARRIERS_IN: Flow.LOCAL_CARRIERS_IN,
    Flow.CARRIERS_OUT: Flow.LOCAL_CARRIERS_OUT,
    Flow.CONFIRMED: Flow.LOCAL_CONFIRMED,
    Flow.CLOSED: Flow.LOCAL_CLOSED,
}
"""The flow that counts residents apart from those who came over the border."""


_MOST_CNY = 2.0**62
"""Costs of a day that still fit a whole number of 64 bits: no real cost comes near."""


class _Count(NamedTuple):
    """How a series is counted: what comes, less what goes, in a day or so far."""

    comes: Flow
    goes: Flow | None = None
    so_far: bool = False


def _total(comes: Flow) -> _Count:
    return _Count(comes, so_far=True)


def _stock(comes: Flow, goes: Flow) -> _Count:
    return _Count(comes, goes, so_far=True)


_SERIES = {
    "imported_confirmed_new": _Count(Flow.CONFIRMED),
    "imported_confirmed_cumulative": _total(Flow.CONFIRMED),
    "imported_confirmed_active": _stock(Flow.CONFIRMED, Flow.CLOSED),
    "imported_carriers_stock": _stock(Flow.CARRIERS_IN, Flow.CARRIERS_OUT),
    "imported_first_positives": _Count(Flow.FIRST_POSITIVES),
    "local_confirmed_new": _Count(Flow.LOCAL_CONFIRMED),
    "local_confirmed_cumulative": _total(Flow.LOCAL_CONFIRMED),
    "local_confirmed_active": _stock(Flow.LOCAL_CONFIRMED, Flow.LOCAL_CLOSED),
    "local_carriers_stock": _stock(Flow.LOCAL_CARRIERS_IN, Flow.LOCAL_CARRIERS_OUT),
    "local_first_positives": _Count(Flow.LOCAL_FIRST_POSITIVES),
    "entrants_new": _Count(Flow.ENTRANTS),
    "entrants_cumulative": _total(Flow.ENTRANTS),
    "entrants_infected_cumulative": _total(Flow.ENTRANTS_INFECTED),
    "illegal_attempts": _Count(Flow.ILLEGAL_ATTEMPTS),
    "illegal_caught": _Count(Flow.ILLEGAL_CAUGHT),
    "illegal_entered": _Count(Flow.ILLEGAL_ENTERED),
    "rewards_paid_cny": _Count(Flow.REWARDS_CNY),
    "in_quarantine": _stock(Flow.QUARANTINE_IN, Flow.QUARANTINE_OUT),
    "lab_backlog": _stock(Flow.SWABS, Flow.PROCESSED),
    "hospital_occupancy": _stock(Flow.HOSPITAL_IN, Flow.HOSPITAL_OUT),
    "released_infectious": _Count(Flow.RELEASED_INFECTIOUS),
    "infections_new": _Count(Flow.INFECTIONS),
    "stranded": _stock(Flow.STRANDED_IN, Flow.STRANDED_OUT),
}

COST = "cost_cny"
SERIES = (*_SERIES, COST)
"""Names of the series, each kept for every place; those of places add up to their region's."""

_COUNTED = np.arange(len(_SERIES))
_COMES = np.array([of.comes for of in _SERIES.values()])
_GOES = np.array([NONE if of.goes is None else of.goes for of in _SERIES.values()])
_SO_FAR = np.array([of.so_far for of in _SERIES.values()])


def _by_location(flows: IntArray, series: IntArray) -> IntArray:
    """Return the counts of some series, shape (days, series, locations)."""
    counts: IntArray = flows[:, _COMES[series]]
    is_stock, so_far = _GOES[series] != NONE, _SO_FAR[series]
    counts[:, is_stock] -= flows[:, _GOES[series[is_stock]]]
    counts[:, so_far] = counts[:, so_far].cumsum(axis=0)
    return counts


class Surveillance:
    """The series of all days that are over, worked out when someone asks.

    Args:
        flows: events counted, shape (days, flows, locations); the world goes on counting.
        geography: which location is in which reporting place.
        bill: returns the cost of every part in CNY, shape (days, locations) each.
    """

    def __init__(
        self, flows: IntArray, geography: "Geography", bill: Callable[[], dict[str, FloatArray]]
    ) -> None:
        self.flows = flows
        self._roll_up = geography.roll_up
        self._bill = bill
        self.open_day = 0
        """The first day that is not over."""
        self._added_up = NONE
        """How many days were over when series and costs were added up."""
        self._series: IntArray
        self._costs: dict[str, FloatArray]

    def counts(self, series: Sequence[int], places: Sequence[int]) -> IntArray:
        """Return some of ``series``, without costs, much faster than all of them.

        Args:
            series: numbers of series, shape (n,).
            places: number of the reporting place of each, shape (n,).

        Returns:
            Counts of the days that are over, shape (n, days over).
        """
        by_location = _by_location(self.flows[: self.open_day], np.asarray(series))
        counts: IntArray = (by_location * self._roll_up[:, places].T).sum(axis=2).T
        return counts

    @property
    def series(self) -> IntArray:
        """Counts of the days that are over, shape (days over, series, reporting places)."""
        self._add_up()
        return self._series

    @property
    def costs(self) -> dict[str, FloatArray]:
        """Cost of every part in CNY, shape (days, locations) each, at the end of the last day."""
        self._add_up()
        return self._costs

    def _add_up(self) -> None:
        """Add up series and costs, unless that has been done since the last day ended."""
        if self._added_up == self.open_day:
            return
        by_location = _by_location(self.flows[: self.open_day], _COUNTED)
        series = np.zeros((self.open_day, len(SERIES), self._roll_up.shape[1]), dtype=np.int64)
        # Whole numbers as large as those of CNY: a product of matrices would be no faster.
        for location, place in np.argwhere(self._roll_up).tolist():
            series[:, :-1, place] += by_location[:, :, location]
        self._costs = self._bill()
        costs: FloatArray = np.sum(list(self._costs.values()), axis=0)
        series[:, -1] = np.rint(np.minimum(costs[: self.open_day] @ self._roll_up, _MOST_CNY))
        self._series, self._added_up = series, self.open_day
