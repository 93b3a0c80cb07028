"""PRIM: boxes of conditions under which cases of interest are frequent.

The patient rule induction method (Friedman and Fisher 1999, Statistics and Computing 9:123-143)
begins with all cases and peels off a twentieth of them again and again, each time where the share
of cases of interest rises most for each case that is lost (the criterion of the EMA Workbench:
Kwakkel 2017, Environmental Modelling & Software 96:239-250; by the rise alone, inputs with few
values would be cut first). Bryant and Lempert (2010, Technological Forecasting and Social Change
77:34-49) discover scenarios with it. Boxes are not widened again (pasting).
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.world.draws import BoolArray, FloatArray, IntArray

BELOW, ABOVE, AMONG = "below", "above", "among"
"""Sides on which an input can be restricted: values below a limit are kept, above it, or levels."""

_PEELED, _LEAST = 0.05, 0.05
"""Shares of the cases: that a step takes off, and that a box has at least."""


@dataclass(frozen=True)
class Interval:
    """The values of an input on a scale that are inside a box, both ends included.

    Attributes:
        low: least value; minus infinity where the box does not cut.
        high: greatest value; infinity where the box does not cut.
    """

    low: float
    high: float

    @property
    def sides(self) -> list[str]:
        """Where it cuts."""
        cuts = {ABOVE: self.low > -math.inf, BELOW: self.high < math.inf}
        return [side for side, cut in cuts.items() if cut]

    def without(self, side: str) -> "Interval | None":
        """Return what is left if it does not cut on ``side``; None if it then cuts nowhere."""
        low, high = (-math.inf, self.high) if side == ABOVE else (self.low, math.inf)
        return None if low == -math.inf and high == math.inf else Interval(low, high)

    def contain(self, values: pd.Series) -> BoolArray:
        """Tell which values are inside, shape as given."""
        return values.between(self.low, self.high).to_numpy(dtype=np.bool_)


@dataclass(frozen=True)
class Levels:
    """The levels of an input without a scale that are inside a box.

    Attributes:
        kept: their names.
    """

    kept: tuple[str, ...]

    @property
    def sides(self) -> list[str]:
        """Where it cuts."""
        return [AMONG]

    def without(self, side: str) -> None:
        """Return what is left if it does not cut: nothing."""

    def contain(self, values: pd.Series) -> BoolArray:
        """Tell which values are inside, shape as given."""
        return values.isin(self.kept).to_numpy(dtype=np.bool_)


Limits = Interval | Levels


@dataclass(frozen=True)
class Box:
    """Conditions that hold together.

    Attributes:
        coverage: share of the cases of interest that are inside.
        density: share of the cases inside that are of interest.
        mass: share of all cases that are inside.
        limits: of the inputs that are restricted, by name.
    """

    coverage: float
    density: float
    mass: float
    limits: Mapping[str, Limits]

    @property
    def restrictions(self) -> list[tuple[str, str]]:
        """The inputs that are restricted, each with a side on which it is."""
        return [(name, side) for name, limits in self.limits.items() for side in limits.sides]

    def contains(self, inputs: pd.DataFrame) -> BoolArray:
        """Tell which cases are inside, shape (cases,)."""
        return inside(self.limits, inputs)


def inside(limits: Mapping[str, Limits], inputs: pd.DataFrame) -> BoolArray:
    """Tell which cases keep to all ``limits``, shape (cases,)."""
    kept = np.ones(len(inputs), dtype=np.bool_)
    for name, limit in limits.items():
        kept &= limit.contain(inputs[name])
    return kept


def peeling_trajectory(inputs: pd.DataFrame, of_interest: BoolArray) -> list[Box]:
    """Return the boxes that PRIM passes, from the one with all cases to the last one.

    Peeling ends where no step raises the density, or where the best one would leave fewer than a
    twentieth of all cases. Of equally good steps that counts which restricts the fewest inputs,
    and then the first in the order of the inputs, those on a scale first.

    Args:
        inputs: one column per input, numbers for those on a scale, text for others; one row per
            case.
        of_interest: which cases are, shape (cases,).

    Returns:
        Only the box with all cases if none of them is of interest, or if all are.
    """
    on_scale = {
        str(name): pd.api.types.is_numeric_dtype(inputs[name])
        for name in inputs.columns[inputs.nunique() > 1]
    }
    values = {
        name: inputs[name].to_numpy(np.float64 if on_scale[name] else np.object_)
        for name in sorted(on_scale, key=lambda name: not on_scale[name])
    }
    rows: IntArray = np.arange(len(inputs))
    limits: dict[str, Limits] = {}
    boxes = []
    while True:
        inside_now = of_interest[rows]
        coverage = float(inside_now.sum()) / max(1.0, float(of_interest.sum()))
        shown = {name: limits[name] for name in on_scale if name in limits}
        boxes.append(Box(coverage, _share(inside_now), len(rows) / max(1, len(inputs)), shown))
        steps = [
            ((_share(of_interest[kept]) - boxes[-1].density) / (len(rows) - len(kept)), new, kept)
            for new, kept in _peels(values, limits, rows)
            if 0 < len(kept) < len(rows)
        ]
        gain, limits, rows = max(
            steps, key=lambda step: (step[0], -len(step[1])), default=(0.0, limits, rows)
        )
        if gain <= 0 or len(rows) / len(inputs) < _LEAST:
            return boxes


def _share(of_interest: BoolArray) -> float:
    return float(of_interest.mean()) if len(of_interest) else 0.0


def _peels(
    values: Mapping[str, NDArray[Any]], limits: dict[str, Limits], rows: IntArray
) -> Iterator[tuple[dict[str, Limits], IntArray]]:
    """Yield what one step may leave of a box: its limits, and the rows of its cases."""
    for name, column in values.items():
        of = column[rows]
        if of.dtype == np.float64:
            old = limits.get(name, Interval(-math.inf, math.inf))
            assert isinstance(old, Interval)
            high, low = -_cut(-of), _cut(of)
            yield {**limits, name: Interval(old.low, high)}, rows[of <= high]
            yield {**limits, name: Interval(low, old.high)}, rows[of >= low]
            continue
        kept = limits.get(name, Levels(tuple(sorted(set(column)))))
        assert isinstance(kept, Levels)
        for level in kept.kept if len(kept.kept) > 1 else ():
            fewer = tuple(other for other in kept.kept if other != level)
            yield {**limits, name: Levels(fewer)}, rows[of != level]


def _cut(values: FloatArray) -> float:
    """Return halfway between the least values, a twentieth of them, and the next larger one."""
    ordered = np.sort(values)
    least = ordered[math.floor((len(ordered) - 1) * _PEELED)]
    larger = ordered[np.searchsorted(ordered, least, side="right") :]
    return float((least + larger[0]) / 2 if len(larger) else least)
