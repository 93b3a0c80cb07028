"""The shipped baseline as a plain Mesa model: one Python agent a person, stepped daily.

It is what a Mesa user would write for the same question: every would-be traveller is an agent,
and every agent is asked every day. Disease, calendar, demand, policies and capacities are those
of the scenario; entrants and confirmed cases come out at about the same numbers. Simplified are
the hours of the day (everything happens once a day), travel groups (they share a frailty but
set out one by one), hospital beds (as many as needed), quarantine sites (one, with enough beds)
and registers (symptoms are always diagnosed, decisions take no time, and a review confirms all
whom it examines).
"""

import math
from collections import Counter
from random import Random

import mesa
import numpy as np

from benchmarks.plain_disease import PlainDisease
from benchmarks.plain_person import Person
from benchmarks.plain_places import (
    PlainAuthority,
    PlainBus,
    PlainFlight,
    PlainLaboratory,
    PlainPort,
    PlainQuarantine,
    PlainStaging,
)
from sim.scenario.demand import demand_factor
from sim.scenario.schema import Scenario
from sim.scenario.source import CohortDemand, EpidemicSource
from sim.world.building.people import people_per_day
from sim.world.building.source_epidemic import SourceEpidemic
from sim.world.policy_calendar import PolicyCalendar


class PlainModel(mesa.Model):  # type: ignore[misc]
    """A pool of people on one route: a flight, a staging town, a bus and a port.

    Args:
        scenario: what to simulate; one flight leg and one bus leg to one port.
        seed: seed of Mesa's random numbers.

    Raises:
        TypeError: the scenario is of a kind that this model does not know.
    """

    random: Random

    def __init__(self, scenario: Scenario, seed: int) -> None:
        super().__init__(rng=seed)
        demand, source = scenario.travellers.demand, scenario.source
        if isinstance(demand, CohortDemand) or not isinstance(source, EpidemicSource):
            raise TypeError("the plain model knows people who set out of an epidemic only")
        self.setup = scenario
        self.day = 0
        self.entrants = 0
        self.confirmed = 0
        self.disease = PlainDisease(scenario)
        self.policy = PolicyCalendar(scenario)
        self.mean_patience = scenario.travellers.patience
        (self.flight_name, flight), (_, bus) = scenario.legs.items()
        self.flight = PlainFlight(self, flight)
        self.staging = PlainStaging(self, flight.end)
        self.bus = PlainBus(self, bus)
        self.port = PlainPort(self, bus.end)
        self.quarantine = PlainQuarantine(self)
        self.laboratory = PlainLaboratory(self)
        self.authority = PlainAuthority(self)
        epidemic = SourceEpidemic(source, scenario.calendar)
        days = np.arange(scenario.calendar.days + 1.0)
        self._hazard = np.interp(days, epidemic.days, epidemic.hazard).tolist()
        per_day = people_per_day(demand, scenario.calendar) * demand_factor(scenario)
        self._setting_out = (-np.expm1(-per_day / max(1, scenario.travellers.pool))).tolist()
        self._make_people(epidemic, source.travel_group_dispersion)
        self._look_up_today()
        self.datacollector = mesa.DataCollector(
            model_reporters={
                "entrants": "entrants",
                "confirmed": "confirmed",
                "in_town": lambda model: len(model.staging.present),
                "lab_backlog": lambda model: len(model.laboratory.backlog),
            }
        )

    def step(self) -> None:
        """Live through one day."""
        self._look_up_today()
        self.agents.do("step")
        self.bus.step()
        self.staging.step()
        self.flight.step()
        self.port.step()
        self.laboratory.step()
        self.datacollector.collect(self)
        self.day += 1
        self.running = self.day < self.setup.calendar.days

    def people_by_stage(self) -> Counter[str]:
        """Count the people in every stage."""
        return Counter(self.agents.get("stage"))

    def _look_up_today(self) -> None:
        """Look up what is the same for everybody today."""
        self.source_hazard = self._hazard[self.day + 1] - self._hazard[self.day]
        self.setting_out_probability = self._setting_out[self.day]
        self.bus_runs = self.port.is_open(self.day)
        self.review_share = self.policy.review_share[self.day]

    def _make_people(self, epidemic: SourceEpidemic, dispersion: float | None) -> None:
        """Make the pool by travel groups, with those infected before the first day."""
        pool = self.setup.travellers.pool
        mean_others = self.setup.travellers.travel_group_size.mean - 1
        sizes = 1 + self.rng.poisson(mean_others, size=pool)
        for size in sizes[: int(np.searchsorted(np.cumsum(sizes), pool)) + 1].tolist():
            frailty = (
                1.0 if dispersion is None else self.random.gammavariate(dispersion, 1 / dispersion)
            )
            for _ in range(min(size, pool - len(self.agents))):
                person = Person(self, frailty)
                if self.random.random() < -math.expm1(-frailty * self._hazard[0]):
                    share = self.random.random()
                    when = np.interp(share * self._hazard[0], epidemic.hazard, epidemic.days)
                    person.infect(float(when))


def run_plain_mesa(scenario: Scenario, seed: int) -> PlainModel:
    """Run the plain model over the whole calendar and return it."""
    model = PlainModel(scenario, seed)
    while model.running:
        model.step()
    # Some versions of Mesa count agents in a dictionary of the class that keeps the model alive.
    getattr(mesa.Agent, "_ids", {}).pop(model, None)
    return model
