"""What the store of a comparison or a sweep keeps of a run: outcomes, and series of the day."""

from dataclasses import dataclass

import numpy as np

from sim.experiment.run_store import Arrays
from sim.scenario.schema import Scenario
from sim.world.draws import FloatArray, IntArray
from sim.world.geography import reporting_places
from sim.world.outcomes import Result
from sim.world.surveillance import SERIES

_NAMES, _OUTCOMES, _TOTALS = "names", "outcomes", "totals"


@dataclass(frozen=True)
class KeptRun:
    """A run without the details of places and people.

    Attributes:
        outcomes: outcome by name; see ``sim.world.outcomes``.
        totals: published counts summed over the top-level places, shape (days, series).
    """

    outcomes: dict[str, float]
    totals: IntArray

    def total(self, series: str) -> IntArray:
        """Return a daily series of all regions together, shape (days,).

        Raises:
            ValueError: there is no such series.
        """
        column: IntArray = self.totals[:, SERIES.index(series)]
        return column


def kept_of(scenario: Scenario, result: Result) -> KeptRun:
    """Return what is kept of the ``result`` of a run of ``scenario``."""
    places = reporting_places(scenario)
    top = [places.index(name) for name, place in scenario.places.items() if place.part_of is None]
    return KeptRun(result.outcomes, result.series[:, :, top].sum(axis=2))


def packed(run: KeptRun) -> Arrays:
    """Return a run as the arrays that a store takes."""
    values: FloatArray = np.array(list(run.outcomes.values()), dtype=np.float64)
    return {
        _NAMES: np.frombuffer("\n".join(run.outcomes).encode(), dtype=np.uint8),
        _OUTCOMES: values,
        _TOTALS: run.totals.astype(np.int32),
    }


def unpacked(arrays: Arrays) -> KeptRun:
    """Return the run that ``packed`` made arrays of."""
    names = arrays[_NAMES].tobytes().decode().split("\n")
    return KeptRun(
        dict(zip(names, arrays[_OUTCOMES].tolist(), strict=True)),
        arrays[_TOTALS].astype(np.int64),
    )
