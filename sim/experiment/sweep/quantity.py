"""Values of a factor as places on an axis: numbers, amounts with a unit, and dates."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.scenario.quantities import parse_date

_AMOUNT = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*([A-Za-z]+)\s*")

_DAY = "date"

_LARGEST = 1e15
"""Beyond it there is no place on an axis, and what lies between two numbers may be infinite."""


@dataclass(frozen=True)
class Quantity:
    """A value that has a place on an axis.

    Attributes:
        number: the place; of a date its ordinal.
        unit: as it was written; ``date`` for dates and empty for plain numbers.
    """

    number: float
    unit: str

    def written(self) -> Any:
        """Return the value as it would stand in a scenario file."""
        if self.unit == _DAY:
            return dt.date.fromordinal(round(self.number))
        shown = float(f"{self.number:.6g}")
        number: Any = int(shown) if shown == int(shown) else shown
        return f"{number} {self.unit}" if self.unit else number


def quantity_of(value: Any) -> Quantity | None:
    """Return ``value`` as a quantity, or None if it has no place on an axis."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return _bounded(float(value), "")
    if isinstance(value, dt.date):
        return Quantity(float(value.toordinal()), _DAY)
    if not isinstance(value, str):
        return None
    if match := _AMOUNT.fullmatch(value):
        return _bounded(float(match[1]), match[2])
    try:
        return Quantity(float(parse_date(value).toordinal()), _DAY)
    except ValueError:
        return None


def _bounded(number: float, unit: str) -> Quantity | None:
    return Quantity(number, unit) if abs(number) <= _LARGEST else None


def between(low: Quantity, high: Quantity, share: float, scale: str) -> Quantity:
    """Return the quantity at a ``share`` of the way from ``low`` to ``high``.

    Args:
        low: of the same unit as ``high``; positive if the scale is logarithmic.
        high: the other end.
        share: from 0 to 1.
        scale: ``linear`` or ``log``.
    """
    if scale == "log":
        number = float(np.exp(np.interp(share, [0, 1], np.log([low.number, high.number]))))
    else:
        number = low.number + share * (high.number - low.number)
    return Quantity(number, low.unit)
