"""Numbers as readers meet them in figures."""

import numpy as np
import numpy.typing as npt

_MINUS = "\N{MINUS SIGN}"


def whole(value: float) -> str:
    """Return a number without decimals, such as 12,500."""
    return f"{value:,.0f}".replace("-", _MINUS)


def short(value: float) -> str:
    """Return a number for a narrow axis, such as 12.5k; fractions stay fractions."""
    if abs(value) >= 1000:
        return f"{value / 1000:g}k".replace("-", _MINUS)
    if abs(value - round(value)) > 1e-9:
        return f"{value:.3g}".replace("-", _MINUS)
    return whole(value)


def million(value: float) -> str:
    """Return an amount of money in millions, such as 12.5 or 0.03."""
    size = abs(value) / 1e6
    decimals = 0 if size >= 100 else 1 if size >= 1 else 2 if size >= 0.01 or not size else 3
    return f"{value / 1e6:,.{decimals}f}".replace("-", _MINUS)


def about(value: float) -> str:
    """Return a large number to three digits, such as 75,700 or 62.1 million."""
    if abs(value) >= 999_500:
        return f"{million(float(f'{value:.3g}'))} million"
    return whole(float(f"{value:.3g}"))


def significant(value: float, *, counted: bool = False) -> str:
    """Return a number to three significant digits, to two below 10; counts are whole.

    Such as 6,740, 62.1, 7.5 and 0.0012; never with an exponent.
    """
    shown = float(f"{value:.{3 if abs(value) >= 10 else 2}g}")
    if counted:
        shown = round(shown)
    text = f"{shown:,.0f}" if shown == round(shown) else np.format_float_positional(shown, trim="-")
    return text.replace("-", _MINUS) if shown else "0"


def signed(value: float) -> str:
    """Return a difference with its sign, small fractions with one decimal, zero as ±0."""
    decimals = 1 if abs(value) < 100 and round(value, 1) != round(value) else 0
    shown = round(value, decimals)
    return f"{shown:+,.{decimals}f}".replace("-", _MINUS) if shown else "±0"


def decimal(value: float) -> str:
    """Return a mean: with one decimal below 100, whole above."""
    # Without the zero, what rounds to zero from below would have a minus.
    return whole(value) if abs(value) >= 100 else f"{round(value, 1) + 0:.1f}".replace("-", _MINUS)


def interval(values: npt.NDArray[np.number]) -> str:
    """Return the median of some runs with their 90 %, such as 12 (5 to 30)."""
    low, median, high = np.quantile(values, (0.05, 0.5, 0.95))
    if whole(low) == whole(high):
        return whole(median)
    return f"{whole(median)} ({whole(low)} to {whole(high)})"
