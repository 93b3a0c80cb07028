"""From uniform numbers to times: the quantile functions of the scenario's distributions."""

import math
from collections.abc import Callable
from enum import IntEnum
from functools import lru_cache

import numpy as np
from scipy import special

from sim.scenario.distributions import (
    BetaValue,
    Distribution,
    Exponential,
    Fixed,
    Gamma,
    GammaMoments,
    GammaQuantiles,
    LogNormal,
    LogUniformValue,
    NormalValue,
    Table,
    Uncertain,
    Uniform,
    Weibull,
)
from sim.world.draws import Draws, FloatArray, Stream

_NODES = 8193
_EDGE = 36.0  # on the logit scale: uniforms down to 2e-16 on either side

_LOG_SHAPES = (-3.0, 9.0)
"""Where the logarithm of the shape of a Gamma distribution is looked for."""

_MIDPOINTS = 4096

_NEARLY_NORMAL = 1e5
"""Mean from which on a Poisson number is drawn as a normal one."""

_LONGEST = 1e6
"""No time that is drawn is longer than this: more than two thousand years, in days."""


_WHOLE_RUN = 0
"""Key of the parameters that a run has once."""


class Parameter(IntEnum):
    """Ordinals of the draws of uncertain parameters, once a run; a distribution takes two."""

    INCUBATION = 0
    ASYMPTOMATIC_SHARE = 2
    ASYMPTOMATIC_INFECTIOUSNESS = 3
    INFECTIOUSNESS = 4
    ONSET_TO_SEVERE = 6
    HOSPITAL_STAY = 8
    CONNECTION = 10
    """Drawn for each town by its name."""
    SYMPTOMS_LAST = 1_000_000
    ASYMPTOMATIC_LASTS = 1_000_002
    LATENT = 1_000_004
    LEAD = 1_000_006
    LASTS = 1_000_008
    LASTS_ASYMPTOMATIC = 1_000_010
    COHORT_TIMING = 1_000_012
    INFECTED_SHARE = 1_000_014


Quantile = Callable[[FloatArray], FloatArray]


@lru_cache(maxsize=256)
def _log_gamma_table(shape: float) -> tuple[FloatArray, FloatArray]:
    """Return logits of probabilities and the logarithms of their standard Gamma quantiles."""
    logits = np.linspace(-_EDGE, _EDGE, _NODES)
    lower, upper = special.expit(logits), special.expit(-logits)
    quantiles = np.where(
        logits < 0, special.gammaincinv(shape, lower), special.gammainccinv(shape, upper)
    )
    return logits, np.log(np.maximum(quantiles, 1e-300))


def gamma_quantile(shape: float, u: FloatArray) -> FloatArray:
    """Return quantiles of the Gamma distribution with ``shape`` and rate 1.

    Interpolated between 8,193 exact quantiles (log quantile against logit probability: relative
    error below 1e-5), because the exact inverse costs a microsecond and more a draw.
    """
    logits, log_quantiles = _log_gamma_table(shape)
    quantiles: FloatArray = np.exp(np.interp(special.logit(u), logits, log_quantiles))
    return quantiles


def poisson_quantile(mean: float, u: float) -> int:
    """Return the quantile at ``u`` of the Poisson distribution with ``mean``.

    Of a large mean, that of the normal distribution: a part in a million from it.
    """
    if mean > _NEARLY_NORMAL:
        return round(mean + math.sqrt(mean) * float(special.ndtri(u)))
    return int(_poisson_table(mean).searchsorted(u))


@lru_cache(maxsize=256)
def _poisson_table(mean: float) -> FloatArray:
    """Return the distribution function at 0, 1, 2 ..., as far as it matters."""
    enough = int(mean + 12 * np.sqrt(mean) + 30)
    table: FloatArray = special.pdtr(np.arange(enough), mean)
    return table


@lru_cache(maxsize=64)
def gamma_through(shares: tuple[float, float], times: tuple[float, float]) -> tuple[float, float]:
    """Return shape and rate of the Gamma distribution that has two quantiles.

    Args:
        shares: probabilities, ascending.
        times: the quantiles at them, ascending, in days.
    """
    # Few scenarios need it, and it takes a while to import.
    from scipy import optimize

    def excess(log_shape: float) -> float:
        low, high = np.log(np.maximum(special.gammaincinv(np.exp(log_shape), shares), 1e-300))
        return float(high - low - np.log(times[1] / times[0]))

    widest, narrowest = _LOG_SHAPES
    if excess(widest) <= 0:  # no Gamma is as wide: the widest
        log_shape = widest
    elif excess(narrowest) >= 0:
        log_shape = narrowest
    else:
        log_shape = optimize.brentq(excess, widest, narrowest, xtol=1e-12)
    shape = float(np.exp(log_shape))
    return shape, max(float(special.gammaincinv(shape, shares[1])), 1e-300) / times[1]


def always(value: float) -> Quantile:
    """Return the quantile function of a time that is always the same."""
    return lambda u: np.full(u.shape, value)


def mean_of(distribution: Distribution) -> float:
    """Return the mean of a distribution in days, by the midpoints of 4,096 equal shares."""
    u = (np.arange(_MIDPOINTS) + 0.5) / _MIDPOINTS
    return float(quantile_of(distribution)(u).mean())


def quantile_of(distribution: Distribution) -> Quantile:
    """Return the quantile function, in days, of a distribution whose parameters are numbers.

    Raises:
        TypeError: a parameter is still an ``Uncertain`` distribution; see ``settle``.
    """
    match distribution:
        case Fixed(value=value):
            return always(value)
        case Uniform(low=low, high=high):
            return lambda u: low + (high - low) * u
        case Exponential(mean=mean):
            return lambda u: -mean * np.log1p(-u)
        case LogNormal(mu=float(mu), sigma=float(sigma)):
            log_longest = np.log(_LONGEST)
            return lambda u: np.exp(np.minimum(mu + sigma * special.ndtri(u), log_longest))
        case Gamma(shape=shape, rate=rate, shift=shift):
            # No time is negative: what the shift moves below nought is nought.
            return lambda u: np.maximum(shift + gamma_quantile(shape, u) / rate, 0.0)
        case GammaMoments(mean=mean, variance=variance):
            return lambda u: gamma_quantile(mean**2 / variance, u) * variance / mean
        case GammaQuantiles(shares=shares, times=times):
            shape, rate = gamma_through(shares, times)
            return lambda u: gamma_quantile(shape, u) / rate
        case Weibull(shape=shape, scale=scale):
            # The power of a heavy tail would overflow.
            most = _LONGEST ** min(shape, 1.0)
            return lambda u: scale * np.minimum(-np.log1p(-u), most) ** (1 / shape)
        case Table(shares=shares, times=times):
            return lambda u: np.interp(u, shares, times)
        case _:
            raise TypeError(f"{distribution} has a parameter that was not drawn")


def settled(
    distribution: Distribution, draws: Draws, first: int, unit: int = _WHOLE_RUN
) -> Distribution:
    """Return ``distribution`` with numbers for its uncertain parameters.

    Args:
        distribution: what a scenario says.
        draws: the random numbers of the run.
        first: the ``Parameter`` that the first of its parameters is drawn as.
        unit: key of what has this distribution, where there are several in a run.
    """
    if not isinstance(distribution, LogNormal):
        return distribution
    mu = settle(distribution.mu, luck_of(draws, first, unit))
    sigma = max(settle(distribution.sigma, luck_of(draws, first + 1, unit)), 1e-6)
    return distribution.model_copy(update={"mu": mu, "sigma": sigma})


def luck_of(draws: Draws, parameter: int, unit: int = _WHOLE_RUN) -> float:
    """Return the uniform number that an uncertain parameter of this run is drawn with."""
    units = np.array([unit], dtype=np.uint64)
    return float(draws.uniform(Stream.PARAMETER, units, parameter)[0])


def settle(value: Uncertain, u: float) -> float:
    """Return ``value`` itself, or its quantile at ``u`` where it is uncertain."""
    match value:
        case NormalValue(mean=mean, sd=sd):
            return float(mean + sd * special.ndtri(u))
        case BetaValue(a=a, b=b):
            return float(special.betaincinv(a, b, u))
        case LogUniformValue(low=low, high=high):
            return float(low * (high / low) ** u)
        case _:
            return float(value)
