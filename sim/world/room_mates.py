"""People who share a room in quarantine."""

from typing import TYPE_CHECKING

import numpy as np

from sim.world.agenda import NO_ROWS
from sim.world.close_contacts import CloseContacts
from sim.world.draws import FloatArray, IntArray
from sim.world.quarantine_site import QuarantineSite

if TYPE_CHECKING:
    from sim.world.model import BorderModel


class Rooms:
    """The rooms of all sites, and the room-mates in them who may infect each other.

    Args:
        model: the world.
        hazard_per_day: hazard from one room-mate at the peak of infectiousness.
        sites: where the rooms are.
    """

    def __init__(
        self, model: "BorderModel", hazard_per_day: float, sites: list[QuarantineSite]
    ) -> None:
        self._people = model.people
        self._hazard_per_day = hazard_per_day
        self._room_mates = CloseContacts(
            model, hazard_per_day, self._come, self._leave, self._where
        )
        self._location_of = np.array([site.location for site in sites])
        self._widest = max(site.room_size for site in sites)
        self._beds = NO_ROWS.reshape(0, self._widest)
        """Who has each bed, shape (rooms, beds of the widest); -1 where there is nobody."""

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
        victims = self._room_mates.mix()
        if len(victims):
            self._pair(victims)
        return victims

    def _pair(self, infected: IntArray) -> None:
        """Remember the room-mates of the newly ``infected``."""
        mates = self._beds[self._people.room[infected]].ravel()
        sources = np.repeat(infected, self._widest)
        pairs = (mates >= 0).nonzero()[0]
        self._room_mates.add(sources[pairs], mates[pairs])

    def _come(self, rows: IntArray) -> FloatArray:
        return self._people.quarantined_at[rows]

    def _leave(self, rows: IntArray) -> FloatArray:
        return np.minimum(self._people.first_positive_at[rows], self._people.released_at[rows])

    def _where(self, rows: IntArray) -> IntArray:
        return self._location_of[self._people.site[rows]]
