"""Which residents live together, without a list of them all.

Residents are numbered. Their households repeat one block of households over and over, whose
sizes have the proportions of the scenario, so that the household of a resident is arithmetic.
Who of the town a number stands for is a random permutation: see ``shuffled``.
"""

import math
from collections.abc import Sequence

import numpy as np

from sim.world.draws import Draws, FloatArray, IntArray, Stream

_HOUSEHOLDS_A_BLOCK = 1000
_ROUNDS = 6


class Households:
    """The households of ``people`` residents.

    Args:
        people: number of residents.
        shares: share of households with one, two, ... people.
    """

    def __init__(self, people: int, shares: Sequence[float]) -> None:
        self._people = people
        counts = _whole_numbers(shares)
        sizes = np.repeat(np.arange(1, len(shares) + 1), counts)
        # Every size evenly over the block, so that a part of it has the proportions too.
        places = np.concatenate([(np.arange(count) + 0.5) / count for count in counts])
        sizes = sizes[np.argsort(places, kind="stable")]
        self._size_of = np.repeat(sizes, sizes)
        self._first_of = np.repeat(np.cumsum(sizes) - sizes, sizes)
        self._block = len(self._size_of)

    def members(self, resident: int) -> list[int]:
        """Return the numbers of all who live with ``resident``, who is one of them."""
        block, place = divmod(resident, self._block)
        first = block * self._block + int(self._first_of[place])
        return list(range(first, min(first + int(self._size_of[place]), self._people)))


def _whole_numbers(shares: Sequence[float]) -> IntArray:
    """Return how many households of a block have each size (largest remainders)."""
    exact: FloatArray = np.array(shares) * _HOUSEHOLDS_A_BLOCK
    counts = np.floor(exact + 1e-9).astype(np.int64)
    missing = _HOUSEHOLDS_A_BLOCK - int(counts.sum())
    counts[np.argsort(counts - exact, kind="stable")[:missing]] += 1
    return counts


def shuffled(numbers: IntArray, people: int, key: int, draws: Draws) -> IntArray:
    """Return the residents that ``numbers`` stand for: a random permutation of 0 to people - 1.

    A Feistel network on the smallest near-square of numbers that holds them all, followed until
    it leads into the range (Black and Rogaway 2002, Topics in Cryptology, LNCS 2271:114). So the
    n-th resident of a random order is known without the others.
    """
    columns = math.isqrt(people - 1) + 1
    sides = (columns, -(-people // columns))
    result = numbers.copy()
    outside = np.arange(len(result))
    while len(outside):
        halves = [result[outside] % columns, result[outside] // columns]
        for number in range(_ROUNDS):
            moved, other = number % 2, 1 - number % 2
            keys = halves[other].astype(np.uint64) + np.uint64(key)
            mixed = draws.uniform(Stream.RESIDENT_SHUFFLE, keys, number) * sides[moved]
            halves[moved] = (halves[moved] + mixed.astype(np.int64)) % sides[moved]
        result[outside] = halves[1] * columns + halves[0]
        outside = outside[result[outside] >= people]
    return result
