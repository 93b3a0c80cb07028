"""One look for all figures: colours, type, the page with its heading, files."""

import io
import logging
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import matplotlib
import matplotlib.style
from matplotlib import font_manager
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.patheffects import withStroke

from sim.experiment.run_folder import write_bytes
from sim.view.labels import columns, fitting, inches_of, wrapped

BLACK, GREY, PALE = "#000000", "#6E6E6E", "#BBBBBB"
ORANGE, SKY, GREEN, YELLOW = "#E69F00", "#56B4E9", "#009E73", "#F0E442"
BLUE, VERMILLION, PURPLE = "#0072B2", "#D55E00", "#CC79A7"
"""Colours that colour-blind readers can tell apart (Okabe and Ito)."""
RUST = "#A64800"
"""Vermillion dark enough for small letters."""

HALO = [withStroke(linewidth=2, foreground="white")]
"""Keeps text legible where it crosses a line."""

WIDTH = 180 / 25.4
"""Width of every figure in inches: a page of print."""

SMALL, NORMAL, LARGE = 7.0, 8.0, 10.0
"""Sizes of type in points."""

PIXELS_PER_INCH = 300
"""Of a PNG."""

_METADATA: dict[str, dict[str, Any]] = {
    "png": {},
    "svg": {"Date": None},
    "pdf": {"CreationDate": None},
}
"""Kinds of files, and what keeps equal figures equal files."""

LOOK: dict[str, Any] = {
    "font.size": NORMAL,
    "axes.titlesize": NORMAL,
    "axes.labelsize": NORMAL,
    "axes.titlelocation": "left",
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
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
    "svg.fonttype": "none",
    "svg.hashsalt": "bordersim",
}

_FALLBACKS = (
    *("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "WenQuanYi Micro Hei"),
    *("Microsoft YaHei", "PingFang SC", "SimHei", "Arial Unicode MS"),
)
"""Fonts with Chinese letters, in the order of preference; DejaVu Sans comes with Matplotlib."""

_LOG = logging.getLogger(__name__)


@cache
def font_families() -> tuple[str, ...]:
    """Return the fonts of all figures: Matplotlib's own, then the first installed for Chinese."""
    installed = {entry.name for entry in font_manager.fontManager.ttflist}
    chinese = [family for family in _FALLBACKS if family in installed][:1]
    # The last one is for readers of an SVG who have neither.
    return ("DejaVu Sans", *chinese, "sans-serif")


@contextmanager
def _house_style() -> Iterator[None]:
    own: Any = LOOK | {"font.family": list(font_families())}
    with warnings.catch_warnings(), matplotlib.style.context(["default", own]):
        warnings.filterwarnings("ignore", r"Glyph \d+ .*missing from", UserWarning)
        yield


in_house_style = _house_style()
"""Decorator: the function draws in the house style, whatever the settings of the reader are."""


def panel_title(ax: Axes, letter: str, text: str, lift: float = 0.0) -> None:
    """Write a panel's letter and title, ``lift`` points higher than usual."""
    ax.set_title(text, pad=5 + lift)
    ax.annotate(letter, (0, 1), (-20, 5 + lift), xycoords="axes fraction",
                textcoords="offset points", fontsize=LARGE, fontweight="bold")  # fmt: skip


def empty_panel(ax: Axes, text: str) -> None:
    """Say in words why there is nothing to draw in a panel."""
    ax.text(0.5, 0.5, text, transform=ax.transAxes, ha="center", va="center", color=GREY)


@in_house_style
def save(
    fig: Figure, folder: Path, name: str, kinds: Sequence[str] = tuple(_METADATA)
) -> list[Path]:
    """Write ``fig`` as PNG, SVG and PDF and return the paths; equal figures give equal files.

    Text stays text in the SVG. Each file is written whole or not at all. A letter that no font
    has is drawn as a box, and said once in the log.

    Raises:
        OSError: the folder cannot be written.
    """
    _fix_layout(fig)
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.filterwarnings("always", r"Glyph \d+ .*missing from", UserWarning)
        for kind in kinds:
            drawn = io.BytesIO()
            fig.savefig(drawn, format=kind, dpi=PIXELS_PER_INCH, metadata=_METADATA[kind])
            paths.append(folder / f"{name}.{kind}")
            write_bytes(paths[-1], drawn.getvalue())
    for warning in caught:
        if "missing from" in str(warning.message):
            _advise()
        else:
            warnings.warn_explicit(
                warning.message, warning.category, warning.filename, warning.lineno
            )
    return paths


def save_all(figures: Mapping[str, Figure], folder: Path) -> list[Path]:
    """Write figures by name as files, see ``save``, and return the paths."""
    return [path for name, fig in figures.items() for path in save(fig, folder, name)]


@cache
def _advise() -> None:
    """Say in one line what to install, once in a process."""
    _LOG.warning("figures show boxes for letters that no font has; install e.g. Noto Sans CJK")


def _fix_layout(fig: Figure) -> None:
    """Keep the axes where the layout puts them, but for its last digits, which vary by chance."""
    fig.draw_without_rendering()
    # No engine at all, not even a placeholder: with one, every file would be drawn twice.
    fig.set_layout_engine(None)
    for ax in fig.axes:
        x, y, width, height = ax.get_position(original=True).bounds
        ax.set_position((round(x, 6), round(y, 6), round(width, 6), round(height, 6)))


_MARGIN = 0.08
_HEADING_LINE, _NOTE_LINE, _LEGEND_LINE = 0.19, 0.15, 0.16
_HEADING_CHARACTERS, _NOTE_CHARACTERS = 110, 132
_HEADINGS = (LARGE, LARGE - 0.5, LARGE - 1, LARGE - 1.5)
"""Sizes of type of a heading: the first at which it fits in one line, else the largest."""
TITLE_LINE = 0.14
"""Inches of a line of a panel's title."""
_LEGEND_CHARACTERS, _HANDLE = 125, 9
"""Characters in a row of the legend, and how many of them an artist and its gap take."""


def new_figure(height: float, heading: str, note: str, legend: Sequence[Artist] = ()) -> Figure:
    """Return a figure with room for panels ``height`` inches high.

    Args:
        height: of the panels together, with their titles and labels.
        heading: what the figure shows, in bold.
        note: how to read it, smaller, below the heading.
        legend: labelled artists that stand for what is drawn in several panels.
    """
    wide = WIDTH - 2 * _MARGIN
    size = next((s for s in _HEADINGS if inches_of(heading, s, "bold") < 0.95 * wide), LARGE)
    headings = wrapped(heading, fitting(heading, _HEADING_CHARACTERS, wide, size, "bold"))
    notes = wrapped(note, _NOTE_CHARACTERS)
    below_headings = _MARGIN + _HEADING_LINE * len(headings)
    above = below_headings + _NOTE_LINE * len(notes)
    rows = _rows_of(legend)
    top = above + _LEGEND_LINE * len(rows) + (2 if legend else 1) * _MARGIN
    total = top + height
    room = (0.01, 0.0, 0.98, height / total)
    fig = Figure(figsize=(WIDTH, total), layout=ConstrainedLayoutEngine(rect=room))
    x = _MARGIN / WIDTH
    for number, line in enumerate(headings):
        y = 1 - (_MARGIN + number * _HEADING_LINE) / total
        fig.text(x, y, line, va="top", fontsize=size, fontweight="bold")
    for number, line in enumerate(notes):
        y = 1 - (below_headings + number * _NOTE_LINE) / total
        fig.text(x, y, line, va="top", fontsize=SMALL, color=GREY)
    for number, row in enumerate(rows):
        y = 1 - (above + _MARGIN + number * _LEGEND_LINE) / total
        fig.legend(handles=row, loc="upper left", bbox_to_anchor=(x, y), ncols=len(row))
    return fig


def _rows_of(legend: Sequence[Artist]) -> list[list[Artist]]:
    """Return the artists of a legend in rows that fit the page."""
    rows: list[list[Artist]] = []
    room = 0
    for artist in legend:
        needs = columns(str(artist.get_label())) + _HANDLE
        if not rows or needs > room:
            rows.append([])
            room = _LEGEND_CHARACTERS
        rows[-1].append(artist)
        room -= needs
    return rows


def nothing_to_draw(heading: str, why: str) -> Figure:
    """Return a page with a heading, and ``why`` it has no panels."""
    fig = new_figure(0.8, heading, "")
    ax = fig.add_subplot()
    ax.set_axis_off()
    empty_panel(ax, f"Nothing to draw: {why}.")
    return fig
