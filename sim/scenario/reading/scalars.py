"""Meaning of unquoted words in scenario files."""

import datetime as dt
import math
import re

Scalar = str | int | float | bool | dt.date | None
"""A value that is neither a mapping nor a list."""

MAX_DIGITS = 18
"""Largest number of digits of an integer; more are a mistake."""

SMALLEST = 1e-15
"""Smallest number except zero; a hazard of 1e-300 would overflow as a time."""

_WORDS: dict[str, bool | None] = {"": None, "~": None, "null": None, "true": True, "false": False}
_INT = re.compile(r"[-+]?[0-9]+(_[0-9]+)*")
_FLOAT = re.compile(r"[-+]?([0-9]+(_[0-9]+)*(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(nan|inf)", re.IGNORECASE)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def parse_scalar(text: str) -> Scalar:
    """Return the value of an unquoted word.

    Only ``true`` and ``false`` are booleans; ``yes``, ``no``, ``on`` and ``off`` are text.
    An impossible date stays text, so that a field that needs a date refuses it.

    Raises:
        ValueError: the word is a number that no scenario can use; the message says why.
    """
    if text in _WORDS:
        return _WORDS[text]
    if _INT.fullmatch(text):
        return _parse_int(text)
    if _NOT_FINITE.fullmatch(text):
        raise ValueError("only finite numbers are allowed")
    if _FLOAT.fullmatch(text):
        return _parse_float(text)
    if _DATE.fullmatch(text):
        return _parse_date(text)
    return text


def _parse_int(text: str) -> int:
    digits = text.replace("_", "")
    if len(digits.lstrip("+-")) > MAX_DIGITS:
        raise ValueError(f"a whole number of more than {MAX_DIGITS} digits")
    return int(digits)


def _parse_float(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("a number too large to compute with")
    if 0 < abs(number) < SMALLEST:
        raise ValueError("a number too small to compute with; write 0 for zero")
    return number


def _parse_date(text: str) -> dt.date | str:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return text
