"""Single rules of the world on small worlds: for tests in plain Python mode."""

from types import SimpleNamespace
from typing import Any

import numpy as np
from swab_log import numbers_in

from sim.scenario.distributions import Distribution
from sim.world.building.distributions import set_distribution
from sim.world.building.households import block_of_households
from sim.world.building.inland import columns_of
from sim.world.building.tables import Tables
from sim.world.codes import EXTERNAL, NONE, Stage
from sim.world.distributions import quantile
from sim.world.draws import Draws, town_key
from sim.world.lists import append, free, take_first
from sim.world.model import BorderModel
from sim.world.natural_history import infect
from sim.world.quarantine import take_in
from sim.world.quarantine_rooms import begin_intake
from sim.world.records import records
from sim.world.state import World
from sim.world.state_of_institutions import Community
from sim.world.state_of_institutions import Distribution as Record
from sim.world.state_of_people import List


def quantiles_of(distribution: Distribution, shares: Any, seed: int = 1) -> Any:
    """Return the quantiles of a distribution of a scenario at ``shares``, shape (n,)."""
    record, tables = records(Record, 1).view(np.recarray), Tables()
    set_distribution(np.asarray(record), distribution, Draws(seed), 0, tables)
    numbers = tables.numbers()
    return np.array([quantile(record[0], numbers, float(share)) for share in shares])


def entries_of(world: World, of: List) -> list[Any]:
    """Return copies of the entries of a list, in order."""
    return [world.entries[number].copy() for number in numbers_in(np.asarray(world.entries), of)]


def infect_now(model: BorderModel, row: int, time: float, begins: float, ends: float) -> None:
    """Infect someone, infectious between two times."""
    infect(model.world, row, time, EXTERNAL, 0)
    person = model.world.people[row]
    person.infectious_from, person.infectious_until = begins, ends


def town_of(people: int, sizes: Any, seed: int = 1) -> tuple[Any, Any]:
    """Return a world with one town of nobody's, and the record of its community."""
    community, tables = records(Community, 1).view(np.recarray)[0], Tables()
    households = block_of_households(tuple(sizes))
    community.key, community.people = town_key("town"), people
    community.columns = columns_of(people)
    community.households, community.block = tables.add(households), len(households) // 2
    return SimpleNamespace(seeds=Draws(seed).seeds, tables=tables.numbers()), community


def seat_all(
    model: BorderModel, leg: str, rows: Any, seats: Any, vehicles: Any, departs: float
) -> None:
    """Seat people in vehicles of a leg, and nobody else; each is on board."""
    world, number = model.world, model.geography.legs.index(leg)
    record = world.legs[number]
    for queue in (record.waiting, record.boarding):
        while queue.first != NONE:
            free(world, take_first(world, queue))
    for row, seat, vehicle in zip(rows, seats, vehicles, strict=True):
        append(world, record.boarding, int(row), departs, int(vehicle), int(seat))
        world.people[row].boards_at, world.people[row].stage = departs, Stage.ON_BOARD


def enter_quarantine(model: BorderModel, rows: Any, times: Any, port: int = 0) -> None:
    """Take people who came together into quarantine behind a port."""
    begin_intake(model.world)
    for row, time in zip(rows, times, strict=True):
        model.world.people[row].crossed_at = time
        take_in(model.world, row, time, model.world.ports[port].home)
