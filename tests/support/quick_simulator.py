"""A simulator that counts by a formula and some chance, where nobody has to be simulated."""

import numpy as np

from calibration.moves import REDRAWN
from calibration.observation import log_kernel_of
from calibration.simulator import Point, Simulator
from sim.world.draws import BLOCKS, Draws, FloatArray, IntArray

_ONE_A_BLOCK = np.arange(BLOCKS, dtype=np.uint64) * np.uint64(64)

_OF_CASES = {
    "imported_confirmed_cumulative": 1.0,
    "imported_confirmed_active": 0.5,
    "imported_carriers_stock": 0.3,
    "entrants_cumulative": 6.0,
    "entrants_infected_cumulative": 2.0,
}
"""Counts of a day as multiples of all cases so far; the other series are those of new ones."""


class QuickSimulator(Simulator):
    """Cases grow with the square of time, by the parameters and the chance of every block."""

    def history_within(self, point: Point, at_least: float) -> tuple[IntArray, float] | None:
        draws = Draws(point.seed, point.seed_overrides)
        chance = np.mean([draws.uniform(stream, _ONE_A_BLOCK).mean() for stream in REDRAWN])
        weights = np.arange(1.0, 1 + len(point.scores)) / 4
        size = 120 * np.exp(weights @ point.scores / len(point.scores) + 8 * (chance - 0.5))
        day = np.arange(self.observation.days)
        cases = size * np.square(day / max(1, day[-1]))
        counts = np.stack([_series(cases, series) for _, series in self.columns])
        log_kernel = float(log_kernel_of(self.misses(counts)))
        return None if log_kernel < at_least else (counts.astype(np.int32), log_kernel)


def _series(cases: FloatArray, series: str) -> FloatArray:
    if series in _OF_CASES:
        return np.rint(_OF_CASES[series] * cases)
    return np.diff(np.rint(cases), prepend=0.0)
