"""Legs, vehicles, towns, ports, and the way from each town to each port."""

from typing import Any

import numpy as np

from sim.scenario.route import Staging
from sim.scenario.schema import Scenario
from sim.world.building.distributions import set_distribution
from sim.world.building.in_force import Units
from sim.world.building.parameters import Parameter
from sim.world.building.tables import Tables
from sim.world.codes import NONE, Due
from sim.world.draws import Draws, IntArray, name_key
from sim.world.geography import Geography
from sim.world.records import dtype_of, fill, records
from sim.world.state_of_institutions import Leg, Port, Town, Vehicle

_NOTHING_SAID = Staging()


def legs_of(scenario: Scenario, geography: Geography, towns: list[str], units: Units) -> Any:
    """Return the legs, in the order of their codes."""
    rows, first_vehicle = records(Leg, len(geography.legs)), 0
    for row, name in zip(rows, geography.legs, strict=True):
        leg = scenario.legs[name]
        port = leg.end if leg.end in scenario.ports else None
        fill(
            row,
            location=geography.code[name],
            unit=units.legs[name],
            # A leg that is on no way to a port is never taken.
            start=towns.index(leg.start) if leg.start in towns else NONE,
            end_town=NONE if port or leg.end not in towns else towns.index(leg.end),
            end_port=geography.ports.index(port) if port else NONE,
            end_place=geography.code[scenario.ports[port].place if port else leg.end],
            departures=leg.departures_per_day,
            seats=leg.seats,
            abreast=leg.seats_abreast,
            near_rows=leg.on_board.near_rows,
            first_vehicle=first_vehicle,
            is_flight=leg.mode == "flight",
            duration=leg.duration,
            first_departure=leg.first_departure,
            last_departure=leg.last_departure,
            hazard_per_hour=leg.on_board.hazard_per_hour,
            near_risk=leg.on_board.near_relative_risk,
            symptoms_noticed=leg.on_board.symptoms_noticed,
        )
        first_vehicle += leg.departures_per_day * scenario.calendar.days
    return rows


def vehicles_of(scenario: Scenario) -> Any:
    """Return room for every vehicle that can leave."""
    departures = sum(leg.departures_per_day for leg in scenario.legs.values())
    return np.empty(departures * scenario.calendar.days, dtype_of(Vehicle))


def towns_of(
    scenario: Scenario,
    geography: Geography,
    towns: list[str],
    units: Units,
    draws: Draws,
    tables: Tables,
) -> Any:
    """Return the towns that legs start from, none of which leads back to an earlier one."""
    rows = records(Town, len(towns))
    for number, (row, name) in enumerate(zip(rows, towns, strict=True)):
        staging = scenario.staging.get(name, _NOTHING_SAID)
        fill(
            row,
            location=geography.code[name],
            unit=units.places[name],
            agenda=Due.OWN + number,
            is_start=name == scenario.travellers.start,
            contact_hazard=staging.contact_hazard_per_day,
            local_hazard=staging.local_hazard_per_day,
        )
        connection, key = staging.connection, name_key(name)
        set_distribution(row["connection"], connection, draws, Parameter.CONNECTION, tables, key)
    return rows


def ports_of(scenario: Scenario, geography: Geography, units: Units, first_agenda: int) -> Any:
    """Return the ports, in the order of their names; the sites of their homes are filled in later.

    Args:
        scenario: the scenario.
        geography: its codes.
        units: rows of the policies.
        first_agenda: of the first port.
    """
    rows = records(Port, len(geography.ports))
    for number, (row, name) in enumerate(zip(rows, geography.ports, strict=True)):
        port = scenario.ports[name]
        fill(
            row,
            location=geography.code[name],
            unit=units.ports[name],
            town=geography.code[port.place],
            agenda=first_agenda + number,
            opens=port.opens,
            closes=port.closes,
            throughput=port.throughput,
            weight=geography.port_weights[name],
            key=name_key(name),
        )
    return rows


def way_of(geography: Geography, towns: list[str]) -> IntArray:
    """Return the leg to take from each town to each port, or NONE, shape (towns, ports)."""
    way = np.full((len(towns), len(geography.ports)), NONE)
    for (town, port), leg in geography.next_leg.items():
        way[towns.index(town), geography.ports.index(port)] = geography.legs.index(leg)
    return way
