"""Sobol' indices of first and total order of a sweep whose design is made for them.

The first-order index of a factor is the share of the variance that the factor explains alone, the
total-order index the share that it has any part in. The estimators are those of Saltelli et al.
2010, Computer Physics Communications 181:259-270, table 2 (b) and (f). What varies is the mean
paired difference at a point: all points have the same pairs of parameters and random numbers, so
that it is a function of the factors and has no noise of its own.
"""

from dataclasses import dataclass

import numpy as np

from sim.experiment.sweep.share_intervals import with_interval
from sim.world.draws import FloatArray, IntArray

_BOOTSTRAPS = 999

_SEED = 0
"""Of the bootstrap, so that the same runs give the same intervals."""


@dataclass(frozen=True)
class VarianceIndices:
    """Indices of every factor, with the ends of their 90 % bootstrap intervals.

    Attributes:
        first_order: index, low and high, shape (3, factors); each from 0 to 1.
        total_order: as ``first_order``.
    """

    first_order: FloatArray
    total_order: FloatArray


def variance_indices(values: FloatArray, factors: int) -> VarianceIndices:
    """Return the indices of an outcome.

    Args:
        values: at the points of the design, in their order, shape (points * (factors + 2),).
        factors: how many there are.

    Returns:
        nan if the outcome does not vary, or was not found at every point.
    """
    a, b, *mixtures = values.reshape(factors + 2, -1)
    first, total = np.full((2, 3, factors), np.nan)
    if not np.isfinite(values).all() or not np.ptp([a, b]):
        return VarianceIndices(first, total)
    middle = float(np.mean([a, b]))
    rng = np.random.default_rng(_SEED)
    everything = np.arange(len(a))[np.newaxis]
    draws = rng.integers(len(a), size=(_BOOTSTRAPS, len(a)))
    for factor, mixture in enumerate(mixtures):
        centred = np.stack([a, b, mixture]) - middle
        (estimate,), again = (_indices(centred, rows) for rows in (everything, draws))
        for order, of in enumerate((first, total)):
            of[:, factor] = with_interval(float(estimate[order]), again[:, order])
    return VarianceIndices(first, total)


def _indices(values: FloatArray, rows: IntArray) -> FloatArray:
    """Return first and total order of one factor, shape (resamples, 2); nan without variance.

    Args:
        values: of both samples and of the mixture for the factor, shape (3, points).
        rows: points of each resample, shape (resamples, points).
    """
    a, b, mixture = values[:, rows]
    variance = np.concatenate([a, b], axis=1).var(axis=1)
    variance[variance == 0] = np.nan
    first = (b * (mixture - a)).mean(axis=1) / variance
    total = 0.5 * np.square(a - mixture).mean(axis=1) / variance
    return np.stack([first, total], axis=1)
