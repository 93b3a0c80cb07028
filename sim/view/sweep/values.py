"""Quantiles of the outcomes of a sweep over one factor, and the axis that they are drawn on."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.experiment.sweep.loader import Plan
from sim.view.balanced_text import balanced
from sim.view.outcome_words import one_of, tick_words
from sim.view.sweep.surface import grid_of
from sim.world.draws import FloatArray

DIFFERENCES = [f"difference_{name}" for name in ("q05", "q25", "median", "q75", "q95")]
LEVELS = ["q05", "q25", "q50", "q75", "q95"]
"""Columns of a summary: quantiles of the differences from the reference, and of the outcomes."""
PANEL, UPRIGHT = 1.2, 17
"""Inches of the least panel with values upwards, and characters an inch of upright labels."""


def values_of(
    plan: Plan, summary: pd.DataFrame, outcome: str, columns: Sequence[str]
) -> FloatArray:
    """Return ``columns``, shape (policies, columns, levels), nan where no run has finished."""
    policies = range(len(plan.policies))
    return np.array(
        [[grid_of(plan, summary, i, outcome, name) for name in columns] for i in policies]
    )


def set_values(
    ax: Axes, outcome: str, values: FloatArray, label: str, *, upright: bool, from_zero: bool
) -> None:
    """Give the axis of values its limits, ticks and label, with zero if it is not far off.

    Args:
        ax: where values are drawn.
        outcome: what they are of.
        values: all of them, in the unit of the outcome; nan where there is none.
        label: of the axis.
        upright: whether the y axis is that of the values, not the x axis.
        from_zero: show zero however far off it is.
    """
    known = values[np.isfinite(values)]
    low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 0.0)
    if from_zero or 0 < low < high / 2:
        low, high = min(low, 0.0), max(high, 0.0)
    room = 0.07 * (high - low) or one_of(outcome)
    # Zero is the foot of what cannot be below it.
    foot = low == 0 < high and upright and not from_zero
    limits = (low if foot else low - room, high + room)
    axis = ax.yaxis if upright else ax.xaxis
    (ax.set_ylim if upright else ax.set_xlim)(*limits)
    axis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
    axis.set_major_formatter(FuncFormatter(lambda value, _: tick_words(outcome, value)))
    text = f"{label[0].upper()}{label[1:]}"
    axis.set_label_text(balanced(text, int(PANEL * UPRIGHT)) if upright else text)
