"""People who live together, and what an infected one of them does to the others.

A pair is an entry: the infected person, the exposed one in ``other``, and in ``what`` the day
after the one on which the pair last met.
"""

from enum import IntEnum

import numpy as np

from sim.world.codes import NEVER, NONE
from sim.world.compiled import compiled
from sim.world.contagion import NOT_INFECTED, expose, is_susceptible
from sim.world.draws import Stream
from sim.world.keyed_draw import draw_once
from sim.world.lists import append, remove_after
from sim.world.natural_history import infect, infectious_days
from sim.world.numbers import stable_order
from sim.world.state import Floats, Ints, World
from sim.world.state_of_people import List, Person


class Together(IntEnum):
    """Why people meet every day until one of them leaves."""

    ROOM = 0
    HOUSEHOLD = 1
    NEXT_DOOR = 2


@compiled
def add_pair(world: World, pairs: List, infected: int, exposed: int) -> None:
    """Remember that an infected person meets another one every day, if that one is susceptible."""
    if is_susceptible(world.people[exposed]):
        append(world, pairs, infected, 0.0, 0, exposed)


@compiled
def mix_close_contacts(
    world: World, pairs: List, kind: int, hazard_per_day: float, location: int, victims: List
) -> None:
    """Expose people to each other for the part of today that they share.

    Asked again on the same day, it exposes the pairs that were added since.

    Args:
        world: the world.
        pairs: of an infected and a susceptible person; those that are over are taken out.
        kind: why they meet, a ``Together``.
        hazard_per_day: from the one to the other at the peak of infectiousness.
        location: code of the place; that of room-mates is the place of their site.
        victims: those who become infected are put at its end, in the order of their numbers.
    """
    people, day = world.people, world.run[0].day
    infected, exposed = np.empty(pairs.length, np.int64), np.empty(pairs.length, np.int64)
    begins, ends = np.empty(pairs.length), np.empty(pairs.length)
    now, before, number = 0, NONE, pairs.first
    while number != NONE:
        pair = world.entries[number]
        if pair.what == day + 1:
            before, number = number, pair.next
            continue
        one, other = pair.person, pair.other
        until = min(leaves(people[one], kind), leaves(people[other], kind))
        until = min(until, people[one].infectious_until)
        if until <= day or not is_susceptible(people[other]):
            number = remove_after(world, pairs, before, number)
            continue
        pair.what = day + 1
        since = max(comes(world, one, kind), comes(world, other, kind))
        since = max(people[one].infectious_from, since, float(day))
        until = min(until, day + 1.0)
        if since < until:
            infected[now], exposed[now], begins[now], ends[now] = one, other, since, until
            now += 1
        before, number = number, pair.next
    if now > 0:
        _expose_pairs(
            world,
            infected[:now],
            exposed[:now],
            begins[:now],
            ends[:now],
            kind,
            hazard_per_day,
            location,
            victims,
        )


@compiled
def comes(world: World, i: int, kind: int) -> float:
    """Return since when person ``i`` is there."""
    if kind == Together.ROOM:
        return world.people[i].quarantined_at
    if kind == Together.HOUSEHOLD:
        return world.people[i].in_community_from
    return world.run[0].outbreak_arrives if i == world.run[0].arrival else -NEVER


@compiled
def leaves(person: Person, kind: int) -> float:
    """Return when a person leaves, as far as it is known today."""
    if kind == Together.ROOM:
        return min(person.first_positive_at, person.released_at)
    return out_of_contact_from(person)


@compiled
def out_of_contact_from(person: Person) -> float:
    """Return when a positive test, tracing or self-isolation ends contacts in the community."""
    return min(person.first_positive_at, person.isolated_at)


@compiled
def _expose_pairs(
    world: World,
    infected: Ints,
    exposed: Ints,
    begins: Floats,
    ends: Floats,
    kind: int,
    hazard_per_day: float,
    location: int,
    victims: List,
) -> None:
    """Expose one person of every pair to the other, and infect those whose threshold is passed."""
    people, hazards = world.people, np.empty(len(infected))
    for k in range(len(infected)):
        load = infectious_days(world, people[infected[k]], begins[k], ends[k])
        hazards[k] = hazard_per_day * load
    order = stable_order(exposed)
    first = 0
    while first < len(order):
        i, after, hazard = exposed[order[first]], first, 0.0
        while after < len(order) and exposed[order[after]] == i:
            hazard += hazards[order[after]]
            after += 1
        progress = expose(people[i], hazard)
        if progress != NOT_INFECTED:
            left = draw_once(world, Stream.INFECTOR, people[i]) * hazard
            n, up_to = first, hazards[order[first]]
            while n < after - 1 and up_to <= left:
                n += 1
                up_to += hazards[order[n]]
            k = order[n]
            time = begins[k] + progress * (ends[k] - begins[k])
            place = world.sites[people[i].site].location if kind == Together.ROOM else location
            infect(world, i, time, infected[k], place)
            append(world, victims, i, time, 0, 0)
        first = after
