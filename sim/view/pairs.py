"""Differences between two scenarios, run by run with the same seed."""

import numpy as np

from sim.experiment.replicates import Replicates
from sim.world.draws import FloatArray


def paired_differences(changed: Replicates, reference: Replicates, outcome: str) -> FloatArray:
    """Return ``changed`` minus ``reference`` for the seeds that both have, shape (pairs,)."""
    by_seed = {result.seed: result.outcomes[outcome] for result in reference.results}
    return np.array(
        [
            result.outcomes[outcome] - by_seed[result.seed]
            for result in changed.results
            if result.seed in by_seed
        ]
    )
