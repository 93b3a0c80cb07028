"""What a publication prints of the study that a scenario file describes."""

from typing import Annotated, Any, Literal

from pydantic import Field

from sim.scenario.part import Part
from sim.scenario.quantities import Line, Name, Paragraph

Statistic = Literal["mean", "median", "q025", "q975"]
"""Of the runs: mean, median, or the quantile at 2.5 or 97.5 %."""


Runs = Annotated[int, Field(ge=1, le=100_000, strict=True)]
"""A number of runs."""


Scale = Annotated[float, Field(gt=0, le=1e9)]
"""A factor from a share, say, to percent."""


class MeanOver(Part):
    """A setting whose values count equally: a number is the mean over all of them."""

    path: str
    """Where in the scenario, such as ``source.timing.earliest``."""
    values: tuple[Any, ...] = Field(min_length=1, max_length=100)
    """Whatever the field takes."""


class PublishedValue(Part):
    """A number in a publication, and how the scenario comes to it.

    The number is ``scale * outcome / per``; without ``per`` nothing is divided. With ``against``
    it is the reduction ``scale * (1 - (outcome / per) / (the same under the other settings))``, or
    the ``difference`` of the two.
    Every run gives one; ``statistic`` says what is taken of all runs.
    """

    what: Line
    """What the number is, in a few words."""
    set: dict[str, Any] = {}
    """Values by dotted path, each replacing what the scenario, or ``set`` of all, says there."""
    outcome: Name
    """An outcome of a run."""
    per: Name | None = None
    """Another outcome that it is divided by."""
    complement: bool = False
    """One minus that: what was prevented."""
    against: dict[str, Any] | None = None
    """Settings that the outcome is compared with, instead of ``set``."""
    compared: Literal["reduction", "difference"] = "reduction"
    """How it is compared with ``against``."""
    mean_over: MeanOver | None = None
    """A setting that is varied, and the number averaged over its values."""
    statistic: Statistic = "mean"
    """What is taken of the runs."""
    replicates: Runs | None = None
    """Runs, with the seeds 1, 2, and so on; none: as for all values."""
    scale: Scale | None = None
    """Factor on the number; none: as for all values."""
    value: float
    """What the publication prints."""
    interval: tuple[float, float] | None = None
    """Its interval."""
    tolerance: float | None = Field(default=None, ge=0)
    """How far from the value a number still agrees with it, where there is no interval."""
    note: Paragraph = ""
    """What a reader has to know about the value: where it stands, or how it was recomputed."""


class Published(Part):
    """A publication, and numbers of it that the scenario is held against."""

    study: Line
    """Authors, year, journal."""
    setting: Paragraph = ""
    """What is studied, in a few sentences."""
    cannot: Paragraph = ""
    """What of the study this model cannot express."""
    set: dict[str, Any] = {}
    """Settings of all values, by dotted path; what they are compared with has them too."""
    replicates: Runs = 1
    """Runs of each value that does not say otherwise."""
    scale: Scale = 1.0
    """Factor on each value that does not say otherwise: 100 for percent."""
    unit: Line = ""
    """Of the scaled values, for people to read."""
    values: tuple[PublishedValue, ...] = Field(min_length=1, max_length=100)
    """The numbers."""
