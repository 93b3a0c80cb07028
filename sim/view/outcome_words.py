"""Outcomes in words: their titles and units, differences and ticks, money in millions."""

import numpy as np

from sim.experiment.outcome_registry import OUTCOMES
from sim.experiment.paired_statistics import PairedStatistics
from sim.view.number_text import about, million, signed

_SMALL = 0.1
"""Shares and ratios from here on have two decimals, smaller ones three."""
_MOST = 6
"""Decimals of a share at most, where fewer would round it to 0 or 1."""
_WHOLE = 10
"""From which size on values have no decimals."""


def title_of_outcome(outcome: str) -> str:
    """Return what an outcome is called; amounts of money are in millions."""
    return OUTCOMES[outcome].label.replace("(CNY)", "(million CNY)")


def unit_of(outcome: str) -> str:
    """Return the unit in which an outcome is shown."""
    return OUTCOMES[outcome].unit.replace("CNY", "million CNY")


def difference_words(outcome: str, value: float) -> str:
    """Return a difference of an outcome with its sign, as it is shown in its unit."""
    if OUTCOMES[outcome].unit == "CNY":
        if not value:
            return "±0"
        return f"+{million(value)}" if value > 0 else million(value)
    if OUTCOMES[outcome].unit not in ("share", "ratio"):
        return signed(value)
    decimals = 3 if abs(value) < _SMALL else 2
    if OUTCOMES[outcome].unit == "share" and value not in (-1, 0, 1):
        while round(value, decimals) in (-1, 0, 1) and decimals < _MOST:
            decimals += 1
    shown = round(value, decimals)
    return f"{shown:+.{decimals}f}".replace("-", "\N{MINUS SIGN}") if shown else "±0"


def judged(outcome: str, of: PairedStatistics) -> tuple[str, float]:
    """Return ``better`` and its share of the pairs; ``lower`` where neither side is better."""
    low, high = OUTCOMES[outcome].direction.value
    return (high, of.higher) if high == "better" else (low, of.lower)


def value_words(outcome: str, value: float) -> str:
    """Return a value of an outcome in its unit: small ones to two digits, large ones to three.

    A share below 1 has as many digits as it takes to tell it from 1.
    """
    if abs(value) >= _WHOLE or value == round(value):
        return about(value)
    digits = 2
    if OUTCOMES[outcome].unit == "share":
        while value < 1 == float(f"{value:.{digits}g}"):
            digits += 1
    text = np.format_float_positional(float(f"{value:.{digits}g}"), trim="-")
    return text.replace("-", "\N{MINUS SIGN}")


def tick_words(outcome: str, value: float) -> str:
    """Return a value on an axis in the unit in which an outcome is shown."""
    return f"{value / one_of(outcome):,g}".replace("-", "\N{MINUS SIGN}")


def one_of(outcome: str) -> float:
    """Return how much of an outcome is one of the unit in which it is shown."""
    return 1e6 if OUTCOMES[outcome].unit == "CNY" else 1.0
