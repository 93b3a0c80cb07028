"""Bootstrap intervals of indices that are shares: they contain the estimate and stay in 0 to 1."""

import numpy as np

from sim.world.draws import FloatArray


def with_interval(estimate: float, resampled: FloatArray) -> FloatArray:
    """Return an index with the ends of its 90 % interval, shape (3,): index, low, high.

    Resampling is biased for such indices: points that are drawn twice make groups look more
    alike than they are. So the resampled values are moved until their median is the estimate
    (bias-corrected; Efron and Tibshirani 1993, An Introduction to the Bootstrap, section 10.2,
    with medians). What sampling error puts below 0 or above 1 is cut there.

    Args:
        estimate: of all points, before it is cut; nan if there is none.
        resampled: of points drawn with replacement, nan where there is none, shape (resamples,).

    Returns:
        Low and high are nan without a resampled value, and all three without an estimate.
    """
    known = resampled[np.isfinite(resampled)]
    if not np.isfinite(estimate) or not len(known):
        return np.asarray(np.clip([estimate, np.nan, np.nan], 0.0, 1.0), dtype=np.float64)
    low, median, high = np.quantile(known, [0.05, 0.5, 0.95])
    index = estimate + np.array([0.0, low - median, high - median])
    return np.asarray(np.clip(index, 0.0, 1.0), dtype=np.float64)
