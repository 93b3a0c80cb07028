"""Probability distributions of times, as a scenario file names them.

All times are days. A number that is itself uncertain (``Uncertain``) is drawn once a
run from its published distribution.
"""

from typing import Annotated, Literal

from pydantic import Field

from sim.scenario.part import Part
from sim.scenario.quantities import Duration, Offset, Share

Positive = Annotated[float, Field(ge=1e-6, le=1e6)]
"""A number greater than zero."""

Real = Annotated[float, Field(ge=-1e6, le=1e6)]
"""A number of either sign."""


class NormalValue(Part):
    """A value known with a normal error."""

    kind: Literal["normal"]
    """Which of the forms this is."""
    mean: Real
    """Mean."""
    sd: Positive
    """Standard deviation."""


class BetaValue(Part):
    """A share known through a Beta distribution."""

    kind: Literal["beta"]
    """Which of the forms this is."""
    a: Positive
    """First shape parameter."""
    b: Positive
    """Second shape parameter."""


class LogUniformValue(Part):
    """A positive value known only to lie between two bounds, uniform on the log scale."""

    kind: Literal["loguniform"]
    """Which of the forms this is."""
    low: Positive
    """Lower bound."""
    high: Positive
    """Upper bound."""


Uncertain = Real | Annotated[NormalValue | BetaValue | LogUniformValue, Field(discriminator="kind")]
"""A number, or the distribution it is drawn from once a run."""


class Fixed(Part):
    """Always the same time."""

    kind: Literal["fixed"]
    """Which of the forms this is."""
    value: Duration
    """The time."""


class Uniform(Part):
    """Any time between two bounds, all equally likely."""

    kind: Literal["uniform"]
    """Which of the forms this is."""
    low: Duration
    """Lower bound."""
    high: Duration
    """Upper bound."""


class Exponential(Part):
    """Memoryless waiting time."""

    kind: Literal["exponential"]
    """Which of the forms this is."""
    mean: Duration
    """Mean."""


class LogNormal(Part):
    """The logarithm of the days is normal with mean ``mu`` and standard deviation ``sigma``."""

    kind: Literal["lognormal"]
    """Which of the forms this is."""
    mu: Uncertain
    """Mean of the logarithm of the days."""
    sigma: Uncertain
    """Standard deviation of the logarithm of the days."""


class Gamma(Part):
    """Gamma with ``shape`` and ``rate`` (per day), moved by ``shift``.

    Of a time that cannot be negative, what lies below zero is zero.
    """

    kind: Literal["gamma"]
    """Which of the forms this is."""
    shape: Positive
    """Shape."""
    rate: Positive
    """Rate per day."""
    shift: Offset = 0.0
    """Moves the distribution; may be negative."""


class GammaQuantiles(Part):
    """Gamma given by two quantiles: a share ``shares[i]`` of the times is below ``times[i]``."""

    kind: Literal["gamma_quantiles"]
    """Which of the forms this is."""
    shares: tuple[Share, Share]
    """The two shares, the smaller one first."""
    times: tuple[Duration, Duration]
    """The two quantiles."""


class GammaMoments(Part):
    """Gamma given by its mean and its variance (days squared)."""

    kind: Literal["gamma_moments"]
    """Which of the forms this is."""
    mean: Duration = Field(gt=0)
    """Mean."""
    variance: Positive
    """Variance in days squared."""


class Weibull(Part):
    """Weibull with ``shape`` and ``scale``."""

    kind: Literal["weibull"]
    """Which of the forms this is."""
    shape: Positive
    """Shape."""
    scale: Duration = Field(gt=0)
    """Scale."""


class Table(Part):
    """Any distribution, by its quantiles: a share ``shares[i]`` of the times is below ``times[i]``.

    Linear in between. The first share is 0 and the last is 1.
    """

    kind: Literal["table"]
    """Which of the forms this is."""
    shares: tuple[Share, ...] = Field(min_length=2, max_length=1000)
    """Shares, increasing from 0 to 1."""
    times: tuple[Duration, ...] = Field(min_length=2, max_length=1000)
    """The quantile at each of them."""


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
"""The distribution of a time in days."""
