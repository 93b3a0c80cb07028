"""The natural history of the disease and what a PCR test sees of it."""

from typing import Annotated, Literal

from pydantic import Field

from sim.scenario.distributions import Distribution, Gamma, Positive, Uncertain, Weibull
from sim.scenario.part import Part
from sim.scenario.presets import PresetOrInline
from sim.scenario.quantities import Duration, Line, Share


class Infectiousness(Part):
    """When an infected person is infectious: a density over time.

    The density is cut to ``window``, a lower and an upper quantile; before it and after it a
    person counts as not infectious. Nobody is infectious before being infected.
    """

    since: Literal["infection", "onset"]
    profile: Annotated[Gamma | Weibull, Field(discriminator="kind")]
    window: tuple[Share, Share] = (0.005, 0.995)


class LogisticPcr(Part):
    """Probability of a positive PCR as a two-piece logistic curve.

    ``logit p = b1 + b2 * x + b2 * b3 * x * [x > 0]`` with ``x = t - c`` and ``t`` the days since
    infection (Hellewell et al. 2021, BMC Medicine 19:106).
    """

    kind: Literal["two_piece_logistic"]
    b1: float
    b2: float
    b3: float
    c: float


class TablePcr(Part):
    """Probability of a positive PCR, linear between the given days since infection.

    Before the first day it is nought; after the last it keeps the last value.
    """

    kind: Literal["table"]
    days: tuple[float, ...] = Field(min_length=1)
    sensitivity: tuple[Share, ...] = Field(min_length=1)


PcrCurve = Annotated[
    Annotated[LogisticPcr | TablePcr, Field(discriminator="kind")], PresetOrInline("pcr")
]
"""The sensitivity of a PCR test by days since infection, inline or by preset name."""


class Disease(Part):
    """The course of an infection."""

    name: Line
    incubation: Distribution
    """Infection to onset of symptoms."""
    infectiousness: Infectiousness
    asymptomatic_share: Uncertain
    """Share of the infected who never have symptoms."""
    asymptomatic_infectiousness: Uncertain = 1.0
    """Their infectiousness relative to the others'."""
    offspring_dispersion: Positive | None = None
    """Dispersion k of the Gamma factor on a person's infectiousness; none: all alike."""
    onset_to_severe: Distribution | None = None
    """Onset to severe disease; for those without symptoms, to the end of the infection."""
    symptoms_last: Duration = 14.0
    """How long after onset screening can still see symptoms."""


DiseaseField = Annotated[Disease, PresetOrInline("diseases")]
"""A disease, inline or by preset name."""
