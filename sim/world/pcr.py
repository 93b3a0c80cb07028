"""What a PCR test sees: probability of a positive result by days since infection."""

import numpy as np
from scipy.special import expit

from sim.scenario.disease import LogisticPcr, PcrCurve
from sim.world.draws import FloatArray


def pcr_sensitivity(curve: PcrCurve, days_since_infection: FloatArray) -> FloatArray:
    """Return the probability of a positive result, shape as given.

    Before infection it is nought. The two-piece logistic curve is that of Hellewell et al. 2021;
    a table is interpolated linearly and keeps its last value.
    """
    if isinstance(curve, LogisticPcr):
        x = days_since_infection - curve.c
        probability = expit(curve.b1 + curve.b2 * x + curve.b2 * curve.b3 * np.maximum(x, 0.0))
    else:
        probability = np.interp(days_since_infection, curve.days, curve.sensitivity, left=0.0)
    seen: FloatArray = np.where(days_since_infection >= 0, probability, 0.0)
    return seen
