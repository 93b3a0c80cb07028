"""Published numbers of the study that a scenario file describes."""

from typing import Annotated, Any, Literal

from pydantic import Field

from sim.scenario.part import Part
from sim.scenario.quantities import Line, Name, Paragraph

Statistic = Literal["mean", "median", "q025", "q975"]
"""Statistic over runs: mean, median, or the 2.5 % or 97.5 % quantile."""


Runs = Annotated[int, Field(ge=1, le=100_000, strict=True)]
"""A number of runs."""


Scale = Annotated[float, Field(gt=0, le=1e9)]
"""A scale factor, for example from a share to percent."""


class MeanOver(Part):
    """A setting varied over values with equal weight; a number is the mean over them."""

    path: str
    """Path in the scenario, such as ``source.timing.earliest``."""
    values: tuple[Any, ...] = Field(min_length=1, max_length=100)
    """Values of the field."""


class PublishedValue(Part):
    """A published number, and how it is computed from the scenario.

    The number is ``scale * outcome / per``; without ``per`` nothing is divided. With ``against``
    it is the reduction ``scale * (1 - (outcome / per) / (the same under the other settings))``, or
    the ``difference`` of the two.
    Each run gives one value; ``statistic`` summarises them.
    """

    what: Line
    """Short description of the number."""
    set: dict[str, Any] = {}
    """Values by dotted path that override the scenario, or ``set`` for all values."""
    outcome: Name
    """An outcome of a run."""
    per: Name | None = None
    """Another outcome by which it is divided."""
    complement: bool = False
    """Use one minus the ratio: the share prevented."""
    against: dict[str, Any] | None = None
    """Settings of the comparison, instead of ``set``."""
    compared: Literal["reduction", "difference"] = "reduction"
    """How it is compared with ``against``."""
    mean_over: MeanOver | None = None
    """A setting that is varied, and the number averaged over its values."""
    statistic: Statistic = "mean"
    """Statistic over the runs."""
    replicates: Runs | None = None
    """Number of runs, with seeds 1, 2, ...; none: as for all values."""
    scale: Scale | None = None
    """Factor on the number; none: as for all values."""
    value: float
    """The published value."""
    interval: tuple[float, float] | None = None
    """The published interval."""
    tolerance: float | None = Field(default=None, ge=0)
    """Largest difference that still agrees, if there is no interval."""
    note: Paragraph = ""
    """Note on the value: where it is published or how it was recomputed."""


class Published(Part):
    """A publication and its numbers to which the scenario is compared."""

    study: Line
    """Authors, year, journal."""
    setting: Paragraph = ""
    """The study in a few sentences."""
    cannot: Paragraph = ""
    """What this model cannot express of the study."""
    set: dict[str, Any] = {}
    """Settings for all values and their comparisons, by dotted path."""
    replicates: Runs = 1
    """Default number of runs per value."""
    scale: Scale = 1.0
    """Default scale factor: 100 for percent."""
    unit: Line = ""
    """Unit of the scaled values."""
    values: tuple[PublishedValue, ...] = Field(min_length=1, max_length=100)
    """The numbers."""
