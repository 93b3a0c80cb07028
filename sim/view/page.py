"""The page of a figure: a heading above the panels and a numbered key below them."""

from collections.abc import Sequence
from typing import Any

from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from sim.view.balanced_text import balanced, columns, wrapped
from sim.view.fitted_text import fitting, inches_of
from sim.view.style import GREY, LARGE, NORMAL, SMALL, WIDTH

_MARGIN = 0.08
_HEADING_LINE, _NOTE_LINE, _LEGEND_LINE, _KEY_LINE = 0.19, 0.15, 0.16, 0.14
_HEADING_CHARACTERS, _NOTE_CHARACTERS, _KEY_CHARACTERS = 110, 132, 66
_HEADINGS = (LARGE, LARGE - 0.5, LARGE - 1, LARGE - 1.5)
"""Sizes of type of a heading: the first at which it fits in one line, else the largest."""
_KEY_LEFT, _KEY_GAP = 0.25, 0.1
"""Inches: room for the numbers of the key, and between its two columns."""
TITLE_LINE, _TITLE_CHARACTERS, _TITLE = 0.14, 50, 3.0
"""Title of a panel half as wide as the page: height of a line in inches, and how wide it may be."""
_LEGEND_CHARACTERS, _HANDLE = 125, 9
"""Characters in a row of the legend, and how many of them an artist and its gap take."""


def new_figure(
    height: float,
    heading: str,
    note: str,
    *,
    key: Sequence[str] = (),
    legend: Sequence[Artist] = (),
) -> Figure:
    """Return a figure with room for panels ``height`` inches high.

    Args:
        height: of the panels together, with their titles and labels.
        heading: what the figure shows, in bold.
        note: how to read it, smaller, below the heading.
        key: explanations of the numbers 1, 2, ... in the panels, printed below them.
        legend: labelled artists that stand for what is drawn in several panels.
    """
    whole = WIDTH - 2 * _MARGIN
    size = next((s for s in _HEADINGS if inches_of(heading, s, "bold") < 0.99 * whole), LARGE)
    headings = wrapped(heading, fitting(heading, _HEADING_CHARACTERS, whole, size, "bold"))
    notes = wrapped(note, _NOTE_CHARACTERS)
    above = _MARGIN + _HEADING_LINE * len(headings) + _NOTE_LINE * len(notes)
    legend_rows = _rows_of(legend)
    top = above + _LEGEND_LINE * len(legend_rows) + (2 if legend else 1) * _MARGIN
    key_columns = _key_columns(key)
    key_lines = max((len(column) for column in key_columns), default=0)
    bottom = _KEY_LINE * key_lines + 2 * _MARGIN if key_lines else 0.0
    total = top + height + bottom
    room = (0.01, bottom / total, 0.98, height / total)
    fig = Figure(figsize=(WIDTH, total), layout=ConstrainedLayoutEngine(rect=room))

    def write(x: float, y: float, text: str, **look: Any) -> None:
        fig.text(x / WIDTH, 1 - y / total, text, va="top", **look)

    y = _MARGIN
    for line in headings:
        write(_MARGIN, y, line, fontsize=size, fontweight="bold")
        y += _HEADING_LINE
    for line in notes:
        write(_MARGIN, y, line, fontsize=SMALL, color=GREY)
        y += _NOTE_LINE
    for number, row in enumerate(legend_rows):
        y = above + _MARGIN + number * _LEGEND_LINE
        anchor = (_MARGIN / WIDTH, 1 - y / total)
        fig.legend(handles=row, loc="upper left", bbox_to_anchor=anchor, ncols=len(row))
    for number, column in enumerate(key_columns):
        x = _KEY_LEFT + number * (WIDTH - _KEY_LEFT) / 2
        for place, (mark, line) in enumerate(column):
            y = top + height + _MARGIN + place * _KEY_LINE
            write(x - 0.05, y, mark, fontsize=SMALL, fontweight="bold", ha="right")
            write(x, y, line, fontsize=SMALL)
    return fig


def half_page_lines(text: str, size: float = NORMAL, weight: str = "normal") -> str:
    """Return ``text`` in lines that fit a panel half as wide as the page, such as its title."""
    return balanced(text, fitting(text, _TITLE_CHARACTERS, _TITLE, size, weight))


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


def _key_lines(entry: str) -> list[str]:
    """Return an entry of the key in lines, none of which ends within ``0 → 80 %``."""
    together = entry.replace(" → ", "\N{NO-BREAK SPACE}→\N{NO-BREAK SPACE}")
    together = together.replace(" %", "\N{NO-BREAK SPACE}%")
    width = fitting(together, _KEY_CHARACTERS, (WIDTH - _KEY_LEFT) / 2 - _KEY_GAP, SMALL)
    return wrapped(together, width)


def _key_columns(key: Sequence[str]) -> list[list[tuple[str, str]]]:
    """Return the key in two columns of (number or nothing, line)."""
    entries = [
        [(str(number) if i == 0 else "", line) for i, line in enumerate(lines)]
        for number, lines in enumerate(map(_key_lines, key), start=1)
    ]
    half = sum(map(len, entries)) / 2
    columns: list[list[tuple[str, str]]] = [[], []]
    for entry in entries:
        columns[0 if not columns[1] and len(columns[0]) < half else 1] += entry
    return [column for column in columns if column]
