"""PRIM: boxes of conditions under which cases of interest are frequent.

The patient rule induction method (Friedman and Fisher 1999, Statistics and Computing 9:123-143)
begins with all cases and peels off a twentieth of them again and again, each time where that
raises the share of cases of interest most. Bryant and Lempert (2010, Technological Forecasting
and Social Change 77:34-49) discover scenarios with it. The algorithm is that of the EMA Workbench
(Kwakkel 2017, Environmental Modelling & Software 96:239-250); this file alone knows it.
"""

import inspect
import logging
import math
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sim.world.draws import BoolArray, IntArray

BELOW, ABOVE, AMONG = "below", "above", "among"
"""Sides on which an input can be restricted: values below a limit are kept, above it, or levels."""

_PEELED, _LEAST = 0.05, 0.05
"""Shares of the cases: that a step takes off, and that a box has at least."""


class WorkbenchMissing(Exception):
    """The EMA Workbench is not installed; the message says what to do."""


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

    Args:
        inputs: a column an input, numbers for those on a scale and text for others; a row a case.
        of_interest: which cases are, shape (cases,).

    Returns:
        Only the box with all cases if none of them is of interest, or if all are.

    Raises:
        WorkbenchMissing: the EMA Workbench is not installed.
    """
    share = float(of_interest.mean()) if len(of_interest) else 0.0
    varied = inputs.loc[:, inputs.nunique() > 1]
    if share in (0.0, 1.0) or varied.empty:
        return [Box(share and 1.0, share, 1.0, {})]
    levels = {
        str(name): sorted(set(column))
        for name, column in varied.items()
        if not pd.api.types.is_numeric_dtype(column)
    }
    with _quiet():
        found = _found_box(_coded(varied, levels), of_interest.astype(np.int64))
    whole = found.box_lims[0]
    steps = found.peeling_trajectory
    return [
        Box(
            float(step["coverage"]),
            float(step["density"]),
            float(step["mass"]),
            _limits(box, whole, levels),
        )
        for (_, step), box in zip(steps.iterrows(), found.box_lims, strict=True)
    ]


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep what the Workbench warns of and logs from our users: it is not about their work."""
    logger = logging.getLogger("EMA")
    level = logger.level
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        logger.setLevel(logging.ERROR)
        try:
            yield
        finally:
            logger.setLevel(level)


def _found_box(inputs: pd.DataFrame, of_interest: IntArray) -> Any:
    """Return the box of the Workbench, which has its peeling trajectory."""
    try:
        from ema_workbench.analysis.prim import Prim
    except ModuleNotFoundError as error:
        raise WorkbenchMissing(
            f"needs {error.name}; install it with: pip install 'bordersim[discovery]'"
        ) from error
    options: dict[str, Any] = {"peel_alpha": _PEELED, "mass_min": _LEAST}
    if "threshold" in inspect.signature(Prim).parameters:
        # Before 3.0: cases from here on are of interest, and less dense boxes are thrown away.
        options["threshold"] = 1e-9
    return Prim(inputs, of_interest, **options).find_box()


def _coded(inputs: pd.DataFrame, levels: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Return the inputs with numbers for levels.

    Between equally good steps the Workbench takes the first in the order of a set. That of text
    changes from one process to the next, that of small whole numbers never.
    """
    columns = {
        str(name): pd.Series([levels[str(name)].index(level) for level in column], dtype=object)
        if str(name) in levels
        else pd.Series(column.to_numpy(dtype=np.float64))
        for name, column in inputs.items()
    }
    return pd.DataFrame(columns)


def _limits(
    box: pd.DataFrame, whole: pd.DataFrame, levels: Mapping[str, Sequence[str]]
) -> dict[str, Limits]:
    """Return the limits of the inputs that ``box`` restricts, in the order of the inputs."""
    limits: dict[str, Limits] = {}
    for name in whole.columns:
        (low, high), (least, most) = box[name], whole[name]
        if name in levels:
            if low != least:
                limits[name] = Levels(tuple(levels[name][code] for code in sorted(low)))
        elif low > least or high < most:
            limits[name] = Interval(
                float(low) if low > least else -math.inf, float(high) if high < most else math.inf
            )
    return limits
