"""Checks beyond the schema: names that must exist, routes that must lead to a port."""

import math
from collections.abc import Container, Iterator, Sequence

from sim.scenario.demand import people_demanded
from sim.scenario.names import unknown_name
from sim.scenario.number_checks import check_numbers
from sim.scenario.quantities import MOST_PEOPLE
from sim.scenario.reading.errors import ScenarioError, closest
from sim.scenario.reading.settings import parse_path
from sim.scenario.reading.validation import Finding
from sim.scenario.routes_to_ports import MOST_STEPS, TooManyRoutes, routes_to_ports
from sim.scenario.schema import NOT_IN_A_RUN, Scenario
from sim.scenario.source import CohortDemand, TableDemand
from sim.scenario.timeline_checks import check_policies

LONGEST_CALENDAR = 732
"""Longest calendar in days: two years."""


def check_scenario(scenario: Scenario) -> Iterator[Finding]:
    """Yield all inconsistencies of a scenario whose single fields are valid."""
    yield from _check_set_by_hand(scenario.set_by_hand or ())
    yield from _check_calendar(scenario)
    yield from _check_crowds(scenario)
    yield from _check_places(scenario)
    yield from _check_route(scenario)
    yield from check_numbers(scenario)
    yield from _check_border(scenario)
    yield from _check_hospital_outbreak(scenario)
    if 1 <= scenario.calendar.days <= LONGEST_CALENDAR:
        yield from check_policies(scenario)


def _check_set_by_hand(paths: Sequence[str]) -> Iterator[Finding]:
    known = [name for name in Scenario.model_fields if name not in NOT_IN_A_RUN]
    for number, path in enumerate(paths):
        try:
            section = parse_path(path)[0]
        except ScenarioError:
            section = ""
        if section not in known:
            yield Finding(
                ("set_by_hand", number),
                "not a path to a value that an ensemble could change",
                allowed="a path such as source.exposure",
                got=path,
                suggestion=closest(str(section), known),
            )


def _check_calendar(scenario: Scenario) -> Iterator[Finding]:
    calendar = scenario.calendar
    if calendar.days < 1:
        yield Finding(
            ("calendar", "end"),
            "the calendar ends before it starts",
            allowed=f"{calendar.start} or later",
            got=str(calendar.end),
        )
    elif calendar.days > LONGEST_CALENDAR:
        yield Finding(
            ("calendar", "end"),
            "the calendar is longer than two years",
            allowed=f"at most {LONGEST_CALENDAR} days",
            got=f"{calendar.days} days",
        )
    demand = scenario.travellers.demand
    if isinstance(demand, TableDemand) and 1 <= calendar.days <= LONGEST_CALENDAR:
        yield from _check_pool(scenario, demand)
    if isinstance(demand, CohortDemand) and not calendar.start <= demand.date <= calendar.end:
        yield Finding(
            ("travellers", "demand", "date"),
            "the cohort sets out outside the calendar",
            allowed=f"{calendar.start} to {calendar.end}",
            got=str(demand.date),
        )


def _check_pool(scenario: Scenario, demand: TableDemand) -> Iterator[Finding]:
    """Yield a finding if a demand table exceeds the pool."""
    if not any(port.share > 0 for port in scenario.ports.values()):
        return  # reported by another check
    demanded, pool = people_demanded(scenario, demand), scenario.travellers.pool
    if demanded > pool:
        yield Finding(
            ("travellers", "pool"),
            "fewer people than the table of demand sends in the whole calendar",
            allowed=f"at least {math.ceil(demanded):,}, or smaller counts in demand.per_day",
            got=f"{pool:,}",
        )


def _check_crowds(scenario: Scenario) -> Iterator[Finding]:
    """Yield a finding for every number of people that exceeds what one run can hold."""
    crowds: dict[tuple[str | int, ...], int] = {
        ("residents", name, "infected_at_start"): town.infected_at_start
        for name, town in scenario.residents.items()
    }
    if isinstance(scenario.travellers.demand, CohortDemand):
        crowds["travellers", "demand", "people"] = scenario.travellers.demand.people
    if (outbreak := scenario.hospital_outbreak) is not None:
        crowds["hospital_outbreak", "neighbours"] = outbreak.neighbours
        for number, stay in enumerate(outbreak.hospitals):
            crowds["hospital_outbreak", "hospitals", number, "people"] = stay.people
    for loc, people in crowds.items():
        if people > MOST_PEOPLE:
            yield Finding(
                loc,
                "more people than one run can follow",
                allowed=f"at most {MOST_PEOPLE:,}: each takes some 850 bytes of memory",
                got=str(people),
            )


def _check_places(scenario: Scenario) -> Iterator[Finding]:
    places = scenario.places
    for name, place in places.items():
        if place.part_of is not None:
            yield from unknown_name(("places", name, "part_of"), place.part_of, places, "place")
            yield from _check_part_of_ends(scenario, name)
    yield from unknown_name(("travellers", "start"), scenario.travellers.start, places, "place")
    for name in scenario.staging:
        yield from unknown_name(("staging", name), name, places, "place")
    for name, port in scenario.ports.items():
        yield from unknown_name(("ports", name, "place"), port.place, places, "place")
        if port.opens >= port.closes:
            yield Finding(("ports", name, "closes"), "the port closes before it opens")
    for name, site in scenario.quarantine.sites.items():
        loc = ("quarantine", "sites", name, "place")
        yield from unknown_name(loc, site.place, places, "place")
    home = scenario.quarantine.home_place
    if home is not None:
        yield from unknown_name(("quarantine", "home_place"), home, places, "place")
    yield from unknown_name(("laboratory", "place"), scenario.laboratory.place, places, "place")
    for name, hospital in scenario.hospitals.items():
        yield from unknown_name(("hospitals", name, "place"), hospital.place, places, "place")
    for name, residents in scenario.residents.items():
        yield from unknown_name(("residents", name), name, places, "place")
        total = sum(residents.household_sizes)
        if abs(total - 1) > 1e-6:
            yield Finding(
                ("residents", name, "household_sizes"),
                "the shares do not add up to 1",
                got=f"{total:g}",
            )
        if residents.infected_at_start > residents.people:
            yield Finding(
                ("residents", name, "infected_at_start"),
                "more people are infected than there are",
                allowed=f"at most {residents.people}",
                got=str(residents.infected_at_start),
            )


def _check_hospital_outbreak(scenario: Scenario) -> Iterator[Finding]:
    outbreak = scenario.hospital_outbreak
    if outbreak is None:
        return
    loc = ("hospital_outbreak",)
    yield from unknown_name(
        (*loc, "town"), outbreak.town, scenario.residents, "town with residents"
    )
    calendar = scenario.calendar
    if not calendar.start <= outbreak.arrives <= calendar.end:
        yield Finding(
            (*loc, "arrives"),
            "the arrival lies outside the calendar",
            allowed=f"{calendar.start} to {calendar.end}",
            got=str(outbreak.arrives),
        )


def _check_border(scenario: Scenario) -> Iterator[Finding]:
    if scenario.border is None:
        return
    starts = {leg.end for leg in scenario.legs.values() if leg.end in scenario.places}
    for name, stretch in scenario.border.stretches.items():
        loc = ("border", "stretches", name)
        if stretch.start in scenario.places and stretch.start not in starts:
            yield Finding(
                (*loc, "start"),
                "nobody can be stranded there",
                allowed=", ".join(sorted(starts)),
                got=stretch.start,
            )
        else:
            yield from unknown_name((*loc, "start"), stretch.start, scenario.places, "place")
        towns = [port.place for port in scenario.ports.values()]
        yield from unknown_name((*loc, "end"), stretch.end, towns, "town behind a port")


def _check_part_of_ends(scenario: Scenario, name: str) -> Iterator[Finding]:
    seen = [name]
    while (above := scenario.places[seen[-1]].part_of) is not None:
        if above in seen:
            yield Finding(("places", name, "part_of"), "the place would be part of itself")
            return
        if above not in scenario.places:
            return
        seen.append(above)


def _check_route(scenario: Scenario) -> Iterator[Finding]:
    for name in scenario.ports:
        yield from _taken(("ports", name), name, scenario.places, "place")
    ends = [*scenario.places, *scenario.ports]
    unknown = list[Finding]()
    for name, leg in scenario.legs.items():
        yield from _taken(("legs", name), name, ends, "place or port")
        unknown += unknown_name(("legs", name, "start"), leg.start, scenario.places, "place")
        unknown += unknown_name(("legs", name, "end"), leg.end, ends, "place or port")
        if leg.last_departure < leg.first_departure:
            yield Finding(
                ("legs", name, "last_departure"), "the last departure is before the first"
            )
        if leg.on_board.symptoms_noticed > 0 and leg.end in scenario.ports:
            yield Finding(
                ("legs", name, "on_board", "symptoms_noticed"),
                "who arrives at a port is seen by its entry_screening",
                allowed="0 for legs that end at a port",
                got=f"{leg.on_board.symptoms_noticed:g}",
            )
    yield from unknown
    # With a wrong name no route would be found, which is not the actual error.
    if not unknown and scenario.travellers.start in scenario.places:
        yield from _check_reach(scenario)


def _check_reach(scenario: Scenario) -> Iterator[Finding]:
    try:
        routes = routes_to_ports(scenario)
    except TooManyRoutes:
        yield Finding(
            ("legs",),
            "the legs form too many ways through the places",
            allowed=f"at most {MOST_STEPS:,} ways from the start to a place or port",
        )
        return
    used = {leg for route in routes for leg in route}
    for name in scenario.legs:
        if name not in used:
            yield Finding(
                ("legs", name),
                "the leg lies on no way from the start of the journey to a port",
                allowed=f"legs that lead on from {scenario.travellers.start}",
            )
    reached = {scenario.legs[route[-1]].end for route in routes}
    for name, port in scenario.ports.items():
        if name not in reached and port.share > 0:
            yield Finding(("ports", name), "no chain of legs leads to this port")
    if not any(scenario.ports[name].share > 0 for name in reached):
        yield Finding(("ports",), "no port can be reached by anybody", allowed="a share above 0")


def _taken(
    loc: tuple[str | int, ...], name: str, others: Container[str], what: str
) -> Iterator[Finding]:
    if name in others:
        yield Finding(loc, f"the name is taken by a {what}", allowed="another name", got=name)
