"""Which factors of a finished sweep an outcome depends on: indices from the runs that there are.

The first-order index of a factor is the share of the variance between points that knowing this
factor alone would take away (Sobol' 1993). It is estimated from the points as they are, by
grouping them (Plischke, Borgonovo and Smith 2013, European Journal of Operational Research
226:536), and corrected for the number of groups (epsilon squared: Kelley 1935, PNAS 21:554).
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from sim.experiment.rank_correlation import partial_rank_correlations
from sim.experiment.sweep.loader import Plan
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
    """Return the indices of the mean paired difference, a row a policy, outcome and factor.

    Args:
        plan: the sweep.
        summary: as ``SweepResults.summary`` makes it.

    Returns:
        ``policy``, ``outcome``, ``factor``, ``points``, ``first_order`` with the ends of its
        90 % bootstrap interval over points ``first_order_low_90`` and ``first_order_high_90``,
        and the partial rank correlation ``prcc``, nan for factors without a scale.
    """
    rows = []
    for policy in plan.policies:
        for outcome in plan.sweep.outcomes:
            of = summary[(summary["policy"] == policy.name) & (summary["outcome"] == outcome)]
            of = of[of["point"] >= 0]
            if len(of):
                rows += _indices(plan, policy.name, outcome, of)
    return pd.DataFrame(rows)


def _indices(plan: Plan, policy: str, outcome: str, of: pd.DataFrame) -> list[dict[str, object]]:
    numbers = of["point"].tolist()
    values = of["difference_mean"].to_numpy(dtype=np.float64)
    groups = [_groups(plan, factor, numbers) for factor in range(len(plan.factors))]
    scaled = [i for i, factor in enumerate(plan.factors) if factor.is_scale]
    places = np.array([_places(plan, factor, numbers) for factor in scaled]).T
    correlations = dict(zip(scaled, _prcc(places, values), strict=True))
    rng = np.random.default_rng(_SEED)
    draws = [rng.integers(len(values), size=len(values)) for _ in range(_BOOTSTRAPS)]
    rows = []
    for i, factor in enumerate(plan.factors):
        again = [first_order_index(groups[i][draw], values[draw]) for draw in draws]
        low, high = (
            np.nanquantile(again, [0.05, 0.95]) if np.isfinite(again).any() else [np.nan] * 2
        )
        rows.append(
            {
                "policy": policy,
                "outcome": outcome,
                "factor": factor.name,
                "points": len(values),
                "first_order": first_order_index(groups[i], values),
                "first_order_low_90": float(low),
                "first_order_high_90": float(high),
                "prcc": correlations.get(i, float("nan")),
            }
        )
    return rows


def _prcc(places: FloatArray, values: FloatArray) -> list[float]:
    if not places.size:
        return []
    coefficients: list[float] = partial_rank_correlations(places, values).tolist()
    return coefficients


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
