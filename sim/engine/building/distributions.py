"""Distributions as records, their uncertain parameters drawn once a run."""

from functools import lru_cache
from typing import Any

import numpy as np
from scipy import special

from sim.engine.building.tables import Tables
from sim.engine.distributions import GAMMA_EDGE, Kind
from sim.engine.records import fill
from sim.scenario.distributions import (
    Distribution,
    Exponential,
    Fixed,
    Gamma,
    GammaMoments,
    GammaQuantiles,
    LogNormal,
    Table,
    Uncertain,
    Uniform,
    Weibull,
)
from sim.world.draws import Draws, FloatArray
from sim.world.quantiles import gamma_through, luck_of, settle

_GAMMA_NODES = 8193

_LEAST_SIGMA = 1e-6
"""A normal error may lead below zero."""


def drawn(value: Uncertain, draws: Draws, parameter: int, unit: int = 0) -> float:
    """Return a parameter as a number.

    Args:
        value: what the scenario says.
        draws: the random numbers of the run.
        parameter: the ``Parameter`` that it is drawn as where it is uncertain.
        unit: key of what has it, where there are several in a run.
    """
    # Most are certain, and a draw takes a while.
    return value if isinstance(value, float) else settle(value, luck_of(draws, parameter, unit))


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
    match of:
        case Fixed(value=value):
            fill(record, kind=Kind.FIXED, a=value)
        case Uniform(low=low, high=high):
            fill(record, kind=Kind.UNIFORM, a=low, b=high)
        case Exponential(mean=mean):
            fill(record, kind=Kind.EXPONENTIAL, a=mean)
        case LogNormal():
            mu = drawn(of.mu, draws, first, unit)
            sigma = max(drawn(of.sigma, draws, first + 1, unit), _LEAST_SIGMA)
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


def set_fixed(record: Any, value: float) -> None:
    """Describe what is always the same."""
    fill(record, kind=Kind.FIXED, a=value)


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
    logarithms: FloatArray = np.log(np.maximum(quantiles, 1e-300))
    return logarithms
