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
    """Infectiousness as a curve, linear between the given times and zero outside of them.

    Only its shape counts: the area below it is made 1.
    """

    kind: Literal["table"]
    """Which of the forms this is."""
    times: tuple[Offset, ...] = Field(min_length=2, max_length=1000)
    """Times, increasing."""
    density: tuple[Rate, ...] = Field(min_length=2, max_length=1000)
    """Infectiousness at each of them, in any unit."""


class ConstantInfectiousness(Part):
    """The same infectiousness from its beginning to its end, as compartmental models have it.

    Every person has own times. The total infectiousness of a person is in proportion to how long
    it lasts; its mean is that of the other profiles.
    """

    kind: Literal["constant"]
    """Which of the forms this is."""
    latent: Distribution = Field(default={"kind": "fixed", "value": "0 d"}, validate_default=True)
    """Time from the moment that ``since`` names to the beginning of infectiousness."""
    lead: Distribution = Field(default={"kind": "fixed", "value": "0 d"}, validate_default=True)
    """How much earlier than that infectiousness begins."""
    lasts: Distribution
    """Time from the end of ``latent`` to the end of infectiousness."""
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
    """Lower and upper quantile at which the density is cut off."""
    shortest_latent: Duration = 0.0
    """Nobody is infectious sooner than this after being infected, whatever the density says."""


class LogisticPcr(Part):
    """Probability of a positive PCR as a two-piece logistic curve.

    ``logit p = b1 + b2 * x + b2 * b3 * x * [x > 0]`` with ``x = t - c`` and ``t`` the days since
    infection (Hellewell et al. 2021, BMC Medicine 19:106).
    """

    kind: Literal["two_piece_logistic"]
    """Which of the forms this is."""
    b1: Real
    """Logit of the sensitivity at ``c``."""
    b2: Real
    """Slope before ``c``."""
    b3: Real
    """Change of slope after ``c``, relative to ``b2``."""
    c: Real
    """Days since infection at which the slope changes."""


class TablePcr(Part):
    """Probability of a positive test, linear between the given days.

    Before the first day it is zero; after the last it keeps the last value.
    """

    kind: Literal["table"]
    """Which of the forms this is."""
    days: tuple[Real, ...] = Field(min_length=1)
    """Days, increasing; before onset they are negative."""
    sensitivity: tuple[Share, ...] = Field(min_length=1)
    """Probability of a positive test on each of them."""
    since: Literal["infection", "onset"] = "infection"
    """Where the days count from; onset is the end of incubation also without symptoms."""


class StagesPcr(Part):
    """Probability of a positive test by the stage of the infection, as in compartmental models."""

    kind: Literal["stages"]
    """Which of the forms this is."""
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
    """Name for people to read."""
    incubation: Distribution
    """Infection to onset of symptoms."""
    infectiousness: Infectiousness
    """When an infected person is infectious."""
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
