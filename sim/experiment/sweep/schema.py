"""What a sweep file may say."""

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from sim.scenario.part import Part
from sim.scenario.quantities import Line, Name


def _as_text(value: Any) -> Any:
    """Return a number or date as it was written."""
    is_plain = isinstance(value, int | float | dt.date) and not isinstance(value, bool)
    return str(value) if is_plain else value


Label = Annotated[Line, Field(min_length=1, max_length=60), BeforeValidator(_as_text)]
"""A name for people to read; a number or a date may stand there too."""


class Range(Part):
    """Evenly spaced values from ``low`` to ``high``, both included.

    Both are written as the field that they are for: numbers, amounts with a unit, or dates.
    """

    low: Any
    """Where it begins."""
    high: Any
    """Where it ends, in the unit of ``low``."""
    steps: Annotated[int, Field(ge=2, le=1000, strict=True)] = 5
    """Values of a grid; designs that fill the range take values in between."""
    scale: Literal["linear", "log"] = "linear"
    """Whether differences or ratios are even."""
    whole: bool = False
    """Only whole numbers, for fields that count people, beds or tests."""


class LevelSpec(Part):
    """One setting of several fields at once, with a name of its own."""

    label: Label
    """Its name; an amount or a date such as ``14 d`` puts it on an axis."""
    set: dict[str, Any] = Field(min_length=1)
    """Values by dotted path, each replacing what the scenario says there."""


class FactorSpec(Part):
    """Something that is varied: by ``path`` with ``values`` or a ``range``, or by ``levels``."""

    label: Line = Field(default="", max_length=60)
    """What it is called in tables and figures; left out: its name."""
    path: Line | None = None
    """Where in the scenario, such as ``policies.quarantine_stay``."""
    values: tuple[Any, ...] | None = None
    """Whatever the field takes."""
    range: Range | None = None
    """Evenly spaced values."""
    levels: tuple[LevelSpec, ...] | None = None
    """Settings of several fields."""


class Grid(Part):
    """Every value of every factor with every value of all others."""

    kind: Literal["grid"]
    """Which design."""


class LatinHypercube(Part):
    """Points that use every part of the range of every factor equally often."""

    kind: Literal["latin_hypercube"]
    """Which design."""
    points: Annotated[int, Field(ge=2, le=1_000_000, strict=True)]
    """How many."""
    seed: Annotated[int, Field(ge=0, lt=2**63, strict=True)] = 1
    """Another one gives other points."""


class Sobol(Part):
    """Points of a scrambled Sobol sequence, which leaves no large gaps."""

    kind: Literal["sobol"]
    """Which design."""
    points: Annotated[int, Field(ge=2, le=1_000_000, strict=True)]
    """A power of two."""
    seed: Annotated[int, Field(ge=0, lt=2**63, strict=True)] = 1
    """Another one gives other points."""


class Saltelli(Part):
    """Points from which indices of first and total order follow: two samples, and their mixtures.

    These are ``points`` times (the number of factors plus two).
    """

    kind: Literal["saltelli"]
    """Which design."""
    points: Annotated[int, Field(ge=2, le=1_000_000, strict=True)]
    """Of each of the two samples: a power of two."""
    seed: Annotated[int, Field(ge=0, lt=2**63, strict=True)] = 1
    """Another one gives other points."""


Design = Annotated[Grid | LatinHypercube | Sobol | Saltelli, Field(discriminator="kind")]


class Sweep(Part):
    """What is varied, in which worlds, and how often each point is run."""

    name: Name
    """Names the folder of the results."""
    question: Line = ""
    """What it is for, in one sentence."""
    scenario: str
    """File of the scenario, in the folder of the sweep file or in the one above it."""
    policies: tuple[str, ...] = Field(default=(), max_length=50)
    """Files of further scenarios that are run at every point, beside ``scenario``."""
    factors: dict[Name, FactorSpec] = Field(min_length=1, max_length=50)
    """What is varied, by name."""
    design: Design = Grid(kind="grid")
    """Which points are run."""
    replicates: Annotated[int, Field(ge=1, le=1_000_000, strict=True)] = 50
    """Pairs of parameters and seeds at every point."""
    ensemble: Name | None = None
    """A shipped ensemble, or ``none`` for seeds alone; left out: what each scenario names."""
    outcomes: tuple[Name, ...] = ("community_infections", "cost_cny")
    """Shown in figures; the tables have all."""
    max_runs: Annotated[int, Field(ge=1, le=100_000_000, strict=True)] = 20_000
    """More runs than this are refused, so that a slip costs no night."""
