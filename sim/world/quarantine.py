"""Quarantine: beds and rooms, swabs on schedule and on symptoms, breaches, and release."""

from typing import TYPE_CHECKING

import numpy as np

from sim.scenario.swab_time import SwabTime
from sim.world.agenda import NO_ROWS, Agenda, first_entries
from sim.world.bulletin import Flow
from sim.world.draws import BoolArray, FloatArray, IntArray, Stream
from sim.world.institution import Institution
from sim.world.planned_swabs import PlannedSwabs
from sim.world.population import NEVER, FoundBy, Stage
from sim.world.quarantine_site import HOME, QuarantineSite
from sim.world.room_mates import Rooms

if TYPE_CHECKING:
    from sim.world.model import BorderModel


class Quarantine(Institution):
    """Runs the stays of all sites: everybody stays for the days that policy asks.

    Attributes:
        facilities: the sites of the scenario, in the order in which they fill.
        sites: the facilities, then the homes of each place.
    """

    def __init__(self, model: "BorderModel", name: str) -> None:
        super().__init__(model, name)
        self.rules = model.scenario.quarantine
        self.facilities = [
            QuarantineSite(model, name, index, site.place, site.room_size, self.rules.facility)
            for index, (name, site) in enumerate(self.rules.sites.items())
        ]
        self._homes = self._found_homes()
        self.sites = [*self.facilities, *dict.fromkeys(self._homes.values())]
        settings = [site.setting for site in self.sites]
        self._breach_per_day = np.array([setting.breach_per_day for setting in settings])
        self._breach_growth = np.array([setting.breach_growth_per_day for setting in settings])
        self._kept_by = np.array([setting.kept_by for setting in settings])
        self._breaches_happen = bool(self._breach_per_day.any() or (self._kept_by < 1).any())
        self._rooms = Rooms(model, self.rules.room_hazard_per_day, self.sites)
        self._scheduled = PlannedSwabs(model.scenario)
        self._symptomatic = PlannedSwabs(model.scenario)
        self._releases = Agenda()
        self._breaches = Agenda()
        self._breaching = NO_ROWS
        """Who breaks the quarantine today and is not brought back."""

    def _found_homes(self) -> dict[int, QuarantineSite]:
        """Return the homes that people go to, by the code of the town behind the port."""
        towns = [self.model.scenario.ports[name].place for name in self.model.geography.ports]
        places = {town: self.rules.home_place or town for town in towns}
        by_place = {
            place: QuarantineSite(
                self.model, HOME, len(self.facilities) + number, place, 1, self.rules.home
            )
            for number, place in enumerate(dict.fromkeys(places.values()))
        }
        return {self.model.geography.code[town]: by_place[at] for town, at in places.items()}

    def take_in(self, rows: IntArray, times: FloatArray, town: int) -> None:
        """Send entrants to the facilities in turn, and home when every one is full.

        Args:
            rows: people, in the order in which they crossed.
            times: when they crossed.
            town: code of the town behind the port.
        """
        sites = [self._homes[town]]
        if self.policy.quarantine_stay[self.model.day] > 0:
            sites = [*self.facilities, *sites]
        taken = 0
        for site in sites:
            here = slice(taken, taken + min(site.free_beds(), len(rows) - taken))
            if here.start < here.stop:
                site.take_in(rows[here], times[here])
                self._rooms.move_in(rows[here], site)
            taken = here.stop
        self._begin_stay(rows, times)
        self.model.arrival_tests.plan(rows, times)
        self._watch_for_symptoms(rows)

    def _begin_stay(self, rows: IntArray, since: FloatArray) -> None:
        """Plan swabs, release and breach of a stay that begins at ``since``."""
        day = self.model.day
        stay = float(self.policy.quarantine_stay[day])
        release = since + stay
        if self._breaches_happen:
            self._plan_breach(rows, since, release)
        # Who is brought back at the moment at which the stay began goes on with it.
        begun = self.people.planned_release[rows] != release
        rows, since, release = rows[begun], since[begun], release[begun]
        self.people.planned_release[rows] = release
        self._releases.add(rows, release)
        swabs = {swab for swab in self.policy.quarantine_tests[day] if swab.days <= stay}
        before_release = self.policy.test_before_release[day]
        if before_release is not None and before_release.days <= stay:
            swabs.add(SwabTime(stay - before_release.days, before_release.assay))
        for swab in sorted(swabs):
            self._scheduled.add(swab.assay, rows, since + swab.days)

    def _plan_breach(self, rows: IntArray, since: FloatArray, release: FloatArray) -> None:
        """Draw when each person would break the quarantine, by a hazard that changes by day."""
        people = self.people
        site = people.site[rows]
        growth = self._breach_growth[site]
        lots = self.draws.uniform(Stream.BREACH, people.key[rows], people.breaches[rows])
        with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
            scaled = -np.log(lots) / self._breach_per_day[site]
            grown = np.log1p(scaled * growth) / growth
            grown = np.where(scaled * growth > -1, grown, NEVER)
        breach = since + np.where(growth == 0, scaled, grown)
        # Those who never meant to keep it leave at once; brought back, they do keep it.
        kept = self.lots.of(Stream.KEEPS_QUARANTINE, rows) < self._kept_by[site]
        brought_back = people.breaches[rows] > 0
        breach = np.where(kept | brought_back, breach, since)
        # Who has just been brought back is watched until midnight.
        breach = np.where(brought_back, np.maximum(breach, self.model.day + 1), breach)
        before_release = breach < release
        self._breaches.add(rows[before_release], breach[before_release])

    def _watch_for_symptoms(self, rows: IntArray) -> None:
        """Plan swabs for those among ``rows`` who have symptoms in quarantine and are noticed."""
        if not len(rows):
            return
        people = self.people
        came, onset = people.quarantined_at[rows], people.onset_at[rows]
        # Falling ill is noticed however short the illness is; an older illness must still show.
        ill = ((onset >= came) | (came < people.symptoms_end_at[rows])) & (onset < NEVER)
        rows, since = rows[ill], np.maximum(onset, came)[ill]
        noticed = self.lots.of(Stream.SYMPTOMS_NOTICED, rows) < self.rules.symptoms_noticed
        for swab in self.rules.symptom_swabs:
            self._symptomatic.add(swab.assay, rows[noticed], since[noticed] + swab.days)

    def settle_breaches(self) -> None:
        """Find out who leaves today without leave, and when; monitoring brings some back."""
        people, day = self.people, self.model.day
        rows, times = self._breaches.due(day)
        still = people.stage[rows] == Stage.IN_QUARANTINE
        still &= times < people.planned_release[rows]
        rows, times = rows[still], times[still]
        self._breaching = rows
        if not len(rows):
            return
        lots = self.draws.uniform(Stream.MONITORING, people.key[rows], people.breaches[rows])
        caught = lots < self.policy.monitoring[day]
        people.breaches[rows] += 1
        self._begin_stay(rows[caught], times[caught])
        self._breaching = rows[~caught]
        people.released_at[self._breaching] = times[~caught]

    def reachable(self, rows: IntArray, times: FloatArray) -> BoolArray:
        """Return a mask over ``rows``: in quarantine today, and not gone before ``times``."""
        people = self.people
        here: BoolArray = people.stage[rows] == Stage.IN_QUARANTINE
        return here & (times < people.released_at[rows])

    def take_swabs(self) -> None:
        """Send today's swabs to the laboratory, of those who are there at that minute."""
        people = self.people
        for planned, reason, stay_includes in (
            (self._symptomatic, FoundBy.SYMPTOMS, np.less),
            # A schedule may ask for a swab at the very moment of release.
            (self._scheduled, FoundBy.SCHEDULED_TEST, np.less_equal),
        ):
            for assay, rows, times in planned.due(self.model.day):
                leaves = np.minimum(people.released_at[rows], people.first_positive_at[rows])
                here = (times < leaves) & stay_includes(times, people.planned_release[rows])
                self.model.laboratory.receive(rows[here], times[here], reason, assay)

    def let_go_by(self, rows: IntArray, times: FloatArray) -> None:
        """Let those among ``rows`` go whose stay ends today by ``times`` with no result to come."""
        people = self.people
        leaves = np.maximum(people.planned_release[rows], people.last_result_at[rows])
        free = (people.stage[rows] == Stage.IN_QUARANTINE) & (people.released_at[rows] == NEVER)
        free &= (people.results_awaited[rows] == 0) & (leaves <= times)
        rows, leaves = rows[free], leaves[free]
        # Several tests on one day may ask for the same person.
        once = first_entries(rows)
        people.released_at[rows[once]] = leaves[once]
        self._let_go(rows[once], Stage.RELEASED)

    def step(self) -> None:
        """Settle who leaves today, let room-mates infect each other until then, and let go."""
        released, breaching = self._released(), self._breaching
        victims = self._rooms.mix()
        self._watch_for_symptoms(victims)
        let_go = victims[self.people.stage[victims] == Stage.RELEASED]
        if len(let_go):  # in the course of the day, after the infection
            self.model.release_into_town(let_go)
        still = self.people.stage[breaching] == Stage.IN_QUARANTINE
        self._let_go(breaching[still], Stage.BREACHED)
        self._let_go(released, Stage.RELEASED)

    def hand_over(self, rows: IntArray, times: FloatArray) -> None:
        """Free the beds of people who leave at ``times``; whoever takes them sets their stage."""
        site_of = self.people.site[rows]
        for site in self.sites:
            of_site = (site_of == site.index).nonzero()[0]
            if len(of_site):
                site.let_go(times[of_site])

    def _released(self) -> IntArray:
        """Return whose stay ends today; whoever has a result to wait for stays until it comes."""
        people, day = self.people, self.model.day
        rows, times = self._releases.due(day)
        if not len(rows):
            return NO_ROWS
        due = people.stage[rows] == Stage.IN_QUARANTINE
        due &= people.planned_release[rows] <= times
        due &= people.released_at[rows] == NEVER
        rows, times = rows[due], times[due]
        # Who was brought back while waiting for a result has an entry for each stay.
        once = first_entries(rows)
        rows, times = rows[once], times[once]
        waits = people.results_awaited[rows] > 0
        self._releases.add(rows[waits], times[waits] + 1.0)
        leaving: IntArray = rows[~waits]
        people.released_at[leaving] = np.maximum(
            people.planned_release[leaving], people.last_result_at[leaving]
        )
        return leaving

    def _let_go(self, rows: IntArray, stage: int) -> None:
        if not len(rows):
            return
        people = self.people
        times = people.released_at[rows]
        self.hand_over(rows, times)
        people.stage[rows] = stage
        people.at_large_from[rows] = times
        self.model.release_into_town(rows)
        infectious = (
            (people.infected_at[rows] <= times) & (times < people.infectious_until[rows])
        ).nonzero()[0]
        self.model.bulletin.count(
            Flow.RELEASED_INFECTIOUS, people.location[rows[infectious]], times[infectious]
        )
