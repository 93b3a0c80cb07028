"""Single rules of the world on small worlds: for tests in plain Python mode."""

from typing import Any

import numpy as np

from sim.scenario.distributions import Distribution
from sim.world.building.distributions import set_distribution
from sim.world.building.tables import Tables
from sim.world.distributions import quantile
from sim.world.draws import Draws
from sim.world.model import BorderModel
from sim.world.natural_history import infect
from sim.world.records import records
from sim.world.state import EXTERNAL, NONE, List, World
from sim.world.state import Distribution as Record


def quantiles_of(distribution: Distribution, shares: Any, seed: int = 1) -> Any:
    """Return the quantiles of a distribution of a scenario at ``shares``, shape (n,)."""
    record, tables = records(Record, 1).view(np.recarray), Tables()
    set_distribution(np.asarray(record), distribution, Draws(seed), 0, tables)
    numbers = tables.numbers()
    return np.array([quantile(record[0], numbers, float(share)) for share in shares])


def entries_of(world: World, of: List) -> list[Any]:
    """Return copies of the entries of a list, in order."""
    found, number = [], of.first
    while number != NONE:
        found.append(world.entries[number].copy())
        number = world.entries[number].next
    return found


def infect_now(model: BorderModel, row: int, time: float, begins: float, ends: float) -> None:
    """Infect somebody, infectious between two times."""
    infect(model.world, row, time, EXTERNAL, 0)
    person = model.world.people[row]
    person.infectious_from, person.infectious_until = begins, ends
