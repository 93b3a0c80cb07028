"""The epidemic at the source, and the travellers who set out from it."""

from typing import Annotated, Literal

from pydantic import Field
from pydantic.config import JsonDict

from sim.scenario.distributions import Distribution, Positive, Uncertain
from sim.scenario.part import Part
from sim.scenario.presets import PresetOrInline
from sim.scenario.quantities import Count, Date, Duration, Name, Rate, Share


class DatedCount(Part):
    """A number on a date."""

    date: Date
    """The date."""
    count: Rate
    """The number on that date, of cases or of people per day."""


class ExponentialCurve(Part):
    """Exponential growth through ``count`` cumulative cases on ``date``.

    Growth is ``log(2) / doubling_time`` up to that day; afterwards it decays with the time
    constant ``slowing_time`` (none: growth does not slow).
    """

    kind: Literal["exponential"]
    """Kind of this section."""
    count: Positive
    """Cumulative cases on ``date``."""
    date: Date
    """Day on which there are ``count`` cases, at noon."""
    doubling_time: Duration = Field(gt=0)
    """Doubling time up to that day."""
    slowing_time: Duration | None = Field(default=None, gt=0)
    """Time constant of the slowing afterwards."""


class UniformCurve(Part):
    """A constant number of reported cases per day from a date on."""

    kind: Literal["uniform"]
    """Kind of this section."""
    per_day: Rate
    """Reported cases per day."""
    since: Date
    """First day."""


def _or_file(schema: JsonDict) -> None:
    """Let the JSON Schema of a list also accept a file name."""
    rows = {key: schema.pop(key) for key in ("type", "items", "minItems")}
    schema["anyOf"] = [{"type": "string", "description": "CSV file with date and count"}, rows]


class CountsCurve(Part):
    """Cumulative reported cases on given dates, linear in between, constant outside.

    In a file ``counts`` may name a CSV file beside it. Its first line is ``date,count``; the others
    are dates such as 2020-04-06 and numbers without thousands separators. Two different counts may
    be 330 days apart at most, and at least one year must be a year of the calendar.
    """

    kind: Literal["counts"]
    """Kind of this section."""
    counts: tuple[DatedCount, ...] = Field(min_length=2, json_schema_extra=_or_file)
    """Dates and counts, or the name of a CSV file in the folder of the scenario."""


Curve = Annotated[
    Annotated[ExponentialCurve | UniformCurve | CountsCurve, Field(discriminator="kind")],
    PresetOrInline("curves"),
]
"""A cumulative curve of reported cases, inline or by preset name."""


class EpidemicSource(Part):
    """Travellers are infected by an epidemic where they start.

    The hazard per day of a traveller at time ``t`` is
    ``exposure * C'(t + reporting_lag) / population`` with ``C`` the reported cumulative curve.
    """

    kind: Literal["epidemic"]
    """Kind of this section."""
    curve: Curve
    """Cumulative reported cases, inline or a preset."""
    population: float = Field(ge=1, le=1e10)
    """Population to which the curve refers."""
    exposure: Rate
    """Under-ascertainment times the relative exposure of the travelling community."""
    reporting_lag: Duration
    """Time from infection to report."""
    travel_group_dispersion: Positive | None = None
    """Dispersion k of the Gamma frailty that a travel group shares; none: all groups alike."""


class UniformTiming(Part):
    """Infected at a time uniform between ``earliest`` and ``latest`` before departure.

    With ``step``, only at whole steps in that range (both ends included).
    """

    kind: Literal["uniform"]
    """Kind of this section."""
    earliest: Duration
    """Longest time before departure."""
    latest: Duration = 0.0
    """Shortest time before departure."""
    step: Duration | None = Field(default=None, gt=0)
    """Length of a step."""


class GrowingTiming(Part):
    """Infected with a density that grows exponentially towards departure."""

    kind: Literal["exponential_growth"]
    """Kind of this section."""
    growth_per_day: Positive
    """Exponential growth rate per day."""
    earliest: Duration = Field(gt=0)
    """Longest time before departure."""


class DistributedTiming(Part):
    """Infected at a time before departure with any distribution."""

    kind: Literal["before"]
    """Kind of this section."""
    before: Distribution
    """Time between infection and departure."""


class CourseTiming(Part):
    """Infected before departure uniformly over a multiple of the person's course of infection.

    The course is incubation plus the time from onset to severe disease or recovery. People whose
    course ends before departure do not set out: they are severely ill or recovered.
    """

    kind: Literal["course"]
    """Kind of this section."""
    until: Literal["severe", "recovery"] = "severe"
    """Event that ends the course."""
    multiple: Positive = 1.0
    """Length of the time in courses."""


Timing = Annotated[
    UniformTiming | GrowingTiming | DistributedTiming | CourseTiming, Field(discriminator="kind")
]
"""When the members of a cohort were infected."""


class CohortSource(Part):
    """A cohort of travellers infected before departure, as in screening studies."""

    kind: Literal["cohort"]
    """Kind of this section."""
    timing: Timing
    """When the members were infected."""
    infected_share: Uncertain = 1.0
    """Share of travellers infected before departure."""


Source = Annotated[EpidemicSource | CohortSource, Field(discriminator="kind")]
"""How travellers become infected before they leave."""


class LogisticDemand(Part):
    """Growing demand in people per day, logistic towards ``ceiling``.

    It is a hazard for everyone still in the pool: this number sets out from a full pool, and
    fewer as it empties. For known counts, use a table.
    """

    kind: Literal["logistic"]
    """Kind of this section."""
    ceiling: Rate
    """Final number of people per day."""
    halfway: Duration
    """Time after the start of the calendar at which half the ceiling is reached."""
    doubling_time: Duration = Field(gt=0)
    """Doubling time long before ``halfway``."""


class TableDemand(Part):
    """People who set out a day on given dates, linear in between, level outside.

    Exactly as many set out, to within one travel group. The pool must have them.
    """

    kind: Literal["table"]
    """Kind of this section."""
    per_day: tuple[DatedCount, ...] = Field(min_length=1)
    """Dates and people per day."""


class CohortDemand(Part):
    """A number of people who set out at the same time, each alone."""

    kind: Literal["cohort"]
    """Kind of this section."""
    people: Count
    """Number of people."""
    date: Date
    """The day on which they set out."""
    at: Duration = Field(default=0.5, lt=1)
    """Time of day."""


Demand = Annotated[LogisticDemand | TableDemand | CohortDemand, Field(discriminator="kind")]
"""Number of people who set out, by time."""


class TravelGroupSize(Part):
    """The size of a travel group: one plus a Poisson number."""

    mean: float = Field(ge=1, le=20)
    """Mean size, at least one."""


class Travellers(Part):
    """The community that may set out, and how its members decide."""

    start: Name
    """The place where they live."""
    pool: Count
    """People who may set out. Demand by table does not depend on the pool, but a smaller pool is
    refused."""
    travel_group_size: TravelGroupSize = TravelGroupSize(mean=1)
    """People who decide and travel together."""
    demand: Demand
    """Number who set out, by time."""
    announcement_factor: float = Field(default=1.0, ge=0, le=100)
    """Demand between the announcement of a closure and the closure, relative to before."""
    closed_factor: float = Field(default=0.0, ge=0, le=100)
    """Demand for a port while it is shut, relative to before; default: nobody sets out for a port
    known to be shut."""
    patience: Duration = Field(default=10.0, gt=0)
    """Mean time that a stranded person waits before giving up and going back."""
    divert_share: Share = 0.5
    """Share of people who, when stranded, would go to another open port."""
    aware_share: Share = 0.0
    """Share of infected people who know of their exposure, which questionnaires ask for."""
    arrival_tests_taken: Share = 1.0
    """Share of travellers who take the swabs of ``policies.arrival_tests``."""
