"""Proposals of other parameters, as normal scores; both stages of a fit make the same ones."""

import numpy as np

from sim.world.draws import FloatArray

_REDRAWN = 0.5
"""Share of the proposals that redraw some of the parameters from the prior."""

_SHARES_REDRAWN = (0.0, 0.1, 0.3)
"""Shares of the parameters that are redrawn together, beside a single one."""

_SHARES_MOVED = (0.1, 0.3, 1.0)
"""Shares of the parameters that move together along a difference, beside a single one."""


def other_scores(
    rng: np.random.Generator, here: FloatArray, points: FloatArray
) -> tuple[FloatArray, float]:
    """Propose other scores.

    Args:
        rng: random numbers.
        here: scores of the present state, shape (parameters,).
        points: scores whose differences are proposed, shape (n, parameters).

    Returns:
        The scores, and the log ratio there to here of prior times proposal, which Metropolis' rule
        multiplies the kernel by.
    """
    if rng.random() < _REDRAWN:
        # What the prior favours is proposed more often, so that nothing is left of the ratio.
        return _redrawn(rng, here), 0.0
    there = _along_a_difference(rng, here, points)
    # Such proposals are symmetric, and scores are standard normal under the prior.
    return there, 0.5 * float(np.square(here).sum() - np.square(there).sum())


def _redrawn(rng: np.random.Generator, here: FloatArray) -> FloatArray:
    """Redraw some of the parameters from the prior.

    What the counts do not see takes on its prior by this within a few moves, wherever it began.
    """
    redrawn = rng.random(len(here)) < rng.choice(_SHARES_REDRAWN)
    redrawn[rng.integers(len(redrawn))] = True
    draws = rng.standard_normal(len(redrawn))
    return np.where(redrawn, draws, here)


def _along_a_difference(
    rng: np.random.Generator, here: FloatArray, points: FloatArray
) -> FloatArray:
    """Move along the difference of two of the points.

    Differential evolution (ter Braak 2006, Statistics and Computing 16:239) with a fixed
    population; a random part of the parameters moves, by a random fraction of the difference.
    """
    one, other = rng.choice(len(points), size=2, replace=False)
    fraction = 10.0 ** rng.uniform(-1.5, 0.0)
    moved = rng.random(len(here)) < rng.choice(_SHARES_MOVED)
    moved[rng.integers(len(moved))] = True
    step = fraction * (points[one] - points[other])
    step += rng.normal(0.0, 0.02, len(moved))
    return here + np.where(moved, step, 0.0)
