"""A table of the report, as words."""

from collections.abc import Sequence
from dataclasses import dataclass

_LONG = 30
"""Rows up to which a table is shown unfolded."""


@dataclass(frozen=True)
class Cell:
    """A cell of a table.

    Attributes:
        text: what stands in it.
        notes: smaller lines below.
    """

    text: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class HtmlTable:
    """A table with a heading for every row and column.

    Attributes:
        caption: what it shows.
        head: headings of the columns, the one of the row headings first.
        rows: the heading of each row, and its cells.
    """

    caption: str
    head: Sequence[str]
    rows: Sequence[tuple[str, Sequence[Cell]]]

    @property
    def is_long(self) -> bool:
        """Whether it has more rows than a reader scrolls past."""
        return len(self.rows) > _LONG


def plain(texts: Sequence[str]) -> list[Cell]:
    """Return cells without notes."""
    return [Cell(text) for text in texts]
