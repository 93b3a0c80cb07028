"""Runs of the part of the world that the counts depend on, stopped when they are of no more use."""

import copy
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from calibration.observation import Observation, SummaryStatistic, log_count, log_kernel_of
from calibration.priors import LEFT_OUT, Prior, values_at
from sim.experiment.parameters import Parameters, with_parameters, world_digest
from sim.experiment.replicates import place_index, series_index
from sim.scenario.schema import Scenario
from sim.world.draws import FloatArray, IntArray, Stream
from sim.world.model import BorderModel

SEEDS = 2**31
"""Seeds of a fit are below this, so that people can read and type them."""

SeedOverrides = Mapping[tuple[Stream, int], int]
"""Seeds of single blocks of streams; see ``sim.world.draws``."""


@dataclass(frozen=True)
class Point:
    """What identifies a history: parameters and random numbers.

    Attributes:
        scores: normal scores of the fitted parameters, shape (parameters,).
        seed: seed of all draws.
        seed_overrides: seeds that replace it for a block of a stream each.
    """

    scores: FloatArray
    seed: int
    seed_overrides: SeedOverrides = field(default_factory=dict)


class Simulator:
    """Simulates the travellers of a scenario, up to the last day that a target describes.

    Args:
        scenario: the world; the parts in ``LEFT_OUT`` are left out.
        priors: the parameters that a point gives scores of.
        observation: what the histories are compared with.
    """

    def __init__(
        self, scenario: Scenario, priors: Sequence[Prior], observation: Observation
    ) -> None:
        self.priors = tuple(priors)
        self.observation = observation
        self.columns = observation.columns
        self.scenario = until(scenario.without(LEFT_OUT), observation.days)
        medians = values_at(self.priors, np.zeros(len(self.priors)))
        self.digest = world_digest(with_parameters(self.scenario, medians))
        """Fingerprint of everything but the parameters and the name."""
        self._places = [place_index(self.scenario, place) for place, _ in self.columns]
        self._series = [series_index(series) for _, series in self.columns]

    def observing(self, observation: Observation) -> "Simulator":
        """Return the same model, compared with other values of the same summary statistics."""
        other = copy.copy(self)
        other.observation = observation
        return other

    def history(self, point: Point) -> IntArray:
        """Return the counts of a run by day, shape (columns, days)."""
        history = self.history_within(point, -np.inf)
        assert history is not None
        return history[0]

    def history_within(self, point: Point, at_least: float) -> tuple[IntArray, float] | None:
        """Return the counts of a run and its log-kernel, if that is ``at_least`` so much.

        The run is stopped as soon as the summary statistics that are known rule it out.

        Returns:
            Counts, shape (columns, days), and the log-kernel; or None.
        """
        scenario = _scenario_at(self, point.scores.tobytes())
        model = BorderModel(scenario, point.seed, point.seed_overrides)
        try:
            return self._followed(model, at_least)
        finally:
            model.free()

    def _followed(self, model: BorderModel, at_least: float) -> tuple[IntArray, float] | None:
        """Run a model as long as its log-kernel may be ``at_least`` so much."""
        statistics = self.observation.statistics
        last_days = {statistic.last_day for statistic in statistics}
        for day in sorted({self.observation.days - 1, *last_days}):
            while model.day <= day:
                model.step()
            counts = model.surveillance.counts(self._series, self._places)
            known = [statistic for statistic in statistics if statistic.last_day <= day]
            log_kernel = float(log_kernel_of(self._misses(counts, known)))
            if log_kernel < at_least:
                return None
        return counts.astype(np.int32), log_kernel

    def misses(self, counts: IntArray) -> FloatArray:
        """Return how far histories lie from each summary statistic, in standard deviations.

        Args:
            counts: shape (..., columns, days).

        Returns:
            Shape (..., statistics).
        """
        return self._misses(counts, self.observation.statistics)

    def values_of(self, point: Point) -> Parameters:
        """Return the parameters of a point."""
        return values_at(self.priors, point.scores)

    def sums(self, counts: IntArray, statistics: Sequence[SummaryStatistic]) -> FloatArray:
        """Return the sums that ``statistics`` take in histories, shape (..., statistics).

        Args:
            counts: shape (..., columns, days).
            statistics: of the observation.
        """
        by_column = {column: counts[..., i, :] for i, column in enumerate(self.columns)}
        return np.stack([statistic.sum(by_column) for statistic in statistics], axis=-1)

    def summaries(self, counts: IntArray) -> FloatArray:
        """Return logarithms of the summary statistics, shape (..., statistics)."""
        return log_count(self.sums(counts, self.observation.statistics))

    def _misses(self, counts: IntArray, statistics: Sequence[SummaryStatistic]) -> FloatArray:
        sums = self.sums(counts, statistics)
        misses = [statistic.misses(sums[..., n]) for n, statistic in enumerate(statistics)]
        return np.stack(misses, axis=-1)


@lru_cache(maxsize=16)
def _scenario_at(simulator: Simulator, scores: bytes) -> Scenario:
    """Return the scenario with the parameters of a point: chains often change only the seeds."""
    point = Point(np.frombuffer(scores), 0)
    return with_parameters(simulator.scenario, simulator.values_of(point))


def until(scenario: Scenario, days: int) -> Scenario:
    """Return ``scenario`` cut to its first ``days`` days."""
    end = scenario.calendar.start + dt.timedelta(days=days - 1)
    calendar = scenario.calendar.model_copy(update={"end": min(end, scenario.calendar.end)})
    return scenario.model_copy(update={"calendar": calendar})
