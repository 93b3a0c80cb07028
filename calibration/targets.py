"""What a file of the counts may say that the model is compared with."""

import math
from typing import Annotated, Literal

from pydantic import Field

from sim.scenario.part import Part
from sim.scenario.quantities import Date, Line, Name, Rate

LOCAL = "local_"
"""How the series of residents' infections begin."""


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
        series: series of the surveillance.
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

    @property
    def is_local(self) -> bool:
        """It counts infections of residents, which the second stage of a fit explains."""
        return self.series.startswith(LOCAL)


class CountTarget(_Target):
    """A count that is printed as a number."""

    kind: Literal["count"]
    value: Rate

    @property
    def bounds(self) -> tuple[float, float]:
        """The smallest and the largest count that agree with what was printed."""
        return self.value, self.value


class IntervalTarget(_Target):
    """A count that is printed in words, as something between two numbers."""

    kind: Literal["interval"]
    low: Rate
    high: Rate

    @property
    def bounds(self) -> tuple[float, float]:
        """The smallest and the largest count that agree with what was printed."""
        return self.low, self.high


class LowerBoundTarget(_Target):
    """A count of which only the least that it was is printed."""

    kind: Literal["lower_bound"]
    value: Rate

    @property
    def bounds(self) -> tuple[float, float]:
        """The smallest and the largest count that agree with what was printed."""
        return self.value, math.inf


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
        """Place of the last fitted target of travellers: the one whose series are looked at."""
        return self.fitted(local=False)[-1].place

    def fitted(self, *, local: bool) -> list[Target]:
        """Return the targets that are fitted, those of residents or those of travellers."""
        return [target for target in self.targets if target.fit and target.is_local == local]
