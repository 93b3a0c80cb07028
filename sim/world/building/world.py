"""A world before its first day, and more room in it."""

from typing import Any

import numpy as np

from sim.world.building.blueprint import Blueprint
from sim.world.building.in_force import days_of_run
from sim.world.building.infection import frailty_of, set_disease, set_source
from sim.world.building.inland import (
    communities_of,
    people_at_start,
    set_border,
    set_outbreak,
    stretches_of,
    wards_of,
)
from sim.world.building.people import groups_of
from sim.world.building.quarantine import (
    assays_of,
    hospitals_of,
    set_institutions,
    sites_of,
)
from sim.world.building.route import legs_of, ports_of, towns_of, vehicles_of
from sim.world.building.tables import Tables
from sim.world.codes import NONE, Due
from sim.world.community import seed_community
from sim.world.draws import Draws
from sim.world.hospital_outbreak import found_outbreak
from sim.world.records import fill, records
from sim.world.room import make_more_room, make_room, require_room
from sim.world.source_community import make_travellers, plan_departures
from sim.world.state import World
from sim.world.state_of_people import Entry, List, Person
from sim.world.state_of_run import Run
from sim.world.surveillance import Flow

_SPARE = 64
"""Room for at least as many more people."""


def new_world(blueprint: Blueprint, draws: Draws) -> World:
    """Return a world before its first day.

    Raises:
        PoolRunsOut: a table demands more people than there are.
        TooManyPeople: more people are needed than a run can follow.
    """
    world = _institutions(blueprint, draws)
    scenario = blueprint.scenario
    times, sizes, ports = groups_of(scenario, world)
    travellers = int(sizes.sum())
    require_room(travellers)
    world.run["travellers"] = travellers
    world.put("rides", np.full((len(world.legs), travellers), NONE, np.int32))
    world.put("frailty", frailty_of(scenario, draws, len(times)))
    make_room(world, travellers + people_at_start(scenario) + _SPARE)
    make_travellers(world, times, sizes, ports)
    if scenario.hospital_outbreak is not None:
        while found_outbreak(world):
            make_more_room(world)
    plan_departures(world)
    for number in range(len(world.communities)):
        while seed_community(world, number):
            make_more_room(world)
    return world


def _entries_a_person(blueprint: Blueprint, sites: Any, communities: Any) -> int:
    """Return more entries than anybody can need in a day.

    A person who comes in today has at most: an arrival, a stay with its swabs, release and breach,
    swabs on symptoms, the tests of arrivals; each swab at the laboratory and its result; what the
    registers plan; contacts. Some of it twice, by someone who is brought back.
    """
    rooms = sites["room_size"].max(initial=1)
    households = communities["largest_household"].max(initial=1)
    return int(16 + 4 * blueprint.most_swabs + 2 * rooms + 2 * households)


def _institutions(blueprint: Blueprint, draws: Draws) -> World:
    """Return a world without people."""
    scenario, geography, units = blueprint.scenario, blueprint.geography, blueprint.units
    # A plain array: recarrays look up their fields in Python.
    tables, run = Tables(), records(Run, 1).view(np.ndarray)
    code = geography.code
    start = scenario.travellers.start
    fill(
        run,
        days=scenario.calendar.days,
        start=code[start],
        first_town=blueprint.towns.index(start),
        places=len(geography.places),
        aware_share=scenario.travellers.aware_share,
        patience=scenario.travellers.patience,
        divert_share=scenario.travellers.divert_share,
        arrival_tests_taken=scenario.travellers.arrival_tests_taken,
    )
    set_disease(run, scenario.disease, draws, tables)
    source = set_source(run, scenario, draws, tables)
    set_institutions(run, scenario, geography, blueprint.symptom_swabs, draws, tables)
    set_border(run, scenario)
    towns = towns_of(scenario, geography, blueprint.towns, units, draws, tables)
    agendas = Due.OWN + len(towns)
    ports = ports_of(scenario, geography, units, agendas)
    agendas += len(ports)
    stretches = stretches_of(scenario, geography, blueprint.towns, units, agendas)
    agendas += len(stretches)
    communities = communities_of(scenario, geography, units, agendas, tables)
    agendas += len(communities)
    set_outbreak(run, scenario)
    sites = sites_of(scenario, geography, units, ports)
    fill(run, entries_a_person=_entries_a_person(blueprint, sites, communities))
    return World(
        run=run,
        people=records(Person, 0),
        entries=records(Entry, 0),
        agendas=records(List, (agendas, scenario.calendar.days + 1)),
        legs=legs_of(scenario, geography, blueprint.towns, units),
        vehicles=vehicles_of(scenario),
        towns=towns,
        ports=ports,
        sites=sites,
        hospitals=hospitals_of(scenario, geography, units),
        stretches=stretches,
        communities=communities,
        wards=wards_of(scenario),
        assays=assays_of(scenario, tables),
        swab_times=blueprint.swab_times,
        days=days_of_run(scenario, blueprint.days),
        in_force=blueprint.in_force,
        seeds=draws.seeds,
        way=blueprint.way,
        rides=np.zeros((len(scenario.legs), 0), np.int32),
        rows=np.zeros(64, np.int64),
        flows=np.zeros((scenario.calendar.days, len(Flow), len(geography.locations)), np.int64),
        tables=tables.numbers(),
        source=source,
        frailty=np.zeros(0),
    )
