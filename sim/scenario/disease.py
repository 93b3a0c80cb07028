"""The natural history of the disease and what a PCR test sees of it."""

from typing import Annotated, Literal

from pydantic import Field

from sim.scenario.distributions import (
    Distribution,
    Gamma,
    LogNormal,
    Positive,
    Real,
    Uncertain,
    Weibull,
)
from sim.scenario.part import Part
from sim.scenario.presets import PresetOrInline
from sim.scenario.quantities import Duration, Line, Offset, Rate, Share


class DensityTable(Part):
    """Infectiousness as a curve, linear between the given times and nought outside of them.

    Only its shape counts: the area below it is made 1.
    """

    kind: Literal["table"]
    times: tuple[Offset, ...] = Field(min_length=2, max_length=1000)
    density: tuple[Rate, ...] = Field(min_length=2, max_length=1000)


class ConstantInfectiousness(Part):
    """The same infectiousness from its beginning to its end, as compartmental models have it.

    It begins ``latent`` after the moment that the times count from, or ``lead`` before it, and
    ends ``lasts`` after ``latent`` is over. Every person has own times. The total infectiousness
    of a person is in proportion to how long it lasts; its mean is that of the others' profiles.
    """

    kind: Literal["constant"]
    latent: Distribution = Field(default={"kind": "fixed", "value": "0 d"}, validate_default=True)
    lead: Distribution = Field(default={"kind": "fixed", "value": "0 d"}, validate_default=True)
    lasts: Distribution
    asymptomatic_lasts: Distribution | None = None
    """The same for those who never have symptoms; none: as ``lasts``."""


class Infectiousness(Part):
    """When an infected person is infectious: a density over time.

    The density is cut to ``window``, a lower and an upper quantile; before it and after it a
    person counts as not infectious. Constant infectiousness needs no window. Nobody is
    infectious before being infected.
    """

    since: Literal["infection", "onset"]
    """Where its times count from; onset is the end of incubation also without symptoms."""
    profile: Annotated[
        Gamma | Weibull | LogNormal | DensityTable | ConstantInfectiousness,
        Field(discriminator="kind"),
    ]
    """Density of infectiousness over time. Of a log-normal one mu is taken within -10 and 10, and
    sigma within 0.01 and 5."""
    window: tuple[Share, Share] = (0.005, 0.995)
    shortest_latent: Duration = 0.0
    """Nobody is infectious sooner than this after being infected, whatever the density says."""


class LogisticPcr(Part):
    """Probability of a positive PCR as a two-piece logistic curve.

    ``logit p = b1 + b2 * x + b2 * b3 * x * [x > 0]`` with ``x = t - c`` and ``t`` the days since
    infection (Hellewell et al. 2021, BMC Medicine 19:106).
    """

    kind: Literal["two_piece_logistic"]
    b1: Real
    b2: Real
    b3: Real
    c: Real


class TablePcr(Part):
    """Probability of a positive test, linear between the given days.

    Before the first day it is nought; after the last it keeps the last value.
    """

    kind: Literal["table"]
    days: tuple[Real, ...] = Field(min_length=1)
    sensitivity: tuple[Share, ...] = Field(min_length=1)
    since: Literal["infection", "onset"] = "infection"
    """Where the days count from; onset is the end of incubation also without symptoms."""


class StagesPcr(Part):
    """Probability of a positive test by the stage of the infection, as in compartmental models."""

    kind: Literal["stages"]
    latent: Share = 0.0
    """Before infectiousness begins."""
    infectious: Share
    """While infectious."""
    presymptomatic: Share | None = None
    """While infectious before the onset of symptoms; none: as ``infectious``."""
    recovered: Share = 0.0
    """After infectiousness."""


PcrCurve = Annotated[
    Annotated[LogisticPcr | TablePcr | StagesPcr, Field(discriminator="kind")],
    PresetOrInline("pcr"),
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
    symptoms_last: Duration | Distribution = 14.0
    """Onset to the end of symptoms: how long screening can see them, and an illness from before
    quarantine or release leads to a swab. It does not end infectiousness. A cohort whose timing
    is a course ``until: recovery`` recovers then."""
    asymptomatic_lasts: Distribution | None = None
    """End of incubation to recovery of those who never have symptoms, for such a cohort; none: as
    ``symptoms_last``."""


DiseaseField = Annotated[Disease, PresetOrInline("diseases")]
"""A disease, inline or by preset name."""
