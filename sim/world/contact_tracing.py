"""Contact tracing: who was infected by a registered person, infected it, or lives with it.

Contacts who were not infected cost work but change nothing, so they are not made. A contact who
is isolated stays so until the infection is over.
"""

import numpy as np

from sim.world.agenda import due_today, plan
from sim.world.codes import NEVER, NONE, Due, FoundBy, Register, Stage
from sim.world.community import restrict_household
from sim.world.compiled import compiled, entry
from sim.world.draws import Stream
from sim.world.event_counts import count
from sim.world.institution import Institution
from sim.world.keyed_draw import draw_once
from sim.world.laboratory import PCR, receive
from sim.world.lists import pop
from sim.world.numbers import stable_order
from sim.world.state import Floats, Ints, World
from sim.world.state_of_people import List
from sim.world.surveillance import Flow

_SWABS = (0.0, 7.0, 13.0)
"""Days after isolation on which a contact is swabbed."""


@compiled
def follow_up(world: World, registered: List) -> None:
    """Look for the contacts of newly registered cases who have been in the community.

    Args:
        world: the world.
        registered: the cases, and when each was registered; it is left as it is.
    """
    cases, times = np.empty(registered.length, np.int64), np.empty(registered.length)
    known, place = 0, registered.first
    while place != NONE:
        if world.people[world.entries[place].person].in_community_from < NEVER:
            cases[known], times[known] = world.entries[place].person, world.entries[place].time
            known += 1
        place = world.entries[place].next
    if known == 0:
        return
    for number in range(len(world.communities)):
        for n in range(known):
            restrict_household(world, world.communities[number], cases[n], times[n])
        if world.communities[number].spreading.first != NONE:
            _search(world, number, cases[:known], times[:known])


@compiled
def _search(world: World, number: int, cases: Ints, times: Floats) -> None:
    """Find some of the infected people of a community who are contacts of cases."""
    community, people = world.communities[number], world.people
    share: float = world.in_force[community.unit, world.run[0].day].contact_tracing
    if share == 0:
        return
    infectors, households = np.empty(len(cases), np.int64), np.empty(len(cases), np.int64)
    for n in range(len(cases)):
        infectors[n], households[n] = people[cases[n]].infector, people[cases[n]].household
    cases, of_case = _by_key(cases, times)
    infectors, of_infector = _by_key(infectors, times)
    households, of_household = _by_key(households, times)
    place = community.spreading.first
    while place != NONE:
        i = world.entries[place].person
        place = world.entries[place].next
        person = people[i]
        if person.isolated_at < NEVER or draw_once(world, Stream.TRACED, person) >= share:
            continue
        known = min(
            _earliest(cases, of_case, person.infector),
            _earliest(infectors, of_infector, i),
            _earliest(households, of_household, person.household),
        )
        if known < NEVER:
            call_in(world, i, known + community.tracing_delay)


@compiled
def _by_key(keys: Ints, times: Floats) -> tuple[Ints, Floats]:
    """Return keys and their times by key, then time."""
    by_time = stable_order(times)
    keys_by_time = np.empty(len(keys), np.int64)
    for n in range(len(keys)):
        keys_by_time[n] = keys[by_time[n]]
    by_key = stable_order(keys_by_time)
    sorted_keys, sorted_times = np.empty(len(keys), np.int64), np.empty(len(keys))
    for n in range(len(keys)):
        sorted_keys[n], sorted_times[n] = keys_by_time[by_key[n]], times[by_time[by_key[n]]]
    return sorted_keys, sorted_times


@compiled
def _earliest(keys: Ints, times: Floats, wanted: int) -> float:
    """Return the earliest of the times that a key has, or never; negative ones are nobody's."""
    place = np.searchsorted(keys, wanted)
    if wanted >= 0 and place < len(keys) and keys[place] == wanted:
        return float(times[place])
    return NEVER


@compiled
def call_in(world: World, i: int, time: float) -> None:
    """Isolate and swab an infected person at ``time``."""
    plan(world, Due.CONTACT_FOUND, i, time, 0, 0)


@entry
def take_tracing_swabs(world: World) -> None:
    """Isolate the contacts reached today, and swab those in isolation who are due."""
    _isolate_contacts(world)
    due = due_today(world, Due.CONTACT_SWAB)
    while due.first != NONE:
        i, time = pop(world, due)
        if time < world.people[i].first_positive_at:
            receive(world, i, time, FoundBy.TRACING, PCR)


@compiled
def _isolate_contacts(world: World) -> None:
    """Isolate the contacts reached today, each once: whom several cases name, for the first."""
    due = due_today(world, Due.CONTACT_FOUND)
    found = due.length
    if due.first == NONE:
        return
    contacts, times = np.empty(found, np.int64), np.empty(found)
    for n in range(found):
        contacts[n], times[n] = pop(world, due)
    order, last = stable_order(contacts), NONE
    for n in order:
        i = contacts[n]
        if i != last:
            # Those who are called in for yesterday are reached today.
            _isolate(world, i, max(times[n], float(world.run[0].day)))
        last = i


@compiled
def _isolate(world: World, i: int, time: float) -> None:
    person = world.people[i]
    if time >= person.first_positive_at or person.stage == Stage.CONTACT:
        return
    person.isolated_at = min(person.isolated_at, time)
    # A result later today has moved some to a hospital already.
    if person.register == Register.NONE:
        person.stage = Stage.CONTACT
    person.seeks_care = True
    count(world, Flow.TRACED, person.location, time)
    for offset in _SWABS:
        plan(world, Due.CONTACT_SWAB, i, time + offset, 0, 0)


class ContactTracing(Institution):
    """Finds the contacts of those who are registered, isolates them and has them swabbed."""

    def take_swabs(self) -> None:
        """Isolate the contacts who are found today, and take the swabs that are due."""
        take_tracing_swabs(self.world)
