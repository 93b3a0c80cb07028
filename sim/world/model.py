"""One run of one scenario, as a Mesa model."""

import secrets
from collections.abc import Mapping
from functools import partial
from itertools import count
from typing import Any

import mesa
import numpy as np
from mesa.agent import AgentSet

from sim.scenario.schema import Scenario
from sim.world.arguments import (
    checked_class,
    checked_scenario,
    checked_seed,
    warn_of_lost_seed,
)
from sim.world.arrival_tests import ArrivalTests
from sim.world.border_guard import BorderGuard
from sim.world.building.blueprint import blueprint_of
from sim.world.building.world import new_world
from sim.world.carrier import Carrier
from sim.world.community import Residents
from sim.world.compilation import load_rules
from sim.world.contact_tracing import ContactTracing
from sim.world.costs import bill
from sim.world.day import begin_day
from sim.world.draws import Draws, IntArray, Stream
from sim.world.health_authority import HealthAuthority
from sim.world.hospital import HospitalWard
from sim.world.hospital_outbreak import HospitalOutbreak
from sim.world.laboratory import Laboratory
from sim.world.land_port import LandPort
from sim.world.people import People
from sim.world.port_choice import any_open_port
from sim.world.quarantine import HOME, Quarantine, QuarantineSite
from sim.world.reward_office import RewardOffice
from sim.world.room import make_more_room
from sim.world.series_collector import SeriesCollector
from sim.world.source_community import SourceCommunity
from sim.world.staging_town import StagingTown
from sim.world.surveillance import Surveillance
from sim.world.travellers import PopulationSet, Traveller, decisions_of


class BorderModel(mesa.Model):  # type: ignore[misc]
    """Travellers on their way across a border, and the institutions that handle them.

    Args:
        scenario: what to simulate.
        seed: seed of all random draws; None takes a new one, kept in ``model.seed``.
        seed_overrides: seeds that replace ``seed`` for a (stream, block of persons) each.
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
        seed_overrides: Mapping[tuple[Stream, int], int] | None = None,
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
        self.draws = Draws(self.seed, seed_overrides)
        load_rules()
        blueprint = blueprint_of(scenario)
        self.policy = blueprint.policy
        self.geography = blueprint.geography
        self.world = new_world(blueprint, self.draws)
        self.people = People(self.world)
        self._views: dict[int, Traveller] = {}
        self._create_institutions(blueprint.towns)
        self.surveillance = Surveillance(self.world.flows, self.geography, partial(bill, self))
        self.datacollector = SeriesCollector(self.surveillance, self.geography.reporting_places)

    def step(self) -> None:
        """Live through one day, in the order in which a traveller meets the institutions.

        Raises:
            RuntimeError: the calendar has ended.
            TooManyPeople: a run cannot follow as many people as are infected.
        """
        if self.day == self.scenario.calendar.days:
            raise RuntimeError(f"the run has ended after {self.day} days; make another BorderModel")
        if not begin_day(self.world, self.day):
            make_more_room(self.world)
        self.community.step()
        for town in self.staging_towns:
            town.step()
        for port in self.land_ports:
            port.step()
        for guard in self.border_guards:
            guard.step()
        self.reward_office.step()
        self.quarantine.decide_breaches()
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
        self._end_day()

    def _end_day(self) -> None:
        self.day += 1
        self.surveillance.open_day = self.day
        ended = self.day == self.scenario.calendar.days
        if not ended:  # for what someone asks before the day begins
            self.world.run["day"] = self.day
        self.datacollector.collect(self)
        if ended:
            self.running = False

    def free(self) -> None:
        """Free the memory of a run of which nothing more is wanted.

        Model and agents hold each other, and would otherwise wait for the garbage collector: it
        counts objects, and not how large they are.
        """
        self.__dict__.clear()

    # What institutions ask.

    @property
    def asks_travellers(self) -> bool:
        """Each stranded person is asked what they do; otherwise all follow ``Traveller.decide``."""
        # A subclass may override whatever ``decide`` looks at, not only ``decide`` itself.
        return self.traveller_class is not Traveller

    def ask_the_stranded(self, rows: IntArray) -> None:
        """Let travellers of a class of the user's own decide, each of ``rows``.

        Raises:
            TypeError: one of them returns something else than a ``Decision``.
        """
        self.people.decision[rows] = decisions_of(self, rows)

    def can_divert_from(self, place: str) -> bool:
        """Tell whether a port is open today to which there is a way from a place."""
        return place in self.towns and any_open_port(self.world, self.towns.index(place))

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

    # How the world is made.

    def _create_institutions(self, towns: list[str]) -> None:
        scenario, geography = self.scenario, self.geography
        border, start = scenario.border, scenario.travellers.start
        self.towns = towns
        self.carriers = {leg: Carrier(self, leg, n) for n, leg in enumerate(geography.legs)}
        self.community = SourceCommunity(self, start, towns.index(start))
        self.staging_towns = [
            StagingTown(self, town, n) for n, town in enumerate(towns) if town != start
        ]
        self.land_ports = [LandPort(self, port, n) for n, port in enumerate(geography.ports)]
        self.border_guards = [
            BorderGuard(self, stretch, n)
            for n, stretch in enumerate(sorted(border.stretches) if border else ())
        ]
        self.reward_office = RewardOffice(self, "reward_office")
        self.quarantine = Quarantine(self, "quarantine")
        facilities = list(scenario.quarantine.sites)
        homes = [HOME] * (len(self.world.sites) - len(facilities))
        self.quarantine_sites = [
            QuarantineSite(self, site, n) for n, site in enumerate([*facilities, *homes])
        ]
        self.arrival_tests = ArrivalTests(self, "arrival_tests")
        self.tracing = ContactTracing(self, "contact_tracing")
        self.laboratory = Laboratory(self, "laboratory")
        self.authority = HealthAuthority(self, "health_authority")
        self.hospitals = [HospitalWard(self, name, n) for n, name in enumerate(scenario.hospitals)]
        self.hospital_outbreak = (
            HospitalOutbreak(self, "hospital_outbreak") if scenario.hospital_outbreak else None
        )
        self.residents = {
            place: Residents(self, place, n) for n, place in enumerate(sorted(scenario.residents))
        }
