"""Labels of every alphabet in lines: a Chinese, Japanese or Korean letter is two columns wide."""

import textwrap
import unicodedata

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
