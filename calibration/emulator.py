"""An emulator: how the counts depend on the parameters, learnt from runs.

The logarithms of the counts are taken as quadratic in the normal scores of the parameters, with
a normal residual for chance (a synthetic likelihood: Wood 2010, Nature 466:1102; fitted over
runs instead of at one point). With the normal prior of the scores, that gives an approximate
posterior in a second, from which chains start.
"""

from dataclasses import dataclass

import numpy as np

from calibration.observation import Summary, outside
from calibration.simulator import Simulator
from sim.world.draws import FloatArray, IntArray

_WIDTH = 0.7
"""Runs count by how near, in logarithms, their expected counts are to the observed ones."""

_LEAST_WEIGHT = 2.0
"""If the weights of all runs add up to less, runs farther away count too."""

_REFITS = 3

_RIDGE = 30.0
"""Prior weight, in runs, of second-order effects being zero."""

_SWEEPS = 1500
"""Metropolis sweeps of the approximate posterior: a second for 300 points."""


@dataclass(frozen=True)
class Emulator:
    """Expected logarithms of the counts, and their spread.

    Attributes:
        effects: of the constant, the scores and their products, shape (effects, statistics).
        covariance: of the residuals, shape (statistics, statistics).
        explained: share of the variance that parameters explain, shape (statistics,).
    """

    effects: FloatArray
    covariance: FloatArray
    explained: FloatArray

    @classmethod
    def of(cls, simulator: Simulator, scores: FloatArray, counts: IntArray) -> "Emulator":
        """Learn from runs.

        Args:
            simulator: tells the summary statistics, and what was observed.
            scores: normal scores of the parameters, shape (runs, parameters).
            counts: shape (runs, columns, days).
        """
        summaries = simulator.summaries(counts)
        emulator = _fitted(scores, summaries, np.ones(len(scores)))
        for _ in range(_REFITS):
            # Weights may depend on parameters, but not on chance.
            away = outside(emulator.mean(scores), simulator.observation.summary)
            emulator = _fitted(scores, summaries, _weights(away))
        return emulator

    @property
    def residual_sd(self) -> FloatArray:
        """Standard deviation of the logarithms by chance, shape (statistics,)."""
        return np.sqrt(np.diag(self.covariance))

    def mean(self, scores: FloatArray) -> FloatArray:
        """Return the expected logarithms, shape (n, statistics).

        Args:
            scores: shape (n, parameters).
        """
        expected: FloatArray = _terms(scores) @ self.effects
        return expected

    def slope(self, scores: FloatArray) -> FloatArray:
        """Return the change of the expected logarithms with scores, shape (statistics, parameters).

        Args:
            scores: where, shape (parameters,).
        """
        # Differences of this width are exact, because there is nothing beyond second order.
        steps = np.eye(len(scores))
        slope: FloatArray = (self.mean(scores + steps) - self.mean(scores - steps)).T / 2
        return slope

    def posterior(
        self, observed: Summary, noise: FloatArray, points: int, rng: np.random.Generator
    ) -> FloatArray:
        """Return draws from the approximate posterior of the scores, shape (points, parameters).

        Differential evolution Markov chains (ter Braak 2006, Statistics and Computing 16:239).

        Args:
            observed: logarithms of the observed counts.
            noise: standard deviation of their reporting noise, shape (statistics,).
            points: how many, at least 3; they also propose each other's moves.
            rng: random numbers.
        """
        precision = np.linalg.inv(self.covariance + np.diag(np.square(noise)))
        parameters = _parameters_of(len(self.effects))
        scores = rng.standard_normal((points, parameters))
        log_density = self._log_density(scores, observed, precision)
        for _ in range(_SWEEPS):
            one, other = rng.permutation(points), rng.permutation(points)
            # A full step from time to time lets chains change between modes.
            fraction = np.where(rng.random(points) < 0.1, 1.0, rng.uniform(0.05, 0.5, points))
            share = rng.choice([0.1, 0.3, 1.0], points)
            moved = rng.random((points, parameters)) < share[:, None]
            step = fraction[:, None] * (scores[one] - scores[other])
            step += rng.normal(0.0, 0.05, (points, parameters))
            proposed = scores + np.where(moved, step, 0.0)
            then = self._log_density(proposed, observed, precision)
            accepted = np.log(rng.random(points)) < then - log_density
            scores[accepted], log_density[accepted] = proposed[accepted], then[accepted]
        return scores

    def _log_density(
        self, scores: FloatArray, observed: Summary, precision: FloatArray
    ) -> FloatArray:
        away = outside(self.mean(scores), observed)
        likelihood = -0.5 * np.einsum("ni,ij,nj->n", away, precision, away)
        density: FloatArray = likelihood - 0.5 * np.square(scores).sum(axis=1)
        return density


def _weights(away: FloatArray) -> FloatArray:
    """Return how much each run counts, shape (runs,).

    Args:
        away: logarithms by which expected counts are off, shape (runs, statistics).
    """
    width = _WIDTH
    while True:
        weights: FloatArray = np.exp(-1.5 * np.square(away / width).mean(axis=1))
        if weights.sum() >= min(_LEAST_WEIGHT, len(weights) / 2):
            return weights
        width *= 2


def _fitted(scores: FloatArray, summaries: FloatArray, weights: FloatArray) -> Emulator:
    """Return the emulator by weighted ridge regression."""
    terms = _terms(scores)
    penalty = np.full(terms.shape[1], _RIDGE)
    penalty[: 1 + scores.shape[1]] = 1e-3
    weighted = (terms * weights[:, None]).T
    effects = np.linalg.solve(weighted @ terms + np.diag(penalty), weighted @ summaries)
    residuals = summaries - terms @ effects
    covariance: FloatArray = (residuals * weights[:, None]).T @ residuals / weights.sum()
    spread = summaries - np.average(summaries, axis=0, weights=weights)
    total = np.average(np.square(spread), axis=0, weights=weights)
    # A count that is the same in all runs, such as 0 on the first day, has nothing to explain.
    varies = total > 1e-12
    explained: FloatArray = np.where(
        varies, 1.0 - np.diag(covariance) / np.where(varies, total, 1.0), 0.0
    )
    return Emulator(np.asarray(effects, dtype=np.float64), covariance, explained)


def _terms(scores: FloatArray) -> FloatArray:
    """Return the constant, the scores, and their squares and products, shape (n, effects)."""
    first, second = np.triu_indices(scores.shape[1])
    return np.column_stack([np.ones(len(scores)), scores, scores[:, first] * scores[:, second]])


def _parameters_of(effects: int) -> int:
    """Return the number d of parameters, of which there are 1 + d + d (d + 1) / 2 effects."""
    return round((float(np.sqrt(8 * effects + 1)) - 3) / 2)
