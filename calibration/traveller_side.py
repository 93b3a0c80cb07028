"""Runs of the part of the world that the counts depend on, stopped when they are of no more use."""

import copy
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from calibration.observation import Observation, Piece, log_count, log_kernel
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


class TravellerSide:
    """The travellers' side of a scenario, up to the last day that a target describes.

    Args:
        scenario: the world; the parts in ``LEFT_OUT`` are left out.
        priors: the parameters that a point gives scores of.
        observation: what the histories are held against.
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

    def observing(self, observation: Observation) -> "TravellerSide":
        """Return the same model, held against other values of the same pieces."""
        other = copy.copy(self)
        other.observation = observation
        return other

    def history(self, point: Point) -> IntArray:
        """Return the counts of a run by day, shape (columns, days)."""
        history = self.agreeing_history(point, -np.inf)
        assert history is not None
        return history[0]

    def agreeing_history(self, point: Point, at_least: float) -> tuple[IntArray, float] | None:
        """Return the counts of a run and its log kernel, if that is ``at_least`` so much.

        The run is stopped as soon as the pieces that are known rule it out.

        Returns:
            Counts, shape (columns, days), and the log kernel; or None.
        """
        scenario = with_parameters(self.scenario, self.values_of(point))
        model = BorderModel(scenario, point.seed, point.seed_overrides)
        try:
            return self._followed(model, at_least)
        finally:
            model.free()

    def _followed(self, model: BorderModel, at_least: float) -> tuple[IntArray, float] | None:
        """Run a model as long as its log kernel may be ``at_least`` so much."""
        pieces = self.observation.pieces
        for day in sorted({self.observation.days - 1, *(piece.last_day for piece in pieces)}):
            while model.day <= day:
                model.step()
            counts = model.surveillance.counts(self._series, self._places)
            known = [piece for piece in pieces if piece.last_day <= day]
            agreement = float(log_kernel(self._misses(counts, known)))
            if agreement < at_least:
                return None
        return counts.astype(np.int32), agreement

    def misses(self, counts: IntArray) -> FloatArray:
        """Return how far histories lie from each piece, in standard deviations.

        Args:
            counts: shape (..., columns, days).

        Returns:
            Shape (..., pieces).
        """
        return self._misses(counts, self.observation.pieces)

    def values_of(self, point: Point) -> Parameters:
        """Return the parameters of a point."""
        return values_at(self.priors, point.scores)

    def sums(self, counts: IntArray, pieces: Sequence[Piece]) -> FloatArray:
        """Return the sums that ``pieces`` take in histories, shape (..., pieces).

        Args:
            counts: shape (..., columns, days).
            pieces: of the observation.
        """
        by_column = {column: counts[..., i, :] for i, column in enumerate(self.columns)}
        return np.stack([piece.sum(by_column) for piece in pieces], axis=-1)

    def summaries(self, counts: IntArray) -> FloatArray:
        """Return logarithms of the pieces, shape (..., pieces)."""
        return log_count(self.sums(counts, self.observation.pieces))

    def _misses(self, counts: IntArray, pieces: Sequence[Piece]) -> FloatArray:
        sums = self.sums(counts, pieces)
        misses = [piece.misses(sums[..., number]) for number, piece in enumerate(pieces)]
        return np.stack(misses, axis=-1)


def until(scenario: Scenario, days: int) -> Scenario:
    """Return ``scenario`` cut to its first ``days`` days."""
    end = scenario.calendar.start + dt.timedelta(days=days - 1)
    calendar = scenario.calendar.model_copy(update={"end": min(end, scenario.calendar.end)})
    return scenario.model_copy(update={"calendar": calendar})
