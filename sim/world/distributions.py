"""Quantiles of the distributions of a scenario."""

import math
from enum import IntEnum

from sim.world.compiled import compiled
from sim.world.numbers import interpolate, logit, normal_quantile, on_grid
from sim.world.state import Floats
from sim.world.state_of_institutions import Distribution

LONGEST = 1e6
"""No time that is drawn is longer than this: more than two thousand years, in days."""

_LOG_LONGEST = math.log(LONGEST)

GAMMA_EDGE = 36.0
"""Logits of the probabilities at the ends of a table of Gamma quantiles."""


class Kind(IntEnum):
    """Kinds of distributions."""

    FIXED = 0
    UNIFORM = 1
    EXPONENTIAL = 2
    LOGNORMAL = 3
    GAMMA = 4
    WEIBULL = 5
    TABLE = 6


@compiled
def quantile(of: Distribution, tables: Floats, u: float) -> float:
    """Return the quantile at ``u``.

    Args:
        of: the distribution. ``a`` and ``b`` are the value, the bounds, the mean, mu and sigma,
            a shift and a factor on the standard Gamma quantile, or shape and scale.
        tables: hold the logarithms of standard Gamma quantiles at equal steps of the logit, or
            shares and then quantiles.
        u: in (0, 1).
    """
    if of.kind == Kind.FIXED:
        return of.a
    if of.kind == Kind.UNIFORM:
        return of.a + (of.b - of.a) * u
    if of.kind == Kind.EXPONENTIAL:
        return -of.a * math.log1p(-u)
    if of.kind == Kind.LOGNORMAL:
        return math.exp(min(of.a + of.b * normal_quantile(u), _LOG_LONGEST))
    if of.kind == Kind.GAMMA:
        # No time is negative: what the shift moves below zero is zero.
        return max(of.a + of.b * _gamma_quantile(of, tables, u), 0.0)
    if of.kind == Kind.WEIBULL:
        # The power of a heavy tail would overflow.
        most = LONGEST ** min(of.a, 1.0)
        return float(of.b * min(-math.log1p(-u), most) ** (1.0 / of.a))
    return interpolate(u, tables, of.first, of.nodes)


@compiled
def _gamma_quantile(of: Distribution, tables: Floats, u: float) -> float:
    """Return the standard Gamma quantile, interpolated: relative error below 1e-5."""
    step = 2.0 * GAMMA_EDGE / (of.nodes - 1)
    return math.exp(on_grid(logit(u), -GAMMA_EDGE, step, tables, of.first, of.nodes))
