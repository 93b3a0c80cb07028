"""Forest plot: differences of policies from the baseline, pair by pair, one panel per outcome."""

from functools import partial

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.experiment.outcome_registry import COMPARED, FIRST, OUTCOMES
from sim.experiment.paired_outcomes import PairedOutcomes
from sim.experiment.paired_statistics import PairedStatistics
from sim.view import style
from sim.view.answers.sentences import CUT_OFF, cut_off_policies, so_far
from sim.view.axes import name_rows, write_beside
from sim.view.outcome_words import difference_words, title_of_outcome, unit_of
from sim.view.policies.look import (
    SIDE_COLORS,
    difference_axis,
    finding,
    is_beyond_chance,
    panels_of,
)
from sim.view.words import count, policy_label, words

_ROW, _LINE, _AROUND = 0.14, 0.11, 0.85
"""Inches: a row, a line of a name in it, and what is around the rows of a panel."""
_HEAD = 1.0
"""Rows above the first one, for what the sides are."""
_SIDE = 0.25
"""Least share of the axis on either side of zero, so that both can be named."""
_SHARES = (148, 180)
"""Points from the axes to the right edges of the columns of shares."""


@style.in_house_style
def draw_forest(comparison: PairedOutcomes, *, every: bool = False) -> Figure:
    """Return the figure; outcomes that no policy changes in any pair are left out.

    Args:
        comparison: policies with at least one pair of runs.
        every: show all outcomes that policies are compared by, not only the first few.
    """
    outcomes = [name for name in forest_outcomes(every=every) if _changes(comparison, name)]
    names = [words(name) for name in comparison.names]
    if not outcomes:
        why = "in every pair of runs all outcomes shown are equal"
        return style.nothing_to_draw(f"No policy differs from {names[0]}", why)
    policies = range(1, len(names))
    first = [comparison.statistics(policy, outcomes[0]) for policy in policies]
    lines = max(1 + policy_label(name).count("\n") for name in names[1:])
    row = _ROW + _LINE * (lines - 1)
    fig = style.new_figure(
        len(outcomes) * (_AROUND + row * (len(policies) + _HEAD)),
        finding(title_of_outcome(outcomes[0]), names, first,
                partial(difference_words, outcomes[0]), OUTCOMES[outcomes[0]].direction.value,
                cut_off_policies(comparison) if outcomes[0] in CUT_OFF else ()),
        f"Differences from {names[0]} over {count(comparison.pairs, 'pair')} of runs, the same "
        "parameters and random numbers under both policies. In numbers: median "
        "(90\N{NO-BREAK SPACE}%) of the pairs, and the share of pairs on either side; the others "
        f"are equal. Chance: a sign test at 5\N{NO-BREAK SPACE}%.{so_far(comparison)}",
        [
            Line2D([], [], color=style.GREY, marker="o", markersize=5.5, markerfacecolor="white",
                   label="may be chance"),
            Line2D([], [], color=style.GREY, linewidth=3.2, label="50 % of the pairs"),
            Line2D([], [], color=style.GREY, linewidth=1.2, label="90 %"),
        ],
    )  # fmt: skip
    for outcome, ax in panels_of(fig, outcomes):
        draw_differences(ax, comparison, outcome)
    return fig


def forest_outcomes(*, every: bool) -> list[str]:
    """Return the outcomes by which policies are judged first, and all others if asked for."""
    return [*FIRST, *(name for name in COMPARED if every and name not in FIRST)]


def _changes(comparison: PairedOutcomes, outcome: str) -> bool:
    policies = range(1, len(comparison.names))
    return any(np.nan_to_num(comparison.difference(of, outcome)).any() for of in policies)


def draw_differences(ax: Axes, comparison: PairedOutcomes, outcome: str) -> None:
    """Draw the differences of an outcome into ``ax``: one row per policy, coloured by its side."""
    names = comparison.names[1:]
    found = [comparison.statistics(policy, outcome) for policy in range(1, len(names) + 1)]
    name_rows(ax, [policy_label(name) for name in names], above=0.5 + _HEAD)
    ends = np.nan_to_num([end for of in found for end in (of.q05, of.q95)])
    low, high = min(0.0, float(ends.min())), max(0.0, float(ends.max()))
    span = 1.05 * ((high - low) or 1.0)
    ax.set_xlim(min(1.05 * low, -_SIDE * span), max(1.05 * high, _SIDE * span))
    ax.set_xlabel(f"Difference in {unit_of(outcome)}")
    difference_axis(ax, outcome)
    sides = OUTCOMES[outcome].direction.value
    _write_numbers(ax, -0.5 - _HEAD / 2, ("median (90 %)", *sides), style.GREY)
    for row, of in enumerate(found):
        ax.axhline(row, color=style.PALE, linewidth=0.3, zorder=0.4)
        _draw_row(ax, row, of, sides, outcome)


def _draw_row(
    ax: Axes, row: int, of: PairedStatistics, sides: tuple[str, str], outcome: str
) -> None:
    sure = is_beyond_chance(of)
    color = SIDE_COLORS[sides[of.higher > of.lower]] if sure else style.GREY
    ax.hlines(row, of.q05, of.q95, color=color, linewidth=1.2)
    ax.hlines(row, of.q25, of.q75, color=color, linewidth=3.2)
    ax.plot(
        of.median, row, "o", color=color, markersize=5.5, zorder=3,
        markerfacecolor=color if sure else "white",
    )  # fmt: skip
    low, median, high = (difference_words(outcome, q) for q in (of.q05, of.median, of.q95))
    interval = median if of.q05 == of.q95 else f"{median} ({low} to {high})"
    shares = (f"{100 * share:.0f} %" for share in (of.lower, of.higher))
    _write_numbers(ax, row, (interval, *shares), color)


def _write_numbers(ax: Axes, y: float, texts: tuple[str, ...], color: str) -> None:
    for points, text in zip((6, *_SHARES), texts, strict=True):
        write_beside(ax, y, text, points, color, "left" if points == 6 else "right")
