"""Moves of the chains: what the emulator predicts of them, and other random numbers.

A proposal of parameters keeps all random numbers, so that the emulator can predict from the counts
of the present history what the change would do. Only proposals that pass this prediction are run;
the acceptance is corrected for it (delayed acceptance with an approximation that depends on the
state: Christen and Fox 2005, Journal of Computational and Graphical Statistics 14:795).
"""

from dataclasses import dataclass, replace

import numpy as np

from calibration.emulator import Emulator
from calibration.observation import COUNT_OFFSET, log_count, log_kernel_of
from calibration.simulator import SEEDS, Point, Simulator
from sim.world.draws import BLOCKS, FloatArray, IntArray, Stream

REDRAWN: tuple[Stream, ...] = (
    Stream.SETTING_OUT,
    Stream.TRAVEL_GROUP_SIZE,
    Stream.TRAVEL_GROUP_FRAILTY,
    Stream.INFECTION_THRESHOLD,
    Stream.INCUBATION,
    Stream.ASYMPTOMATIC,
    Stream.INFECTIVITY,
    Stream.EXIT_SCREENING,
    Stream.CONNECTION,
    Stream.SYMPTOMS_NOTICED,
    Stream.TEST,
    Stream.REVIEW,
    Stream.FINDINGS,
    Stream.HOSPITAL_STAY,
    Stream.SYMPTOMS_DIAGNOSED,
    Stream.DECISION_DELAY,
)
"""The mechanisms whose random numbers move the counts most: they get moves of their own."""

INLAND: frozenset[Stream] = frozenset(
    {
        Stream.COMMUNITY_THRESHOLD,
        Stream.RESIDENT_SHUFFLE,
        Stream.COMMUNITY_INFECTOR,
        Stream.TESTED_IN_TOWN,
        Stream.LAW_ABIDING,
        Stream.WORTH_OF_HOME,
        Stream.RISK_AVERSION,
        Stream.RESOLVE,
        Stream.PATROL,
        Stream.SENSOR,
        Stream.INFORMANT_COST,
        Stream.INFORMANT_ACTS,
        Stream.INFORMANT_SUCCEEDS,
        Stream.FALSE_REPORTS,
    }
)
"""Mechanisms of towns and the border, which the simulator of travellers leaves out."""

TOGETHER: tuple[Stream, ...] = (
    *REDRAWN,
    Stream.INFECTOR,
    Stream.PATIENCE,
    Stream.ENTRY_SCREENING,
    Stream.RELEASE_TEST,
    Stream.BREACH,
    Stream.MONITORING,
)
"""Mechanisms that get new random numbers together, for one block of travel groups."""

_TOGETHER = 0.2
"""Share of the moves of random numbers that concern all mechanisms."""

_BLOCKS_OF_ONE_STREAM = (1, 2, 4, 8, 16)

_UNEXPLAINED = 0.35
"""Standard deviation of what the emulator predicts of a change, relative to the change."""


@dataclass(frozen=True)
class Guide:
    """What proposals follow.

    Attributes:
        emulator: predicts how counts change with the parameters.
        points: normal scores whose differences are proposed, shape (n, parameters).
    """

    emulator: Emulator
    points: FloatArray

    def predicted_ratio(
        self, simulator: Simulator, counts: IntArray, start: Point, end: Point, tolerance: float
    ) -> float:
        """Return the predicted logarithm of the kernel at ``end``, less that at ``start``.

        Args:
            simulator: what histories are compared with.
            counts: of the history at ``start``, shape (columns, days).
            start: where the change begins.
            end: parameters that differ.
            tolerance: of the kernel.
        """
        statistics = simulator.observation.statistics
        change = np.diff(self.emulator.mean(np.stack([start.scores, end.scores])), axis=0)[0]
        now = simulator.sums(counts, statistics)
        then = (np.maximum(now, 0.0) + COUNT_OFFSET) * np.exp(change) - COUNT_OFFSET
        sd = np.array([statistic.sd for statistic in statistics])
        # The kernel, widened by what the emulator leaves open.
        wider = sd / np.sqrt((tolerance * sd) ** 2 + (_UNEXPLAINED * (then - now)) ** 2)
        misses = [
            np.array([statistic.misses(sums[i]) for i, statistic in enumerate(statistics)])
            for sums in (then, now)
        ]
        return float(log_kernel_of(misses[0] * wider) - log_kernel_of(misses[1] * wider))

    def corrected(
        self, simulator: Simulator, counts: IntArray, point: Point, share: float
    ) -> Point:
        """Return parameters with which the emulator expects the same random numbers to agree.

        The update of an ensemble Kalman filter (Evensen 1994, Journal of Geophysical Research
        99:10143) with the slope of the emulator and the spread of the prior. Under the narrower
        spread of the emulator's posterior, steps would go along parameters that no count sees.

        Args:
            simulator: what histories are compared with.
            counts: of the history at ``point``, shape (columns, days).
            point: what is corrected.
            share: how far to go.
        """
        observation = simulator.observation
        now = log_count(simulator.sums(counts, observation.statistics))
        missing = np.clip(now, *observation.summary) - now
        slope = self.emulator.slope(point.scores)
        noise = np.diag(np.square(observation.summary_noise) + 1e-4)
        step = slope.T @ np.linalg.solve(slope @ slope.T + noise, missing)
        return replace(point, scores=point.scores + share * step)


def other_numbers(rng: np.random.Generator, point: Point) -> Point:
    """Propose new random numbers for some blocks in one mechanism, or for one block in all."""
    streams, blocks = TOGETHER, [int(rng.integers(BLOCKS))]
    if rng.random() >= _TOGETHER:
        streams = (REDRAWN[int(rng.integers(len(REDRAWN)))],)
        blocks = rng.permutation(BLOCKS)[: rng.choice(_BLOCKS_OF_ONE_STREAM)].tolist()
    seed = int(rng.integers(SEEDS))
    seed_overrides = {(stream, block): seed for stream in streams for block in blocks}
    return replace(point, seed_overrides={**point.seed_overrides, **seed_overrides})
