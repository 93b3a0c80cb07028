"""People who share a room in quarantine, and what they do to each other."""

from typing import TYPE_CHECKING

import numpy as np

from sim.world.agenda import NO_ROWS
from sim.world.draws import FloatArray, IntArray
from sim.world.quarantine_site import QuarantineSite

if TYPE_CHECKING:
    from sim.world.model import BorderModel


class Rooms:
    """The rooms of all sites, and the pairs in them of an infected and a susceptible person.

    Args:
        model: the world.
        hazard_per_day: hazard from one room-mate at the peak of infectiousness.
        sites: where the rooms are.
    """

    def __init__(
        self, model: "BorderModel", hazard_per_day: float, sites: list[QuarantineSite]
    ) -> None:
        self._model = model
        self._people = model.people
        self._hazard_per_day = hazard_per_day
        self._widest = max(site.room_size for site in sites)
        self._beds = NO_ROWS.reshape(0, self._widest)
        """Who has each bed, shape (rooms, beds of the widest); -1 where there is nobody."""
        self._infected, self._exposed = NO_ROWS, NO_ROWS

    def move_in(self, rows: IntArray, site: QuarantineSite) -> None:
        """Give new rooms to ``rows``, in order; arrivals of different days do not share one."""
        if site.room_size == 1 or self._hazard_per_day == 0:
            return
        in_order = np.arange(len(rows))
        room, bed = len(self._beds) + in_order // site.room_size, in_order % site.room_size
        self._people.room[rows] = room
        beds = np.full((1 + int(room[-1]) - len(self._beds), self._widest), -1)
        beds[room - len(self._beds), bed] = rows
        self._beds = np.concatenate([self._beds, beds])
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
            infected, exposed, self._hazard_per_day * days, begins, ends
        )
        self._pair(victims)
        return victims

    def _pair(self, infected: IntArray) -> None:
        """Remember the susceptible room-mates of the newly ``infected``."""
        mates = self._beds[self._people.room[infected]].ravel()
        sources = np.repeat(infected, self._widest)
        pairs = (mates >= 0).nonzero()[0]
        pairs = pairs[self._people.susceptible(mates[pairs])]
        self._infected = np.append(self._infected, sources[pairs])
        self._exposed = np.append(self._exposed, mates[pairs])

    def _leaves(self, rows: IntArray) -> FloatArray:
        """Return when people leave their room, as far as it is known today."""
        return np.minimum(self._people.first_positive_at[rows], self._people.released_at[rows])
