"""Heat map: differences of a sweep from its reference over two factors, one panel per outcome."""

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import Colormap, ListedColormap
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sim.experiment.outcome_registry import OUTCOMES
from sim.experiment.sweep.loader import Plan
from sim.view.labels import balanced
from sim.view.outcome_words import difference_words, is_counted, one_of, tick_words, unit_of
from sim.view.policies.look import panels_of
from sim.view.style import BLACK, GREY, NORMAL, SMALL, in_house_style, new_figure
from sim.view.sweep.words import (
    axis_label,
    finding_of,
    headline_outcome,
    rows_of,
    sure_of,
    tick_label,
    what_ran,
)
from sim.world.draws import FloatArray

MISSING = "#D9D9D9"
"""Colour of cells without a finished run."""
_MOST_NUMBERS, _ACROSS = 14, 350.0
"""Most columns of cells that have numbers, and points across all cells of a panel."""
_FULL = 5.0
"""A difference in people or other things that are counted that may have the full colour."""
_CELL, _LINE, _AROUND = 0.3, 0.125, 0.75
"""Inches down: a cell, a line of its label, and what is around the cells of a panel."""
_NAME, _CHARACTER = 24, 4.2
"""Characters in a line of a row's label, and points that one takes."""


@in_house_style
def draw_heat_map(plan: Plan, summary: pd.DataFrame, policy: int = 0) -> Figure:
    """Return the figure of a policy in a grid of two factors; arguments: see ``effects_of``."""
    outcomes = plan.sweep.outcomes
    across, up = _order(plan)
    wide = int(_ACROSS / len(plan.factors[across].levels) / _CHARACTER)
    columns = [balanced(tick_label(plan.factors[across], level), max(4, wide))
               for level in plan.factors[across].levels]  # fmt: skip
    rows = [balanced(tick_label(plan.factors[up], level), _NAME)
            for level in plan.factors[up].levels]  # fmt: skip
    lines = max(name.count("\n") for name in rows) + 1.6
    height = max(_CELL, _LINE * lines) * len(rows)
    below = _LINE * max(name.count("\n") for name in columns)
    fig = new_figure(
        len(outcomes) * (height + below + _AROUND),
        finding_of(plan, summary, headline_outcome(plan), policy),
        f"{what_ran(plan, summary, policy)} Numbers: median of the differences; in brackets, "
        "without colour, where chance cannot be excluded; none without a finished run.",
    )
    for outcome, ax in panels_of(fig, outcomes):
        draw_cells(ax, plan, summary, outcome, policy)
        numbers = range(0, len(columns), -(-len(columns) // _MOST_NUMBERS))
        ax.set_xticks(numbers, [columns[i] for i in numbers])
        ax.set_yticks(range(len(rows)), rows)
        ax.set_xlabel(axis_label(plan.factors[across]))
        ax.set_ylabel(balanced(axis_label(plan.factors[up]), int(72 * height / _CHARACTER)))
    return fig


def draw_cells(ax: Axes, plan: Plan, summary: pd.DataFrame, outcome: str, policy: int = 0) -> None:
    """Draw one cell per pair of levels, and a colour bar; see ``draw_heat_map``."""
    rows = rows_of(plan, summary, policy, outcome)
    median, known = (
        np.transpose(grid_of(plan, rows, values.astype(float)), _order(plan)[::-1])
        for values in (rows["difference_median"].to_numpy(), sure_of(rows))
    )
    largest = float(np.nanmax(np.abs(median), initial=0.0)) or one_of(outcome)
    if is_counted(outcome):  # half a person is no strong colour
        largest = max(largest, _FULL)
    # What may be chance has no colour, so that its number can be read.
    shown = np.where((known == 1) | np.isnan(median), median, 0.0)
    image = ax.imshow(shown, _colors(outcome), vmin=-largest, vmax=largest, origin="lower",
                      aspect="auto")  # fmt: skip
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    ax.set_facecolor(MISSING)
    for (row, column), value in np.ndenumerate(median):
        if median.shape[1] <= _MOST_NUMBERS:
            sure = known[row, column] == 1
            ax.text(column, row, _number(outcome, value, sure), ha="center", va="center",
                    fontsize=SMALL if median.shape[1] > 8 else NORMAL,
                    color=BLACK if sure else GREY)  # fmt: skip
    figure = ax.get_figure(root=True)
    assert figure is not None
    bar = figure.colorbar(image, ax=ax, fraction=0.06, pad=0.02)
    bar.outline.set_visible(False)
    bar.ax.tick_params(labelsize=SMALL, length=2)
    bar.ax.yaxis.set_major_locator(MaxNLocator(min(4, 1 + len(median))))
    bar.ax.yaxis.set_major_formatter(lambda value, _: tick_words(outcome, value))
    low, high = OUTCOMES[outcome].direction.value
    bar.set_label(balanced(f"{low} ← {unit_of(outcome)} → {high}", 26), fontsize=SMALL)


def _number(outcome: str, value: float, sure: bool) -> str:
    if np.isnan(value):
        return "none"
    text = difference_words(outcome, value)
    return text if sure else f"({text})"


def _colors(outcome: str) -> Colormap:
    """Return colours from low to high: blue is better and red worse, if there is a better side."""
    low, _ = OUTCOMES[outcome].direction.value
    name = {"better": "RdBu_r", "worse": "RdBu"}.get(low, "PuOr_r")
    # White at zero; light enough everywhere for black numbers.
    return ListedColormap(matplotlib.colormaps[name](np.linspace(0.2, 0.8, 255)))


def _order(plan: Plan) -> tuple[int, int]:
    """Return which factor runs across, which up: across one with a scale, or more levels."""
    first, second = sorted(
        range(2), key=lambda i: (not plan.factors[i].is_scale, -len(plan.factors[i].levels))
    )
    return first, second


def grid_of(plan: Plan, rows: pd.DataFrame, values: FloatArray) -> FloatArray:
    """Return ``values``, one per row of points, over a grid; nan where no run has finished.

    Returns:
        Shape (levels of factor 1, levels of factor 2, ...).
    """
    grid = np.full(len(plan.points), np.nan)
    grid[rows["point"].to_numpy(dtype=np.int64)] = values
    return grid.reshape([len(factor.levels) for factor in plan.factors])
