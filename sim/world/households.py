"""Which residents live together, without a list of them all.

Residents are numbered. Their households repeat one block of households over and over, whose
sizes have the proportions of the scenario, so that the household of a resident is arithmetic.
Who of the place a number stands for is a random permutation: see ``shuffled``.
"""

import numpy as np

from sim.world.compiled import compiled
from sim.world.draws import Stream
from sim.world.keyed_draw import draw
from sim.world.state import World
from sim.world.state_of_institutions import Community

_ROUNDS = 6


@compiled
def resident_key(community: Community, resident: int) -> int:
    """Return the key that a resident's random numbers are drawn by."""
    return community.key + np.uint64(resident)  # type: ignore[return-value]


@compiled
def members(world: World, community: Community, resident: int) -> tuple[int, int]:
    """Return the first of those who live with a resident, and the number after the last.

    ``World.tables`` holds the size of the household of each resident of a block, and then the
    number of its first member.
    """
    place = resident % community.block
    at = community.households + place
    first = resident - place + int(world.tables[at + community.block])
    return first, min(first + int(world.tables[at]), community.people)


@compiled
def shuffled(world: World, community: Community, number: int) -> int:
    """Return the resident that a number stands for: a random permutation of 0 to people - 1.

    A Feistel network on the smallest near-square of numbers that holds them all, followed until
    it leads into the range (Black and Rogaway 2002, Topics in Cryptology, LNCS 2271:114). So the
    n-th resident of a random order is known without the others.
    """
    columns = community.columns
    rows = (community.people + columns - 1) // columns
    while True:
        column, row = number % columns, number // columns
        for turn in range(_ROUNDS):
            fixed = row if turn % 2 == 0 else column
            u = draw(world, Stream.RESIDENT_SHUFFLE, resident_key(community, fixed), turn)
            if turn % 2 == 0:
                column = (column + int(u * columns)) % columns
            else:
                row = (row + int(u * rows)) % rows
        number = row * columns + column
        if number < community.people:
            return number
