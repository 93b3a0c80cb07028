"""A block of households whose sizes have the proportions of a scenario."""

from collections.abc import Sequence

import numpy as np

from sim.world.draws import FloatArray, IntArray

_HOUSEHOLDS_A_BLOCK = 1000


def block_of_households(shares: Sequence[float]) -> tuple[IntArray, IntArray]:
    """Return the households of a block of residents.

    Args:
        shares: share of households with one, two, ... people.

    Returns:
        For each resident of the block the size of the household, and its first member.
    """
    counts = _whole_numbers(shares)
    sizes = np.repeat(np.arange(1, len(shares) + 1), counts)
    # Every size evenly over the block, so that a part of it has the proportions too.
    places = np.concatenate([(np.arange(count) + 0.5) / count for count in counts])
    sizes = sizes[np.argsort(places, kind="stable")]
    return np.repeat(sizes, sizes), np.repeat(np.cumsum(sizes) - sizes, sizes)


def _whole_numbers(shares: Sequence[float]) -> IntArray:
    """Return how many households of a block have each size (largest remainders)."""
    exact: FloatArray = np.array(shares) * _HOUSEHOLDS_A_BLOCK
    counts = np.floor(exact + 1e-9).astype(np.int64)
    missing = _HOUSEHOLDS_A_BLOCK - int(counts.sum())
    counts[np.argsort(counts - exact, kind="stable")[:missing]] += 1
    return counts
