"""Names, counts and shares as sentences and tables have them."""

from collections.abc import Sequence

from sim.view.words import words

SPACE = "\N{NO-BREAK SPACE}"


def sentence_name(name: str) -> str:
    """Return the name of a policy as words at the beginning of a sentence."""
    text = words(name)
    return f"{text[:1].upper()}{text[1:]}"


def listed(texts: Sequence[str]) -> str:
    """Return texts as a list in a sentence, such as a, b and c."""
    *most, last = texts
    return f"{', '.join(most)} and {last}" if most else last


def count(number: int, one: str, many: str = "") -> str:
    """Return a number of things, such as 1 pair or 20 pairs."""
    return f"{number:,}{SPACE}{one if number == 1 else many or f'{one}s'}"


def percent(share: float) -> str:
    """Return a share in per cent, never all or nothing if it is not."""
    shown = round(100 * share)
    if shown == 0 and share > 0:
        return f"less than 1{SPACE}%"
    if shown == 100 and share < 1:
        return f"more than 99{SPACE}%"
    return f"{shown}{SPACE}%"
