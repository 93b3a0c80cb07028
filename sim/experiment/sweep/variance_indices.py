"""Sobol' indices of first and total order of a sweep whose design is made for them.

The first-order index of a factor is the share of the variance that the factor explains alone, the
total-order index the share that it has any part in (Saltelli et al. 2010, Computer Physics
Communications 181:259-270, the default estimators of SciPy). What varies is the mean paired
difference at a point: all points have the same pairs of parameters and luck, so that it is a
function of the factors and has no noise of its own.
"""

from dataclasses import dataclass

import numpy as np
from scipy.stats import sobol_indices

from sim.world.draws import FloatArray

_BOOTSTRAPS = 999

_SEED = 0


@dataclass(frozen=True)
class VarianceIndices:
    """Indices of every factor, with the ends of their 90 % bootstrap intervals.

    Attributes:
        first_order: index, low and high, shape (3, factors).
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
    if not np.isfinite(values).all() or not np.ptp([a, b]):
        nothing = np.full((3, factors), np.nan)
        return VarianceIndices(nothing, nothing)
    found = sobol_indices(
        func={"f_A": a[None], "f_B": b[None], "f_AB": np.stack(mixtures)[:, None]},
        n=len(a),
        rng=np.random.default_rng(_SEED),
    )
    again = found.bootstrap(confidence_level=0.9, n_resamples=_BOOTSTRAPS)
    first, total = (
        np.stack([index.ravel(), interval.low.ravel(), interval.high.ravel()])
        for index, interval in (
            (found.first_order, again.first_order.confidence_interval),
            (found.total_order, again.total_order.confidence_interval),
        )
    )
    return VarianceIndices(first, total)
