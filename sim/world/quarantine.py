"""Quarantine: rooms and stays, swabs on schedule and on symptoms, breaches, and release."""

from typing import TYPE_CHECKING

import numpy as np

from sim.scenario.institutions import Setting
from sim.world.agenda import Agenda
from sim.world.bulletin import Flow
from sim.world.draws import BoolArray, FloatArray, IntArray, Stream
from sim.world.institution import Institution
from sim.world.population import NEVER, FoundBy, Stage
from sim.world.room_mates import Rooms

if TYPE_CHECKING:
    from sim.world.model import BorderModel

HOME = "home"
"""Name of the site that stands for quarantine at home."""


class QuarantineSite(Institution):
    """A facility, or all homes together, where people stay for the days that policy asks.

    Args:
        model: the world.
        name: its name in the scenario, or ``HOME``.
        index: its number in the population's ``site`` column.
        place: where it is.
        room_size: people a room.
        setting: how well the quarantine is kept.
    """

    def __init__(
        self,
        model: "BorderModel",
        name: str,
        index: int,
        place: str,
        room_size: int,
        setting: Setting,
    ) -> None:
        super().__init__(model, name)
        self.index = index
        self.location = model.geography.code[place]
        self.setting = setting
        self.rules = model.scenario.quarantine
        self.occupied = 0
        self._rooms = Rooms(model, room_size, self.rules.room_hazard_per_day, self.location)
        self._scheduled = Agenda()
        self._symptomatic = Agenda()
        self._releases = Agenda()
        self._breaches = Agenda()

    def free_beds(self) -> int:
        """Return how many more people can be taken in today."""
        if self.name == HOME:
            return self.people.size
        beds = self.policy.site_beds[self.name][self.model.day]
        return int(max(0, min(beds, 2**62) - self.occupied))

    def take_in(self, rows: IntArray, times: FloatArray) -> None:
        """Give beds to people who come from the border, room by room."""
        people = self.people
        people.site[rows] = self.index
        people.location[rows] = self.location
        people.stage[rows] = Stage.IN_QUARANTINE
        people.quarantined_at[rows] = times
        self._rooms.move_in(rows)
        self.occupied += len(rows)
        self.model.bulletin.count(Flow.QUARANTINE_IN, self.location, times)
        self._begin_stay(rows, times)
        self.watch_for_symptoms(rows)

    def _begin_stay(self, rows: IntArray, since: FloatArray) -> None:
        """Plan swabs, release and breach of a stay that begins at ``since``."""
        day = self.model.day
        stay = float(self.policy.quarantine_stay[day])
        release = since + stay
        self.people.planned_release[rows] = release
        self._releases.add(rows, release)
        offsets = {offset for offset in self.policy.quarantine_tests[day] if offset <= stay}
        lead = self.policy.test_before_release[day]
        if lead <= stay:
            offsets.add(stay - lead)
        for offset in sorted(offsets):
            self._scheduled.add(rows, since + offset)
        if self.setting.breach_per_day > 0:
            self._plan_breach(rows, since)

    def _plan_breach(self, rows: IntArray, since: FloatArray) -> None:
        """Draw when each person would break the quarantine, by a hazard that changes by day."""
        people, growth = self.people, self.setting.breach_growth_per_day
        lots = self.draws.uniform(Stream.BREACH, people.key[rows], people.breaches[rows])
        scaled = -np.log(lots) / self.setting.breach_per_day
        if growth != 0:
            with np.errstate(divide="ignore", invalid="ignore"):
                scaled = np.where(scaled * growth > -1, np.log1p(scaled * growth) / growth, np.inf)
        breach = since + scaled
        before_release = breach < people.planned_release[rows]
        self._breaches.add(rows[before_release], breach[before_release])

    def watch_for_symptoms(self, rows: IntArray) -> None:
        """Plan swabs for those among ``rows`` who have symptoms in quarantine and are noticed."""
        if not len(rows):
            return
        people = self.people
        onset = np.maximum(people.onset_at[rows], people.quarantined_at[rows])
        over = people.onset_at[rows] + self.model.course.disease.symptoms_last
        seen = (onset < over) & (onset < people.planned_release[rows])
        ill = seen.nonzero()[0]
        lots = self.draws.uniform(Stream.SYMPTOMS_NOTICED, people.key[rows[ill]])
        noticed = ill[lots < self.rules.symptoms_noticed]
        for offset in self.rules.symptom_swabs:
            self._symptomatic.add(rows[noticed], onset[noticed] + offset)

    def take_swabs(self) -> None:
        """Send today's swabs to the laboratory."""
        for agenda, reason in (
            (self._symptomatic, FoundBy.SYMPTOMS),
            (self._scheduled, FoundBy.SCHEDULED_TEST),
        ):
            rows, times = agenda.due(self.model.day)
            if len(rows):
                here = self._is_here(rows).nonzero()[0]
                self.model.laboratory.receive(rows[here], times[here], reason)

    def step(self) -> None:
        """Settle who leaves today, let room-mates infect each other until then, and let go."""
        breaching, released = self._breaching(), self._released()
        self.watch_for_symptoms(self._rooms.mix())
        self._let_go(breaching, Stage.BREACHED)
        self._let_go(released, Stage.RELEASED)

    def hand_over(self, times: FloatArray) -> None:
        """Free the beds of people who leave at ``times``; whoever takes them sets their stage."""
        self.occupied -= len(times)
        self.model.bulletin.count(Flow.QUARANTINE_OUT, self.location, times)

    def _is_here(self, rows: IntArray) -> BoolArray:
        people = self.people
        here: BoolArray = (people.site[rows] == self.index) & (
            people.stage[rows] == Stage.IN_QUARANTINE
        )
        return here

    def _breaching(self) -> IntArray:
        """Return who breaks the quarantine today and is not brought back by monitoring."""
        people, day = self.people, self.model.day
        rows, times = self._breaches.due(day)
        if not len(rows):
            return rows
        still = (self._is_here(rows) & (times < people.planned_release[rows])).nonzero()[0]
        rows, times = rows[still], times[still]
        if not len(rows):
            return rows
        lots = self.draws.uniform(Stream.MONITORING, people.key[rows], people.breaches[rows])
        caught = lots < self.policy.monitoring[day]
        people.breaches[rows] += 1
        self._begin_stay(rows[caught], times[caught])
        people.released_at[rows[~caught]] = times[~caught]
        gone: IntArray = rows[~caught]
        return gone

    def _released(self) -> IntArray:
        """Return whose stay ends today; whoever has a result to wait for stays until it comes."""
        people, day = self.people, self.model.day
        rows, times = self._releases.due(day)
        if not len(rows):
            return rows
        due = self._is_here(rows) & (people.planned_release[rows] <= times)
        due &= people.released_at[rows] == NEVER
        rows, times = rows[due], times[due]
        waits = people.results_awaited[rows] > 0
        self._releases.add(rows[waits], times[waits] + 1.0)
        rows = rows[~waits]
        people.released_at[rows] = np.maximum(
            people.planned_release[rows], people.last_result_at[rows]
        )
        return rows

    def _let_go(self, rows: IntArray, stage: int) -> None:
        if not len(rows):
            return
        people = self.people
        times = people.released_at[rows]
        self.hand_over(times)
        people.stage[rows] = stage
        infectious = (people.infected_at[rows] <= times) & (times < people.infectious_until[rows])
        self.model.bulletin.count(Flow.RELEASED_INFECTIOUS, self.location, times[infectious])
