"""Residents who are followed one by one: made when something may happen to them.

They stand among the people after the travellers; ``World.rows`` finds them by their keys.
"""

import math

import numpy as np

from sim.world.codes import NEVER, NONE, Stage
from sim.world.compiled import compiled, entry
from sim.world.draws import Stream
from sim.world.households import members, resident_key, shuffled
from sim.world.keyed_draw import draw_once
from sim.world.state import Ints, World
from sim.world.state_of_institutions import Community

_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_UPPER_HALF = np.uint64(32)


@compiled
def row_of(world: World, key: int) -> int:
    """Return where the resident with a key stands among the people, or NONE."""
    return int(world.rows[_slot(world, key)]) - 1


@compiled
def _slot(world: World, key: int) -> int:
    """Return where in the hash table a key is, or where it would be put."""
    size = len(world.rows)
    slot = int(np.int64((key * _SPREAD) >> _UPPER_HALF)) & (size - 1)
    while world.rows[slot] != 0 and world.people[world.rows[slot] - 1].key != key:
        slot = (slot + 1) & (size - 1)
    return slot


@compiled
def place_resident(world: World, i: int) -> None:
    """Enter a resident into the hash table."""
    world.rows[_slot(world, world.people[i].key)] = i + 1


@entry
def place_residents(world: World) -> None:
    """Enter all residents into a hash table that is empty, as it is after it has grown."""
    for i in range(world.run[0].travellers, world.run[0].people):
        place_resident(world, i)


@compiled
def missing(world: World, community: Community, resident: int) -> int:
    """Return how many people have to be made for a resident to be followed."""
    if row_of(world, resident_key(community, resident)) != NONE:
        return 0
    first, after = _made_with(world, community, resident)
    number = 0
    for member in range(first, after):
        number += row_of(world, resident_key(community, member)) == NONE
    return number


@compiled
def _made_with(world: World, community: Community, resident: int) -> tuple[int, int]:
    """Return the range of residents who are made together with one."""
    if community.household_hazard > 0:
        return members(world, community, resident)
    return resident, resident + 1


@compiled
def follow(world: World, community: Community, resident: int) -> int:
    """Return the row of a resident, made now with the household if there was none."""
    i = row_of(world, resident_key(community, resident))
    if i != NONE:
        return i
    first, after = _made_with(world, community, resident)
    for member in range(first, after):
        if row_of(world, resident_key(community, member)) == NONE:
            _make(world, community, member)
    return row_of(world, resident_key(community, resident))


@compiled
def _make(world: World, community: Community, resident: int) -> None:
    i = world.run[0].people
    world.run[0].people += 1
    person = world.people[i]
    person.key = resident_key(community, resident)
    first, _ = members(world, community, resident)
    person.household = int(np.int64(community.key)) + first
    person.threshold = -math.log(draw_once(world, Stream.INFECTION_THRESHOLD, person))
    person.local, person.stage = True, Stage.RESIDENT
    person.location, person.in_community_from = community.location, -NEVER
    place_resident(world, i)


@compiled
def missing_for(world: World, community: Community, count: int) -> int:
    """Return how many people have to be made, at most, for ``someone``."""
    after, number = community.people - community.chosen, 0
    for place in range(max(0, after - count), after):
        number += missing(world, community, shuffled(world, community, place))
    return number


@compiled
def has_room_for(world: World, community: Community, count: int) -> bool:
    """Tell whether there is room for ``someone`` to follow ``count`` more; if not, ask for it."""
    run, needed = world.run[0], missing_for(world, community, count)
    if run.people + needed <= len(world.people):
        return True
    run.people_needed = needed
    return False


@compiled
def someone(world: World, community: Community, count: int) -> Ints:
    """Return the rows of ``count`` residents chosen at random, others at every call.

    There has to be room for those who are missing.
    """
    # From the end of the random order: those whom the community would infect last.
    after = community.people - community.chosen
    first = max(0, after - count)
    rows = np.empty(after - first, np.int64)
    for place in range(first, after):
        rows[place - first] = follow(world, community, shuffled(world, community, place))
    community.chosen += after - first
    return rows
