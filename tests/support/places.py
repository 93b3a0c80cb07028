"""Whole days that a few people spend in one place: a vehicle, a room, a ward or a staging town."""

from collections.abc import Callable
from typing import Any

import numpy as np
from random_scenarios import a_world, scenario_of
from rules import enter_quarantine, seat_all

from sim.world.carrier import _infect_passengers, join_queue
from sim.world.hospital_outbreak import _mix_on
from sim.world.lists import append, clear
from sim.world.model import BorderModel
from sim.world.quarantine_rooms import mix_room_mates
from sim.world.residents import has_room_for, someone
from sim.world.room import make_more_room
from sim.world.staging_town import _mix

Stays = Callable[[BorderModel, Any, int, int], None]


def together(people: int, hazard: float, latent: str, lasts: str) -> BorderModel:
    """Return a small world with every place, in which nobody is infected yet.

    Args:
        people: who are together in a place.
        hazard: per day, from each who is infectious to each other one.
        latent: from infection until a person is infectious.
        lasts: how long a person is infectious, always in the same degree.
    """
    base = a_world()
    on_board = {"hazard_per_hour": hazard / 24, "near_relative_risk": 1}
    plane = {**base["legs"]["plane"], "on_board": on_board, "seats": 300}
    constant = {
        "kind": "constant",
        "latent": {"kind": "fixed", "value": latent},
        "lasts": {"kind": "fixed", "value": lasts},
    }
    demand = [{"date": "2020-03-01", "count": 2 * people}, {"date": "2020-03-02", "count": 0}]
    ward = {"stay": "22 d", "people": 0, "hazard_per_day": hazard}
    world = a_world(
        travellers={
            "start": "city",
            "pool": 4 * people,
            "travel_group_size": {"mean": 1},
            "demand": {"kind": "table", "per_day": demand},
        },
        source__exposure=0,
        legs={**base["legs"], "plane": plane},
        staging__junction={
            "connection": {"kind": "fixed", "value": "2 d"},
            "contact_hazard_per_day": people * hazard,
        },
        quarantine={
            "sites": {"east_hotel": {"place": "east", "room_size": people}},
            "room_hazard_per_day": hazard,
        },
        policies__site_beds={"east_hotel": 100_000},
        residents={"east": {"people": 100_000, "community_hazard_per_day": 0}},
        hospital_outbreak={
            "town": "east",
            "arrives": "2020-03-02",
            "neighbour_hazard_per_day": 0,
            "admitted_after": "1 d",
            "hospitals": [ward],
        },
        disease={
            "name": "constant",
            "incubation": {"kind": "fixed", "value": "20 d"},
            "infectiousness": {"since": "infection", "profile": constant},
            "asymptomatic_share": 0,
        },
    )
    return BorderModel(scenario_of(world), seed=1)


def travellers(model: BorderModel, number: int) -> Any:
    """Return travellers of whom nothing has been asked yet, shape (number,)."""
    return np.arange(number)


def residents(model: BorderModel, number: int) -> Any:
    """Return residents of the town with the wards, shape (number,)."""
    town = model.residents["east"].number
    while not has_room_for(model.world, model.world.communities[town], number):
        make_more_room(model.world)
    return someone(model.world, model.world.communities[town], number)


def ride(model: BorderModel, rows: Any, first: int, after: int) -> None:
    """Let people ride in one vehicle from the beginning of a day to that of another one."""
    seat_all(model, "plane", rows, 6 * np.arange(len(rows)), np.zeros(len(rows)), departs=first)
    leg = model.world.legs[model.geography.legs.index("plane")]
    _infect_passengers(model.world, leg, leg.boarding.first, first, after)


def share_room(model: BorderModel, rows: Any, first: int, after: int) -> None:
    """Let people live in one room."""
    run = model.world.run[0]
    run.day = first
    enter_quarantine(model, rows, [float(first)] * len(rows))
    for run.day in range(first, after):
        mix_room_mates(model.world, run.victims)
        clear(model.world, run.victims)
    clear(model.world, run.room_mates)


def lie_on_ward(model: BorderModel, rows: Any, first: int, after: int) -> None:
    """Let people lie on one ward; the first of them is the patient."""
    run, ward = model.world.run[0], model.world.wards[0]
    run.patient, ward.comes, ward.leaves = rows[0], first, after
    for row in rows[1:]:
        append(model.world, ward.members, row, 0.0, 0, 0)
    for run.day in range(first, after):
        _mix_on(model.world, 0)
    clear(model.world, ward.members)


def wait_in_town(model: BorderModel, rows: Any, first: int, after: int) -> None:
    """Let people wait in a staging town."""
    run, (town,) = model.world.run[0], model.staging_towns
    number = model.geography.legs.index("east_bus")
    for row in rows:
        model.people.mixing_from[row] = first
        join_queue(model.world, number, int(row), float(first))
    for run.day in range(first, after):
        _mix(model.world, town.number)
    clear(model.world, model.world.legs[number].waiting)


PLACES: dict[str, tuple[Callable[[BorderModel, int], Any], Stays]] = {
    "vehicle": (travellers, ride),
    "room": (travellers, share_room),
    "ward": (residents, lie_on_ward),
    "staging town": (travellers, wait_in_town),
}
"""Who may be there, and how they spend whole days there, from one day to before another one."""
