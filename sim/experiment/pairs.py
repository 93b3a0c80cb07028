"""Differences between two scenarios, run by run with the same seed."""

import numpy as np
from scipy.special import stdtrit

from sim.experiment.replicates import Replicates
from sim.world.draws import FloatArray

_UPPER = 0.975

FEWEST = 5
"""Runs or pairs from which on a spread says how exact their mean is.

Two to four may be equal, or nearly so, by chance: an error of next to nothing would mislead.
"""


def paired_differences(changed: Replicates, reference: Replicates, outcome: str) -> FloatArray:
    """Return ``changed`` minus ``reference`` for the seeds that both have, shape (pairs,).

    Pairs in which the outcome has no value in one of the runs are left out.
    """
    by_seed = {result.seed: result.outcomes[outcome] for result in reference.results}
    differences = np.array(
        [
            result.outcomes[outcome] - by_seed[result.seed]
            for result in changed.results
            if result.seed in by_seed
        ],
        dtype=np.float64,
    )
    return differences[np.isfinite(differences)]


def half_width(differences: FloatArray) -> float:
    """Return half the 95 % confidence interval of a mean (Student's t), shape (pairs,).

    With fewer than ``FEWEST`` pairs nothing is known: the half-width is infinite.
    """
    pairs = len(differences)
    if pairs < FEWEST:
        return float("inf")
    return float(stdtrit(pairs - 1, _UPPER) * differences.std(ddof=1) / np.sqrt(pairs))
