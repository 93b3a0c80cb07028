"""Distributions as records, their uncertain parameters drawn once a run."""

import math
from functools import lru_cache
from typing import Any

import numpy as np
from scipy import special

from sim.scenario.distributions import (
    Distribution,
    Exponential,
    Fixed,
    Gamma,
    GammaMoments,
    GammaQuantiles,
    LogNormal,
    Table,
    Uniform,
    Weibull,
)
from sim.world.building.parameters import drawn
from sim.world.building.tables import Tables
from sim.world.building.transcendental import log
from sim.world.distributions import GAMMA_EDGE, LONGEST, Kind
from sim.world.draws import Draws, FloatArray
from sim.world.records import fill

_GAMMA_NODES = 8193

_LOG_SHAPES = (-3.0, 9.0)
"""Where the logarithm of the shape of a Gamma distribution is looked for."""

_LEAST_SIGMA = 1e-6
"""A normal error may lead below zero."""


def sampled(of: Distribution, draws: Draws, first: int, unit: int = 0) -> Distribution:
    """Return a distribution with numbers for its uncertain parameters.

    Args:
        of: what the scenario says.
        draws: the random numbers of the run.
        first: the ``Parameter`` that the first of its parameters is drawn as.
        unit: key of what has this distribution, where there are several in a run.
    """
    if not isinstance(of, LogNormal):
        return of
    mu = drawn(of.mu, draws, first, unit)
    sigma = max(drawn(of.sigma, draws, first + 1, unit), _LEAST_SIGMA)
    # A draw may lie outside what a file may say, so it is not checked again.
    return of.model_copy(update={"mu": mu, "sigma": sigma})


def set_distribution(
    record: Any, of: Distribution, draws: Draws, first: int, tables: Tables, unit: int = 0
) -> None:
    """Describe a distribution in a record.

    Args:
        record: a ``Distribution``.
        of: what the scenario says.
        draws: the random numbers of the run.
        first: the ``Parameter`` that the first of its uncertain parameters is drawn as.
        tables: tables of the world; those of the distribution are added.
        unit: key of what has it, where there are several in a run.
    """
    match sampled(of, draws, first, unit):
        case Fixed(value=value):
            fill(record, kind=Kind.FIXED, a=value)
        case Uniform(low=low, high=high):
            fill(record, kind=Kind.UNIFORM, a=low, b=high)
        case Exponential(mean=mean):
            fill(record, kind=Kind.EXPONENTIAL, a=mean)
        case LogNormal(mu=mu, sigma=sigma):
            fill(record, kind=Kind.LOGNORMAL, a=mu, b=sigma)
        case Gamma(shape=shape, rate=rate, shift=shift):
            set_gamma(record, shape, 1.0 / rate, tables, shift)
        case GammaMoments(mean=mean, variance=variance):
            set_gamma(record, mean**2 / variance, variance / mean, tables)
        case GammaQuantiles(shares=shares, times=times):
            shape, rate = gamma_through(shares, times)
            set_gamma(record, shape, 1.0 / rate, tables)
        case Weibull(shape=shape, scale=scale):
            fill(record, kind=Kind.WEIBULL, a=shape, b=scale)
        case Table(shares=shares, times=times):
            first_number = tables.add_points(shares, times)
            fill(record, kind=Kind.TABLE, first=first_number, nodes=len(shares))
        case _:
            raise TypeError(f"unknown distribution {of}")


def mean_of(of: Distribution) -> float:
    """Return the mean, in days, of a distribution whose parameters are numbers."""
    match of:
        case Fixed(value=value):
            mean = value
        case Uniform(low=low, high=high):
            mean = (low + high) / 2
        case Exponential(mean=mean):
            pass
        case LogNormal(mu=float(mu), sigma=float(sigma)):
            mean = math.exp(min(mu + sigma**2 / 2, math.log(LONGEST)))
        case Gamma(shape=shape, rate=rate, shift=shift):
            # What the shift moves below zero is zero.
            at_zero = max(-shift * rate, 0.0)
            above = shape * special.gammaincc(shape + 1, at_zero) / rate
            mean = float(above + shift * special.gammaincc(shape, at_zero))
        case GammaMoments(mean=mean):
            pass
        case GammaQuantiles(shares=shares, times=times):
            shape, rate = gamma_through(shares, times)
            mean = shape / rate
        case Weibull(shape=shape, scale=scale):
            mean = scale * math.exp(min(math.lgamma(1 + 1 / shape), math.log(LONGEST)))
        case Table(shares=shares, times=times):
            mean = float(np.trapezoid(times, shares))
        case _:
            raise TypeError(f"unknown distribution {of}")
    return min(mean, LONGEST)


def set_fixed(record: Any, value: float) -> None:
    """Describe what is always the same."""
    fill(record, kind=Kind.FIXED, a=value)


def set_time(
    record: Any, of: float | Distribution, draws: Draws, first: int, tables: Tables
) -> None:
    """Describe a time that is a number of days or has a distribution; see ``set_distribution``."""
    if isinstance(of, float):
        set_fixed(record, of)
    else:
        set_distribution(record, of, draws, first, tables)


def set_gamma(record: Any, shape: float, scale: float, tables: Tables, shift: float = 0.0) -> None:
    """Describe a Gamma distribution."""
    first = tables.add(_log_gamma_quantiles(shape))
    fill(record, kind=Kind.GAMMA, a=shift, b=scale, first=first, nodes=_GAMMA_NODES)


@lru_cache(maxsize=256)
def _log_gamma_quantiles(shape: float) -> FloatArray:
    """Return logarithms of standard Gamma quantiles at equal steps of the logit.

    The exact inverse costs a microsecond and more a draw.
    """
    logits = np.linspace(-GAMMA_EDGE, GAMMA_EDGE, _GAMMA_NODES)
    lower, upper = special.expit(logits), special.expit(-logits)
    quantiles = np.where(
        logits < 0, special.gammaincinv(shape, lower), special.gammainccinv(shape, upper)
    )
    return log(np.maximum(quantiles, 1e-300))


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
        quantiles = special.gammaincinv(math.exp(log_shape), shares)
        low, high = log(np.maximum(quantiles, 1e-300))
        return float(high - low - math.log(times[1] / times[0]))

    widest, narrowest = _LOG_SHAPES
    if excess(widest) <= 0:  # no Gamma is as wide: the widest
        log_shape = widest
    elif excess(narrowest) >= 0:
        log_shape = narrowest
    else:
        log_shape = optimize.brentq(excess, widest, narrowest, xtol=1e-12)
    shape = math.exp(log_shape)
    return shape, max(float(special.gammaincinv(shape, shares[1])), 1e-300) / times[1]
