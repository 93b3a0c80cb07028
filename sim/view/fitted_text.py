"""How many columns of a text fit a width of paper: letters of some alphabets are wider."""

import matplotlib
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from sim.view.balanced_text import wrapped

_SPARE = 0.99
"""Share of the width that is used: the letters of a PNG are a little wider than those of an SVG."""


def fitting(text: str, most: int, inches: float, size: float, weight: str = "normal") -> int:
    """Return the most columns, up to ``most``, at which every line of ``text`` is narrow enough.

    Args:
        text: to be broken into lines.
        most: columns that fit in ordinary words of the Latin alphabet.
        inches: how wide a line may be.
        size: of type, in points.
        weight: of type.
    """
    width = most
    while width > 1 and any(
        inches_of(line, size, weight) > _SPARE * inches for line in wrapped(text, width)
    ):
        width -= 1
    return width


def inches_of(line: str, size: float, weight: str = "normal") -> float:
    """Return how wide a line of text is in type of a size in points."""
    font = FontProperties(family=matplotlib.rcParams["font.family"], size=size, weight=weight)
    width, _, _ = text_to_path.get_text_width_height_descent(line, font, ismath=False)
    return float(width) / 72
