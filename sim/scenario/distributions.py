"""Probability distributions of times, as a scenario file names them.

All times are days. A number that is itself uncertain (``Uncertain``) is drawn once a
run from its published distribution.
"""

from typing import Annotated, Literal

from pydantic import Field

from sim.scenario.part import Part
from sim.scenario.quantities import Duration, Offset, Share

Positive = Annotated[float, Field(ge=1e-6, le=1e6)]
"""A number greater than nought."""

Real = Annotated[float, Field(ge=-1e6, le=1e6)]
"""A number of either sign."""


class NormalValue(Part):
    """A value known with a normal error."""

    kind: Literal["normal"]
    mean: Real
    sd: Positive


class BetaValue(Part):
    """A share known through a Beta distribution."""

    kind: Literal["beta"]
    a: Positive
    b: Positive


class LogUniformValue(Part):
    """A positive value known only to lie between two bounds, uniform on the log scale."""

    kind: Literal["loguniform"]
    low: Positive
    high: Positive


Uncertain = Real | Annotated[NormalValue | BetaValue | LogUniformValue, Field(discriminator="kind")]
"""A number, or the distribution it is drawn from once a run."""


class Fixed(Part):
    """Always the same time."""

    kind: Literal["fixed"]
    value: Duration


class Uniform(Part):
    """Any time between two bounds, all equally likely."""

    kind: Literal["uniform"]
    low: Duration
    high: Duration


class Exponential(Part):
    """Memoryless waiting time."""

    kind: Literal["exponential"]
    mean: Duration


class LogNormal(Part):
    """The logarithm of the days is normal with mean ``mu`` and standard deviation ``sigma``."""

    kind: Literal["lognormal"]
    mu: Uncertain
    sigma: Uncertain


class Gamma(Part):
    """Gamma with ``shape`` and ``rate`` (per day), moved by ``shift``.

    Of a time that cannot be negative, what lies below nought is nought.
    """

    kind: Literal["gamma"]
    shape: Positive
    rate: Positive
    shift: Offset = 0.0


class GammaQuantiles(Part):
    """Gamma given by two quantiles: a share ``shares[i]`` of the times is below ``times[i]``."""

    kind: Literal["gamma_quantiles"]
    shares: tuple[Share, Share]
    times: tuple[Duration, Duration]


class GammaMoments(Part):
    """Gamma given by its mean and its variance (days squared)."""

    kind: Literal["gamma_moments"]
    mean: Duration = Field(gt=0)
    variance: Positive


class Weibull(Part):
    """Weibull with ``shape`` and ``scale``."""

    kind: Literal["weibull"]
    shape: Positive
    scale: Duration = Field(gt=0)


class Table(Part):
    """Any distribution, by its quantiles: a share ``shares[i]`` of the times is below ``times[i]``.

    Linear in between. The first share is 0 and the last is 1.
    """

    kind: Literal["table"]
    shares: tuple[Share, ...] = Field(min_length=2, max_length=1000)
    times: tuple[Duration, ...] = Field(min_length=2, max_length=1000)


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
