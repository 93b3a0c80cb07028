"""One run of one scenario, as a Mesa model."""

import secrets
from collections.abc import Mapping
from functools import partial
from itertools import count
from typing import Any

import mesa
import numpy as np
from mesa.agent import AgentSet
from scipy import special

from sim.scenario.schema import Scenario
from sim.scenario.source import EpidemicSource
from sim.world.arguments import (
    checked_class,
    checked_scenario,
    checked_seed,
    warn_of_lost_seed,
)
from sim.world.arrival_tests import ArrivalTests
from sim.world.authority import HealthAuthority
from sim.world.border_guard import BorderGuard
from sim.world.bulletin import Bulletin
from sim.world.contagion import Contagion
from sim.world.costs import daily_costs
from sim.world.course import Course
from sim.world.crossing_choice import draw_traits
from sim.world.draws import BoolArray, Draws, FloatArray, IntArray, LifetimeLots, Stream
from sim.world.geography import Geography
from sim.world.hospital import HospitalWard
from sim.world.hospital_outbreak import HospitalOutbreak
from sim.world.laboratory import Laboratory
from sim.world.policy_calendar import PolicyCalendar
from sim.world.population import NEVER
from sim.world.port import LandPort
from sim.world.port_choice import PortChoice
from sim.world.quarantine import Quarantine
from sim.world.residents import Residents
from sim.world.rewards import RewardOffice
from sim.world.series_collector import SeriesCollector
from sim.world.setting_out import party_keys, who_sets_out
from sim.world.towns import SourceCommunity, StagingTown, Town
from sim.world.tracing import ContactTracing
from sim.world.transport import Carrier
from sim.world.travellers import PopulationSet, Traveller


class BorderModel(mesa.Model):  # type: ignore[misc]
    """Travellers on their way across a border, and the institutions that handle them.

    Args:
        scenario: what to simulate.
        seed: seed of all random draws; None takes a new one, kept in ``model.seed``.
        refreshed: seeds that replace ``seed`` for a (stream, block of persons) each.
        traveller_class: subclass of ``Traveller`` whose ``decide`` is asked for stranded people.

    Raises:
        TypeError: an argument is of the wrong type.
        ValueError: the seed is not between 0 and 2^63 - 1; or two names of the scenario would share
            their random numbers.

    Example:
        >>> from sim import BorderModel, load_scenario
        >>> model = BorderModel(load_scenario("scenarios/baseline.yaml"), seed=1)
        >>> while model.running:
        ...     model.step()
        >>> totals = model.datacollector.get_model_vars_dataframe()
    """

    def __init__(
        self,
        scenario: Scenario,
        seed: int | None = None,
        refreshed: Mapping[tuple[Stream, int], int] | None = None,
        traveller_class: type[Traveller] = Traveller,
    ) -> None:
        self._border_scenario = checked_scenario(scenario)
        if seed is None:
            warn_of_lost_seed()
        self.seed = secrets.randbits(63) if seed is None else checked_seed(seed)
        self.traveller_class = checked_class(traveller_class)
        self._next_id = count(-1, -1)
        super().__init__(rng=self.seed)
        self.day = 0
        self.draws = Draws(self.seed, refreshed)
        self.policy = PolicyCalendar(scenario)
        self.geography = Geography(scenario)
        self.port_choice = PortChoice(self.geography.port_weights, self.draws)
        self.people = who_sets_out(scenario, self.port_choice, self.draws)
        self.course = Course(scenario.disease, self.draws)
        self.course.draw(self.people, slice(None))
        self._draw_traits()
        self.party_frailty = self._draw_frailty()
        self.bulletin = Bulletin(scenario.calendar.days, self.geography)
        self.lots = LifetimeLots(self.draws, self.people)
        self.contagion = Contagion(self.people, self.course, self.lots, self.bulletin)
        self._views: dict[int, Traveller] = {}
        self._found_institutions()
        self.community.plan_departures()
        self._seed_towns()
        self.bulletin.daily_costs = partial(daily_costs, self)
        self.datacollector = SeriesCollector(self.bulletin, self.geography.reporting_places)

    def step(self) -> None:
        """Live through one day, in the order in which a traveller meets the institutions.

        Raises:
            RuntimeError: the calendar has ended.
        """
        if self.day == self.scenario.calendar.days:
            raise RuntimeError(f"the run has ended after {self.day} days; make another BorderModel")
        self.community.step()
        for town in self.staging_towns:
            town.step()
        for port in self.land_ports:
            port.step()
        for guard in self.border_guards:
            guard.step()
        self.reward_office.step()
        self.quarantine.settle_breaches()
        self.authority.register()
        self.quarantine.take_swabs()
        self.arrival_tests.take_swabs()
        self.tracing.take_swabs()
        for town in self.residents.values():
            town.take_swabs()
        self.laboratory.step()
        self.authority.register()
        self.authority.step()
        self.quarantine.step()
        if self.hospital_outbreak is not None:
            self.hospital_outbreak.step()
        for town in self.residents.values():
            town.step()
        self.day += 1
        self.bulletin.open_day = self.day
        self.datacollector.collect(self)
        if self.day == self.scenario.calendar.days:
            self.running = False

    # What institutions ask of each other.

    def arrive(self, end: str, rows: IntArray, times: FloatArray) -> None:
        """Announce that ``rows`` arrive at the place or port ``end`` at ``times``."""
        if end in self.scenario.ports:
            self._ports_by_name[end].arrivals.add(rows, times)
        else:
            town = self.towns[end]
            assert isinstance(town, StagingTown)
            town.arrivals.add(rows, times)

    def town_of(self, end: str) -> int:
        """Return the code of the place ``end``, or of the town behind the port ``end``."""
        port = self.scenario.ports.get(end)
        return self.geography.code[end if port is None else port.place]

    def leads_to(self, port: str) -> BoolArray:
        """Return a mask over the legs: the leg ends at ``port``."""
        return np.array([self.scenario.legs[leg].end == port for leg in self.geography.legs])

    def open_ports_from(self, town: str) -> list[int]:
        """Return the numbers of the ports that are open and that ``town`` has a way to today."""
        ports = []
        for number, port in enumerate(self.geography.ports):
            leg = self.geography.next_leg.get((town, port))
            is_open = self.policy.port_open[port][self.day]
            if leg is not None and is_open and self.carriers[leg].serves(self.day):
                ports.append(number)
        return ports

    # What users and Mesa ask.

    @property
    def scenario(self) -> Scenario:
        """The scenario that is run."""
        return self._border_scenario

    @scenario.setter
    def scenario(self, value: Any) -> None:
        """Ignore the scenario of its own kind that Mesa 3.5 assigns while it is set up."""

    @property
    def travellers(self) -> PopulationSet:
        """Everybody who sets out during the calendar."""
        return PopulationSet(self, np.arange(self.people.travellers))

    @property
    def everybody(self) -> PopulationSet:
        """Everybody who set out, and the residents to whom something may have happened so far."""
        return PopulationSet(self, np.arange(self.people.size))

    @property
    def agents(self) -> AgentSet:
        """All institutions and all travellers."""
        everybody = [*self._all_agents, *self.travellers]
        return AgentSet(everybody, random=self.random)

    @property
    def agents_by_type(self) -> dict[type[mesa.Agent], AgentSet]:
        """Institutions by their class, and all travellers."""
        return {**self._agents_by_type, self.traveller_class: self.travellers}

    def register_agent(self, agent: mesa.Agent) -> None:
        """Take an agent of Mesa, and give it a negative id: those of travellers are their rows."""
        super().register_agent(agent)
        agent.unique_id = next(self._next_id)
        # Mesa 3.3 counts ids in a dictionary of the class, which would keep every model alive.
        getattr(mesa.Agent, "_ids", {}).pop(self, None)

    def traveller(self, row: int) -> Traveller:
        """Return the traveller in ``row`` of the population."""
        if row not in self._views:
            self._views[row] = self.traveller_class(self, row)
        return self._views[row]

    def aware_of_exposure(self, rows: IntArray) -> BoolArray:
        """Return a mask over infected ``rows``: they know that they were exposed."""
        return self.lots.of(Stream.AWARE, rows) < self.scenario.travellers.aware_share

    def release_into_town(self, rows: IntArray) -> None:
        """Let the infected among ``rows`` mix in the towns where they are."""
        infected = rows[self.people.infected_at[rows] < NEVER]
        self._isolate_at_onset(infected)
        for town in self.residents.values():
            town.meet(infected[self.people.location[infected] == town.location])

    def _isolate_at_onset(self, rows: IntArray) -> None:
        """Let some of ``rows`` stay away from everybody once they have fallen ill.

        Also those whose symptoms are over: they know that they may be infectious.
        """
        share = self.policy.self_isolation[self.day]
        if share == 0:
            return
        people = self.people
        over = np.maximum(people.symptoms_end_at[rows], people.infectious_until[rows])
        ill = (people.onset_at[rows] < NEVER) & (people.at_large_from[rows] < over)
        rows = rows[ill & (self.lots.of(Stream.SELF_ISOLATION, rows) < share)]
        onset = np.maximum(people.onset_at[rows], people.at_large_from[rows])
        people.isolated_at[rows] = np.minimum(people.isolated_at[rows], onset)

    # How the world is made.

    def _seed_towns(self) -> None:
        for town in self.residents.values():
            if town.settings.infected_at_start:
                town.infect_some(town.settings.infected_at_start, at=0.0)

    def _draw_traits(self) -> None:
        travellers, people = self.scenario.travellers, self.people
        people.patience[:] = -travellers.patience * np.log(
            self.draws.uniform(Stream.PATIENCE, people.key)
        )
        # Parties divert together.
        lots = self.draws.uniform(Stream.DIVERT, party_keys(people.party))
        people.diverts[:] = lots < travellers.divert_share
        if self.scenario.border is not None:
            draw_traits(people, self.scenario.border.crossers, self.draws)

    def _draw_frailty(self) -> FloatArray:
        """Return the factor on the hazard at the source that each party shares, mean 1."""
        parties = np.arange(int(self.people.party.max(initial=-1)) + 1)
        source = self.scenario.source
        if not isinstance(source, EpidemicSource) or source.party_dispersion is None:
            return np.ones(len(parties))
        k = source.party_dispersion
        # Exact: there are few parties, and a fit gives each run another k.
        lots = self.draws.uniform(Stream.PARTY_FRAILTY, party_keys(parties))
        frailty: FloatArray = special.gammaincinv(k, lots) / k
        return frailty

    def _found_institutions(self) -> None:
        scenario, geography = self.scenario, self.geography
        self.carriers = {name: Carrier(self, name, scenario.legs[name]) for name in geography.legs}
        self.towns: dict[str, Town] = {}
        for name in geography.order_of_towns(scenario):
            kind = SourceCommunity if name == scenario.travellers.start else StagingTown
            own = {leg: c for leg, c in self.carriers.items() if c.leg.start == name}
            self.towns[name] = kind(self, name, own)
        community = self.towns[scenario.travellers.start]
        assert isinstance(community, SourceCommunity)
        self.community = community
        self.staging_towns = [t for t in self.towns.values() if isinstance(t, StagingTown)]
        self.land_ports = [LandPort(self, name, scenario.ports[name]) for name in geography.ports]
        self._ports_by_name = {port.name: port for port in self.land_ports}
        self.quarantine = Quarantine(self, "quarantine")
        self.arrival_tests = ArrivalTests(self, "arrival_tests")
        self.laboratory = Laboratory(self, "laboratory")
        self.authority = HealthAuthority(self, "health_authority")
        self.residents = {
            place: Residents(self, place, settings)
            for place, settings in sorted(scenario.residents.items())
        }
        border = scenario.border
        self.reward_office = RewardOffice(self, "reward_office")
        self.border_guards = (
            [
                BorderGuard(self, name, border, stretch)
                for name, stretch in sorted(border.stretches.items())
            ]
            if border is not None
            else []
        )
        self.tracing = ContactTracing(self, "contact_tracing")
        outbreak = scenario.hospital_outbreak
        self.hospital_outbreak = (
            HospitalOutbreak(self, "hospital_outbreak", outbreak) if outbreak is not None else None
        )
        self.hospitals = [
            HospitalWard(self, name, index, hospital)
            for index, (name, hospital) in enumerate(scenario.hospitals.items())
        ]
