"""Figure of a sweep over many factors: how far each of them moves an outcome, the largest first."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.patheffects import withStroke
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.experiment.rank_correlation import chance_limit
from sim.experiment.sweep.loader import Plan
from sim.experiment.sweep.results import finished_points
from sim.experiment.sweep.schema import Grid
from sim.view.balanced_text import balanced, shortened
from sim.view.nothing import nothing_to_draw
from sim.view.outcome_words import difference_words, tick_words, title_of_outcome, unit_of
from sim.view.page import new_figure
from sim.view.style import BLACK, BLUE, GREY, PALE, SKY, SMALL, YELLOW, in_house_style, panel_title
from sim.view.sweep.effects import FIFTHS, FactorEffect, effects_of

_MOST = 20
"""Factors in the figure, at most."""
_NAME, _END, _LONGEST = 26, 20, 44
"""Characters in a line of a factor's name and of a level's, and in all of a level's name."""
_ROW, _LINE, _AROUND = 0.3, 0.125, 0.75
"""Inches: a factor, a line of its name, and what is around all of them."""
_ACROSS, _CHARACTER = 255.0, 3.7
"""Points across the bars with their ends' names, and a character of these."""
_HALO = [withStroke(linewidth=2, foreground="white")]
_SHADES = LinearSegmentedColormap.from_list("low to high", [YELLOW, SKY, BLUE])


@in_house_style
def draw_tornado(plan: Plan, summary: pd.DataFrame, policy: int, outcome: str, runs: str) -> Figure:
    """Return the figure of an outcome under a policy.

    Args:
        plan: the sweep.
        summary: as ``SweepResults.summary`` makes it.
        policy: number of the policy.
        outcome: what is shown.
        runs: what ran, for the note.
    """
    effects = effects_of(plan, summary, policy, outcome)
    title = title_of_outcome(outcome)
    if not effects:
        return nothing_to_draw(title, "no point has a finished pair of runs with a value")
    shown = effects[:_MOST]
    labels = [balanced(effect.factor.label, _NAME) for effect in shown]
    row = max(_ROW, *((label.count("\n") + 1.6) * _LINE for label in labels))
    fig = new_figure(
        _AROUND + row * len(shown),
        _heading(title, outcome, effects[0]),
        f"{runs} {_note(plan, effects)}",
        legend=_legend(shown),
    )
    bars, ranks = fig.subplots(1, 2, width_ratios=[3, 1], sharey=True)
    bars.set_yticks(range(len(shown)), labels)
    bars.set_ylim(len(shown) - 0.5, -0.5)
    _draw_bars(bars, outcome, shown)
    panel_title(bars, "a", f"{title}: by factor")
    points = len(finished_points(summary, plan.policies[policy].name, outcome))
    _draw_ranks(ranks, shown, chance_limit(points, sum(f.is_scale for f in plan.factors)))
    panel_title(ranks, "b", "Partial rank correlation")
    for ax in (bars, ranks):
        ax.tick_params(axis="y", length=0)
        ax.spines["left"].set_visible(False)
    return fig


def _heading(title: str, outcome: str, largest: FactorEffect) -> str:
    if not largest.size:
        return f"{title}: no factor moves the median difference"
    ends = [
        f"{difference_words(outcome, float(largest.medians[place]))} at {largest.names[place]}"
        for place in (int(np.nanargmin(largest.medians)), int(np.nanargmax(largest.medians)))
    ]
    return f"{title}: moved most by {largest.factor.label} ({ends[0]}, {ends[1]})"


def _note(plan: Plan, effects: Sequence[FactorEffect]) -> str:
    sampled = not isinstance(plan.sweep.design, Grid)
    parts = "level, or fifth of a range," if sampled else "level"
    note = (
        f"a: for every {parts} of a factor the median over its points of their median "
        "difference, whatever the other factors are; at the ends where it is least and most. b: "
        "with the mean difference, the other factors with a scale held (Marino et al. 2008); "
        "grey: what chance alone reaches in 95 %."
    )
    if sampled:
        note += (
            f" A fifth has about {len(plan.points) // FIFTHS} points: what the other factors "
            "happen to be there shows too."
        )
    if len(effects) > _MOST:
        note += f" {len(effects) - _MOST} factors that move it less are left out."
    return note


def _legend(effects: Sequence[FactorEffect]) -> list[Artist]:
    scale = any(effect.factor.is_scale for effect in effects)
    marks = {"lowest value": 0.0, "in between": 0.5, "highest value": 1.0} if scale else {}
    artists: list[Artist] = [
        Line2D([], [], linestyle="none", label=label, **_dot(_SHADES(share)))
        for label, share in marks.items()
    ]
    if not all(effect.factor.is_scale for effect in effects):
        artists.append(Line2D([], [], linestyle="none", label="named level", **_dot("white")))
    return [*artists, Patch(color=PALE, linewidth=0, label="range")]


def _dot(color: Any) -> dict[str, Any]:
    return {
        "marker": "o", "markersize": 4.5, "markerfacecolor": color, "markeredgecolor": GREY,
        "markeredgewidth": 0.5,
    }  # fmt: skip


def _draw_bars(ax: Axes, outcome: str, effects: Sequence[FactorEffect]) -> None:
    """Draw how far each factor moves the median difference, with what is at its ends."""
    ends = [_ends(outcome, effect) for effect in effects]
    lows = [float(np.nanmin(effect.medians)) for effect in effects]
    highs = [float(np.nanmax(effect.medians)) for effect in effects]
    # Names stand outside their bars, and take the same room whatever the scale is.
    left, right = (
        6 + _CHARACTER * max(len(line) for of in ends for line in of[side].split("\n"))
        for side in (0, 1)
    )
    low, high = min(0.0, *lows), max(0.0, *highs)
    unit = ((high - low) or 1.0) / max(_ACROSS - left - right, _ACROSS / 4)
    ax.set_xlim(low - left * unit, high + right * unit)
    ax.axvline(0, color=BLACK, linewidth=0.8, zorder=0.7)
    for row, (effect, names) in enumerate(zip(effects, ends, strict=True)):
        ax.barh(row, highs[row] - lows[row], left=lows[row], height=0.42, color=PALE)
        shares = np.linspace(0, 1, len(effect.names)).tolist()
        for share, median in zip(shares, effect.medians.tolist(), strict=True):
            color = _SHADES(share) if effect.factor.is_scale else "white"
            ax.plot(median, row, linestyle="none", **_dot(color))
        for text, x, side in ((names[0], lows[row], -1), (names[1], highs[row], 1)):
            ax.annotate(
                text, (x, row), (6 * side, 0), textcoords="offset points", va="center",
                ha="left" if side > 0 else "right", fontsize=SMALL, linespacing=1.0,
                path_effects=_HALO,
            )  # fmt: skip
    ax.xaxis.set_major_locator(MaxNLocator(7, steps=[1, 2, 2.5, 5, 10]))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: tick_words(outcome, value)))
    ax.set_xlabel(f"Median difference ({unit_of(outcome)}); 0: as in the file")


def _ends(outcome: str, effect: FactorEffect) -> tuple[str, str]:
    """Return what stands at the ends of a bar: where the difference is least, and most."""
    if not effect.size:
        return "", f"{difference_words(outcome, float(np.nanmax(effect.medians)))} everywhere"
    places = int(np.nanargmin(effect.medians)), int(np.nanargmax(effect.medians))
    low, high = (
        balanced(shortened(effect.names[place], _LONGEST), _END)
        + f"\n{difference_words(outcome, float(effect.medians[place]))}"
        for place in places
    )
    return low, high


def _draw_ranks(ax: Axes, effects: Sequence[FactorEffect], limit: float) -> None:
    """Draw the partial rank correlations, and what chance alone would give."""
    ax.set_xlim(-1.1, 1.1)
    if np.isfinite(limit):
        ax.axvspan(-limit, limit, color=PALE, alpha=0.4, linewidth=0, zorder=0.3)
    ax.axvline(0, color=BLACK, linewidth=0.8, zorder=0.7)
    for row, effect in enumerate(effects):
        value = effect.correlation
        if np.isfinite(value):
            ax.hlines(row, 0, value, color=BLUE, linewidth=1.2)
            ax.plot(value, row, "o", color=BLUE, markersize=4.5)
            text, x, side = f"{value:+.2f}".replace("-", "\N{MINUS SIGN}"), 0.0, np.sign(value)
        else:
            text, x, side = "none" if effect.factor.is_scale else "no scale", 0.0, -1.0
        ax.annotate(
            text, (x, row), (-4 * side, 0), textcoords="offset points", va="center",
            ha="right" if side > 0 else "left", fontsize=SMALL,
        )  # fmt: skip
    ax.set_xticks([-1, -0.5, 0, 0.5, 1], ["\N{MINUS SIGN}1", "", "0", "", "1"])
    ax.set_xlabel("With the mean difference")
