"""Differences of a sweep from its reference over two factors, as numbers."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.experiment.sweep.loader import Plan
from sim.experiment.sweep.points import Factor
from sim.world.draws import BoolArray, FloatArray


@dataclass(frozen=True)
class Surface:
    """Differences from the reference over two factors; all arrays have shape (up, across).

    Attributes:
        outcome: what differs.
        across: the factor of the columns.
        up: the factor of the rows, from below.
        median: median difference; nan without a finished pair of runs that have a value.
        unsure: whether the middle 90 % of the differences include zero.
        in_file: whether the world is the one that the policy's file says.
    """

    outcome: str
    across: Factor
    up: Factor
    median: FloatArray
    unsure: BoolArray
    in_file: BoolArray

    @property
    def contours(self) -> bool:
        """Whether lines between the cells mean something."""
        return self.across.is_scale and self.up.is_scale and min(self.median.shape) > 1


def surfaces_of(plan: Plan, summary: pd.DataFrame, policy: int, outcome: str) -> list[Surface]:
    """Return the surface of two factors, or of three factors one a level of the third."""
    order = order_of(plan.factors)
    across, up = plan.factors[order[0]], plan.factors[order[1]]

    def sliced(grid: FloatArray) -> FloatArray:
        turned = np.transpose(grid, (order[1], order[0], *order[2:]))
        return turned.reshape(len(up.levels), len(across.levels), -1)

    low, median, high = (
        sliced(grid_of(plan, summary, policy, outcome, f"difference_{column}"))
        for column in ("q05", "median", "q95")
    )
    unsure = (low <= 0) & (high >= 0)
    in_file = sliced(in_file_of(plan, policy).astype(np.float64)) > 0
    return [
        Surface(outcome, across, up, median[..., i], unsure[..., i], in_file[..., i])
        for i in range(median.shape[2])
    ]


def order_of(factors: Sequence[Factor]) -> list[int]:
    """Return which factor runs across, which up, and which of three has a panel a level.

    The last is the one with the fewest levels. Across runs one with a scale if there is one, of
    two the one with more levels.
    """
    order = sorted(range(len(factors)), key=lambda i: (-len(factors[i].levels), i))
    return [*sorted(order[:2], key=lambda i: not factors[i].is_scale), *order[2:]]


def grid_of(
    plan: Plan, summary: pd.DataFrame, policy: int, outcome: str, column: str
) -> FloatArray:
    """Return a column of the summary over a grid, nan where no run has finished.

    Returns:
        Shape (levels of factor 1, levels of factor 2, ...).
    """
    of = (summary["policy"] == plan.policies[policy].name) & (summary["outcome"] == outcome)
    rows = summary[of & (summary["point"] >= 0)]
    values = np.full(len(plan.points), np.nan)
    values[rows["point"].to_numpy(dtype=np.int64)] = rows[column].to_numpy(dtype=np.float64)
    return values.reshape([len(factor.levels) for factor in plan.factors])


def in_file_of(plan: Plan, policy: int) -> BoolArray:
    """Return where in a grid the world is as the policy's file says, shape as ``grid_of``."""
    own = [world == plan.policies[policy] for world in plan.worlds[policy]]
    return np.array(own).reshape([len(factor.levels) for factor in plan.factors])
