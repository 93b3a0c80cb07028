"""People who live together, and what an infected one of them does to the others."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from sim.world.agenda import NO_ROWS
from sim.world.draws import FloatArray, IntArray

if TYPE_CHECKING:
    from sim.world.model import BorderModel

Times = Callable[[IntArray], FloatArray]
Places = Callable[[IntArray], IntArray]


class CloseContacts:
    """Pairs of an infected and a susceptible person, who meet every day until one of them leaves.

    Args:
        model: the world.
        hazard_per_day: hazard from the one to the other at the peak of infectiousness.
        since: from when on people of given rows are there.
        until: when they leave, as far as it is known today.
        where: codes of the places where they are together. Whoever was infected this morning may
            have been moved since.
    """

    def __init__(
        self,
        model: "BorderModel",
        hazard_per_day: float,
        since: Times,
        until: Times,
        where: Places,
    ) -> None:
        self._model = model
        self._hazard_per_day = hazard_per_day
        self._since = since
        self._until = until
        self._where = where
        self._infected, self._exposed = NO_ROWS, NO_ROWS
        self._day, self._mixed = -1, 0
        """The day of the last mixing, and how many pairs have been through it."""

    def add(self, infected: IntArray, exposed: IntArray) -> None:
        """Remember pairs; those whose second member is not susceptible are left out."""
        susceptible = self._model.people.susceptible(exposed)
        self._infected = np.concatenate([self._infected, infected[susceptible]])
        self._exposed = np.concatenate([self._exposed, exposed[susceptible]])

    def mix(self) -> IntArray:
        """Expose people to each other for the part of today that they share.

        Asked again on the same day, it exposes the pairs that were added since.

        Returns:
            Those who become infected.
        """
        people, day = self._model.people, self._model.day
        mixed = self._mixed if day == self._day else 0
        if mixed == len(self._infected):
            return NO_ROWS
        infected, exposed = self._infected[mixed:], self._exposed[mixed:]
        ends = np.minimum(self._until(infected), self._until(exposed))
        ends = np.minimum(ends, people.infectious_until[infected])
        going_on = ((ends > day) & people.susceptible(exposed)).nonzero()[0]
        infected, exposed = infected[going_on], exposed[going_on]
        self._infected = np.concatenate([self._infected[:mixed], infected])
        self._exposed = np.concatenate([self._exposed[:mixed], exposed])
        self._day, self._mixed = day, len(self._infected)
        ends = np.minimum(ends[going_on], day + 1)
        together = np.maximum(self._since(infected), self._since(exposed))
        begins = np.maximum(np.maximum(people.infectious_from[infected], together), day)
        now = (begins < ends).nonzero()[0]
        if not len(now):
            return NO_ROWS
        infected, exposed, begins, ends = infected[now], exposed[now], begins[now], ends[now]
        days = self._model.course.infectious_days(people, infected, begins, ends)
        return self._model.contagion.expose_pairs(
            infected, exposed, self._hazard_per_day * days, begins, ends, self._where
        )
