"""Where local infections come from: the person outside the towns at the head of each chain."""

from enum import IntEnum

import numpy as np

from sim.world.codes import NEVER, CaughtBy
from sim.world.compiled import compiled, entry
from sim.world.state import Ints, World


class Origin(IntEnum):
    """How the infection at the head of a chain came into town."""

    RELEASED = 0
    BREACHED = 1
    ILLEGAL = 2
    HOSPITAL_OUTBREAK = 3
    START = 4


ORIGIN_LABELS = {
    Origin.RELEASED: "released from quarantine",
    Origin.BREACHED: "broke quarantine",
    Origin.ILLEGAL: "crossed unseen",
    Origin.HOSPITAL_OUTBREAK: "hospital outbreak",
    Origin.START: "there at the start",
}


@compiled
def head_of(world: World, i: int) -> int:
    """Return the head of a resident's chain of infection.

    That is the first person up the chain who is no resident, or the resident infected from outside.
    """
    head = i
    while world.people[head].local and world.people[head].infector >= 0:
        head = world.people[head].infector
    return head


@compiled
def origin_of(world: World, i: int) -> int:
    """Return the ``Origin`` of the infection of a person, which its chain has as a whole."""
    head = head_of(world, i)
    person = world.people[head]
    if head == world.run[0].arrival:
        return Origin.HOSPITAL_OUTBREAK
    if person.local:
        return Origin.START
    if person.tried_at < NEVER and person.caught_by == CaughtBy.NOT_CAUGHT:
        return Origin.ILLEGAL
    if person.released_at < person.planned_release:
        return Origin.BREACHED
    return Origin.RELEASED


@entry
def heads_of(world: World, rows: Ints) -> Ints:
    """Return the head of the chain of infection of each of ``rows``, shape (n,)."""
    heads = np.empty(len(rows), np.int64)
    for n in range(len(rows)):
        heads[n] = head_of(world, rows[n])
    return heads


@entry
def origins_of(world: World, rows: Ints) -> Ints:
    """Return the ``Origin`` of the infection of each of ``rows``, shape (n,)."""
    origins = np.empty(len(rows), np.int64)
    for n in range(len(rows)):
        origins[n] = origin_of(world, rows[n])
    return origins
