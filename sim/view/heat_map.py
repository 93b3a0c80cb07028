"""Heat map over sizes of a reward and responses of informants, with a number in each cell."""

from collections.abc import Callable, Sequence

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colorbar import Colorbar
from matplotlib.colors import ListedColormap, Normalize, to_hex
from matplotlib.patches import Rectangle
from matplotlib.patheffects import withStroke

from sim.view.style import BLACK, SMALL
from sim.world.draws import BoolArray, FloatArray

HATCH = "////"
OUTLINE = 2.0
"""Hatching of cells that cannot be told from nought, and points of the line around a region."""
_MOST_NUMBERS = 7
"""With more columns than this there is no room for numbers."""
_COLORS = ListedColormap(matplotlib.colormaps["YlGnBu"](np.linspace(0, 0.6, 256)))
"""Light enough everywhere for black numbers, hatching and lines."""


def draw_heat_map(
    ax: Axes,
    values: FloatArray,
    norm: Normalize,
    rewards: Sequence[float],
    responses: Sequence[float],
    text: Callable[[float], str],
) -> Colorbar:
    """Draw a cell a value, with colours by ``norm``; nan is white and has no number.

    Args:
        ax: where to draw; its figure gets a colour bar beside it.
        values: shape (responses, rewards).
        norm: from values to colours.
        rewards: labels of the columns.
        responses: labels of the rows, from below.
        text: writes the number in a cell.

    Returns:
        The colour bar.
    """
    image = ax.imshow(values, cmap=_COLORS, norm=norm, origin="lower", aspect="auto")
    ax.set_xticks(range(len(rewards)), [f"{reward:g}" for reward in rewards])
    ax.set_yticks(range(len(responses)), [f"{response:g}" for response in responses])
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    ax.set_xlabel("Size of the reward (1: as in the scenario)")
    ax.set_ylabel("Response of informants (b1)")
    figure = ax.get_figure()
    assert figure is not None
    bar = figure.colorbar(image, ax=ax, fraction=0.06, pad=0.02)
    bar.outline.set_visible(False)
    bar.ax.tick_params(labelsize=SMALL, length=2)
    bar.ax.minorticks_off()
    bar.ax.yaxis.set_major_formatter(lambda value, _: text(value))
    for (row, column), value in np.ndenumerate(values):
        if np.isfinite(value):
            _write(ax, row, column, text(float(value)), to_hex(_COLORS(norm(value))))
    return bar


def _write(ax: Axes, row: int, column: int, text: str, paper: str) -> None:
    """Write ``text`` in the middle of a cell of the colour ``paper``, if there is room for it."""
    if ax.get_xlim()[1] < _MOST_NUMBERS:
        halo = [withStroke(linewidth=3, foreground=paper)]
        ax.text(
            column, row, text, ha="center", va="center", fontsize=SMALL,
            path_effects=halo, zorder=4,
        )  # fmt: skip


def fill_cell(ax: Axes, row: int, column: int, text: str, paper: str) -> None:
    """Give a cell without a number a colour and words instead."""
    ax.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, color=paper, linewidth=0, zorder=0.5))
    _write(ax, row, column, text, paper)


def hatch_cells(ax: Axes, cells: BoolArray) -> None:
    """Hatch the cells that ``cells``, shape (responses, rewards), says."""
    for row, column in np.argwhere(cells).tolist():
        ax.add_patch(
            Rectangle(
                (column - 0.5, row - 0.5), 1, 1, fill=False, hatch=HATCH, edgecolor=BLACK,
                linewidth=0, alpha=0.45,
            )
        )  # fmt: skip


def outline_cells(ax: Axes, cells: BoolArray) -> None:
    """Draw a line around the region of ``cells``, shape (responses, rewards)."""
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
