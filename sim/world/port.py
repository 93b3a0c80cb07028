"""A land port: its calendar, its capacity, its queue, and screening at entry."""

from typing import TYPE_CHECKING

import numpy as np

from sim.scenario.route import Port
from sim.world.agenda import NO_ROWS, NO_TIMES, Agenda
from sim.world.bulletin import Flow
from sim.world.draws import FloatArray, IntArray, Stream
from sim.world.institution import Institution
from sim.world.population import FoundBy, Stage

if TYPE_CHECKING:
    from sim.world.model import BorderModel


class LandPort(Institution):
    """A border crossing that admits people in the order in which they come."""

    def __init__(self, model: "BorderModel", name: str, port: Port) -> None:
        super().__init__(model, name)
        self.port = port
        self.location = model.geography.code[name]
        self.town = model.geography.code[port.place]
        self.arrivals = Agenda()
        self._queue = NO_ROWS
        self._since = NO_TIMES

    def step(self) -> None:
        """Admit the head of the queue, or turn everybody back when the port is shut."""
        day = self.model.day
        rows, times = self.arrivals.due(day)
        if not len(rows) + len(self._queue):
            return
        self.people.location[rows] = self.location
        self.people.stage[rows] = Stage.AT_PORT
        order = np.lexsort((rows, times))
        queue = np.concatenate([self._queue, rows[order]])
        since = np.concatenate([self._since, times[order]])
        if not self.policy.port_open[self.name][day]:
            self._turn_back(queue, np.maximum(since, day))
            self._queue, self._since = NO_ROWS, NO_TIMES
            return
        in_time = int(np.searchsorted(since, day + self.port.closes, side="right"))
        head = int(min(in_time, self.policy.port_capacity[self.name][day]))
        self._queue, self._since = queue[head:], since[head:]
        if head:
            self._admit(queue[:head], np.maximum(since[:head], day + self.port.opens))

    def _turn_back(self, rows: IntArray, times: FloatArray) -> None:
        """Send everybody back to the town that they came from."""
        legs = (self.people.vehicle[:, rows] >= 0) & self.model.leads_to(self.name)[:, None]
        came_by = legs.argmax(axis=0)
        for leg in np.unique(came_by):
            start = self.model.scenario.legs[self.model.geography.legs[leg]].start
            by_leg = came_by == leg
            self.model.towns[start].turn_back(rows[by_leg], times[by_leg])

    def _admit(self, rows: IntArray, times: FloatArray) -> None:
        people, bulletin = self.people, self.model.bulletin
        people.crossed_at[rows] = times
        people.location[rows] = self.town
        bulletin.count(Flow.ENTRANTS, self.town, times)
        bulletin.count(Flow.ENTRANTS_INFECTED, self.town, times[people.infected_at[rows] <= times])
        suspects = self._screen(rows, times)
        self.model.quarantine.take_in(rows, times, self.town)
        self.model.laboratory.receive(rows[suspects], times[suspects], FoundBy.ENTRY_SCREENING)

    def _screen(self, rows: IntArray, times: FloatArray) -> IntArray:
        """Return the positions of those whose symptoms are seen or who tell of an exposure."""
        day = self.model.day
        sensitivity = self.policy.entry_screening[self.name][day]
        ill = (self.model.course.shows_symptoms(self.people, rows, times)).nonzero()[0]
        lot = self.lots.of(Stream.ENTRY_SCREENING, rows[ill])
        seen: IntArray = ill[lot < sensitivity]
        asked = self.policy.entry_questionnaire[self.name][day]
        if asked > 0:
            exposed = (self.people.infected_at[rows] <= times).nonzero()[0]
            says_so = self.lots.of(Stream.ENTRY_QUESTIONNAIRE, rows[exposed]) < asked
            says_so &= self.model.aware_of_exposure(rows[exposed])
            seen = np.union1d(seen, exposed[says_so])
        return seen
