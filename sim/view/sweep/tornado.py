"""Tornado: how far each factor of a sweep moves the outcomes, the largest first."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy.stats import kruskal

from sim.experiment.rank_correlation import chance_limit
from sim.experiment.sweep.loader import Plan
from sim.experiment.sweep.points import Factor, Level
from sim.experiment.sweep.quantity import between
from sim.experiment.sweep.results import finished_points
from sim.experiment.sweep.schema import Grid
from sim.experiment.sweep.sensitivity import rank_correlations
from sim.view import style
from sim.view.axes import name_rows, write_beside, write_near
from sim.view.labels import balanced, shortened
from sim.view.outcome_words import difference_words, title_of_outcome, unit_of
from sim.view.policies.look import difference_axis, panels_of
from sim.view.sweep.words import (
    DATE,
    headline_outcome,
    level_words,
    number_words,
    quantity_words,
    what_ran,
)
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


_MOST = 20
"""Factors in a panel, at most."""
_NAME, _END = 28, 24
"""Characters in a line of a factor's name, and in the name of a level."""
_ROW, _LINE, _AROUND, _HEAD = 0.24, 0.125, 0.75, 0.7
"""Inches: a factor, a line of its name, and what is around all of them; rows above the first."""
_SIDE = 0.9
"""Room beside the bars for the names of their ends, as a share of the bars."""


@style.in_house_style
def draw_tornado(plan: Plan, summary: pd.DataFrame, policy: int = 0) -> Figure:
    """Return the figure of a policy, one panel per outcome; arguments: see ``effects_of``."""
    outcomes = plan.sweep.outcomes
    effects = {of: effects_of(plan, summary, policy, of) for of in outcomes}
    names = [balanced(factor.label, _NAME) for factor in plan.factors]
    row = max(_ROW, *((name.count("\n") + 1.6) * _LINE for name in names))
    rows = min(_MOST, len(names)) + _HEAD
    fig = style.new_figure(
        (_AROUND + row * rows) * len(outcomes),
        _finding(headline_outcome(plan), effects[headline_outcome(plan)]),
        f"{what_ran(plan, summary, policy)} {_note(plan)}",
    )
    for outcome, ax in panels_of(fig, outcomes):
        draw_bars(ax, outcome, effects[outcome])
    return fig


def _finding(outcome: str, effects: Sequence[FactorEffect]) -> str:
    title = title_of_outcome(outcome)
    sure = [effect for effect in effects if effect.sure and effect.size]
    if not sure:
        return f"{title}: no factor moves the difference beyond chance"
    (_, low), (_, high) = _ends(outcome, sure[0])
    return f"{title}: moved most by {sure[0].factor.label} ({low} to {high})"


def _note(plan: Plan) -> str:
    fifths = "" if isinstance(plan.sweep.design, Grid) else " or fifth of a range"
    left = len(plan.factors) - _MOST
    return (
        f"Dots: at every level{fifths} the median over its points of their median difference. On "
        "the right: partial rank correlation with the mean difference (Marino et al. 2008). Grey: "
        "may be chance, by that correlation or, without a scale, by a Kruskal-Wallis test."
        + (f" {left} factors that move it less are left out." if left > 0 else "")
    )


def draw_bars(ax: Axes, outcome: str, effects: Sequence[FactorEffect]) -> None:
    """Draw how far each of ``effects`` moves the median difference, with what is at its ends."""
    shown = effects[:_MOST]
    if not shown:
        ax.set_axis_off()
        style.empty_panel(ax, "No point has a finished pair of runs with a value.")
        return
    name_rows(ax, [balanced(of.factor.label, _NAME) for of in shown], above=0.5 + _HEAD)
    low = min(0.0, *(float(np.nanmin(of.medians)) for of in shown))
    high = max(0.0, *(float(np.nanmax(of.medians)) for of in shown))
    room = _SIDE * ((high - low) or 1.0)
    ax.set_xlim(low - room, high + room)
    for row, effect in enumerate(shown):
        ends = float(np.nanmin(effect.medians)), float(np.nanmax(effect.medians))
        ax.barh(row, ends[1] - ends[0], left=ends[0], height=0.42,
                color=style.SKY if effect.sure else style.PALE)  # fmt: skip
        ax.plot(effect.medians, [row] * len(effect.medians), "o", markersize=3.5,
                color=style.BLUE if effect.sure else style.GREY)  # fmt: skip
        for x, (name, text), side in zip(ends, _ends(outcome, effect), (-1, 1), strict=True):
            said = f"{shortened(name, _END)}: {text}" if effect.size else ""
            ha = "left" if side > 0 else "right"
            write_near(ax, said, (x, row), (6 * side, 0), ha=ha, path_effects=style.HALO)
        write_beside(ax, row, _correlation(effect), 6)
    ax.set_xlabel(f"Median difference ({unit_of(outcome)}); 0: as in the file")
    difference_axis(ax, outcome, 7)


def _ends(outcome: str, effect: FactorEffect) -> list[tuple[str, str]]:
    """Return the names of the levels with the least and the most, and the differences there."""
    places = int(np.nanargmin(effect.medians)), int(np.nanargmax(effect.medians))
    return [
        (effect.names[place], difference_words(outcome, float(effect.medians[place])))
        for place in places
    ]


def _correlation(effect: FactorEffect) -> str:
    if not np.isfinite(effect.correlation):
        return "none" if effect.factor.is_scale else "no scale"
    return f"{round(effect.correlation, 2) + 0:+.2f}".replace("-", "\N{MINUS SIGN}")
