"""One look for all figures: colours, sizes of type, thin lines; and how a figure becomes files."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.experiment.run_folder import write_bytes
from sim.view.fonts import find_fonts, with_known_families, without_warnings_of_letters
from sim.view.number_text import whole

BLACK, GREY, PALE = "#000000", "#6E6E6E", "#BBBBBB"
ORANGE, SKY, GREEN, YELLOW = "#E69F00", "#56B4E9", "#009E73", "#F0E442"
BLUE, VERMILLION, PURPLE = "#0072B2", "#D55E00", "#CC79A7"
"""Colours that colour-blind readers can tell apart (Okabe and Ito)."""

WIDTH = 180 / 25.4
"""Width of every figure in inches: a page of print."""

SMALL, NORMAL, LARGE = 7.0, 8.0, 10.0
"""Sizes of type in points."""

LOOK: dict[str, Any] = {
    "font.size": NORMAL,
    "axes.titlesize": NORMAL,
    "axes.labelsize": NORMAL,
    "axes.titlelocation": "left",
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.unicode_minus": True,
    "xtick.labelsize": SMALL,
    "ytick.labelsize": SMALL,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.major.size": 3,
    "ytick.major.size": 3,
    "lines.linewidth": 1.4,
    "legend.fontsize": SMALL,
    "legend.frameon": False,
    "legend.borderpad": 0.0,
    "legend.borderaxespad": 0.0,
    "legend.handlelength": 1.6,
    "legend.columnspacing": 1.4,
    "text.parse_math": False,
    "svg.hashsalt": "bordersim",
}

_AS_MATPLOTLIB = (
    *("text.usetex", "timezone", "text.color", "grid.color", "hatch.color", "hatch.linewidth"),
    *("figure.facecolor", "figure.edgecolor", "savefig.facecolor", "savefig.edgecolor"),
    *("axes.facecolor", "axes.edgecolor", "axes.labelcolor", "axes.titlecolor"),
    *("axes.xmargin", "axes.ymargin", "axes.autolimit_mode", "axes.spines.left"),
    *("axes.spines.bottom", "axes.titleweight", "xtick.color", "ytick.color", "xtick.labelcolor"),
    *("ytick.labelcolor", "legend.labelcolor", "lines.linestyle", "lines.marker", "lines.color"),
    *("patch.force_edgecolor", "patch.linewidth", "image.origin", "image.interpolation"),
)
"""Settings that a figure needs as Matplotlib has them, or it hides or misplaces what it shows.

A dark background would swallow black lines, LaTeX takes what follows a percent sign for a comment.
"""

PIXELS_PER_INCH = 200
"""Of a PNG, if the reader's settings say nothing else (``savefig.dpi``)."""


@contextmanager
def _house_style() -> Iterator[None]:
    original: Any = matplotlib.rcParamsDefault
    families = with_known_families(matplotlib.rcParams["font.family"])
    own: Any = {name: original[name] for name in _AS_MATPLOTLIB} | LOOK | {"font.family": families}
    with without_warnings_of_letters(), matplotlib.rc_context(own):
        yield


in_house_style = _house_style()
"""Decorator: the function draws in the house style; other settings stay those of the reader."""


def panel_title(ax: Axes, letter: str, text: str, lift: float = 0.0) -> None:
    """Write a panel's letter and title, ``lift`` points higher than usual."""
    ax.set_title(text, pad=5 + lift)
    ax.annotate(
        letter,
        (0, 1),
        (-20, 5 + lift),
        xycoords="axes fraction",
        textcoords="offset points",
        fontsize=LARGE,
        fontweight="bold",
    )


def count_axis(ax: Axes, label: str) -> None:
    """Make the y axis one of whole counts from zero, never of no height."""
    ax.set_ylim(0, max(1.0, 1.05 * ax.get_ylim()[1]))
    ax.yaxis.set_major_locator(MaxNLocator(nbins=5, integer=True, steps=[1, 2, 5, 10]))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: whole(value)))
    ax.set_ylabel(label)


def empty_panel(ax: Axes, text: str) -> None:
    """Say in words why there is nothing to draw in a panel."""
    ax.text(0.5, 0.5, text, transform=ax.transAxes, ha="center", va="center", color=GREY)


@in_house_style
def save(fig: Figure, folder: Path, name: str) -> list[Path]:
    """Write ``fig`` as PNG and as SVG and return the two paths; equal figures give equal files.

    Each is written whole or not at all.

    Raises:
        OSError: the folder cannot be written.
    """
    find_fonts(fig)
    _fix_layout(fig)
    folder.mkdir(parents=True, exist_ok=True)
    png, svg = folder / f"{name}.png", folder / f"{name}.svg"
    drawn = io.BytesIO()
    dpi = matplotlib.rcParams["savefig.dpi"]
    fig.savefig(drawn, format="png", dpi=PIXELS_PER_INCH if dpi == "figure" else dpi)
    write_bytes(png, drawn.getvalue())
    drawn = io.BytesIO()
    fig.savefig(drawn, format="svg", metadata={"Date": None})
    write_bytes(svg, drawn.getvalue())
    return [png, svg]


def _fix_layout(fig: Figure) -> None:
    """Keep the axes where the layout puts them, but for its last digits, which vary by chance."""
    fig.draw_without_rendering()
    # No engine at all, not even a placeholder: with one, every file would be drawn twice.
    with matplotlib.rc_context(
        {"figure.autolayout": False, "figure.constrained_layout.use": False}
    ):
        fig.set_layout_engine(None)
    for ax in fig.axes:
        x, y, width, height = ax.get_position(original=True).bounds
        ax.set_position((round(x, 6), round(y, 6), round(width, 6), round(height, 6)))
