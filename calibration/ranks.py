"""Ranks of a truth among draws: uniform between 0 and 1 if the draws are from its distribution.

Simulation-based calibration (Talts et al. 2018, arXiv:1804.06788) with randomised ranks, because
counts have ties (Czado, Gneiting and Held 2009, Biometrics 65:1254): where truth and draws are
all zero the rank is uniform, and such a day neither helps nor harms. Ranks that are too often near
0 and 1 belong to draws that are too sure, ranks that are too often in the middle to draws that
are not sure enough, and ranks that are too often high to draws that are too low.
"""

from enum import StrEnum

import numpy as np
from scipy import special, stats

from sim.world.draws import FloatArray, IntArray

BINS = 20
"""Bins of a histogram of ranks, of equal width: the intervals below end where bins do."""

INTERVALS = {50: (0.25, 0.75), 90: (0.05, 0.95)}
"""Ranks of truths that are inside the central intervals, by percent."""

BAND = 0.99
"""Share of the bins that lie in the band, if ranks are uniform."""

_FAMILY = 0.05
"""Probability that any quantity of a study is called wrong if all ranks are uniform."""


class Shape(StrEnum):
    """What a histogram of ranks says about the draws."""

    UNIFORM = "no deviation found"
    TOO_SURE = "intervals too narrow"
    TOO_UNSURE = "intervals too wide"
    TOO_LOW = "predictions too low"
    TOO_HIGH = "predictions too high"


def ranks_of(
    truth: FloatArray | IntArray, draws: FloatArray | IntArray, rng: np.random.Generator
) -> FloatArray:
    """Return randomised ranks, (draws below + U (ties + 1)) / (draws + 1), shape (values,).

    If truth and draws are independent of each other and from one distribution, a rank is uniform
    between 0 and 1, however few the draws are.

    Args:
        truth: shape (values,).
        draws: shape (draws, values).
        rng: gives U, uniform between 0 and 1, one for every value.
    """
    below, ties = (draws < truth).sum(axis=0), (draws == truth).sum(axis=0)
    ranks: FloatArray = (below + rng.random(len(truth)) * (ties + 1)) / (len(draws) + 1)
    return ranks


def inside(ranks: FloatArray, percent: int) -> float:
    """Return the share of ``ranks`` whose truths are inside a central interval."""
    low, high = INTERVALS[percent]
    return float(((ranks >= low) & (ranks <= high)).mean())


def histogram(ranks: FloatArray) -> IntArray:
    """Return how many of ``ranks`` are in each bin, shape (BINS,)."""
    counts: IntArray = np.histogram(ranks, BINS, (0.0, 1.0))[0]
    return counts


def shares_of(counts: IntArray) -> FloatArray:
    """Return which share of the ranks of each set is in each bin, shape (sets, bins)."""
    shares: FloatArray = counts / counts.sum(axis=1, keepdims=True)
    return shares


def uniform_band(counts: IntArray) -> tuple[FloatArray, FloatArray]:
    """Return between which heights each bin lies with probability ``BAND`` if ranks are uniform.

    Ranks of one data set depend on each other, those of a series from day to day; only data sets
    are independent. Where a set has one rank, the number in a bin is binomial. Otherwise the error
    of a bin is taken from how its share varies between sets. It is larger at the ends, where the
    ranks of a set stay together, and is pooled with that of the bin at the same distance from the
    middle. Student's t makes it a band.

    Args:
        counts: of the ranks of every set, shape (sets, bins).

    Returns:
        The lowest and the highest share of ranks in each bin, shape (bins,) each; the share is a
        mean over sets with equal weights.
    """
    shares = shares_of(counts)
    sets, bins = shares.shape
    outside = (1.0 - BAND) / 2
    if (counts.sum(axis=1) == 1).all():
        ends = stats.binom.ppf([outside, 1.0 - outside], sets, 1 / bins) / sets
        return np.full(bins, ends[0]), np.full(bins, ends[1])
    away = np.square(shares - 1 / bins).mean(axis=0)
    error = np.sqrt((away + away[::-1]) / 2 / sets)
    reach = float(special.stdtrit(max(1, sets - 1), 1.0 - outside)) * error
    return np.maximum(0.0, 1 / bins - reach), 1 / bins + reach


def shapes_of(counts: dict[str, IntArray]) -> dict[str, Shape]:
    """Return what ranks say of every quantity.

    Two t-tests over data sets a quantity: is the mean rank a half, and is the mean square of
    2 rank - 1 a third, as they are if ranks are uniform? Errors are shared out among all tests
    (Bonferroni). The test that deviates more decides.

    Args:
        counts: of the ranks of every set in bins, by quantity, shape (sets, bins) each.
    """
    level = _FAMILY / (2 * max(1, len(counts)))
    return {quantity: _shape(of, level) for quantity, of in counts.items()}


def _shape(counts: IntArray, level: float) -> Shape:
    shares = shares_of(counts)
    sets, bins = shares.shape
    if sets < 2:
        return Shape.UNIFORM
    middles = 2 * (np.arange(bins) + 0.5) / bins - 1
    shift = shares @ middles
    # A rank is taken to be in the middle of its bin, and so are uniform ones.
    spread = shares @ (np.square(middles) - np.square(middles).mean())
    farther = float(special.stdtrit(sets - 1, 1 - level / 2))
    scores = {
        (Shape.TOO_LOW, Shape.TOO_HIGH): _student(shift),
        (Shape.TOO_SURE, Shape.TOO_UNSURE): _student(spread),
    }
    (above, below), score = max(scores.items(), key=lambda item: abs(item[1]))
    if abs(score) < farther:
        return Shape.UNIFORM
    return above if score > 0 else below


def _student(values: FloatArray) -> float:
    """Return Student's t of the mean of ``values``, each of a data set, against 0."""
    error = float(values.std(ddof=1) / np.sqrt(len(values)))
    return float(values.mean()) / max(error, 1e-12)
