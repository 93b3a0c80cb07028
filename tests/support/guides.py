"""Guides of chains for tests: an emulator whose predictions are linear, and points."""

import numpy as np

from calibration.emulator import Emulator
from calibration.moves import Guide
from sim.world.draws import FloatArray


def sloped(slopes: FloatArray) -> Emulator:
    """Return an emulator with constant ``slopes``, shape (statistics, parameters)."""
    statistics, parameters = slopes.shape
    effects = np.zeros((1 + parameters + parameters * (parameters + 1) // 2, statistics))
    effects[1 : 1 + parameters] = slopes.T
    return Emulator(effects, np.eye(statistics), np.ones(statistics))


def guide_of(emulator: Emulator, points: FloatArray) -> Guide:
    """Return a guide that proposes differences of ``points``, shape (n, parameters)."""
    return Guide(emulator, points)
