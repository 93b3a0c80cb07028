"""Labels broken into lines of about the same length."""

import textwrap


def balanced(text: str, width: int) -> str:
    """Return ``text`` in as few lines of at most ``width`` characters, none shorter than needed."""
    lines = textwrap.wrap(text, width)
    narrowest = max((len(word) for word in text.split()), default=1)
    for narrower in range(narrowest, width):
        fewer = textwrap.wrap(text, narrower)
        if len(fewer) <= len(lines):
            return "\n".join(fewer)
    return "\n".join(lines)
