"""Plain-language messages for pydantic's errors."""

import enum
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin

from pydantic_core import ErrorDetails

from sim.scenario.former_names import FORMER_NAMES
from sim.scenario.reading.errors import closest
from sim.scenario.reading.schema_walk import Spot, bare, fields_of, kinds_of

_MAX_CHOICES = 12


@dataclass(frozen=True)
class Words:
    """Message for an error."""

    message: str
    allowed: str = ""
    got: str = ""
    suggestion: str = ""


_WHOLE = ("not a whole number", "")
_NUMBER = ("not a number", "")
_TRUTH = ("neither true nor false", "true, false")
_TEXT = ("not a text", "text; in quotes if it looks like something else")
_MAPPING = ("must be a mapping", "'name: value' lines")
_LIST = ("must be a list", "[a, b] or lines that start with '- '")
_DATE = ("not a date", "year-month-day, such as 2020-04-07")

_TYPE_ERRORS = {
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_parsing_size": _WHOLE,
    "int_from_float": _WHOLE,
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "finite_number": ("not a finite number", ""),
    "bool_type": _TRUTH,
    "bool_parsing": _TRUTH,
    "string_type": _TEXT,
    "dict_type": _MAPPING,
    "mapping_type": _MAPPING,
    "model_type": _MAPPING,
    "model_attributes_type": _MAPPING,
    "list_type": _LIST,
    "tuple_type": _LIST,
    "set_type": _LIST,
    "frozen_set_type": _LIST,
    "date_type": _DATE,
    "date_parsing": _DATE,
    "date_from_datetime_parsing": _DATE,
    "date_from_datetime_inexact": _DATE,
    "none_required": ("must be empty", "null"),
}

# The sentence, the sign and unit of the limit, and its name in pydantic's context.
_LIMITS = {
    "greater_than": ("out of range", "> {}", "gt"),
    "greater_than_equal": ("out of range", ">= {}", "ge"),
    "less_than": ("out of range", "< {}", "lt"),
    "less_than_equal": ("out of range", "<= {}", "le"),
    "multiple_of": ("out of step", "multiples of {}", "multiple_of"),
    "too_short": ("too few entries", ">= {} entries", "min_length"),
    "too_long": ("too many entries", "<= {} entries", "max_length"),
    "string_too_short": ("the text is too short", ">= {} characters", "min_length"),
    "string_too_long": ("the text is too long", "<= {} characters", "max_length"),
}

_PERCENT = re.compile(r"\s*(\d+(?:\.\d+)?)\s*%\s*")
_ALLOWED = re.compile(r"(.*?) ?\[allowed: (.*)\]", re.DOTALL)
_PREFIX = re.compile(r"(Value error|Assertion failed), ")


def describe(error: ErrorDetails, spot: Spot) -> Words:
    """Return the message for an error that is not in an undecided union."""
    kind = error["type"]
    if spot.is_lone_entry:
        return Words(
            "must be a list of such mappings", "a single value, or a list", show(spot.value)
        )
    if kind == "missing":
        return Words("a required field is missing")
    if kind == "extra_forbidden":
        return _unknown_field(spot)
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        return _unknown_kind(spot)
    if kind in ("literal_error", "enum"):
        return _not_a_choice(error, spot)
    if kind == "string_pattern_mismatch":
        return _no_name(spot.value)
    if kind in ("float_type", "float_parsing") and (percent := _PERCENT.fullmatch(str(spot.value))):
        return Words("a share is a number from 0 to 1", "", show(spot.value), _share(percent[1]))
    if kind in _TYPE_ERRORS:
        message, allowed = _TYPE_ERRORS[kind]
        return Words(message, allowed, show(spot.value))
    if kind in _LIMITS:
        message, template, name = _LIMITS[kind]
        return Words(message, template.format(_limit(error, name)), _got_beside_limit(error, spot))
    return _own_words(error, spot)


def is_type_error(error: ErrorDetails) -> bool:
    """Tell whether an error means that the value has another type."""
    return error["type"] in _TYPE_ERRORS


def show(value: Any) -> str:
    """Return a value as written in a file; for a mapping or list only its kind."""
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    if isinstance(value, str):
        return f"'{value}'"
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _no_name(value: Any) -> Words:
    """Return the words for a text that is no ``Name``, the only text with a pattern."""
    name = re.sub(r"[^a-z0-9]+", "_", str(value).lower()).strip("_")
    return Words(
        "a name has lower-case letters, digits and underscores and begins with a letter",
        got=show(value),
        suggestion=name if name[:1].isalpha() and name.isascii() else "",
    )


def _share(percent: str) -> str:
    return f"{float(percent) / 100:.6f}".rstrip("0").rstrip(".")


def _choices(names: Iterable[str]) -> str:
    known = list(names)
    more = len(known) - _MAX_CHOICES
    text = ", ".join(known[:_MAX_CHOICES])
    return f"{text} and {more} more" if more > 0 else text


def _unknown_field(spot: Spot) -> Words:
    names = list(fields_of(spot.owner)) if spot.owner is not None else []
    given = str(spot.loc[-1])
    new = FORMER_NAMES.get(given)
    if new in names:
        return Words(f"this field is now called '{new}'")
    return Words("unknown field", _choices(names), suggestion=closest(given, names))


def _unknown_kind(spot: Spot) -> Words:
    kinds = kinds_of(spot.annotation)
    if not isinstance(spot.value, dict) or "kind" not in spot.value:
        return Words("needs a kind", _choices(kinds))
    given = spot.value["kind"]
    return Words("unknown kind", _choices(kinds), show(given), closest(str(given), kinds))


def _not_a_choice(error: ErrorDetails, spot: Spot) -> Words:
    expected = bare(spot.annotation)
    if get_origin(expected) is Literal:
        names = [str(choice) for choice in get_args(expected)]
    elif isinstance(expected, type) and issubclass(expected, enum.Enum):
        names = [str(choice.value) for choice in expected]
    else:
        names = re.findall("'([^']*)'", error.get("ctx", {}).get("expected", ""))
    near = closest(spot.value, names) if isinstance(spot.value, str) else ""
    return Words("not one of the choices", _choices(names), show(spot.value), near)


def _limit(error: ErrorDetails, name: str) -> str:
    limit = error.get("ctx", {}).get(name)
    if not isinstance(limit, int | float):
        return str(limit)
    # Never with an exponent.
    return f"{limit:.12f}".rstrip("0").rstrip(".")


def _got_beside_limit(error: ErrorDetails, spot: Spot) -> str:
    number = error["input"]
    if isinstance(spot.value, str) and isinstance(number, float):
        # A limit in days or yuan is compared with the value of the text.
        return f"{show(spot.value)}, which is {number:.6g}"
    return show(spot.value)


def _own_words(error: ErrorDetails, spot: Spot) -> Words:
    message, allowed = _PREFIX.sub("", error["msg"], count=1), ""
    match = _ALLOWED.fullmatch(message)
    if match:
        message, allowed = match.groups()
    is_whole = error["type"] in ("value_error", "assertion_error")
    hides_got = is_whole and isinstance(spot.value, dict | list)
    suggestion = str(error.get("ctx", {}).get("suggestion", ""))
    return Words(message, allowed, "" if hides_got else show(spot.value), suggestion)
