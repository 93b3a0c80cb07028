"""What all runs of a scenario share, whatever the values of its parameters.

Where things are, which policy holds when, and when swabs are taken is worked out once; runs that
differ only in other numbers, as those of an ensemble or a fit do, take it from one another.
"""

from collections.abc import Hashable
from copy import copy
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from sim.scenario.schema import Scenario
from sim.world.building.in_force import SwabTimes, Units, assay_names, days_of, in_force_of
from sim.world.building.route import way_of
from sim.world.draws import IntArray
from sim.world.geography import Geography
from sim.world.policy_calendar import PolicyCalendar


@dataclass
class Blueprint:
    """What all runs of a scenario share; nobody writes into it.

    Attributes:
        scenario: what is simulated.
        geography: codes of its locations.
        policy: its policies by day.
        towns: names of the towns, in the order of their numbers.
        units: rows of the policies in ``in_force``.
        symptom_swabs: range of the swabs on symptoms in ``swab_times``.
        most_swabs: that anybody can have because of one entry and one illness.
        swab_times: table of the world, as are the next three.
        days: with the capacity of the laboratory that was decided.
        in_force: with the capacities of ports that were decided.
        way: the leg to take from each town to each port.
    """

    scenario: Scenario
    geography: Geography = field(init=False)
    policy: PolicyCalendar = field(init=False)
    towns: list[str] = field(init=False)
    units: Units = field(init=False)
    symptom_swabs: tuple[int, int] = field(init=False)
    most_swabs: int = field(init=False)
    swab_times: Any = field(init=False)
    days: Any = field(init=False)
    in_force: Any = field(init=False)
    way: IntArray = field(init=False)

    def __post_init__(self) -> None:
        # Whatever is read of the scenario, here and by what is called, belongs into ``_key_of``.
        scenario = self.scenario
        self.geography = Geography(scenario)
        self.policy = PolicyCalendar(scenario)
        self.towns = self.geography.order_of_towns(scenario)
        self.units = Units(scenario, self.geography)
        swabs = SwabTimes(assay_names(scenario))
        self.days = days_of(scenario, self.policy, swabs)
        self.symptom_swabs = swabs.add(scenario.quarantine.symptom_swabs)
        self.most_swabs = _most_swabs(self.days, self.symptom_swabs)
        self.swab_times = swabs.rows()
        self.in_force = in_force_of(scenario, self.policy, self.units, swabs)
        self.way = way_of(self.geography, self.towns)
        for table in (self.swab_times, self.days, self.in_force, self.way):
            table.flags.writeable = False


def _most_swabs(days: Any, symptom_swabs: tuple[int, int]) -> int:
    stay = (days["stay_swabs_end"] - days["stay_swabs"]).max(initial=0)
    arrival = (days["arrival_swabs_end"] - days["arrival_swabs"]).max(initial=0)
    return int(stay + arrival + symptom_swabs[1] - symptom_swabs[0])


def blueprint_of(scenario: Scenario) -> Blueprint:
    """Return the blueprint of a scenario, made once for all that differ only in parameters."""
    blueprint = copy(_made_once(_Shared(scenario)))
    blueprint.scenario = scenario
    return blueprint


@lru_cache(maxsize=8)
def _made_once(shared: "_Shared") -> Blueprint:
    return Blueprint(shared.scenario)


class _Shared:
    """A scenario, equal to every other one that has the same blueprint.

    Where only parameters differ, policies are one object; to compare them costs more than a
    blueprint.
    """

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self._key = (id(scenario.policies), *_key_of(scenario))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Shared) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)


def _key_of(scenario: Scenario) -> tuple[Hashable, ...]:
    """Return what blueprints read of a scenario beside its policies."""
    calendar = scenario.calendar
    return (
        calendar.start,
        calendar.end,
        scenario.travellers.start,
        *((name, place.part_of) for name, place in scenario.places.items()),
        *((name, leg.start, leg.end, leg.duration) for name, leg in scenario.legs.items()),
        *((name, port.place, port.share) for name, port in scenario.ports.items()),
        tuple(scenario.border.stretches) if scenario.border else (),
        tuple(scenario.residents),
        tuple(scenario.quarantine.sites),
        tuple(scenario.hospitals),
        tuple(scenario.laboratory.assays),
        scenario.quarantine.symptom_swabs,
    )
