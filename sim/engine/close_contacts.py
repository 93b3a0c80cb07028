"""People who live together, and what an infected one of them does to the others."""

from enum import IntEnum

import numpy as np

from sim.engine.compiled import compiled
from sim.engine.contagion import NOT_INFECTED, expose, is_susceptible
from sim.engine.draws import draw_once
from sim.engine.lists import append, remove_after
from sim.engine.natural_history import infect, infectious_days
from sim.engine.state import NEVER, NONE, List, Person, World
from sim.world.draws import Stream

_NOT_YET = -1.0


class Together(IntEnum):
    """How people live together."""

    ROOM = 0
    """In quarantine."""
    HOUSEHOLD = 1
    NEXT_DOOR = 2
    """To the arrival who begins the hospital outbreak."""


@compiled
def add_pair(world: World, pairs: List, infected: int, exposed: int) -> None:
    """Remember an infected person and somebody whom they can infect."""
    if is_susceptible(world.people[exposed]):
        append(world, pairs, exposed, _NOT_YET, 0, infected)


@compiled
def mix_close_contacts(
    world: World, pairs: List, kind: int, hazard_per_day: float, location: int, victims: List
) -> None:
    """Expose people to those they live with, for the part of today that they share.

    Asked again on the same day, it exposes the pairs that were added since.

    Args:
        world: the world.
        pairs: of an exposed person and an infected one (``other``); ``time`` is the day on which
            they were mixed last. Pairs that cannot go on are left out from now on.
        kind: how they live together, see ``Together``.
        hazard_per_day: from the one to the other at the peak of infectiousness.
        location: code of the place, unless it is that of the quarantine site.
        victims: those who become infected are added here, in the order of their numbers.
    """
    people, day = world.people, world.run[0].day
    exposed, infected = np.empty(pairs.length, np.int64), np.empty(pairs.length, np.int64)
    begins, ends = np.empty(pairs.length), np.empty(pairs.length)
    now, before, number = 0, NONE, pairs.first
    while number != NONE:
        pair = world.entries[number]
        if pair.time == day:
            before, number = number, pair.next
            continue
        i, by = pair.person, pair.other
        until = min(_until(people[by], kind), _until(people[i], kind), people[by].infectious_until)
        if until <= day or not is_susceptible(people[i]):
            number = remove_after(world, pairs, before, number)
            continue
        pair.time = float(day)
        together = max(_since(world, by, kind), _since(world, i, kind), float(day))
        since = max(people[by].infectious_from, together)
        if since < min(until, day + 1.0):
            exposed[now], infected[now] = i, by
            begins[now], ends[now] = since, min(until, day + 1.0)
            now += 1
        before, number = number, pair.next

    order = np.argsort(exposed[:now], kind="mergesort")
    hazards, first = np.empty(now), 0
    while first < now:
        i, last, hazard = exposed[order[first]], first, 0.0
        while last < now and exposed[order[last]] == i:
            k = order[last]
            load = infectious_days(world, people[infected[k]], begins[k], ends[k])
            hazards[last] = hazard_per_day * load
            hazard += hazards[last]
            last += 1
        progress = expose(people[i], hazard)
        if progress != NOT_INFECTED:
            u, chosen, up_to = draw_once(world, Stream.INFECTOR, people[i]), first, hazards[first]
            while chosen < last - 1 and up_to <= u * hazard:
                chosen += 1
                up_to += hazards[chosen]
            k = order[chosen]
            place = location
            if kind == Together.ROOM:
                place = world.sites[people[i].site].location
            infect(world, i, begins[k] + progress * (ends[k] - begins[k]), infected[k], place)
            append(world, victims, i, 0.0, 0, 0)
        first = last


@compiled
def out_of_contact_from(person: Person) -> float:
    """Return when a positive test or tracing takes a person in a town out of contact."""
    return min(person.first_positive_at, person.isolated_at)


@compiled
def _since(world: World, i: int, kind: int) -> float:
    """Return from when on a person is where they live."""
    if kind == Together.ROOM:
        return world.people[i].quarantined_at
    if kind == Together.HOUSEHOLD:
        return world.people[i].at_large_from
    return world.run[0].outbreak_arrives if i == world.run[0].arrival else -NEVER


@compiled
def _until(person: Person, kind: int) -> float:
    """Return when a person leaves where they live, as far as it is known today."""
    if kind == Together.ROOM:
        return min(person.first_positive_at, person.released_at)
    return out_of_contact_from(person)
