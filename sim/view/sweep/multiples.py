"""Figures of a sweep over two or three factors: heat maps, a panel an outcome or a level."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from string import ascii_lowercase

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.experiment.sweep.loader import Plan
from sim.experiment.sweep.points import Factor
from sim.view.balanced_text import balanced
from sim.view.outcome_words import title_of_outcome
from sim.view.page import new_figure
from sim.view.style import BLACK, GREY, SMALL, WIDTH, in_house_style, panel_title
from sim.view.sweep.heat_map import HATCH, MISSING, OUTLINE, ZERO, draw_bar, draw_cells, norm_of
from sim.view.sweep.surface import Surface, order_of, surfaces_of
from sim.view.sweep.words import axis_label, level_words, tick_label

_MOST_NUMBERS, _NUMBER, _NARROW = 60, 27.0, 8.0
"""Most cells that have numbers, and points across that a cell needs with and without one."""
_MOST_COLUMNS, _NAME, _FEW_LINES = 4, 20, 4
"""Panels side by side, characters in a line of a level's name, and lines of one below a column."""
_AXIS, _BAR, _GAP = 42.0, 68.0, 16.0
"""Points across: label of the rows, a colour bar with its label, and between panels."""
_CHARACTER, _LINE = 0.52 * SMALL, 1.25 * SMALL / 72
"""Points across a character, and inches down a line."""
_CELL, _LOW, _HIGH, _AROUND = 0.32, 0.9, 3.2, 0.6
"""Inches down: a cell, the least and the most of all cells, and what is around them."""


@in_house_style
def draw_heat_map(
    plan: Plan, summary: pd.DataFrame, policy: int, heading: str, runs: str
) -> Figure:
    """Return the figure of a policy in a sweep over two factors, an outcome a panel.

    Args:
        plan: the sweep, a grid.
        summary: as ``SweepResults.summary`` makes it.
        policy: number of the policy.
        heading: the take-away.
        runs: what ran, for the note.
    """
    surfaces = [
        surface
        for outcome in plan.sweep.outcomes
        for surface in surfaces_of(plan, summary, policy, outcome)
    ]
    titles = [title_of_outcome(outcome) for outcome in plan.sweep.outcomes]
    return _draw(surfaces, titles, heading, f"{runs} {_NOTE}", shared=False)


@in_house_style
def draw_multiples(
    plan: Plan, summary: pd.DataFrame, policy: int, outcome: str, heading: str, runs: str
) -> Figure:
    """Return the figure of an outcome in a sweep over three factors, a level of one a panel.

    Args:
        plan: the sweep, a grid.
        summary: as ``SweepResults.summary`` makes it.
        policy: number of the policy.
        outcome: what is shown.
        heading: the take-away.
        runs: what ran, for the note.
    """
    surfaces = surfaces_of(plan, summary, policy, outcome)
    third = plan.factors[order_of(plan.factors)[2]]
    titles = [f"{third.label}: {level_words(level)}" for level in third.levels]
    note = f"{runs} {_NOTE} One scale of colours for all panels."
    return _draw(surfaces, titles, heading, note, shared=True)


_NOTE = "Colours and numbers: median of the differences."


@dataclass(frozen=True)
class _Layout:
    """Where panels of equal size are.

    Attributes:
        columns: panels side by side.
        cell: points across a cell.
        height: inches down all cells of a panel.
        upright: whether the names of the columns are turned.
    """

    columns: int
    cell: float
    height: float
    upright: bool


def _layout(surface: Surface, panels: int, shared: bool) -> _Layout:
    rows, across = surface.median.shape
    names = [balanced(tick_label(surface.up, level), _NAME) for level in surface.up.levels]
    left = _AXIS + _CHARACTER * max(len(line) for name in names for line in name.split("\n"))

    def cell(columns: int) -> float:
        bars = _BAR * (1 if shared else columns)
        return float((72 * WIDTH - left - bars - _GAP * columns) / columns / across)

    needed = _NUMBER if surface.median.size <= _MOST_NUMBERS else _NARROW
    if not surface.across.is_scale:
        longest = max(len(tick_label(surface.across, level)) for level in surface.across.levels)
        needed = max(needed, longest * _CHARACTER / _FEW_LINES)
    fitting = [n for n in range(1, min(panels, _MOST_COLUMNS) + 1) if cell(n) >= needed]
    most = max(fitting, default=1)
    columns = -(-panels // -(-panels // most))
    tallest = max(name.count("\n") + 1.8 for name in names) * _LINE
    height = max(_LOW, min(_HIGH, max(_CELL, tallest) * rows))
    words = " ".join(tick_label(surface.across, level) for level in surface.across.levels).split()
    upright = not surface.across.is_scale and max(map(len, words)) * _CHARACTER > cell(columns)
    return _Layout(columns, cell(columns), height, upright)


def _draw(
    surfaces: Sequence[Surface], titles: Sequence[str], heading: str, note: str, *, shared: bool
) -> Figure:
    """Return a figure with a panel a surface, all of the same factors."""
    first = surfaces[0]
    layout = _layout(first, len(surfaces), shared)
    numbers = first.median.size <= _MOST_NUMBERS and layout.cell >= _NUMBER
    width = layout.cell * first.median.shape[1] + (0 if shared else _BAR - _GAP)
    titles = [balanced(title, max(12, int(width / (1.15 * _CHARACTER)))) for title in titles]
    names = _column_names(first.across, layout)
    label = _across_label(first.across, layout)
    lines = sum(max(text.count("\n") for text in of) for of in (titles, names, [label]))
    rows = -(-len(surfaces) // layout.columns)
    below = _NAME * _CHARACTER / 72 if layout.upright else 0.0
    fig = new_figure(
        rows * (layout.height + _AROUND + below + lines * _LINE), heading, note,
        legend=_legend(surfaces),
    )  # fmt: skip
    grid = fig.add_gridspec(rows, layout.columns)
    axes: list[Axes] = []
    for place, (surface, title) in enumerate(zip(surfaces, titles, strict=True)):
        ax = fig.add_subplot(grid[divmod(place, layout.columns)])
        norm = norm_of(surfaces if shared else [surface])
        draw_cells(ax, surface, norm, numbers=numbers)
        _label(ax, surface, names, layout, first=place % layout.columns == 0)
        panel_title(ax, ascii_lowercase[place % 26], title)
        axes.append(ax)
        if not shared:
            draw_bar(fig, [ax], norm, surface.outcome)
    if shared:
        draw_bar(fig, axes, norm_of(surfaces), first.outcome, layout.columns)
    return fig


def _column_names(across: Factor, layout: _Layout) -> list[str]:
    names = [tick_label(across, level) for level in across.levels]
    width = _NAME if layout.upright else max(1, int(layout.cell / _CHARACTER))
    return names if across.is_scale else [balanced(name, width) for name in names]


def _across_label(across: Factor, layout: _Layout) -> str:
    width = layout.cell * len(across.levels)
    return balanced(axis_label(across), max(_NAME, int(width / (1.2 * _CHARACTER))))


def _label(
    ax: Axes, surface: Surface, names: Sequence[str], layout: _Layout, *, first: bool
) -> None:
    """Label columns, and rows if it is the ``first`` panel of a row; leave out what has no room."""
    widest = max(len(line) for name in names for line in name.split("\n")) * _CHARACTER
    room = 72 * _LINE if layout.upright else widest + 2
    columns = range(0, len(names), math.ceil(room / layout.cell))
    turn = 90 if layout.upright else 0
    ax.set_xticks(columns, [names[i] for i in columns], rotation=turn)
    ax.set_xlabel(_across_label(surface.across, layout))
    levels = surface.up.levels
    rows = range(0, len(levels), math.ceil(_LINE * len(levels) / layout.height))
    texts = [balanced(tick_label(surface.up, levels[i]), _NAME) if first else "" for i in rows]
    ax.set_yticks(rows, texts)
    if first:
        fitting = int(72 * layout.height / (1.2 * _CHARACTER))
        ax.set_ylabel(balanced(axis_label(surface.up), fitting))


def _legend(surfaces: Sequence[Surface]) -> list[Artist]:
    """Return what stands for the marks that occur."""
    signs = [np.sign(surface.median[np.isfinite(surface.median)]) for surface in surfaces]
    zero = any({-1.0, 1.0} <= set(of.tolist()) for of in signs) and surfaces[0].contours
    marks: list[tuple[bool, Artist]] = [
        (
            any(surface.unsure.any() for surface in surfaces),
            Patch(
                facecolor="none", edgecolor=GREY, hatch=HATCH, linewidth=0,
                label="middle 90 % of the differences include 0",
            ),
        ),
        (zero, Line2D([], [], color=BLACK, linewidth=ZERO, label="contour of no difference")),
        (
            any(surface.in_file.any() for surface in surfaces),
            Patch(facecolor="none", edgecolor=BLACK, linewidth=OUTLINE, label="as in the file"),
        ),
        (
            any(np.isnan(surface.median).any() for surface in surfaces),
            Patch(color=MISSING, linewidth=0, label="no finished run with a value"),
        ),
    ]  # fmt: skip
    return [artist for occurs, artist in marks if occurs]
