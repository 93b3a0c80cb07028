"""Panel of a sweep over named levels: a row a level, and in it an interval a policy."""

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from sim.experiment.sweep.loader import Plan
from sim.view.balanced_text import balanced
from sim.view.difference_rows import draw_interval
from sim.view.style import BLACK, GREY, PALE, SMALL
from sim.view.sweep.marks import looks_of, mark_of_missing, named_marks
from sim.view.sweep.surface import in_file_of
from sim.view.sweep.values import UPRIGHT
from sim.view.sweep.words import level_words
from sim.world.draws import FloatArray

LINE = 0.125
_HEAD, _ROW = 0.2, 0.14
"""Inches: a line of a label, above the rows, and a policy's row."""
_NAME = 24
"""Characters in a line of a level's name."""


def row_height(plan: Plan) -> float:
    """Return the inches that a panel needs."""
    lines = max(label.count("\n") + 1.6 for label in _row_labels(plan))
    return _HEAD + len(plan.points) * max(_ROW * (len(plan.policies) + 0.6), lines * LINE)


def _row_labels(plan: Plan) -> list[str]:
    levels, own = plan.factors[0].levels, in_file_of(plan, 0)
    texts = [level_words(level) for level in levels]
    return [
        balanced(f"{text} (as in the file)" if is_own else text, _NAME)
        for text, is_own in zip(texts, own, strict=True)
    ]


def row_legend(plan: Plan, summary: pd.DataFrame) -> list[Artist]:
    """Return what stands for intervals, and for policies if there are several."""
    marks = named_marks(plan) if len(plan.policies) > 1 else []
    for mark in marks:
        mark.set(linestyle="none", markerfacecolor="white")
    return [
        *marks,
        Line2D([], [], color=GREY, linewidth=3, label="middle 50 % of the runs"),
        Line2D([], [], color=GREY, linewidth=1, label="90 %"),
        *mark_of_missing(plan, summary),
    ]


def draw_rows(ax: Axes, plan: Plan, values: FloatArray, height: float, *, named: bool) -> None:
    """Draw the intervals, with a cross where no run has finished.

    Args:
        ax: where to draw.
        plan: the sweep.
        values: quantiles at 5, 25, 50, 75 and 95 %, shape (policies, 5, levels).
        height: of the panel in inches, as ``row_height`` says.
        named: write the names of the levels.
    """
    levels = values.shape[2]
    labels = _row_labels(plan) if named else [""] * levels
    ax.set_yticks(range(levels), labels)
    ax.set_ylim(levels - 0.5, -0.5 - _HEAD * levels / (height - _HEAD))
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    if named:
        ax.set_ylabel(balanced(plan.factors[0].label, int(height * UPRIGHT)))
    ax.hlines(
        np.arange(0.5, levels - 1), 0, 1, PALE, linewidth=0.3, transform=ax.get_yaxis_transform()
    )
    looks = looks_of(plan)
    for policy, look in enumerate(looks):
        shift = 0.8 * ((policy + 0.5) / len(looks) - 0.5)
        for level, quantiles in enumerate(values[policy].T):
            if np.isfinite(quantiles).all():
                draw_interval(ax, level + shift, quantiles, look)
            else:
                ax.plot(
                    0.5, level + shift, "x", color=look.color, markersize=4,
                    transform=ax.get_yaxis_transform(),
                )  # fmt: skip


def name_zero(ax: Axes, height: float) -> None:
    """Draw the line of no difference, named above the rows of a panel of ``height`` inches."""
    top = 1 - _HEAD / height
    ax.plot(
        [0, 0], [0, top], color=BLACK, linewidth=0.8, zorder=0.7, transform=ax.get_xaxis_transform()
    )
    low, high = ax.get_xlim()
    share = -low / (high - low)
    ax.text(
        0, top + 0.5 * (1 - top), "no difference", transform=ax.get_xaxis_transform(),
        ha="left" if share < 0.2 else "right" if share > 0.8 else "center", va="center",
        fontsize=SMALL,
    )  # fmt: skip
