"""Tables of numbers that compiled rules look things up in, and distributions as records."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from scipy import special

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
    Uniform,
    Weibull,
)
from sim.world.draws import FloatArray
from sim.world.quantiles import gamma_through

_GAMMA_NODES = 8193


class Tables:
    """Tables, one after the other; one that is added again is kept once."""

    def __init__(self) -> None:
        self._tables: list[FloatArray] = []
        self._first: dict[int, int] = {}
        self._length = 0

    def add(self, table: FloatArray) -> int:
        """Add a table of numbers, shape (n,), and return where it begins."""
        key = id(table)
        if key not in self._first:
            self._first[key] = self._length
            self._tables.append(table)
            self._length += len(table)
        return self._first[key]

    def add_points(self, places: Sequence[float], values: Sequence[float]) -> int:
        """Add the points between which a function is linear, and return where they begin."""
        return self.add(np.concatenate([places, values]))

    def numbers(self) -> FloatArray:
        """Return all tables in one array; never empty."""
        return np.concatenate([*self._tables, [0.0]])


def set_distribution(record: Any, of: Distribution, tables: Tables) -> None:
    """Describe a distribution, whose parameters are numbers, in a record.

    Raises:
        TypeError: a parameter is still uncertain.
    """
    match of:
        case Fixed(value=value):
            fill(record, kind=Kind.FIXED, a=value)
        case Uniform(low=low, high=high):
            fill(record, kind=Kind.UNIFORM, a=low, b=high)
        case Exponential(mean=mean):
            fill(record, kind=Kind.EXPONENTIAL, a=mean)
        case LogNormal(mu=float(mu), sigma=float(sigma)):
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
            first = tables.add_points(shares, times)
            fill(record, kind=Kind.TABLE, first=first, nodes=len(shares))
        case _:
            raise TypeError(f"{of} has a parameter that was not drawn")


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
