"""Forest plot: differences of policies from the baseline, pair by pair, an outcome a panel."""

from collections.abc import Sequence
from functools import partial
from string import ascii_lowercase

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.path import Path

from sim.experiment.outcome_registry import OUTCOMES
from sim.experiment.paired_outcomes import PairedOutcomes
from sim.experiment.paired_statistics import PairedStatistics
from sim.view.difference_rows import draw_interval, set_difference_scale
from sim.view.nothing import nothing_to_draw
from sim.view.number_text import short
from sim.view.outcome_words import difference_words, one_of, tick_words, title_of_outcome, unit_of
from sim.view.page import new_figure
from sim.view.policies.look import PolicyLook, policy_looks
from sim.view.policy_words import policy_label, words
from sim.view.style import BLACK, GREY, PALE, SMALL, in_house_style, panel_title
from sim.view.take_away import changed_outcomes, take_away
from sim.world.draws import FloatArray

_COLUMNS = 2
"""Panels side by side."""
_LINE, _GAP, _HEAD, _AROUND = 0.115, 0.075, 0.19, 0.8
"""Inches: a line of a name, between rows, the words above the rows, and what is around them."""
_UP, _DOWN = 0.03, 0.055
"""Inches from the middle of a row up to the interval of the pairs, and down to the bracket."""
_NUMBERS = (42, 69, 95)
"""Columns beside the axes, median and shares of the pairs: points to the right edge of each."""
_BRACKET = Path([(-1, -0.4), (-1, 0.4), (-1, 0), (1, 0), (1, -0.4), (1, 0.4)], [1, 2, 1, 2, 1, 2])


@in_house_style
def draw_forest(comparison: PairedOutcomes) -> Figure:
    """Return the figure; outcomes that no policy changes in any pair are left out.

    Args:
        comparison: policies with at least one pair of runs.
    """
    outcomes = changed_outcomes(comparison)
    baseline = words(comparison.names[0])
    if not outcomes:
        why = "in every pair of runs all outcomes are equal"
        return nothing_to_draw(f"No policy differs from {baseline}", why)
    names = [policy_label(name) for name in comparison.names[1:]]
    row = _GAP + _LINE * max(1 + name.count("\n") for name in names)
    rows = -(-len(outcomes) // _COLUMNS)
    pairs = "1 pair" if comparison.pairs == 1 else f"{comparison.pairs:,} pairs"
    fig = new_figure(
        rows * (_AROUND + _HEAD + row * len(names)),
        take_away(comparison, outcomes[0]),
        f"Differences from {baseline} over {pairs} of runs with the same parameters and the same "
        "chance. The intervals of the pairs are uncertainty about the world; the bracket below is "
        "the error of their median from the number of pairs, and shrinks with more of them. "
        "Better and worse, lower and higher where neither is better: share of the pairs; the "
        "others are equal.",
        legend=_legend(),
    )
    grid = fig.add_gridspec(rows, _COLUMNS)
    looks = policy_looks(len(comparison.names))[1:]
    for number, outcome in enumerate(outcomes):
        ax = fig.add_subplot(grid[number // _COLUMNS, number % _COLUMNS])
        statistics = [comparison.statistics(policy, outcome) for policy in range(1, len(looks) + 1)]
        _draw_panel(ax, outcome, statistics, looks, row)
        ax.set_yticks(range(len(names)), names if number % _COLUMNS == 0 else [""] * len(names))
        panel_title(ax, ascii_lowercase[number], title_of_outcome(outcome))
    return fig


def _legend() -> list[Artist]:
    return [
        Line2D(
            [], [], color="white", marker="o", markersize=4.5, markeredgecolor=GREY,
            linestyle="none", label="median of the pairs",
        ),
        Line2D([], [], color=GREY, linewidth=3, label="50 % of the pairs"),
        Line2D([], [], color=GREY, linewidth=1, label="90 %"),
        Line2D(
            [], [], color=BLACK, marker=_BRACKET, markersize=13, markeredgewidth=0.8,
            fillstyle="none", linestyle="none", label="95 % confidence interval of the median",
        ),
    ]  # fmt: skip


def _draw_panel(
    ax: Axes,
    outcome: str,
    statistics: Sequence[PairedStatistics],
    looks: Sequence[PolicyLook],
    row: float,
) -> None:
    """Draw an outcome, a row of ``row`` inches a policy."""
    ax.set_ylim(len(statistics) - 0.5, -0.5 - _HEAD / row)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ends = [np.array([*_quantiles(of), of.median_low_95, of.median_high_95]) for of in statistics]
    text = short if one_of(outcome) == 1 else partial(tick_words, outcome)
    ax.xaxis.labelpad = 11
    set_difference_scale(ax, unit_of(outcome), ends, room=0.08, text=text)
    above = -0.5 - _HEAD / row / 2
    sides = OUTCOMES[outcome].direction.value
    _draw_zero(ax, above, *sides)
    _write_beside(ax, above, ["median", *sides], GREY)
    for place, (of, look) in enumerate(zip(statistics, looks, strict=True)):
        ax.axhline(place - _UP / row, color=PALE, linewidth=0.3, zorder=0.4)
        draw_interval(ax, place - _UP / row, _quantiles(of), look)
        _draw_bracket(ax, place + _DOWN / row, of)
        shares = [f"{100 * share:.0f} %" for share in (of.lower, of.higher)]
        _write_beside(ax, place, [difference_words(outcome, of.median), *shares], BLACK)


def _quantiles(of: PairedStatistics) -> FloatArray:
    return np.array([of.q05, of.q25, of.median, of.q75, of.q95])


def _draw_bracket(ax: Axes, y: float, of: PairedStatistics) -> None:
    """Draw the confidence interval of the median, if there are enough pairs for one."""
    if np.isfinite(of.median_low_95):
        ends = [of.median_low_95, of.median_high_95]
        ax.plot(ends, [y, y], "|-", color=BLACK, linewidth=0.8, markersize=3.5, markeredgewidth=0.8)


def _write_beside(ax: Axes, y: float, texts: Sequence[str], color: str) -> None:
    for right, text in zip(_NUMBERS, texts, strict=True):
        ax.annotate(
            text,
            (1, y),
            (right, 0),
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            ha="right",
            va="center",
            fontsize=SMALL,
            color=color,
        )


def _draw_zero(ax: Axes, above: float, low: str, high: str) -> None:
    """Draw the line of no difference, named at ``above``, and say what its sides are."""
    ax.vlines(0, ax.get_ylim()[0], -0.5, color=GREY, linewidth=0.8, zorder=0.5)
    across = float((ax.transScale + ax.transLimits).transform((0.0, 0.0))[0])
    side = "left" if across < 0.25 else "right" if across > 0.75 else "center"
    ax.annotate(
        "no difference",
        (0, above),
        ({"left": -2, "center": 0, "right": 2}[side], 0),
        textcoords="offset points",
        ha=side,
        va="center",
        fontsize=SMALL,
        color=GREY,
    )
    for x, words_of_side, ha in ((0, f"← {low}", "left"), (1, f"{high} →", "right")):
        ax.annotate(
            words_of_side, (x, 0), (0, -14), xycoords="axes fraction", textcoords="offset points",
            ha=ha, va="top", fontsize=SMALL, color=GREY,
        )  # fmt: skip
