"""The counts that the model is held against, as a file of them says."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from sim.scenario.names import unknown_name
from sim.scenario.part import Part
from sim.scenario.quantities import Date, Line, Name, Rate
from sim.scenario.reading.strict_yaml import read_document
from sim.scenario.reading.validation import Finding, validate
from sim.scenario.schema import Scenario
from sim.world.bulletin import SERIES

SHIPPED_TARGETS = Path(__file__).with_name("targets.yaml")


class ReportingNoise(Part):
    """Standard deviation of what is printed around what happened: ``absolute`` plus a share."""

    absolute: Annotated[float, Field(gt=0, le=1e6)] = 3.0
    relative: Rate = 0.05

    def sd(self, count: float) -> float:
        """Return the standard deviation of a printed ``count``."""
        return self.absolute + self.relative * abs(count)


class Article(Part):
    """Where counts were printed."""

    outlet: Line
    published: Date


class _Target(Part):
    """What all kinds of targets have in common.

    Attributes:
        id: its number in the data provenance page.
        place: place in the scenario.
        series: series of the bulletin.
        data_date: the day that it describes, and on which the model is compared.
        article: key of the article, which has the day on which it was published.
        noise: reporting noise; left out: that of the file.
        fit: the fit uses it; otherwise it is only compared.
    """

    id: Line
    place: Name
    series: Name
    data_date: Date
    article: Line
    noise: ReportingNoise | None = None
    fit: bool = True


class CountTarget(_Target):
    """A count that is printed as a number."""

    kind: Literal["count"]
    value: Rate


class IntervalTarget(_Target):
    """A count that is printed in words, as something between two numbers."""

    kind: Literal["interval"]
    low: Rate
    high: Rate


class LowerBoundTarget(_Target):
    """A count of which only the least that it was is printed."""

    kind: Literal["lower_bound"]
    value: Rate


Target = Annotated[CountTarget | IntervalTarget | LowerBoundTarget, Field(discriminator="kind")]


class Targets(Part):
    """All targets of one case."""

    reporting_noise: ReportingNoise = ReportingNoise()
    articles: dict[str, Article] = {}
    targets: tuple[Target, ...] = Field(min_length=1)

    def counts(self) -> list[CountTarget]:
        """Return the targets that are single numbers."""
        return [target for target in self.targets if isinstance(target, CountTarget)]

    @property
    def region(self) -> str:
        """Place of the last target that is fitted: the one whose series are looked at."""
        return next(target.place for target in reversed(self.targets) if target.fit)


def read_targets(path: Path = SHIPPED_TARGETS, scenario: Scenario | None = None) -> Targets:
    """Return the targets in ``path``.

    Args:
        path: the file.
        scenario: what has to have the places and days of the targets, if it is known.

    Raises:
        ScenarioError: carries every problem of the file.
    """

    def check(targets: Targets) -> Iterator[Finding]:
        yield from _check(targets)
        if scenario is not None:
            yield from _check_against(targets, scenario)

    return validate(read_document(path), Targets, check)


def _check_against(targets: Targets, scenario: Scenario) -> Iterator[Finding]:
    calendar = scenario.calendar
    for number, target in enumerate(targets.targets):
        here = ("targets", number)
        yield from unknown_name((*here, "place"), target.place, list(scenario.places), "place")
        yield from unknown_name((*here, "series"), target.series, list(SERIES), "series")
        if not calendar.start <= target.data_date <= calendar.end:
            yield Finding(
                (*here, "data_date"),
                "the day lies outside the calendar of the scenario",
                allowed=f"{calendar.start} to {calendar.end}",
                got=str(target.data_date),
            )


def _check(targets: Targets) -> Iterator[Finding]:
    seen = set[str]()
    for number, target in enumerate(targets.targets):
        here = ("targets", number)
        if target.id in seen:
            yield Finding((*here, "id"), "two targets have this id", got=target.id)
        seen.add(target.id)
        if target.article not in targets.articles:
            allowed = ", ".join(targets.articles) or "none: articles is empty"
            yield Finding(
                (*here, "article"), "no such article", allowed=allowed, got=target.article
            )
        if isinstance(target, IntervalTarget) and target.low > target.high:
            yield Finding(
                (*here, "high"), "the interval ends before it begins", got=str(target.high)
            )
