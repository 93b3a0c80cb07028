"""Logarithms and powers of arrays that are the same on every processor.

Those of NumPy take other routines on processors with AVX-512, which differ in the last bit. Those
of SciPy and of the ``math`` module do not.
"""

import math

from scipy import special

from sim.world.draws import FloatArray


def log(values: FloatArray) -> FloatArray:
    """Return natural logarithms, shape as given; that of 0 is minus infinity."""
    logarithms: FloatArray = special.xlogy(1.0, values)
    return logarithms


def power(values: FloatArray, exponent: float) -> FloatArray:
    """Return powers of numbers that are not negative, shape as given."""
    doublings = exponent * special.xlogy(1.0 / math.log(2), values)
    powers: FloatArray = special.exp2(doublings)
    return powers
