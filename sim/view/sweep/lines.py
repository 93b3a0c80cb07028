"""Figure of a sweep over one factor: differences from the reference, and levels beside them."""

from string import ascii_lowercase

import pandas as pd
from matplotlib.figure import Figure

from sim.experiment.sweep.loader import Plan
from sim.view.balanced_text import balanced
from sim.view.outcome_words import title_of_outcome, unit_of
from sim.view.page import new_figure
from sim.view.style import in_house_style, panel_title
from sim.view.sweep.curves import (
    WIDE,
    curve_height,
    curve_legend,
    draw_curves,
    mark_zero,
    write_names,
)
from sim.view.sweep.rows import LINE, draw_rows, name_zero, row_height, row_legend
from sim.view.sweep.values import DIFFERENCES, LEVELS, set_values, values_of

_AROUND = 0.75
"""Inches around a panel."""


@in_house_style
def draw_lines(plan: Plan, summary: pd.DataFrame, heading: str, runs: str) -> Figure:
    """Return the figure: two panels an outcome, with lines over a scale or rows of named levels.

    Args:
        plan: the sweep, a grid of one factor.
        summary: as ``SweepResults.summary`` makes it.
        heading: the take-away.
        runs: what ran, for the note.
    """
    (factor,) = plan.factors
    outcomes = plan.sweep.outcomes
    titles = [balanced(title_of_outcome(outcome), WIDE) for outcome in outcomes]
    is_line = factor.is_scale and len(factor.levels) > 1
    height = (curve_height if is_line else row_height)(plan)
    lines = max(title.count("\n") for title in titles) + len(factor.label) // WIDE
    room = height + _AROUND + LINE * lines
    fig = new_figure(
        room * len(outcomes),
        heading,
        f"{runs} Left: differences, pair by pair. Right: the outcome itself.",
        legend=(curve_legend if is_line else row_legend)(plan, summary),
    )
    axes = fig.subplots(len(outcomes), 2, squeeze=False)
    for row, (outcome, title) in enumerate(zip(outcomes, titles, strict=True)):
        for column, names in enumerate((DIFFERENCES, LEVELS)):
            ax = axes[row, column]
            panel_title(ax, ascii_lowercase[(2 * row + column) % 26], title)
            values = values_of(plan, summary, outcome, names)
            label = unit_of(outcome) if column else f"difference ({unit_of(outcome)})"
            if is_line:
                draw_curves(ax, plan, values)
            else:
                draw_rows(ax, plan, values, height, named=column == 0)
            set_values(ax, outcome, values, label, upright=is_line, from_zero=column == 0)
            if column == 0 and is_line:
                mark_zero(ax)
            elif column == 0:
                name_zero(ax, height)
            elif is_line and len(plan.policies) > 1:
                write_names(ax, plan, values, height)
    return fig
