"""Quantities in scenario files: durations, money, dates and shares.

In the program durations are floats in days and money floats in yuan (CNY); in a file both have a
unit, so ``28`` cannot be mistaken for hours.
"""

import datetime as dt
import re
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

_DAYS_PER_UNIT = {"min": 1 / 1440, "h": 1 / 24, "d": 1.0, "w": 7.0}
_DURATION = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*([A-Za-z]+)\s*")
MOST_DAYS = 3660
"""Longest duration: ten years."""

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
"""Line breaks, terminal control characters, and marks that change the writing direction."""

EARLIEST, LATEST = dt.date(1900, 1, 1), dt.date(2199, 12, 31)
"""Earliest and latest possible dates; others are mistakes that figures could not show."""

_MONEY = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([A-Za-z]+)\s*")


def parse_duration(value: Any) -> float:
    """Return the days in a text such as ``28 d``, ``12 h``, ``90 min`` or ``2 w``.

    Raises:
        PydanticCustomError: the text has no number, no unit or an unknown unit.
    """
    match = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if match is None and isinstance(value, int | float | str):
        raise PydanticCustomError(
            "duration_unit",
            "a duration needs a number and a unit [allowed: min, h, d, w; for example 28 d]",
        )
    if match is None:
        raise PydanticCustomError(
            "duration", "not a duration [allowed: a number with min, h, d or w]"
        )
    number, unit = match.groups()
    if unit not in _DAYS_PER_UNIT:
        raise PydanticCustomError(
            "duration_unit",
            "unknown unit of time '{unit}' [allowed: min, h, d, w]",
            {"unit": unit},
        )
    return float(number) * _DAYS_PER_UNIT[unit]


def format_duration(days: float) -> str:
    """Return the shortest text for ``days`` that reads back exactly."""
    exact = [f"{days:.20f}".rstrip("0").rstrip(".") + " d"]
    for unit, size in (("d", 1.0), ("h", 1 / 24), ("min", 1 / 1440)):
        number = f"{days / size:.6f}".rstrip("0").rstrip(".")
        if float(number) * size == days:
            exact.append(f"{number} {unit}")
    readable = [text for text in exact if parse_duration(text) == days]
    return min(readable, key=len) if readable else f"{_without_exponent(days)} d"


def parse_money(value: Any) -> float:
    """Return the yuan in a text such as ``3000 CNY``.

    Raises:
        PydanticCustomError: the text has no number, another currency, or too large a sum.
    """
    match = _MONEY.fullmatch(value) if isinstance(value, str) else None
    if match is None or match.group(2) != "CNY":
        raise PydanticCustomError(
            "money", "money needs a number and the currency [allowed: for example 3000 CNY]"
        )
    return float(match.group(1))


def format_money(yuan: float) -> str:
    """Return a text for ``yuan`` that reads back exactly."""
    short = f"{yuan:.12g}"
    number = short if short.replace(".", "").isdigit() and float(short) == yuan else None
    return f"{number or _without_exponent(yuan)} CNY"


def _without_exponent(number: float) -> str:
    """Return ``number`` in exact digits without an exponent."""
    return format(Decimal(repr(number)), "f")


def parse_date(value: Any) -> dt.date:
    """Return the date in ``2020-04-07``.

    Raises:
        PydanticCustomError: the text is not a date, or is outside the possible dates.
    """
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return _in_range(value)
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        try:
            date = dt.date.fromisoformat(value)
        except ValueError as error:
            raise PydanticCustomError(
                "date",
                "no such date: {reason} [allowed: year-month-day]",
                {"reason": str(error)},
            ) from error
        return _in_range(date)
    raise PydanticCustomError("date", "not a date [allowed: year-month-day, such as 2020-04-07]")


def _in_range(date: dt.date) -> dt.date:
    if not EARLIEST <= date <= LATEST:
        raise PydanticCustomError("date", f"out of range [allowed: {EARLIEST} to {LATEST}]")
    return date


def _one_line(text: str) -> str:
    if _CONTROLS.search(text):
        raise PydanticCustomError("text", "control characters [allowed: one line of plain text]")
    return text


Duration = Annotated[
    float,
    Field(ge=0, le=MOST_DAYS),
    BeforeValidator(parse_duration),
    PlainSerializer(format_duration, return_type=str),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^\s*\d+(\.\d+)?\s*(min|h|d|w)\s*$",
            "examples": ["28 d", "12 h"],
        }
    ),
]
"""Zero or more days, written with a unit."""

Offset = Annotated[
    float,
    Field(ge=-MOST_DAYS, le=MOST_DAYS),
    BeforeValidator(parse_duration),
    PlainSerializer(format_duration, return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^\s*-?\d+(\.\d+)?\s*(min|h|d|w)\s*$"}),
]
"""Days before (negative) or after some event, written with a unit."""

Money = Annotated[
    float,
    BeforeValidator(parse_money),
    Field(ge=0, le=1e12),
    PlainSerializer(format_money, return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^\s*\d+(\.\d+)?\s*CNY\s*$"}),
]
"""Yuan, written with the currency."""

Date = Annotated[
    dt.date,
    BeforeValidator(parse_date),
    WithJsonSchema({"type": "string", "format": "date"}),
]
"""A calendar date."""

Share = Annotated[float, Field(ge=0, le=1)]
"""A probability or share."""

Rate = Annotated[float, Field(ge=0, le=1e6, allow_inf_nan=False)]
"""A hazard or another number that cannot be negative."""

Factor = Annotated[float, Field(ge=0, le=100)]
"""A multiplier."""

Count = Annotated[int, Field(ge=0, le=1_000_000_000, strict=True)]
"""A number of people, beds, seats or tests."""

Line = Annotated[str, Field(max_length=300), AfterValidator(_one_line)]
"""One line of text, printed as it is."""

Paragraph = Annotated[str, Field(max_length=1000), AfterValidator(_one_line)]
"""A few sentences of plain text."""

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
"""An identifier in a scenario file: lower-case letters, digits and underscores."""

MOST_PEOPLE = 2_000_000
"""Largest number of individuals in one run, about 850 bytes each: 2 GB per process."""

MOST_NAMED = 200
"""Largest number of places, legs and so on in a scenario, to keep runs fast."""
