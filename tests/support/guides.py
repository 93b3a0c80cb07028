"""Guides of chains for tests: an emulator whose predictions are linear, and points."""

import numpy as np

from calibration.emulator import Emulator
from calibration.moves import Guide
from sim.world.draws import FloatArray


def sloped(slopes: FloatArray) -> Emulator:
    """Return an emulator with constant ``slopes``, shape (pieces, parameters)."""
    pieces, parameters = slopes.shape
    effects = np.zeros((1 + parameters + parameters * (parameters + 1) // 2, pieces))
    effects[1 : 1 + parameters] = slopes.T
    return Emulator(effects, np.eye(pieces), np.ones(pieces))


def guide_of(emulator: Emulator, points: FloatArray) -> Guide:
    """Return a guide that proposes differences of ``points``, shape (n, parameters)."""
    return Guide(emulator, points)
