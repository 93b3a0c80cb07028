"""What a test sees: probability of a positive result, by time or by stage of the infection."""

import numpy as np
from scipy.special import expit

from sim.scenario.disease import LogisticPcr, PcrCurve, StagesPcr, TablePcr
from sim.world.draws import FloatArray, IntArray
from sim.world.population import Population


def sensitivity_for(
    curve: PcrCurve, people: Population, rows: IntArray, taken: FloatArray
) -> FloatArray:
    """Return the probability that a swab taken then shows the infection of each of ``rows``.

    Args:
        curve: the sensitivity of the test.
        people: the population.
        rows: people, shape (n,).
        taken: when the swabs were taken, shape (n,).
    """
    infected = people.infected_at[rows]
    if isinstance(curve, StagesPcr):
        seen = _by_stage(curve, people, rows, taken)
    elif isinstance(curve, TablePcr) and curve.since == "onset":
        seen = _interpolated(curve, taken - (infected + people.incubation[rows]))
    else:
        return pcr_sensitivity(curve, taken - infected)
    return np.where(taken >= infected, seen, 0.0)


def pcr_sensitivity(curve: LogisticPcr | TablePcr, days_since_infection: FloatArray) -> FloatArray:
    """Return the probability of a positive result, shape as given.

    Before infection it is nought. The two-piece logistic curve is that of Hellewell et al. 2021.
    """
    if isinstance(curve, LogisticPcr):
        # Those who are not infected have been so for minus infinity: no number times a slope of 0.
        x = np.maximum(days_since_infection, 0.0) - curve.c
        probability = expit(curve.b1 + curve.b2 * x + curve.b2 * curve.b3 * np.maximum(x, 0.0))
    else:
        probability = _interpolated(curve, days_since_infection)
    seen: FloatArray = np.where(days_since_infection >= 0, probability, 0.0)
    return seen


def _interpolated(curve: TablePcr, days: FloatArray) -> FloatArray:
    """Return the values of a table, which keeps its last one, shape as given."""
    return np.interp(days, curve.days, curve.sensitivity, left=0.0)


def _by_stage(
    curve: StagesPcr, people: Population, rows: IntArray, taken: FloatArray
) -> FloatArray:
    presymptomatic = curve.infectious if curve.presymptomatic is None else curve.presymptomatic
    latent = taken < people.infectious_from[rows]
    recovered = taken >= people.infectious_until[rows]
    before_onset = taken < people.onset_at[rows]
    return np.select(
        [latent, recovered, before_onset],
        [curve.latent, curve.recovered, presymptomatic],
        curve.infectious,
    )
