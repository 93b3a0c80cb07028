"""Who sets out: travel groups with their size, time and port."""

import math
from functools import lru_cache

import numpy as np
from scipy import special

from sim.scenario.demand import demand_factor, people_by_table, people_demanded
from sim.scenario.schema import Calendar, Scenario
from sim.scenario.source import CohortDemand, LogisticDemand, TableDemand
from sim.world.draws import MEMBERS, FloatArray, IntArray
from sim.world.room import require_room
from sim.world.setting_out import NO_ROOM, aim_at_ports, leave_by_hazard, leave_by_table
from sim.world.state import World


class PoolRunsOut(ValueError):
    """A table of demand sends more people than the pool has."""


def people_per_day(demand: LogisticDemand | TableDemand, calendar: Calendar) -> FloatArray:
    """Return demand on each day without any closure, in people, shape (days,).

    Of a table, those who set out; of logistic demand, those of a pool that stays full.
    """
    if isinstance(demand, TableDemand):
        return np.array(people_by_table(demand, calendar))
    middays = np.arange(calendar.days) + 0.5
    growth = math.log(2) / demand.doubling_time
    per_day: FloatArray = demand.ceiling * special.expit(growth * (middays - demand.halfway))
    return per_day


def groups_of(scenario: Scenario, world: World) -> tuple[FloatArray, IntArray, IntArray]:
    """Return when each travel group sets out, its size, and the port that it aims at.

    Args:
        scenario: demand, pool, travel_group size and closures.
        world: without people.

    Raises:
        PoolRunsOut: a table demands more people than there are.
        TooManyPeople: more set out than a run can follow.
    """
    demand, calendar = scenario.travellers.demand, scenario.calendar
    if isinstance(demand, CohortDemand):
        require_room(demand.people)
        times = np.full(demand.people, calendar.day_of(demand.date) + demand.at)
        sizes, ports = np.ones(len(times), np.int64), np.zeros(len(times), np.int64)
        aim_at_ports(world, ports)
        return times, sizes, ports
    mean = scenario.travellers.travel_group_size.mean
    shares = _shares_up_to(mean)
    per_day = people_per_day(demand, calendar) * demand_factor(scenario)
    so_far = np.concatenate([[0.0], np.cumsum(per_day)])
    if isinstance(demand, TableDemand):
        _require_pool(scenario, demand)
        expected = so_far[-1] / mean
    else:
        groups = max(1, round(scenario.travellers.pool / mean))
        if scenario.travellers.pool == 0:
            groups = 0
        hazard = so_far / (max(groups, 1) * mean)
        expected = groups * -math.expm1(-hazard[-1])
    room = int(expected + 8 * math.sqrt(max(so_far[-1], 1.0)) + 20)
    while True:
        require_room(room)
        times, sizes = np.empty(room), np.empty(room, np.int64)
        ports = np.empty(room, np.int64)
        if isinstance(demand, LogisticDemand):
            count = leave_by_hazard(world, groups, hazard, shares, times, sizes, ports)
        else:
            count = leave_by_table(world, so_far, shares, times, sizes, ports)
        if count != NO_ROOM:
            return times[:count], sizes[:count], ports[:count]
        room *= 2


@lru_cache(maxsize=64)
def _shares_up_to(mean: float) -> FloatArray:
    """Return the shares of groups that have at most 1, 2, ... people, ``mean`` on average."""
    shares: FloatArray = np.ones(1)
    if mean > 1:
        shares = special.pdtr(np.arange(MEMBERS - 1), mean - 1)
    return shares


def _require_pool(scenario: Scenario, demand: TableDemand) -> None:
    """Refuse a table that a changed parameter, such as the rush, has made too large."""
    demanded, pool = people_demanded(scenario, demand), scenario.travellers.pool
    if demanded > pool:
        raise PoolRunsOut(f"the table sends {demanded:,.0f} people, and the pool has {pool:,}")
