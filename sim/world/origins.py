"""Where local infections come from: the person outside the towns at the head of each chain."""

from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np

from sim.world.draws import IntArray
from sim.world.state import NEVER, CaughtBy

if TYPE_CHECKING:
    from sim.world.model import BorderModel


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


def heads_of(infector: IntArray, local: IntArray, rows: IntArray) -> IntArray:
    """Return the head of the chain of infection of each of ``rows``.

    Args:
        infector: who infected each person; negative for somebody outside the table.
        local: mask of residents.
        rows: infected residents, shape (n,).

    Returns:
        The first person up the chain who is no resident, or the resident infected from outside.
    """
    heads: IntArray = rows.copy()
    while True:
        above = infector[heads]
        climbing = ((above >= 0) & local[heads]).nonzero()[0]
        if not len(climbing):
            return heads
        heads[climbing] = above[climbing]


def origins_of(model: "BorderModel", rows: IntArray) -> IntArray:
    """Return the ``Origin`` of each infected resident in ``rows``, shape (n,)."""
    people = model.people
    heads = heads_of(people.infector, people.local, rows)
    origins = np.full(len(rows), Origin.RELEASED)
    origins[people.released_at[heads] < people.planned_release[heads]] = Origin.BREACHED
    unseen = (people.tried_at[heads] < NEVER) & (people.caught_by[heads] == CaughtBy.NOT_CAUGHT)
    origins[unseen] = Origin.ILLEGAL
    origins[people.local[heads]] = Origin.START
    if model.hospital_outbreak is not None:
        origins[heads == model.hospital_outbreak.arrival] = Origin.HOSPITAL_OUTBREAK
    return origins


def local_infections_by_day(model: "BorderModel") -> IntArray:
    """Return infected residents by day of infection and origin, shape (days, origins)."""
    people, days = model.people, model.scenario.calendar.days
    table = np.zeros((days, len(Origin)), dtype=np.int64)
    rows = (people.infected & people.local).nonzero()[0]
    if len(rows):
        day = np.clip(people.infected_at[rows], 0, days - 1).astype(np.int64)
        np.add.at(table, (day, origins_of(model, rows)), 1)
    return table
