"""Residents who watch the border: whether one of them acts on a crosser, and how."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.special import expit, ndtri

from sim.scenario.border import Informants, Stretch
from sim.world.draws import BoolArray, FloatArray


@dataclass(frozen=True)
class Act:
    """What informants do about n crossers.

    Attributes:
        probability: that somebody acts, shape (n,).
        captures: whoever acts would capture rather than report, shape (n,).
        success: probability that the act leads to the crosser, shape (n,).
    """

    probability: FloatArray
    captures: BoolArray
    success: FloatArray


def chance_to_act(informants: Informants, reward: FloatArray | float) -> FloatArray:
    """Return the probability that a resident who notices a crosser acts, for a reward in CNY."""
    chance: FloatArray = expit(
        informants.b0 + informants.b1 * np.log1p(np.asarray(reward) / informants.scale)
    )
    return chance


@lru_cache(maxsize=256)
def false_reports_per_day(informants: Informants, reward: float) -> float:
    """Return the mean number of false reports a day, which grows as the chance to act does."""
    growth = chance_to_act(informants, reward) / chance_to_act(informants, 0.0)
    return informants.false_reports_per_day * float(growth)


def what_informants_do(
    informants: Informants, stretch: Stretch, report: float, capture: float, u: FloatArray
) -> Act:
    """Return what residents along a stretch do about crossers.

    Args:
        informants: how residents respond.
        stretch: who lives along the path.
        report: reward for a report, in CNY.
        capture: reward for capture and hand-over, in CNY.
        u: uniform numbers that settle the personal cost of acting, shape (n,).
    """
    factor = np.exp(informants.cost_spread * ndtri(u))
    by_capture = informants.capture_success * capture - factor * informants.capture_cost
    by_report = informants.report_verified * report - factor * informants.report_cost
    captures = by_capture > by_report
    act = chance_to_act(informants, np.where(captures, capture, report))
    who_could = stretch.residents_per_km * stretch.exposed_km * stretch.noticed
    success = np.where(captures, informants.capture_success, informants.report_verified)
    return Act(-np.expm1(-who_could * act), captures, success)
