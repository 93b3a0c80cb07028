"""Heat map of a sweep over two factors: its cells, contours and colour bar."""

from collections.abc import Sequence
from functools import partial

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.collections import LineCollection
from matplotlib.colors import ListedColormap, Normalize, SymLogNorm, to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.patheffects import withStroke
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.view.balanced_text import balanced
from sim.view.outcome_words import difference_words, one_of, tick_words, unit_of
from sim.view.style import BLACK, GREY, SMALL
from sim.view.sweep.surface import Surface
from sim.view.wide_scale import is_wide, linear_up_to, set_wide_ticks
from sim.world.draws import BoolArray, FloatArray

HATCH = "////"
OUTLINE = 2.0
"""Hatching of cells not distinguishable from zero, and points of the line around a region."""
MISSING = "#D9D9D9"
"""Colour of cells without a finished run."""
ZERO = 1.8
"""Points of the contour of no difference."""
_COLORS = ListedColormap(matplotlib.colormaps["RdBu_r"](np.linspace(0.2, 0.8, 255)))
"""White at zero; light enough everywhere for black numbers, hatching and lines."""
_CONTOURS, _BAR_LABEL = 5, 20
"""Most contours in a panel, and characters in a line of the colour bar's label."""


def norm_of(surfaces: Sequence[Surface]) -> Normalize:
    """Return a scale of colours for all of ``surfaces`` with zero in its middle.

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
        corner = column - 0.5, row - 0.5
        ax.add_patch(Rectangle(corner, 1, 1, color=MISSING, linewidth=0, zorder=0.5))
    _hatch(ax, surface.unsure)
    _outline(ax, surface.in_file)
    if surface.contours:
        _draw_contours(ax, surface, written=not numbers)
    for (row, column), value in np.ndenumerate(values):
        if numbers:
            text = difference_words(surface.outcome, value) if np.isfinite(value) else "none"
            paper = to_hex(_COLORS(norm(value))) if np.isfinite(value) else MISSING
            _write(ax, column, row, text, paper)


def _hatch(ax: Axes, cells: BoolArray) -> None:
    """Hatch the cells that ``cells``, shape (rows, columns), says."""
    for row, column in np.argwhere(cells).tolist():
        ax.add_patch(
            Rectangle(
                (column - 0.5, row - 0.5), 1, 1, fill=False, hatch=HATCH, edgecolor=BLACK,
                linewidth=0, alpha=0.45,
            )
        )  # fmt: skip


def _outline(ax: Axes, cells: BoolArray) -> None:
    """Draw a line around the region of ``cells``, shape (rows, columns)."""
    padded = np.pad(cells, 1)
    lines = []
    for row, column in np.argwhere(padded).tolist():
        x, y = column - 1.5, row - 1.5
        for down, right, line in (
            (-1, 0, [(x, y), (x + 1, y)]),
            (1, 0, [(x, y + 1), (x + 1, y + 1)]),
            (0, -1, [(x, y), (x, y + 1)]),
            (0, 1, [(x + 1, y), (x + 1, y + 1)]),
        ):
            if not padded[row + down, column + right]:
                lines.append(line)
    ax.add_collection(
        LineCollection(lines, colors=BLACK, linewidths=OUTLINE, capstyle="round", clip_on=False)
    )


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
