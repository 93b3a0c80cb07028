"""What each factor of a sweep does to an outcome, whatever the other factors are."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import kruskal

from sim.experiment.rank_correlation import chance_limit
from sim.experiment.sweep.loader import Plan
from sim.experiment.sweep.points import Factor, Level
from sim.experiment.sweep.quantity import between
from sim.experiment.sweep.results import finished_points
from sim.experiment.sweep.schema import Grid
from sim.experiment.sweep.sensitivity import rank_correlations
from sim.view.sweep.words import DATE, level_words, number_words, quantity_words
from sim.world.draws import FloatArray, IntArray

_FIFTHS = 5
"""Parts of a range."""


@dataclass(frozen=True)
class FactorEffect:
    """What a factor does to an outcome.

    Attributes:
        factor: the factor.
        names: its levels, or the fifths of its range, from the lowest.
        medians: median difference over the points in each of them, shape (names,); nan where no
            point has a finished run.
        correlation: partial rank correlation with the mean difference; nan where there is none.
        sure: whether it is more than chance at 5 %: the correlation, or by Kruskal and Wallis the
            mean differences at levels without a scale.
    """

    factor: Factor
    names: Sequence[str]
    medians: FloatArray
    correlation: float
    sure: bool

    @property
    def size(self) -> float:
        """How far the median difference goes."""
        return float(np.nanmax(self.medians) - np.nanmin(self.medians))


def effects_of(plan: Plan, summary: pd.DataFrame, policy: int, outcome: str) -> list[FactorEffect]:
    """Return what every factor does to an outcome, the largest first; nothing without a point.

    Args:
        plan: the sweep.
        summary: as ``SweepResults.summary`` makes it.
        policy: number of the policy.
        outcome: which one.
    """
    rows = finished_points(summary, plan.policies[policy].name, outcome)
    if not len(rows):
        return []
    points = [plan.points[number] for number in rows["point"]]
    medians, means = (
        rows[f"difference_{name}"].to_numpy(dtype=np.float64) for name in ("median", "mean")
    )
    correlations = rank_correlations(plan, rows)
    limit = chance_limit(len(rows), len(correlations))
    effects = []
    for place, factor in enumerate(plan.factors):
        names, part_of = _parts(plan, factor, [point.levels[place] for point in points])
        groups = [part_of == part for part in range(len(names))]
        by_part = np.array([np.median(medians[of]) if of.any() else np.nan for of in groups])
        correlation = correlations.get(place, float("nan"))
        sure = abs(correlation) > limit if factor.is_scale else _differ(means, groups)
        effects.append(FactorEffect(factor, names, by_part, correlation, bool(sure)))
    return sorted(effects, key=lambda effect: -effect.size)


def _differ(values: FloatArray, groups: Sequence[FloatArray]) -> bool:
    parts = [values[of] for of in groups if of.any()]
    return bool(len(parts) > 1 and np.ptp(values) > 0 and kruskal(*parts).pvalue < 0.05)


def _number(level: Level) -> float:
    assert level.quantity is not None
    return level.quantity.number


def _parts(plan: Plan, factor: Factor, levels: Sequence[Level]) -> tuple[list[str], IntArray]:
    """Return the names of a factor's parts, and in which of them each of ``levels`` is."""
    if factor.range is None or isinstance(plan.sweep.design, Grid):
        known = sorted(factor.levels, key=_number) if factor.is_scale else list(factor.levels)
        return [level_words(of) for of in known], np.array([known.index(of) for of in levels])
    low, high = factor.levels[0].quantity, factor.levels[-1].quantity
    assert low is not None
    assert high is not None
    shares = np.linspace(0, 1, _FIFTHS + 1).tolist()
    edges = [between(low, high, share, factor.range.scale) for share in shares]
    starts = [quantity_words(e) if e.unit == DATE else number_words(e.number) for e in edges]
    names = [f"{a} to {quantity_words(b)}" for a, b in zip(starts[:-1], edges[1:], strict=True)]
    inner = [edge.number for edge in edges[1:-1]]
    return names, np.digitize([_number(level) for level in levels], inner)
