"""Text and numbers of figures: lines that fit, counts, values of parameters."""

import math
import textwrap
import unicodedata
from collections.abc import Sequence

import matplotlib
import numpy as np
import numpy.typing as npt
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

_SECOND = "\N{WORD JOINER}"
"""Stands for the second column of a wide letter while lines are made."""


def columns(text: str) -> int:
    """Return how wide ``text`` is, in letters of the Latin alphabet."""
    return len(_in_columns(text))


def wrapped(text: str, width: int) -> list[str]:
    """Return ``text`` in lines of at most ``width`` columns; longer words are broken."""
    made = textwrap.wrap(_in_columns(text), width)
    lines = [line for line in (part.replace(_SECOND, "") for part in made) if line]
    # A line may begin in the middle of a wide letter.
    is_too_wide = width > 2 and any(columns(line) > width for line in lines)
    return wrapped(text, width - 1) if is_too_wide else lines


def shortened(text: str, width: int) -> str:
    """Return ``text`` in one line of at most ``width`` columns, with an ellipsis if it is cut."""
    whole = " ".join(text.split())
    return whole if columns(whole) <= width else f"{wrapped(whole, width - 2)[0]} …"


def balanced(text: str, width: int) -> str:
    """Return ``text`` in as few lines of at most ``width`` columns, none shorter than needed."""
    lines = wrapped(text, width)
    narrowest = max((columns(word) for word in text.split()), default=1)
    for narrower in range(narrowest, width):
        fewer = wrapped(text, narrower)
        if len(fewer) <= len(lines):
            return "\n".join(fewer)
    return "\n".join(lines)


def _in_columns(text: str) -> str:
    return "".join(
        letter + _SECOND if unicodedata.east_asian_width(letter) in "WF" else letter
        for letter in text
    )


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


def with_minus(number: str) -> str:
    """Return a written number with a minus sign in place of the hyphen."""
    return number.replace("-", "\N{MINUS SIGN}")


def whole(value: float) -> str:
    """Return a number without decimals, such as 12,500."""
    return with_minus(f"{value:,.0f}")


def about(value: float) -> str:
    """Return a large number to three digits, such as 75,700 or 62.1 million."""
    shown = float(f"{value:.3g}")
    if abs(shown) < 1e6:
        return whole(shown)
    return with_minus(f"{shown / 1e6:,.{abs(shown) < 1e8:d}f} million")


def significant(value: float, *, counted: bool = False) -> str:
    """Return a number to three significant digits, to two below 10; counts are whole.

    Such as 6,740, 62.1, 7.5 and 0.0012; never with an exponent.
    """
    shown = float(f"{value:.{3 if abs(value) >= 10 else 2}g}")
    if counted:
        shown = round(shown)
    text = f"{shown:,.0f}" if shown == round(shown) else np.format_float_positional(shown, trim="-")
    return with_minus(text) if shown else "0"


def signed(value: float) -> str:
    """Return a difference with its sign, small fractions with one decimal, zero as ±0."""
    decimals = 1 if abs(value) < 100 and round(value, 1) != round(value) else 0
    shown = round(value, decimals)
    return with_minus(f"{shown:+,.{decimals}f}") if shown else "±0"


def decimal(value: float) -> str:
    """Return a mean: with one decimal below 100, whole above."""
    # Without the zero, what rounds to zero from below would have a minus.
    return whole(value) if abs(value) >= 100 else with_minus(f"{round(value, 1) + 0:.1f}")


def interval(values: npt.NDArray[np.number]) -> str:
    """Return the median of some runs with their 90 %, such as 12 (5 to 30)."""
    low, median, high = np.quantile(values, (0.05, 0.5, 0.95))
    if whole(low) == whole(high):
        return whole(median)
    return f"{whole(median)} ({whole(low)} to {whole(high)})"


def value_text(value: float) -> str:
    """Return a value with two digits, three from 1 on, such as 0.0021, 3.12 or 1,380."""
    if abs(value) >= 100:
        return about(value)
    size = math.floor(math.log10(abs(value))) if value else 0
    decimals = 1 - size if size < 0 else 2 - size
    return with_minus(f"{value:.{decimals}f}")


def range_text(low: float, high: float) -> str:
    """Return the two ends of an interval."""
    return f"{value_text(low)} to {value_text(high)}"


def estimate_text(quantiles: Sequence[float]) -> str:
    """Return a median with its 90 % interval, from quantiles at 5, 25, 50, 75 and 95 %."""
    low, _, median, _, high = quantiles
    if low == high:
        return value_text(median)
    return f"{value_text(median)} ({range_text(low, high)})"
