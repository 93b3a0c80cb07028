"""Who sets out and when: order statistics of a threshold that each party has for leaving.

Party ``n`` is the n-th of the pool to leave. With Exp(1) thresholds for N parties, the n-th
smallest threshold is ``sum_{j<n} E_j / (N - j)`` with independent Exp(1) spacings (Renyi 1953,
Acta Mathematica Hungarica 4:191), so only those who leave are ever made: a pool of 100,000 and
one of 10 million cost the same. The same people leave in the same order under every policy.
"""

import numpy as np
from scipy import special

from sim.scenario.schema import Calendar, Scenario
from sim.scenario.source import CohortDemand, LogisticDemand, TableDemand, Travellers
from sim.world.draws import MEMBERS, Draws, FloatArray, IntArray, Stream, UintArray
from sim.world.policy_calendar import PolicyCalendar
from sim.world.population import Population, require_room


def people_per_day(demand: LogisticDemand | TableDemand, calendar: Calendar) -> FloatArray:
    """Return how many people would set out on each day without any closure, shape (days,)."""
    middays = np.arange(calendar.days) + 0.5
    if isinstance(demand, TableDemand):
        days = [calendar.day_of(row.date) + 0.5 for row in demand.per_day]
        given: FloatArray = np.interp(middays, days, [row.count for row in demand.per_day])
        return given
    growth = np.log(2) / demand.doubling_time
    per_day: FloatArray = demand.ceiling * special.expit(growth * (middays - demand.halfway))
    return per_day


def party_keys(parties: IntArray) -> UintArray:
    """Return the key of each party (that of its first member)."""
    return parties.astype(np.uint64) * np.uint64(MEMBERS)


def _party_times(travellers: Travellers, intention: FloatArray, draws: Draws) -> FloatArray:
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


def _party_sizes(mean: float, parties: IntArray, draws: Draws) -> IntArray:
    """Return the size of each party: one plus a Poisson number, at most ``MEMBERS``."""
    if mean == 1:
        return np.ones(len(parties), dtype=np.int64)
    table = special.pdtr(np.arange(MEMBERS - 1), mean - 1)
    return 1 + np.searchsorted(table, draws.uniform(Stream.PARTY_SIZE, party_keys(parties)))


def who_sets_out(
    scenario: Scenario, policy: PolicyCalendar, port_shares: FloatArray, draws: Draws
) -> Population:
    """Return everybody who sets out during the calendar, with the party and the port they aim at.

    Args:
        scenario: demand, pool and party size.
        policy: announced closures, which move intentions.
        port_shares: probability that a party aims at each port, shape (ports,).
        draws: the random numbers of the run.
    """
    travellers, calendar = scenario.travellers, scenario.calendar
    if isinstance(travellers.demand, CohortDemand):
        at = calendar.day_of(travellers.demand.date) + travellers.demand.at
        times = np.full(travellers.demand.people, at)
        sizes = np.ones(len(times), dtype=np.int64)
    else:
        intention = people_per_day(travellers.demand, calendar) * policy.demand_factor(scenario)
        times = _party_times(travellers, intention, draws)
        sizes = _party_sizes(travellers.party_size.mean, np.arange(len(times)), draws)
    people = Population(int(sizes.sum()), len(scenario.legs))
    people.party[:] = np.repeat(np.arange(len(times)), sizes)
    member = np.arange(people.size) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    people.key[:] = party_keys(people.party) + member.astype(np.uint64)
    people.set_out_at[:] = np.repeat(times, sizes)
    choice = draws.uniform(Stream.PORT_CHOICE, party_keys(np.arange(len(times))))
    aims = np.minimum(np.searchsorted(np.cumsum(port_shares), choice), len(port_shares) - 1)
    people.port[:] = np.repeat(aims, sizes)
    return people
