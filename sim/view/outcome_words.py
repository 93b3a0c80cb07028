"""Outcomes in words: their titles and units, values, differences and ticks, money in millions."""

import math

from sim.experiment.outcome_registry import OUTCOMES, Direction
from sim.experiment.paired_statistics import PairedStatistics
from sim.view.labels import significant, with_minus

NOTHING = "\N{EN DASH}"
"""Stands where there is no number."""
_COUNTS = ("people", "cases", "tests", "swabs", "beds", "vehicles", "day of the calendar")
"""Units of what is counted: a third of a person is nobody."""


def title_of_outcome(outcome: str) -> str:
    """Return what an outcome is called; amounts of money are in millions."""
    return OUTCOMES[outcome].label.replace("(CNY)", "(million CNY)")


def unit_of(outcome: str) -> str:
    """Return the unit in which an outcome is shown."""
    return OUTCOMES[outcome].unit.replace("CNY", "million CNY")


def is_counted(outcome: str) -> bool:
    """Tell whether an outcome is a number of people or other things that are counted."""
    return OUTCOMES[outcome].unit in _COUNTS


def amount(outcome: str, value: float) -> str:
    """Return a value in ``unit_of`` the outcome: two or three digits, a dash for none.

    A share below 1 has as many digits as it takes to tell it from 1.
    """
    if not math.isfinite(value):
        return NOTHING
    unit = OUTCOMES[outcome].unit
    # Nobody reads a tenth of a thousand CNY.
    shown = round(value / 1e6, 3) if unit == "CNY" else value
    text = significant(shown, counted=is_counted(outcome))
    digits = 3
    while unit == "share" and abs(value) < 1 == abs(float(text.replace("\N{MINUS SIGN}", "-"))):
        text = with_minus(f"{value:.{digits}g}")
        digits += 1
    return text


def value_words(outcome: str, value: float) -> str:
    """Return a value that stands alone: amounts of money say that they are millions."""
    if OUTCOMES[outcome].unit == "CNY":
        return (
            f"{significant(value / 1e6)} million" if abs(value) >= 999_500 else significant(value)
        )
    return amount(outcome, value)


def difference_words(outcome: str, value: float) -> str:
    """Return a difference of an outcome with its sign, in ``unit_of`` the outcome."""
    text = amount(outcome, value)
    if text == NOTHING:
        return text
    return "±0" if text == "0" else f"+{text}" if value > 0 else text


def probability_of_better(outcome: str, of: PairedStatistics) -> tuple[str, float]:
    """Return ``P(lower)`` and the share of the pairs; ``P(higher)`` where more is better.

    Where neither is better, the share of pairs that are lower says nothing about which is better.
    """
    if OUTCOMES[outcome].direction is Direction.MORE_IS_BETTER:
        return "P(higher)", of.higher
    return "P(lower)", of.lower


def tick_words(outcome: str, value: float) -> str:
    """Return a value on an axis in the unit in which an outcome is shown."""
    return with_minus(f"{value / one_of(outcome):,g}")


def one_of(outcome: str) -> float:
    """Return how much of an outcome is one of the unit in which it is shown."""
    return 1e6 if OUTCOMES[outcome].unit == "CNY" else 1.0
