"""The points of a sweep: which settings are run together."""

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sim.experiment.sweep.quantity import Quantity, between, quantity_of
from sim.experiment.sweep.schema import FactorSpec, Grid, Range, Saltelli, Sobol, Sweep
from sim.scenario.reading.errors import Loc
from sim.world.draws import FloatArray


@dataclass(frozen=True)
class Level:
    """One value of a factor.

    Attributes:
        label: as tables and figures show it.
        quantity: its place on an axis; None if it has none.
        settings: values by dotted path.
        loc: where in the sweep file it stands.
    """

    label: str
    quantity: Quantity | None
    settings: Mapping[str, Any]
    loc: Loc


@dataclass(frozen=True)
class Factor:
    """Something that is varied.

    Attributes:
        name: its name in the file.
        label: what it is called in tables and figures.
        levels: the values of a grid.
        range: what is in between, if that is possible too.
    """

    name: str
    label: str
    levels: tuple[Level, ...]
    range: Range | None

    def at(self, share: float) -> Level:
        """Return the value at a ``share`` from 0 to 1 of the range, or of the list of levels."""
        if self.range is None:
            return self.levels[min(int(share * len(self.levels)), len(self.levels) - 1)]
        (path,) = self.levels[0].settings
        return _level(path, _in_range(self.range, share), ("factors", self.name, "range"))

    @property
    def paths(self) -> list[str]:
        """The paths that it sets."""
        return list(dict.fromkeys(path for level in self.levels for path in level.settings))

    @property
    def is_scale(self) -> bool:
        """Whether its values have places on one axis."""
        units = {None if level.quantity is None else level.quantity.unit for level in self.levels}
        return len(units) == 1 and None not in units


@dataclass(frozen=True)
class Point:
    """One setting of all factors.

    Attributes:
        number: place in the sweep.
        levels: one per factor, in the order of the factors.
    """

    number: int
    levels: tuple[Level, ...]

    @property
    def settings(self) -> dict[str, Any]:
        """Values by dotted path."""
        return {path: value for level in self.levels for path, value in level.settings.items()}


def factors_of(sweep: Sweep) -> list[Factor]:
    """Return the factors of a checked sweep, in the order of the file."""
    return [_factor(name, spec) for name, spec in sweep.factors.items()]


def number_of_points(sweep: Sweep, factors: Sequence[Factor]) -> int:
    """Return how many points a design has, without making them."""
    if isinstance(sweep.design, Grid):
        return math.prod(len(factor.levels) for factor in factors)
    return sweep.design.points * (len(factors) + 2 if isinstance(sweep.design, Saltelli) else 1)


def points_of(sweep: Sweep, factors: Sequence[Factor]) -> list[Point]:
    """Return the points of a design; the same file gives the same points everywhere."""
    if isinstance(sweep.design, Grid):
        combinations = itertools.product(*(factor.levels for factor in factors))
        return [Point(number, levels) for number, levels in enumerate(combinations)]
    return [
        Point(
            number,
            tuple(factor.at(share) for factor, share in zip(factors, row, strict=True)),
        )
        for number, row in enumerate(_shares(sweep, len(factors)).tolist())
    ]


def _shares(sweep: Sweep, factors: int) -> FloatArray:
    """Return numbers from 0 to 1 that fill the space, shape (points, factors)."""
    from scipy.stats import qmc

    design = sweep.design
    assert not isinstance(design, Grid)
    if isinstance(design, Saltelli):
        both = qmc.Sobol(2 * factors, rng=np.random.default_rng(design.seed)).random(design.points)
        return saltelli_shares(both[:, :factors], both[:, factors:])
    if isinstance(design, Sobol):
        sobol = qmc.Sobol(factors, rng=np.random.default_rng(design.seed))
        return np.asarray(sobol.random(design.points))
    hypercube = qmc.LatinHypercube(factors, rng=np.random.default_rng(design.seed))
    return np.asarray(hypercube.random(design.points))


def saltelli_shares(a: FloatArray, b: FloatArray) -> FloatArray:
    """Return two samples and, for every factor, the first with this factor from the second.

    As in Saltelli et al. 2010, Computer Physics Communications 181:259-270, table 2.

    Args:
        a: shape (points, factors).
        b: as ``a``.

    Returns:
        Shape (points * (factors + 2), factors).
    """
    mixtures = np.repeat(a[np.newaxis], a.shape[1], axis=0)
    for factor, mixture in enumerate(mixtures):
        mixture[:, factor] = b[:, factor]
    return np.concatenate([a, b, *mixtures])


def _factor(name: str, spec: FactorSpec) -> Factor:
    here: Loc = ("factors", name)
    label = spec.label or name.replace("_", " ")
    if spec.levels is not None:
        levels = [
            Level(level.label, quantity_of(level.label), level.set, (*here, "levels", i))
            for i, level in enumerate(spec.levels)
        ]
    elif spec.values is not None:
        assert spec.path is not None
        levels = [
            _level(spec.path, value, (*here, "values", i)) for i, value in enumerate(spec.values)
        ]
    else:
        assert spec.path is not None
        assert spec.range is not None
        shares = np.linspace(0, 1, spec.range.steps).tolist()
        values = dict.fromkeys(_in_range(spec.range, share) for share in shares)
        levels = [_level(spec.path, value, (*here, "range")) for value in values]
    return Factor(name, label, tuple(levels), spec.range)


def _in_range(of: Range, share: float) -> Any:
    """Return the value at a ``share`` of a range, as it would stand in a scenario file."""
    low, high = quantity_of(of.low), quantity_of(of.high)
    assert low is not None
    assert high is not None
    quantity = between(low, high, share, of.scale)
    return (replace(quantity, number=round(quantity.number)) if of.whole else quantity).written()


def _level(path: str, value: Any, loc: Loc) -> Level:
    return Level(_shown(value), quantity_of(value), {path: value}, loc)


def _shown(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(_shown(item) for item in value) or "none"
    if isinstance(value, dict):
        return ", ".join(f"{key} {_shown(item)}" for key, item in value.items())
    return "none" if value is None else str(value)
