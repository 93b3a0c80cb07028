"""Natural history of the disease and sensitivity of PCR tests."""

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
    """Infectiousness as a curve, linear between the given times and zero outside them.

    Only the shape matters: the curve is normalised to area 1.
    """

    kind: Literal["table"]
    """Kind of this section."""
    times: tuple[Offset, ...] = Field(min_length=2, max_length=1000)
    """Times, increasing."""
    density: tuple[Rate, ...] = Field(min_length=2, max_length=1000)
    """Infectiousness at each time, in any unit."""


class ConstantInfectiousness(Part):
    """Constant infectiousness from beginning to end, as in compartmental models.

    Times are drawn per person. A person's total infectiousness is proportional to its duration;
    the mean equals that of the other profiles.
    """

    kind: Literal["constant"]
    """Kind of this section."""
    latent: Distribution = Field(default={"kind": "fixed", "value": "0 d"}, validate_default=True)
    """Time from the event named by ``since`` to the beginning of infectiousness."""
    lead: Distribution = Field(default={"kind": "fixed", "value": "0 d"}, validate_default=True)
    """How much earlier infectiousness begins."""
    lasts: Distribution
    """Time from the end of ``latent`` to the end of infectiousness."""
    asymptomatic_lasts: Distribution | None = None
    """The same for people who never have symptoms; none: as ``lasts``."""


class Infectiousness(Part):
    """When an infected person is infectious: a density over time.

    The density is cut to ``window``, a lower and an upper quantile; outside it a person is not
    infectious. Constant infectiousness needs no window. Nobody is infectious before infection.
    """

    since: Literal["infection", "onset"]
    """Event from which times count; onset is the end of incubation, also without symptoms."""
    profile: Annotated[
        Gamma | Weibull | LogNormal | DensityTable | ConstantInfectiousness,
        Field(discriminator="kind"),
    ]
    """Density of infectiousness over time. For a lognormal, mu is limited to -10 to 10 and sigma
    to 0.01 to 5."""
    window: tuple[Share, Share] = (0.005, 0.995)
    """Lower and upper quantile at which the density is cut off."""
    shortest_latent: Duration = 0.0
    """Shortest time from infection to infectiousness, whatever the density."""


class LogisticPcr(Part):
    """Probability of a positive PCR as a two-piece logistic curve.

    ``logit p = b1 + b2 * x + b2 * b3 * x * [x > 0]`` with ``x = t - c`` and ``t`` the days since
    infection (Hellewell et al. 2021, BMC Medicine 19:106).
    """

    kind: Literal["two_piece_logistic"]
    """Kind of this section."""
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

    Zero before the first day; constant after the last.
    """

    kind: Literal["table"]
    """Kind of this section."""
    days: tuple[Real, ...] = Field(min_length=1)
    """Days, increasing; before onset they are negative."""
    sensitivity: tuple[Share, ...] = Field(min_length=1)
    """Probability of a positive test on each day."""
    since: Literal["infection", "onset"] = "infection"
    """Event from which days count; onset is the end of incubation, also without symptoms."""


class StagesPcr(Part):
    """Probability of a positive test by stage of infection, as in compartmental models."""

    kind: Literal["stages"]
    """Kind of this section."""
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
    """Natural history of an infection."""

    name: Line
    """Display name."""
    incubation: Distribution
    """Time from infection to onset of symptoms."""
    infectiousness: Infectiousness
    """When an infected person is infectious."""
    asymptomatic_share: Uncertain
    """Share of infected people who never have symptoms."""
    asymptomatic_infectiousness: Uncertain = 1.0
    """Their infectiousness relative to people with symptoms."""
    offspring_dispersion: Positive | None = None
    """Dispersion k of the personal Gamma factor on infectiousness; none: no variation."""
    onset_to_severe: Distribution | None = None
    """Time from onset to severe disease; without symptoms, to the end of the infection."""
    symptoms_last: Duration | Distribution = 14.0
    """Time from onset to the end of symptoms: how long screening can see them and earlier illness
    leads to a swab. It does not end infectiousness. A cohort with timing ``until: recovery``
    recovers then."""
    asymptomatic_lasts: Distribution | None = None
    """Time from the end of incubation to recovery of people who never have symptoms, in such a
    cohort; none: as ``symptoms_last``."""


DiseaseField = Annotated[Disease, PresetOrInline("diseases")]
"""A disease, inline or by preset name."""
