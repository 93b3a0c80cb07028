"""Values of parameters as readers meet them: of any size, with two or three digits that count."""

import math
from collections.abc import Sequence

from sim.view.number_text import about


def value_text(value: float) -> str:
    """Return a value with two digits, three from 1 on, such as 0.0021, 3.12 or 1,380."""
    if abs(value) >= 100:
        return about(value)
    size = math.floor(math.log10(abs(value))) if value else 0
    decimals = 1 - size if size < 0 else 2 - size
    return f"{value:.{decimals}f}".replace("-", "\N{MINUS SIGN}")


def range_text(low: float, high: float) -> str:
    """Return the two ends of an interval."""
    return f"{value_text(low)} to {value_text(high)}"


def estimate_text(quantiles: Sequence[float]) -> str:
    """Return a median with its 90 % interval, from quantiles at 5, 25, 50, 75 and 95 %."""
    low, _, median, _, high = quantiles
    if low == high:
        return value_text(median)
    return f"{value_text(median)} ({range_text(low, high)})"
