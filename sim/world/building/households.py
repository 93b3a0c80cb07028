"""A block of households whose sizes have the proportions of a scenario."""

from functools import lru_cache

import numpy as np

from sim.world.draws import FloatArray, IntArray

_HOUSEHOLDS_A_BLOCK = 1000


@lru_cache(maxsize=64)
def block_of_households(shares: tuple[float, ...]) -> FloatArray:
    """Return the households of a block of residents, made once.

    Args:
        shares: share of households with one, two, ... people.

    Returns:
        For each resident of the block the size of the household, and then, for each, its first
        member.
    """
    counts = _whole_numbers(shares)
    sizes = np.repeat(np.arange(1, len(shares) + 1), counts)
    # Every size evenly over the block, so that a part of it has the proportions too.
    places = np.concatenate([(np.arange(count) + 0.5) / count for count in counts])
    sizes = sizes[np.argsort(places, kind="stable")]
    firsts = np.cumsum(sizes) - sizes
    return np.concatenate([np.repeat(sizes, sizes), np.repeat(firsts, sizes)]).astype(np.float64)


def _whole_numbers(shares: tuple[float, ...]) -> IntArray:
    """Return how many households of a block have each size (largest remainders)."""
    exact: FloatArray = np.array(shares) * _HOUSEHOLDS_A_BLOCK
    counts = np.floor(exact + 1e-9).astype(np.int64)
    missing = _HOUSEHOLDS_A_BLOCK - int(counts.sum())
    counts[np.argsort(counts - exact, kind="stable")[:missing]] += 1
    return counts
