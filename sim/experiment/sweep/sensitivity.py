"""Which factors of a finished sweep an outcome depends on: indices from the runs that there are.

The first-order index of a factor is the share of the variance between points that knowing this
factor alone would take away (Sobol' 1993). It is estimated from the points as they are, by
grouping them (Plischke, Borgonovo and Smith 2013, European Journal of Operational Research
226:536), and corrected for the number of groups (epsilon squared: Kelley 1935, PNAS 21:554). On a
complete grid nothing is estimated: the shares are those of its points.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from sim.experiment.rank_correlation import partial_rank_correlations
from sim.experiment.sweep.loader import Plan
from sim.experiment.sweep.results import finished_points
from sim.experiment.sweep.schema import Grid, Saltelli
from sim.experiment.sweep.share_intervals import with_interval
from sim.experiment.sweep.variance_indices import VarianceIndices, variance_indices
from sim.world.draws import FloatArray, IntArray

_POINTS_A_GROUP, _MOST_GROUPS = 8, 10
"""Groups of a factor that takes values in between have so many points at least."""

_BOOTSTRAPS = 500

_SEED = 0


def first_order_index(groups: IntArray, values: FloatArray) -> float:
    """Return the share of the variance of ``values`` that lies between groups, shape (n,) both.

    Returns:
        At most 1; a little below 0 if there is nothing; nan without variance or with a group for
        every value.
    """
    kinds, inverse, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    count = len(values)
    total = float(np.square(values - values.mean()).sum())
    if not total or len(kinds) >= count:
        return float("nan")
    means = np.bincount(inverse, weights=values) / sizes
    within = float(np.square(values - means[inverse]).sum())
    return 1.0 - (within / (count - len(kinds))) / (total / (count - 1))


def sensitivity_table(plan: Plan, summary: pd.DataFrame) -> pd.DataFrame:
    """Return the indices of the mean paired difference, one row per policy, outcome and factor.

    Args:
        plan: the sweep.
        summary: as ``SweepResults.summary`` makes it.

    Returns:
        ``policy``, ``outcome``, ``factor``, ``points``, ``first_order`` with the ends of its
        90 % bootstrap interval over points ``first_order_low_90`` and ``first_order_high_90``
        (see ``with_interval``), the same of ``total_order``, which only a Saltelli design gives,
        and the partial rank correlation ``prcc``, nan for factors without a scale. Indices and
        ends are from 0 to 1; nan without variance between the points.
    """
    rows = []
    for policy in plan.policies:
        for outcome in plan.sweep.outcomes:
            of = finished_points(summary, policy.name, outcome)
            if len(of):
                rows += _indices(plan, policy.name, outcome, of)
    return pd.DataFrame(rows)


def rank_correlations(plan: Plan, of: pd.DataFrame) -> dict[int, float]:
    """Return the partial rank correlation of each factor on a scale with the mean difference.

    Args:
        plan: the sweep.
        of: as ``finished_points`` gives them.

    Returns:
        By number of the factor; nan where there is none.
    """
    scales = [place for place, factor in enumerate(plan.factors) if factor.is_scale]
    if not scales or not len(of):
        return {}
    numbers = of["point"].tolist()
    places = np.array([_places(plan, factor, numbers) for factor in scales]).T
    means = of["difference_mean"].to_numpy(dtype=np.float64)
    found: list[float] = partial_rank_correlations(places, means).tolist()
    return dict(zip(scales, found, strict=True))


def _indices(plan: Plan, policy: str, outcome: str, of: pd.DataFrame) -> list[dict[str, object]]:
    indices = _from_design(plan, of) or _from_grid(plan, of) or _from_groups(plan, of)
    correlations = rank_correlations(plan, of)
    return [
        {
            "policy": policy,
            "outcome": outcome,
            "factor": factor.name,
            "points": len(of),
            **_named("first_order", indices.first_order[:, i]),
            **_named("total_order", indices.total_order[:, i]),
            "prcc": correlations.get(i, float("nan")),
        }
        for i, factor in enumerate(plan.factors)
    ]


def _named(name: str, index: FloatArray) -> dict[str, float]:
    value, low, high = index.tolist()
    return {name: value, f"{name}_low_90": low, f"{name}_high_90": high}


def _from_design(plan: Plan, of: pd.DataFrame) -> VarianceIndices | None:
    """Return what a Saltelli design tells; None for other designs and with missing points."""
    if not isinstance(plan.sweep.design, Saltelli) or len(of) != len(plan.points):
        return None
    values = of.sort_values("point")["difference_mean"].to_numpy(dtype=np.float64)
    return variance_indices(values, len(plan.factors))


def _from_grid(plan: Plan, of: pd.DataFrame) -> VarianceIndices | None:
    """Return what a complete grid tells, without intervals: nothing about it is estimated."""
    if not isinstance(plan.sweep.design, Grid) or len(of) != len(plan.points):
        return None
    values = of["difference_mean"].to_numpy(dtype=np.float64)
    levels = pd.DataFrame(
        [[level.label for level in plan.points[number].levels] for number in of["point"]]
    )
    indices = np.full((2, 3, len(plan.factors)), np.nan)
    if np.ptp(values):
        for i in range(len(plan.factors)):
            others = [other for other in levels if other != i]
            indices[0, 0, i] = _share_between(levels[[i]], values)
            indices[1, 0, i] = 1.0 - (_share_between(levels[others], values) if others else 0.0)
    return VarianceIndices(*indices)


def _share_between(groups: pd.DataFrame, values: FloatArray) -> float:
    """Return the share of the variance of ``values`` between groups of equal rows."""
    means = pd.Series(values).groupby([groups[name] for name in groups]).transform("mean")
    return float(means.var(ddof=0) / values.var())


def _from_groups(plan: Plan, of: pd.DataFrame) -> VarianceIndices:
    """Return first-order indices from points as they are, with a bootstrap over points."""
    numbers = of["point"].tolist()
    values = of["difference_mean"].to_numpy(dtype=np.float64)
    rng = np.random.default_rng(_SEED)
    draws = [rng.integers(len(values), size=len(values)) for _ in range(_BOOTSTRAPS)]
    found = np.full((3, len(plan.factors)), np.nan)
    for i in range(len(plan.factors)):
        groups = _groups(plan, i, numbers)
        again = np.array([first_order_index(groups[draw], values[draw]) for draw in draws])
        found[:, i] = with_interval(first_order_index(groups, values), again)
    return VarianceIndices(found, np.full_like(found, np.nan))


def _places(plan: Plan, factor: int, numbers: Sequence[int]) -> list[float]:
    quantities = [plan.points[number].levels[factor].quantity for number in numbers]
    return [float("nan") if quantity is None else quantity.number for quantity in quantities]


def _groups(plan: Plan, factor: int, numbers: Sequence[int]) -> IntArray:
    """Return the group of every point: its level, or its part of the range, shape (points,)."""
    labels = [plan.points[number].levels[factor].label for number in numbers]
    of_label = {label: group for group, label in enumerate(dict.fromkeys(labels))}
    enough = len(of_label) * 2 <= len(labels)
    if enough or not plan.factors[factor].is_scale:
        return np.array([of_label[label] for label in labels])
    parts = max(2, min(_MOST_GROUPS, len(labels) // _POINTS_A_GROUP))
    ranks = np.argsort(np.argsort(_places(plan, factor, numbers), kind="stable"), kind="stable")
    return np.asarray(ranks * parts // len(labels))
