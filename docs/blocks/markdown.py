"""Small pieces of Markdown."""

from collections.abc import Iterable, Sequence

import numpy as np

from sim.view.labels import about, with_minus


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(_cell, line)) + " |" for line in lines)


def code(text: str) -> str:
    """Return ``text`` as code."""
    return f"`{text}`"


def prose(docstring: str) -> str:
    """Return a docstring as one paragraph per blank line, with single backquotes."""
    paragraphs = docstring.replace("``", "`").split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


def number(value: float) -> str:
    """Return a number to two digits if it is small, else to three: 0.0031, 7.5, 12,500."""
    if abs(value) >= 10 or value == round(value):
        return about(value)
    return with_minus(np.format_float_positional(float(f"{value:.2g}"), trim="-"))


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
