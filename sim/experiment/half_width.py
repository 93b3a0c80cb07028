"""How exactly the mean of paired differences is known."""

import numpy as np
from scipy.special import stdtrit

from sim.world.draws import FloatArray

_UPPER = 0.975

FEWEST = 5
"""Runs or pairs from which on a spread says how exact their mean is.

Two to four may be equal, or nearly so, by chance: an error of next to nothing would mislead.
"""


def half_width(differences: FloatArray) -> float:
    """Return half the 95 % confidence interval of a mean (Student's t), shape (pairs,).

    With fewer than ``FEWEST`` pairs nothing is known: the half-width is infinite.
    """
    pairs = len(differences)
    if pairs < FEWEST:
        return float("inf")
    return float(stdtrit(pairs - 1, _UPPER) * differences.std(ddof=1) / np.sqrt(pairs))
