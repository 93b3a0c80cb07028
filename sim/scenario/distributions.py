"""Probability distributions of times in scenario files.

All times are in days. An uncertain number (``Uncertain``) is drawn once per run from its
published distribution.
"""

from typing import Annotated, Literal

from pydantic import Field

from sim.scenario.part import Part
from sim.scenario.quantities import Duration, Offset, Share

Positive = Annotated[float, Field(ge=1e-6, le=1e6)]
"""A number greater than zero."""

Real = Annotated[float, Field(ge=-1e6, le=1e6)]
"""A positive or negative number."""


class NormalValue(Part):
    """A value with normal uncertainty."""

    kind: Literal["normal"]
    """Kind of this section."""
    mean: Real
    """Mean."""
    sd: Positive
    """Standard deviation."""


class BetaValue(Part):
    """A share with a Beta distribution."""

    kind: Literal["beta"]
    """Kind of this section."""
    a: Positive
    """First shape parameter."""
    b: Positive
    """Second shape parameter."""


class LogUniformValue(Part):
    """A positive value between two bounds, uniform on the log scale."""

    kind: Literal["loguniform"]
    """Kind of this section."""
    low: Positive
    """Lower bound."""
    high: Positive
    """Upper bound."""


Uncertain = Real | Annotated[NormalValue | BetaValue | LogUniformValue, Field(discriminator="kind")]
"""A number, or the distribution from which it is drawn once per run."""


class Fixed(Part):
    """A fixed time."""

    kind: Literal["fixed"]
    """Kind of this section."""
    value: Duration
    """The time."""


class Uniform(Part):
    """Uniform between two bounds."""

    kind: Literal["uniform"]
    """Kind of this section."""
    low: Duration
    """Lower bound."""
    high: Duration
    """Upper bound."""


class Exponential(Part):
    """Exponential waiting time."""

    kind: Literal["exponential"]
    """Kind of this section."""
    mean: Duration
    """Mean."""


class LogNormal(Part):
    """Lognormal: the logarithm of the days has mean ``mu`` and standard deviation ``sigma``."""

    kind: Literal["lognormal"]
    """Kind of this section."""
    mu: Uncertain
    """Mean of the logarithm of the days."""
    sigma: Uncertain
    """Standard deviation of the logarithm of the days."""


class Gamma(Part):
    """Gamma with ``shape`` and ``rate`` (per day), moved by ``shift``.

    For times that cannot be negative, negative values become zero.
    """

    kind: Literal["gamma"]
    """Kind of this section."""
    shape: Positive
    """Shape."""
    rate: Positive
    """Rate per day."""
    shift: Offset = 0.0
    """Shift of the distribution; may be negative."""


class GammaQuantiles(Part):
    """Gamma given by two quantiles: a share ``shares[i]`` of times is below ``times[i]``."""

    kind: Literal["gamma_quantiles"]
    """Kind of this section."""
    shares: tuple[Share, Share]
    """The two shares, the smaller one first."""
    times: tuple[Duration, Duration]
    """The two quantiles."""


class GammaMoments(Part):
    """Gamma given by its mean and its variance (days squared)."""

    kind: Literal["gamma_moments"]
    """Kind of this section."""
    mean: Duration = Field(gt=0)
    """Mean."""
    variance: Positive
    """Variance in days squared."""


class Weibull(Part):
    """Weibull with ``shape`` and ``scale``."""

    kind: Literal["weibull"]
    """Kind of this section."""
    shape: Positive
    """Shape."""
    scale: Duration = Field(gt=0)
    """Scale."""


class Table(Part):
    """Any distribution, by its quantiles: a share ``shares[i]`` of times is below ``times[i]``.

    Linear in between. The first share is 0 and the last is 1.
    """

    kind: Literal["table"]
    """Kind of this section."""
    shares: tuple[Share, ...] = Field(min_length=2, max_length=1000)
    """Shares, increasing from 0 to 1."""
    times: tuple[Duration, ...] = Field(min_length=2, max_length=1000)
    """Quantile at each share."""


Distribution = Annotated[
    Fixed
    | Uniform
    | Exponential
    | LogNormal
    | Gamma
    | GammaQuantiles
    | GammaMoments
    | Weibull
    | Table,
    Field(discriminator="kind"),
]
"""Distribution of a time in days."""
