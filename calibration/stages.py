"""Random numbers of the stages of a fit: those of one root seed are told apart by the stage."""

from enum import IntEnum, unique

import numpy as np


@unique
class Stage(IntEnum):
    """What draws random numbers beside the model; each draws under the same count of numbers.

    NumPy takes a list of seeds for the same as one with zeros behind it, so that two stages
    with one value, or one stage with more numbers at times, would share a stream.
    """

    PRIOR = 1
    PLAUSIBLE = 2
    STARTS = 3
    MOVES = 4
    RENAMED = 5
    SYNTHETIC = 6
    KEPT_PRIORS = 7
    EMULATED = 8
    LOCAL_PAIRS = 11
    LOCAL_PRIOR = 12
    LOCAL_RESAMPLED = 13
    UNDETECTED_PRIOR = 14
    FRESH = 15
    RANKS = 16
    TRUTH = 17


def generator(root: int, stage: Stage, *numbers: int) -> np.random.Generator:
    """Return the random numbers of a stage.

    Args:
        root: root seed of the fit.
        stage: what draws.
        numbers: what of the stage it is: a run, a pair, a ladder and a move.
    """
    return np.random.default_rng([root, int(stage), *numbers])
