"""Where the infections come from: the epidemic at the source, and who sets out from it."""

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
    constant ``slowing_time`` (none: it goes on unchanged).
    """

    kind: Literal["exponential"]
    """Which of the forms this is."""
    count: Positive
    """Cumulative cases on ``date``."""
    date: Date
    """Day on which there are ``count`` cases, at noon."""
    doubling_time: Duration = Field(gt=0)
    """Doubling time up to that day."""
    slowing_time: Duration | None = Field(default=None, gt=0)
    """Time constant of the slowing afterwards."""


class UniformCurve(Part):
    """The same number of reported cases every day from a date on."""

    kind: Literal["uniform"]
    """Which of the forms this is."""
    per_day: Rate
    """Reported cases per day."""
    since: Date
    """First day."""


def _or_file(schema: JsonDict) -> None:
    """Let the JSON Schema of a list take the name of a file too."""
    rows = {key: schema.pop(key) for key in ("type", "items", "minItems")}
    schema["anyOf"] = [{"type": "string", "description": "CSV file with date and count"}, rows]


class CountsCurve(Part):
    """Cumulative reported cases on given dates, linear in between, level outside.

    In a file ``counts`` may name a CSV file beside it. Its first line is ``date,count``; the others
    are dates such as 2020-04-06 and numbers without thousands separators. Two different counts may
    be 330 days apart at most, and at least one year must be a year of the calendar.
    """

    kind: Literal["counts"]
    """Which of the forms this is."""
    counts: tuple[DatedCount, ...] = Field(min_length=2, json_schema_extra=_or_file)
    """Dates and counts, or the name of a CSV file beside the scenario."""


Curve = Annotated[
    Annotated[ExponentialCurve | UniformCurve | CountsCurve, Field(discriminator="kind")],
    PresetOrInline("curves"),
]
"""A cumulative curve of reported cases, inline or by preset name."""


class EpidemicSource(Part):
    """Travellers are infected by an epidemic at the place where they start.

    The hazard per day of a traveller at time ``t`` is
    ``exposure * C'(t + reporting_lag) / population`` with ``C`` the reported cumulative curve.
    """

    kind: Literal["epidemic"]
    """Which of the forms this is."""
    curve: Curve
    """Cumulative reported cases, inline or a preset."""
    population: float = Field(ge=1, le=1e10)
    """Residents whom the curve counts."""
    exposure: Rate
    """Under-ascertainment times the relative exposure of the travelling community."""
    reporting_lag: Duration
    """Time from infection to report."""
    travel_group_dispersion: Positive | None = None
    """Dispersion k of the Gamma frailty that a travel group shares; none: all groups alike."""


class UniformTiming(Part):
    """Infected at a time uniform between ``earliest`` and ``latest`` before departure.

    With ``step``, only at whole steps between the two (both included).
    """

    kind: Literal["uniform"]
    """Which of the forms this is."""
    earliest: Duration
    """Longest time before departure."""
    latest: Duration = 0.0
    """Shortest time before departure."""
    step: Duration | None = Field(default=None, gt=0)
    """Length of a step."""


class GrowingTiming(Part):
    """Infected with a density that grows exponentially towards departure."""

    kind: Literal["exponential_growth"]
    """Which of the forms this is."""
    growth_per_day: Positive
    """Exponential growth rate per day."""
    earliest: Duration = Field(gt=0)
    """Longest time before departure."""


class DistributedTiming(Part):
    """Infected a time before departure that has any distribution."""

    kind: Literal["before"]
    """Which of the forms this is."""
    before: Distribution
    """Time between infection and departure."""


class CourseTiming(Part):
    """Infected before departure uniformly over a multiple of the person's own course.

    The course is incubation plus onset to severe disease or to recovery. Those whose course ends
    before departure do not set out: they are severely ill or recovered.
    """

    kind: Literal["course"]
    """Which of the forms this is."""
    until: Literal["severe", "recovery"] = "severe"
    """Where the course ends."""
    multiple: Positive = 1.0
    """How many courses long the time is."""


Timing = Annotated[
    UniformTiming | GrowingTiming | DistributedTiming | CourseTiming, Field(discriminator="kind")
]
"""When the members of a cohort were infected."""


class CohortSource(Part):
    """A cohort of travellers, infected before departure, as screening studies use."""

    kind: Literal["cohort"]
    """Which of the forms this is."""
    timing: Timing
    """When the members were infected."""
    infected_share: Uncertain = 1.0
    """Share of the travellers who are infected; the others never are before departure."""


Source = Annotated[EpidemicSource | CohortSource, Field(discriminator="kind")]
"""How travellers become infected before they leave."""


class LogisticDemand(Part):
    """Demand that grows: people a day, logistic towards ``ceiling``.

    It is a hazard for everybody who is still in the pool: that many set out of a full pool, and
    fewer as it empties. For counts that are known, use a table.
    """

    kind: Literal["logistic"]
    """Which of the forms this is."""
    ceiling: Rate
    """People per day that the growth ends at."""
    halfway: Duration
    """Time after the start of the calendar at which half the ceiling is reached."""
    doubling_time: Duration = Field(gt=0)
    """Doubling time long before that."""


class TableDemand(Part):
    """People who set out a day on given dates, linear in between, level outside.

    Exactly as many set out, to within one travel group. The pool must have them.
    """

    kind: Literal["table"]
    """Which of the forms this is."""
    per_day: tuple[DatedCount, ...] = Field(min_length=1)
    """Dates and people per day."""


class CohortDemand(Part):
    """A number of people who all set out at one time, each alone."""

    kind: Literal["cohort"]
    """Which of the forms this is."""
    people: Count
    """Number of people."""
    date: Date
    """The day on which they set out."""
    at: Duration = Field(default=0.5, lt=1)
    """Time of day."""


Demand = Annotated[LogisticDemand | TableDemand | CohortDemand, Field(discriminator="kind")]
"""How many people set out, and when."""


class TravelGroupSize(Part):
    """The size of a travel group: one plus a Poisson number."""

    mean: float = Field(ge=1, le=20)
    """Mean size, at least one."""


class Travellers(Part):
    """The community that may set out, and how its members decide."""

    start: Name
    """The place where they live."""
    pool: Count
    """People who may set out. Demand by a table sends as many as it says whatever the pool is; a
    smaller pool is refused."""
    travel_group_size: TravelGroupSize = TravelGroupSize(mean=1)
    """People who decide and travel together."""
    demand: Demand
    """How many set out, and when."""
    announcement_factor: float = Field(default=1.0, ge=0, le=100)
    """Demand between the announcement of a closure and the closure, relative to before."""
    closed_factor: float = Field(default=0.0, ge=0, le=100)
    """Demand for a port while it is shut, relative to before; left out: nobody sets out for a port
    that is known to be shut."""
    patience: Duration = Field(default=10.0, gt=0)
    """Mean time that a stranded person waits before giving up and going back."""
    divert_share: Share = 0.5
    """Share of people who, when stranded, would go to another open port."""
    aware_share: Share = 0.0
    """Share of the infected who know that they were exposed; questionnaires ask for it."""
    arrival_tests_taken: Share = 1.0
    """Share of travellers who take the swabs that ``policies.arrival_tests`` asks for."""
