"""Heat map of a sweep over two factors: its cells, contours and colour bar."""

from collections.abc import Sequence
from functools import partial

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import ListedColormap, Normalize, SymLogNorm, to_hex
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.view.balanced_text import balanced
from sim.view.heat_map import fill_cell, hatch_cells, outline_cells
from sim.view.outcome_words import difference_words, one_of, tick_words, unit_of
from sim.view.style import BLACK, GREY, SMALL
from sim.view.sweep.surface import Surface
from sim.view.wide_scale import is_wide, linear_up_to, set_wide_ticks
from sim.world.draws import FloatArray

MISSING = "#D9D9D9"
"""Colour of cells without a finished run."""
ZERO = 1.8
"""Points of the contour of no difference."""
_COLORS = ListedColormap(matplotlib.colormaps["RdBu_r"](np.linspace(0.2, 0.8, 255)))
"""White at nought; light enough everywhere for black numbers, hatching and lines."""
_CONTOURS, _BAR_LABEL = 5, 20
"""Most contours in a panel, and characters in a line of the colour bar's label."""


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
