"""Who sets out and when: the parties of the pool leave one after the other.

Demand by a table is exact: party ``n`` leaves when the people before it and a share of its own,
drawn once, are as many as the table has sent by then.

Demand that grows is a hazard for everybody who is still in the pool. With Exp(1) thresholds for N
parties, the n-th smallest threshold is ``sum_{j<n} E_j / (N - j)`` with independent Exp(1)
spacings (Renyi 1953, Acta Mathematica Hungarica 4:191).

Only those who leave are ever made: a pool of 100,000 and one of 10 million cost the same. The same
people leave in the same order under every policy.
"""

import numpy as np
from scipy import special

from sim.scenario.demand import demand_factor, people_by_table, people_demanded
from sim.scenario.schema import Calendar, Scenario
from sim.scenario.source import CohortDemand, LogisticDemand, TableDemand, Travellers
from sim.world.draws import MEMBERS, Draws, FloatArray, IntArray, Stream, UintArray
from sim.world.population import Population, require_room
from sim.world.port_choice import PortChoice


class PoolRunsOut(ValueError):
    """A table of demand sends more people than the pool has."""


def people_per_day(demand: LogisticDemand | TableDemand, calendar: Calendar) -> FloatArray:
    """Return demand on each day without any closure, in people, shape (days,).

    Of a table, those who set out; of logistic demand, those of a pool that stays full.
    """
    if isinstance(demand, TableDemand):
        return np.array(people_by_table(demand, calendar))
    middays = np.arange(calendar.days) + 0.5
    growth = np.log(2) / demand.doubling_time
    per_day: FloatArray = demand.ceiling * special.expit(growth * (middays - demand.halfway))
    return per_day


def party_keys(parties: IntArray) -> UintArray:
    """Return the key of each party (that of its first member)."""
    return parties.astype(np.uint64) * np.uint64(MEMBERS)


def times_by_hazard(travellers: Travellers, intention: FloatArray, draws: Draws) -> FloatArray:
    """Return when each party sets out, ascending; ``intention`` is people a day, by day."""
    parties = max(1, round(travellers.pool / travellers.party_size.mean))
    if travellers.pool == 0:
        return np.empty(0)
    hazard = np.concatenate([[0.0], np.cumsum(intention)]) / (parties * travellers.party_size.mean)
    expected = parties * -np.expm1(-hazard[-1])
    drawn = int(min(parties, expected + 8 * np.sqrt(expected) + 20))
    while True:
        require_room(drawn)
        ranks = np.arange(drawn)
        spacings = -np.log(draws.uniform(Stream.SETTING_OUT, party_keys(ranks)))
        thresholds = np.cumsum(spacings / (parties - ranks))
        if drawn == parties or thresholds[-1] > hazard[-1]:
            break
        drawn = min(parties, 2 * drawn)
    leaving = thresholds[thresholds < hazard[-1]]
    # Where the hazard is flat (nobody sets out) the inverse jumps to the end of the pause.
    times: FloatArray = np.interp(leaving, hazard, np.arange(len(hazard), dtype=np.float64))
    return times


def times_by_table(mean: float, per_day: FloatArray, draws: Draws) -> FloatArray:
    """Return when each party sets out, ascending, so that as many people leave as is said.

    Args:
        mean: people in a party.
        per_day: people who set out on each day, shape (days,).
        draws: the random numbers of the run.
    """
    so_far = np.concatenate([[0.0], np.cumsum(per_day)])
    drawn = int(so_far[-1] / mean + 8 * np.sqrt(so_far[-1]) + 20)
    while True:
        require_room(drawn)
        sizes = party_sizes(mean, np.arange(drawn), draws)
        ends = np.cumsum(sizes)
        if ends[-1] > so_far[-1]:
            break
        drawn *= 2
    share = draws.uniform(Stream.SETTING_OUT, party_keys(np.arange(drawn)))
    moments = ends - share * sizes
    moments = moments[moments < so_far[-1]]
    # Where nobody sets out the inverse jumps to the end of the pause.
    times: FloatArray = np.interp(moments, so_far, np.arange(len(so_far), dtype=np.float64))
    return times


def party_sizes(mean: float, parties: IntArray, draws: Draws) -> IntArray:
    """Return the size of each party: one plus a Poisson number, at most ``MEMBERS``."""
    if mean == 1:
        return np.ones(len(parties), dtype=np.int64)
    table = special.pdtr(np.arange(MEMBERS - 1), mean - 1)
    return 1 + np.searchsorted(table, draws.uniform(Stream.PARTY_SIZE, party_keys(parties)))


def who_sets_out(scenario: Scenario, ports: PortChoice, draws: Draws) -> Population:
    """Return everybody who sets out during the calendar, with the party and the port they aim at.

    Args:
        scenario: demand, pool, party size and closures.
        ports: how parties choose among the ports that can be reached.
        draws: the random numbers of the run.

    Raises:
        PoolRunsOut: a table demands more people than there are.
    """
    travellers, calendar = scenario.travellers, scenario.calendar
    demand, mean = travellers.demand, travellers.party_size.mean
    if isinstance(demand, CohortDemand):
        times = np.full(demand.people, calendar.day_of(demand.date) + demand.at)
        sizes = np.ones(len(times), dtype=np.int64)
    else:
        intention = people_per_day(demand, calendar) * demand_factor(scenario)
        if isinstance(demand, LogisticDemand):
            times = times_by_hazard(travellers, intention, draws)
        else:
            _require_pool(scenario, demand)
            times = times_by_table(mean, intention, draws)
        sizes = party_sizes(mean, np.arange(len(times)), draws)
    people = Population(int(sizes.sum()), len(scenario.legs))
    people.party[:] = np.repeat(np.arange(len(times)), sizes)
    member = np.arange(people.size) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    people.key[:] = party_keys(people.party) + member.astype(np.uint64)
    people.set_out_at[:] = np.repeat(times, sizes)
    people.port[:] = np.repeat(ports.of(party_keys(np.arange(len(times)))), sizes)
    return people


def _require_pool(scenario: Scenario, demand: TableDemand) -> None:
    """Refuse a table that a changed parameter, such as the rush, has made too large."""
    demanded, pool = people_demanded(scenario, demand), scenario.travellers.pool
    if demanded > pool:
        raise PoolRunsOut(f"the table sends {demanded:,.0f} people, and the pool has {pool:,}")
