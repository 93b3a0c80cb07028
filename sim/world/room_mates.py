"""People who share a room in quarantine, and what they do to each other."""

from typing import TYPE_CHECKING

import numpy as np

from sim.world.agenda import NO_ROWS
from sim.world.draws import FloatArray, IntArray

if TYPE_CHECKING:
    from sim.world.model import BorderModel


class Rooms:
    """The rooms of one site, and the pairs in them of an infected and a susceptible person.

    Args:
        model: the world.
        size: beds a room.
        hazard_per_day: hazard from one room-mate at the peak of infectiousness.
        location: code of the place.
    """

    def __init__(
        self, model: "BorderModel", size: int, hazard_per_day: float, location: int
    ) -> None:
        self._model = model
        self._people = model.people
        self._size = size
        self._hazard_per_day = hazard_per_day
        self._location = location
        self._beds = NO_ROWS.reshape(0, size)
        """Who has each bed, shape (rooms, size); -1 where a bed stays empty."""
        self._infected, self._exposed = NO_ROWS, NO_ROWS
        self._mixes = size > 1 and hazard_per_day > 0

    def move_in(self, rows: IntArray) -> None:
        """Give new rooms to ``rows``, in order; arrivals of different days do not share one."""
        first, rooms = len(self._beds), -(-len(rows) // self._size)
        self._people.room[rows] = first + np.arange(len(rows)) // self._size
        beds = np.full(rooms * self._size, -1)
        beds[: len(rows)] = rows
        self._beds = np.concatenate([self._beds, beds.reshape(rooms, self._size)])
        if self._mixes:
            self._pair(rows[~self._people.susceptible(rows)])

    def mix(self) -> IntArray:
        """Expose room-mates to each other for the part of today that they share.

        Returns:
            Those who become infected.
        """
        if not len(self._infected):
            return NO_ROWS
        people, day = self._people, self._model.day
        infected, exposed = self._infected, self._exposed
        ends = np.minimum(self._leaves(infected), self._leaves(exposed))
        going_on = ((ends > day) & people.susceptible(exposed)).nonzero()[0]
        self._infected, self._exposed = infected, exposed = infected[going_on], exposed[going_on]
        ends = np.minimum(np.minimum(ends[going_on], people.infectious_until[infected]), day + 1)
        together = np.maximum(people.quarantined_at[infected], people.quarantined_at[exposed])
        begins = np.maximum(np.maximum(people.infectious_from[infected], together), day)
        now = (begins < ends).nonzero()[0]
        if not len(now):
            return NO_ROWS
        infected, exposed, begins, ends = infected[now], exposed[now], begins[now], ends[now]
        days = self._model.course.infectious_days(people, infected, begins, ends)
        victims = self._model.contagion.expose_pairs(
            infected, exposed, self._hazard_per_day * days, begins, ends, self._location
        )
        self._pair(victims)
        return victims

    def _pair(self, infected: IntArray) -> None:
        """Remember the susceptible room-mates of the newly ``infected``."""
        mates = self._beds[self._people.room[infected]].ravel()
        sources = np.repeat(infected, self._size)
        pairs = (mates >= 0).nonzero()[0]
        pairs = pairs[self._people.susceptible(mates[pairs])]
        self._infected = np.append(self._infected, sources[pairs])
        self._exposed = np.append(self._exposed, mates[pairs])

    def _leaves(self, rows: IntArray) -> FloatArray:
        """Return when people leave their room, as far as it is known today."""
        return np.minimum(self._people.first_positive_at[rows], self._people.released_at[rows])
