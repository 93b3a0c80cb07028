"""What a store keeps of a run, as arrays: everything but line lists, which take 10 ms to redo."""

import numpy as np

from sim.experiment.run_store import Arrays
from sim.world.draws import BoolArray, FloatArray, IntArray
from sim.world.outcomes import Result

OUTCOMES_ONLY = 2
"""How many of the arrays, which are the first ones, hold the outcomes."""


def packed(result: Result) -> Arrays:
    """Return the result of a run as the arrays that a store takes, outcomes first."""
    series: IntArray = np.ascontiguousarray(result.series.T)
    # Two of three series are zero on all days: a place without a hospital, for instance.
    used: BoolArray = (series != 0).any(axis=2)
    values: FloatArray = np.array(list(result.outcomes.values()), dtype=np.float64)
    return {
        "names": np.frombuffer("\n".join(result.outcomes).encode(), dtype=np.uint8),
        "outcomes": values,
        "days": np.array(series.shape[2]),
        "used": used,
        "series": series[used],
        "fates": result.fates,
        "local": result.local,
        "cases": result.cases,
    }


def outcomes_in(arrays: Arrays) -> dict[str, float]:
    """Return the outcomes, from the first ``OUTCOMES_ONLY`` arrays or all of them."""
    names = arrays["names"].tobytes().decode().split("\n")
    return dict(zip(names, arrays["outcomes"].tolist(), strict=True))


def unpacked(arrays: Arrays, seed: int) -> Result:
    """Return the result, without line lists, that ``packed`` made arrays of."""
    used = arrays["used"]
    series: IntArray = np.zeros((*used.shape, int(arrays["days"])), dtype=np.int64)
    series[used] = arrays["series"]
    return Result(
        seed, outcomes_in(arrays), series.T, arrays["fates"], arrays["local"], arrays["cases"]
    )
