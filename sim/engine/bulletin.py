"""The daily bulletin: what is published of the events that are counted."""

from collections.abc import Callable, Sequence

import numpy as np

from sim.world.bulletin import _NEW, _SO_FAR, _WEIGHTS, SERIES
from sim.world.bulletin import _SERIES as TERMS
from sim.world.draws import FloatArray, IntArray
from sim.world.geography import Geography

_MOST_CNY = 2.0**62
"""Costs of a day that still fit a whole number of 64 bits: no real cost comes near."""


class Bulletin:
    """The series of all days that are over, worked out when somebody asks.

    Args:
        flows: events counted, shape (days, flows, locations); the world goes on counting.
        geography: which location is in which reporting place.
        daily_costs: returns the costs of each day in CNY, shape (days, locations).
    """

    def __init__(
        self, flows: IntArray, geography: Geography, daily_costs: Callable[[], FloatArray]
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
        flows = (self.flows[: self.open_day] @ self._roll_up[:, places]).T
        weights = _WEIGHTS[list(series)][:, :, :, None]
        new = (weights[:, _NEW] * flows).sum(axis=1)
        so_far = (weights[:, _SO_FAR] * flows).sum(axis=1).cumsum(axis=1)
        counts: IntArray = new + so_far
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
            for number, terms in enumerate(TERMS.values()):
                for (span, flow), sign in terms.items():
                    series[:, number] += sign * (so_far if span == _SO_FAR else new)[:, flow]
            series[:, -1] = np.rint(np.minimum(costs @ self._roll_up, _MOST_CNY))
            self._series = series
        return self._series
