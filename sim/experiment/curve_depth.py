"""How central whole curves are among others, and bands that hold whole curves.

Quantiles day by day hide peaks: where runs peak on different days, no run looks like the median of
the days, and few stay within a pointwise 90 % band. Here whole curves are ranked from the centre
outwards, by the share of the days on which they lie between two others: the modified band depth
(Lopez-Pintado and Romo 2009, JASA 104:718, doi 10.1198/jasa.2009.0108). A band is the envelope of
the most central curves (Sun and Genton 2011, J Comput Graph Stat 20:316, doi
10.1198/jcgs.2011.09224).
"""

import numpy as np
import numpy.typing as npt
from scipy.stats import rankdata

from sim.world.draws import FloatArray, IntArray


def modified_band_depth(curves: npt.NDArray[np.number]) -> FloatArray:
    """Return the depth of each curve, 0 to 1, shape (n,).

    It is the share of all pairs of curves and all days on which the curve lies between the two or
    on one of them, the pairs with itself included. Of n curves, a pair misses a value if both lie
    above it or both below. So the counts of those above and below on the day are enough (Sun,
    Genton and Nychka 2012, Stat 1:68, doi 10.1002/sta4.8), and the result is exact with ties too.

    Args:
        curves: values by curve and day, shape (n, days).
    """
    count = len(curves)
    if count < 2:
        return np.ones(count)
    below = rankdata(curves, method="min", axis=0) - 1
    above = count - rankdata(curves, method="max", axis=0)
    missed = (_pairs_of(below) + _pairs_of(above)).mean(axis=1)
    depth: FloatArray = 1 - missed / (count * (count - 1) / 2)
    return depth


def most_central(curves: npt.NDArray[np.number], share: float) -> IntArray:
    """Return the rows of the deepest curves, from the deepest outwards.

    Args:
        curves: values by curve and day, shape (n, days).
        share: of the curves; it is rounded up to a whole number of them, at least one.
    """
    outwards = np.argsort(-modified_band_depth(curves), kind="stable")
    # The rounding keeps 0.55 * 20 from being more than 11.
    return outwards[: max(1, int(np.ceil(round(share * len(curves), 9))))]


def central_envelope(curves: npt.NDArray[np.number], share: float) -> npt.NDArray[np.number]:
    """Return lowest and highest of the most central ``share`` of the curves, shape (2, days).

    At least that share of the curves lies wholly within.

    Args:
        curves: values by curve and day, shape (n, days).
        share: of the curves, 0 to 1; see ``most_central``.
    """
    central = curves[most_central(curves, share)]
    return np.stack([central.min(axis=0), central.max(axis=0)])


def _pairs_of(things: FloatArray) -> FloatArray:
    return things * (things - 1) / 2
