"""Differences of a sweep from its reference over two factors: cells, contours, and their words."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import ListedColormap, Normalize, SymLogNorm, to_hex
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.experiment.outcome_units import OUTCOME_UNITS
from sim.experiment.sweep.loader import Plan
from sim.experiment.sweep.points import Factor, Level
from sim.experiment.sweep.quantity import Quantity
from sim.view.balanced_text import balanced
from sim.view.days import short_date
from sim.view.heat_map import fill_cell, hatch_cells, outline_cells
from sim.view.labels import OUTCOME_LABELS
from sim.view.number_text import signed, whole
from sim.view.parameter_text import value_text
from sim.view.series_words import spoken
from sim.view.style import BLACK, GREY, SMALL
from sim.view.take_away import difference_text
from sim.view.wide_scale import is_wide, linear_up_to, set_wide_ticks
from sim.world.draws import BoolArray, FloatArray

MISSING = "#D9D9D9"
"""Colour of cells without a finished run."""
ZERO = 1.8
"""Points of the contour of no difference."""
_COLORS = ListedColormap(matplotlib.colormaps["RdBu_r"](np.linspace(0.2, 0.8, 255)))
"""White at nought; light enough everywhere for black numbers, hatching and lines."""
_CONTOURS, _DIGITS, _BAR_LABEL, _SMALL = 5, 5, 20, 0.1
"""Most contours in a panel, characters of a number and of a line, and what has more decimals."""
DATE = "date"
"""Unit of dates as places on an axis."""


@dataclass(frozen=True)
class Surface:
    """Differences from the reference over two factors; all arrays have shape (up, across).

    Attributes:
        outcome: what differs.
        across: the factor of the columns.
        up: the factor of the rows, from below.
        median: median difference; nan without a finished pair of runs.
        unsure: whether the middle 90 % of the differences include nought.
        in_file: whether the world is the one that the policy's file says.
    """

    outcome: str
    across: Factor
    up: Factor
    median: FloatArray
    unsure: BoolArray
    in_file: BoolArray

    @property
    def contours(self) -> bool:
        """Whether lines between the cells mean something."""
        return self.across.is_scale and self.up.is_scale and min(self.median.shape) > 1


def surfaces_of(plan: Plan, summary: pd.DataFrame, policy: int, outcome: str) -> list[Surface]:
    """Return the surface of two factors, or of three factors one a level of the third."""
    order = order_of(plan.factors)
    across, up = plan.factors[order[0]], plan.factors[order[1]]

    def sliced(grid: FloatArray) -> FloatArray:
        turned = np.transpose(grid, (order[1], order[0], *order[2:]))
        return turned.reshape(len(up.levels), len(across.levels), -1)

    low, median, high = (
        sliced(grid_of(plan, summary, policy, outcome, f"difference_{column}"))
        for column in ("q05", "median", "q95")
    )
    unsure = (low <= 0) & (high >= 0)
    in_file = sliced(in_file_of(plan, policy).astype(np.float64)) > 0
    return [
        Surface(outcome, across, up, median[..., i], unsure[..., i], in_file[..., i])
        for i in range(median.shape[2])
    ]


def order_of(factors: Sequence[Factor]) -> list[int]:
    """Return which factor runs across, which up, and which of three has a panel a level.

    The last is the one with the fewest levels. Across runs one with a scale if there is one, of
    two the one with more levels.
    """
    order = sorted(range(len(factors)), key=lambda i: (-len(factors[i].levels), i))
    return [*sorted(order[:2], key=lambda i: not factors[i].is_scale), *order[2:]]


def grid_of(
    plan: Plan, summary: pd.DataFrame, policy: int, outcome: str, column: str
) -> FloatArray:
    """Return a column of the summary over a grid, nan where no run has finished.

    Returns:
        Shape (levels of factor 1, levels of factor 2, ...).
    """
    of = (summary["policy"] == plan.policies[policy].name) & (summary["outcome"] == outcome)
    rows = summary[of & (summary["point"] >= 0)]
    values = np.full(len(plan.points), np.nan)
    values[rows["point"].to_numpy(dtype=np.int64)] = rows[column].to_numpy(dtype=np.float64)
    return values.reshape([len(factor.levels) for factor in plan.factors])


def in_file_of(plan: Plan, policy: int) -> BoolArray:
    """Return where in a grid the world is as the policy's file says, shape as ``grid_of``."""
    own = [world == plan.policies[policy] for world in plan.worlds[policy]]
    return np.array(own).reshape([len(factor.levels) for factor in plan.factors])


def norm_of(surfaces: Sequence[Surface]) -> Normalize:
    """Return a scale of colours for all of ``surfaces`` with nought in its middle.

    It is logarithmic on both sides if one side would have no colour otherwise.
    """
    known = np.concatenate([surface.median.ravel() for surface in surfaces])
    low, high = np.nanmin(known, initial=0.0), np.nanmax(known, initial=0.0)
    largest = float(max(-low, high)) or one_of(surfaces[0].outcome)
    if is_wide([low, high]) and linear_up_to([low, high]) < largest:
        threshold = linear_up_to([low, high])
        return SymLogNorm(threshold, linscale=0.7, vmin=-largest, vmax=largest)
    return Normalize(-largest, largest)


def draw_cells(ax: Axes, surface: Surface, norm: Normalize, *, numbers: bool) -> None:
    """Draw a cell a pair of levels, with contours if both factors have a scale."""
    values = surface.median
    ax.imshow(values, cmap=_COLORS, norm=norm, origin="lower", aspect="auto")
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    for row, column in np.argwhere(np.isnan(values)).tolist():
        fill_cell(ax, row, column, "", MISSING)
    hatch_cells(ax, surface.unsure)
    outline_cells(ax, surface.in_file)
    if surface.contours:
        _draw_contours(ax, surface, written=not numbers)
    for (row, column), value in np.ndenumerate(values):
        if numbers:
            text = difference_words(surface.outcome, value) if np.isfinite(value) else "none"
            paper = to_hex(_COLORS(norm(value))) if np.isfinite(value) else MISSING
            _write(ax, column, row, text, paper)


def _write(ax: Axes, x: float, y: float, text: str, paper: str, weight: str = "normal") -> None:
    ax.text(
        x, y, text, ha="center", va="center", fontsize=SMALL, zorder=4, weight=weight,
        path_effects=[withStroke(linewidth=2.5, foreground=paper)],
    )  # fmt: skip


def _draw_contours(ax: Axes, surface: Surface, *, written: bool) -> None:
    """Draw thin contours, with their values if these are to be ``written``, and a thick 0."""
    # The outermost values reach to the edge of their cells.
    values = np.ma.masked_invalid(np.pad(surface.median, 1, mode="edge"))
    x, y = (np.r_[-0.5, range(count), count - 0.5] for count in surface.median.shape[::-1])
    low, high = (float(values.min()), float(values.max())) if values.count() else (0.0, 0.0)
    levels: FloatArray = np.array(MaxNLocator(_CONTOURS).tick_values(low, high))
    within = levels[(levels > low) & (levels < high) & (levels != 0)]
    if len(within):
        thin = ax.contour(
            x, y, values, levels=within, colors=GREY, linewidths=0.5, linestyles="solid"
        )
        if written:
            ax.clabel(thin, fontsize=SMALL, fmt=partial(tick_words, surface.outcome), colors=BLACK)
    if low < 0 < high:
        zero = ax.contour(x, y, values, levels=[0.0], colors=BLACK, linewidths=ZERO)
        paths = [path.interpolated(8).vertices for path in zero.get_paths() if len(path)]
        if paths:
            x0, y0 = _free_place(np.concatenate(paths), surface.median.shape)
            _write(ax, x0, y0, "0", "white", "bold")


def _free_place(places: FloatArray, shape: tuple[int, ...]) -> tuple[float, float]:
    """Return which of ``places``, shape (places, 2), is farthest from the middles of all cells."""
    inside = ((places >= 0) & (places <= np.array(shape[::-1]) - 1)).all(axis=1)
    across, up = np.abs(places - np.round(places)).T
    # Numbers are wider than high.
    x, y = places[np.argmax(np.maximum(0.8 * across, up) + inside)].tolist()
    return x, y


def draw_bar(
    fig: Figure, axes: Sequence[Axes], norm: Normalize, outcome: str, columns: int = 1
) -> None:
    """Draw what the colours in ``axes`` mean, beside the ``columns`` of them."""
    bar = fig.colorbar(
        ScalarMappable(norm, _COLORS),
        ax=list(axes),
        fraction=0.08 / columns,
        pad=0.02 / columns,
        aspect=30,
    )
    bar.outline.set_visible(False)
    bar.ax.tick_params(labelsize=SMALL, length=2)
    bar.ax.minorticks_off()
    text = partial(tick_words, outcome)
    label = f"Difference ({unit_of(outcome)})"
    if isinstance(norm, SymLogNorm):
        high = float(norm.vmax or 1.0)
        set_wide_ticks(bar.ax.yaxis, -high, high, norm.linthresh, most=2, text=text)
        label = f"{label.removesuffix(')')}, log scale)"
    else:
        bar.ax.yaxis.set_major_locator(MaxNLocator(5))
        bar.ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: text(value)))
    bar.set_label(balanced(label, _BAR_LABEL), fontsize=SMALL)


def title_of_outcome(outcome: str) -> str:
    """Return what an outcome is called; amounts of money are in millions."""
    words = spoken(outcome.removesuffix("_cny"))
    plain = f"{words[0].upper()}{words[1:]} ({OUTCOME_UNITS[outcome]})"
    return OUTCOME_LABELS.get(outcome, plain).replace("(CNY)", "(million CNY)")


def unit_of(outcome: str) -> str:
    """Return the unit in which an outcome is shown."""
    return OUTCOME_UNITS[outcome].replace("CNY", "million CNY")


def difference_words(outcome: str, value: float) -> str:
    """Return a difference of an outcome with its sign, as it is shown in its unit."""
    if OUTCOME_UNITS[outcome] == "CNY":
        return difference_text("cost_cny", value)
    if OUTCOME_UNITS[outcome] not in ("share", "ratio"):
        return signed(value)
    decimals = 3 if abs(value) < _SMALL else 2
    shown = round(value, decimals)
    return f"{shown:+.{decimals}f}".replace("-", "\N{MINUS SIGN}") if shown else "±0"


def tick_words(outcome: str, value: float) -> str:
    """Return a value on an axis in the unit in which an outcome is shown."""
    return f"{value / one_of(outcome):,g}".replace("-", "\N{MINUS SIGN}")


def one_of(outcome: str) -> float:
    """Return how much of an outcome is one of the unit in which it is shown."""
    return 1e6 if OUTCOME_UNITS[outcome] == "CNY" else 1.0


def axis_label(factor: Factor) -> str:
    """Return the label of a factor's axis, with the unit or year that its ticks leave out."""
    ends = [level.quantity for level in factor.levels if level.quantity]
    if not factor.is_scale or not ends[0].unit:
        return factor.label
    if ends[0].unit != DATE:
        return f"{factor.label} ({ends[0].unit})"
    years = sorted({date_of(quantity).year for quantity in ends})
    return f"{factor.label} ({' to '.join(map(str, dict.fromkeys((years[0], years[-1]))))})"


def tick_label(factor: Factor, level: Level) -> str:
    """Return what stands at a level on an axis that has the label ``axis_label``."""
    if factor.is_scale and level.quantity and level.quantity.unit != DATE:
        return number_words(level.quantity.number)
    return level_words(level)


def level_words(level: Level) -> str:
    """Return a level as words: dates without their years, computed numbers with few digits."""
    return level.label if level.quantity is None else quantity_words(level.quantity)


def quantity_words(quantity: Quantity) -> str:
    """Return a place on an axis as words."""
    if quantity.unit == DATE:
        return short_date(date_of(quantity))
    # A number is never parted from its unit at the end of a line.
    return f"{number_words(quantity.number)}\N{NO-BREAK SPACE}{quantity.unit}".rstrip()


def date_of(quantity: Quantity) -> dt.date:
    """Return the date at a place on an axis of dates."""
    return dt.date.fromordinal(round(quantity.number))


def number_words(number: float) -> str:
    """Return a number of a factor, with few digits if it has many."""
    if number == round(number):
        return whole(number)
    plain = f"{number:g}".replace("-", "\N{MINUS SIGN}")
    return plain if len(plain) <= _DIGITS else value_text(number)
