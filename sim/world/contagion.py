"""Who infects whom: infection by thresholds (Sellke 1983, Journal of Applied Probability 20:390).

Every person has one Exp(1) threshold. Each setting adds the hazard that it exposes the person
to; the person is infected when the sum passes the threshold. Cost follows infections, and a
policy that only lowers hazards can only prevent infections, run by run.
"""

import numpy as np

from sim.world.codes import EXTERNAL, NEVER
from sim.world.compiled import compiled
from sim.world.draws import Stream
from sim.world.keyed_draw import draw_once
from sim.world.natural_history import infect, infectious_days
from sim.world.numbers import count_up_to, stable_order
from sim.world.state import Floats, Ints, World
from sim.world.state_of_people import Person

NOT_INFECTED = 2.0


@compiled
def expose(person: Person, hazard: float) -> float:
    """Expose a susceptible person to a hazard.

    Returns:
        How far into the exposure the person is infected, as a share of its hazard in (0, 1);
        ``NOT_INFECTED`` otherwise.
    """
    if hazard <= 0:
        return NOT_INFECTED
    person.threshold -= hazard
    return 1.0 + person.threshold / hazard if person.threshold < 0 else NOT_INFECTED


@compiled
def is_susceptible(person: Person) -> bool:
    """Tell whether a person has not been infected so far."""
    return person.infected_at == NEVER


@compiled
def mix(
    world: World,
    who: Ints,
    comes: Floats,
    leaves: Floats,
    location: int,
    hazard_per_day: float,
    from_outside: float,
) -> int:
    """Expose everybody who is in one place today to everybody else, by the time they share.

    In rounds: those who are infected today may infect others before the day is over, so they act
    in the next round, until a round infects nobody.

    Args:
        world: the world.
        who: people there, shape (n,); those who become infected are put first.
        comes: when each of them comes today, shape (n,).
        leaves: when each of them leaves, later than they come, shape (n,).
        location: code of the place.
        hazard_per_day: from one person at the peak of infectiousness to each other one.
        from_outside: hazard per day from someone unknown, who is always there.

    Returns:
        How many become infected.
    """
    # fmt: off
    first, after = 0, _mix_round(
        world, who, comes, leaves, who, comes, leaves, location, hazard_per_day, from_outside
    )
    while first < after:
        infected = _mix_round(
            world, who[first:after], comes[first:after], leaves[first:after],
            who[after:], comes[after:], leaves[after:], location, hazard_per_day, 0.0,
        )
        first, after = after, after + infected
    # fmt: on
    return after


@compiled
def _mix_round(
    world: World,
    acting: Ints,
    act_from: Floats,
    act_until: Floats,
    who: Ints,
    comes: Floats,
    leaves: Floats,
    location: int,
    hazard_per_day: float,
    from_outside: float,
) -> int:
    """Expose people to those of ``acting`` who are infectious today; see ``mix``.

    Args:
        world: the world.
        acting: those who may be infectious, shape (m,).
        act_from: when each of them comes today, shape (m,).
        act_until: when each of them leaves, shape (m,).
        who: those who are exposed, shape (n,); those who become infected are put first.
        comes: when each of them comes today, shape (n,).
        leaves: when each of them leaves, shape (n,).
        location: code of the place.
        hazard_per_day: from one person at the peak of infectiousness to each other one.
        from_outside: hazard per day from someone unknown, who is always there.

    Returns:
        How many become infected.
    """
    people, day = world.people, world.run[0].day
    # Those who are infectious all day come first: their hazards are summed up once.
    here = _infectious_here(world, acting, act_from, act_until)
    infectors, rates = np.empty(len(here), np.int64), np.empty(len(here))
    begins, ends = np.empty(len(here)), np.empty(len(here))
    all_day = infectious = 0
    for partly in range(2):
        for n in here:
            i = acting[n]
            person = people[i]
            since = max(person.infectious_from, act_from[n])
            until = min(person.infectious_until, act_until[n])
            if (since == day and until == day + 1) == (partly == 0):
                infectors[infectious], begins[infectious], ends[infectious] = i, since, until
                load = infectious_days(world, person, since, until)
                rates[infectious] = hazard_per_day * load / (until - since)
                infectious += 1
        if partly == 0:
            all_day = infectious
    if infectious == 0 and from_outside == 0:
        return 0
    up_to = np.zeros(all_day + 1)
    for k in range(all_day):
        up_to[k + 1] = up_to[k] + rates[k]
    bends, so_far = _partial_hazard(begins, ends, rates, all_day, infectious)

    victims = 0
    progress, hazards = np.empty(len(who)), np.empty(len(who))
    for n in range(len(who)):
        i = who[n]
        if not is_susceptible(people[i]):
            continue
        hazard = (from_outside + up_to[all_day]) * (leaves[n] - comes[n])
        if infectious > all_day:
            partial = _at(bends, so_far, leaves[n]) - _at(bends, so_far, comes[n])
            hazard += max(partial, 0.0)
        share = expose(people[i], hazard)
        if share != NOT_INFECTED:
            progress[victims], hazards[victims] = share, hazard
            who[n], who[victims] = who[victims], i
            comes[n], comes[victims] = comes[victims], comes[n]
            leaves[n], leaves[victims] = leaves[victims], leaves[n]
            victims += 1

    for n in range(victims):
        infector, since, until = EXTERNAL, comes[n], leaves[n]
        k = _infector(
            world, who[n], hazards[n], since, until, up_to, rates, begins, ends, infectious,
            from_outside,
        )  # fmt: skip
        if k < infectious:
            infector = infectors[k]
            since, until = max(since, begins[k]), min(until, ends[k])
        infect(world, who[n], since + progress[n] * (until - since), infector, location)
    return victims


@compiled
def _infectious_here(world: World, who: Ints, comes: Floats, leaves: Floats) -> Ints:
    """Return which of those in one place are infectious for some of the time; see ``mix``."""
    here, infectious = np.empty(len(who), np.int64), 0
    for n in range(len(who)):
        person = world.people[who[n]]
        since = max(person.infectious_from, comes[n])
        if since < min(person.infectious_until, leaves[n]):
            here[infectious] = n
            infectious += 1
    return here[:infectious]


@compiled
def _infector(
    world: World,
    i: int,
    hazard: float,
    comes: float,
    leaves: float,
    up_to: Floats,
    rates: Floats,
    begins: Floats,
    ends: Floats,
    infectious: int,
    from_outside: float,
) -> int:
    """Return the number of the infector of person ``i``, in proportion to the shared hazards.

    ``hazard`` is their sum, with that from someone unknown.

    Returns:
        From 0 on; ``infectious`` is someone unknown.
    """
    all_day = len(up_to) - 1
    left = draw_once(world, Stream.INFECTOR, world.people[i]) * hazard
    if left < up_to[all_day] * (leaves - comes):
        return count_up_to(left / (leaves - comes), up_to, 1, all_day)
    sum_so_far, last = up_to[all_day] * (leaves - comes), all_day - 1
    for k in range(all_day, infectious):
        shared = rates[k] * max(min(leaves, ends[k]) - max(comes, begins[k]), 0.0)
        sum_so_far += shared
        if shared > 0:
            last = k
        if left < sum_so_far:
            return k
    return infectious if from_outside > 0 else last


@compiled
def _partial_hazard(
    begins: Floats, ends: Floats, rates: Floats, first: int, last: int
) -> tuple[Floats, Floats]:
    """Return the cumulative hazard of those who are infectious for a part of the day.

    Returns:
        The times at which it bends, ascending, and how much comes before each of them.
    """
    number = last - first
    times = np.empty(2 * number)
    for k in range(number):
        times[k], times[number + k] = begins[first + k], ends[first + k]
    order = stable_order(times)
    bends, so_far = np.empty(2 * number), np.empty(2 * number)
    rate, total = 0.0, 0.0
    for n in range(2 * number):
        bends[n] = times[order[n]]
        if n > 0:
            total += rate * (bends[n] - bends[n - 1])
        so_far[n] = total
        if order[n] < number:
            rate += rates[first + order[n]]
        else:
            rate -= rates[first + order[n] - number]
    return bends, so_far


@compiled
def _at(bends: Floats, so_far: Floats, time: float) -> float:
    """Return a cumulative hazard at ``time``."""
    n = count_up_to(time, bends, 0, len(bends)) - 1
    if n < 0:  # nobody so far
        return 0.0
    if n == len(bends) - 1 or bends[n] == time:
        return float(so_far[n])
    slope = (so_far[n + 1] - so_far[n]) / (bends[n + 1] - bends[n])
    return float(so_far[n] + slope * (time - bends[n]))
