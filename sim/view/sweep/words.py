"""Factors of a sweep and their levels in words: labels of axes and of ticks, quantities, dates."""

import datetime as dt

import pandas as pd

from sim.experiment.sweep.loader import Plan
from sim.experiment.sweep.points import Factor, Level
from sim.experiment.sweep.quantity import Quantity
from sim.view.days import short_date
from sim.view.number_text import whole
from sim.view.parameter_text import value_text
from sim.view.policy_words import words

DATE = "date"
"""Unit of dates as places on an axis."""
_DIGITS = 5
"""Most characters of a number of a factor, unless it is whole."""


def axis_label(factor: Factor) -> str:
    """Return the label of a factor's axis, with the unit or year that its ticks leave out."""
    ends = [level.quantity for level in factor.levels if level.quantity]
    if not factor.is_scale or not ends[0].unit:
        return factor.label
    if ends[0].unit != DATE:
        return f"{factor.label} ({ends[0].unit})"
    years = sorted({date_of(quantity).year for quantity in ends})
    return f"{factor.label} ({' to '.join(map(str, dict.fromkeys((years[0], years[-1]))))})"


def tick_label(factor: Factor, level: Level) -> str:
    """Return what stands at a level on an axis that has the label ``axis_label``."""
    if factor.is_scale and level.quantity and level.quantity.unit != DATE:
        return number_words(level.quantity.number)
    return level_words(level)


def level_words(level: Level) -> str:
    """Return a level as words: dates without their years, computed numbers with few digits."""
    return level.label if level.quantity is None else quantity_words(level.quantity)


def quantity_words(quantity: Quantity) -> str:
    """Return a place on an axis as words."""
    if quantity.unit == DATE:
        return short_date(date_of(quantity))
    # A number is never parted from its unit at the end of a line.
    return f"{number_words(quantity.number)}\N{NO-BREAK SPACE}{quantity.unit}".rstrip()


def date_of(quantity: Quantity) -> dt.date:
    """Return the date at a place on an axis of dates."""
    return dt.date.fromordinal(round(quantity.number))


def place_words(plan: Plan, row: "pd.Series[float]") -> str:
    """Return the settings of a row of the summary, and its policy if there are several."""
    at = ["as the file says"]
    if row["point"] >= 0:
        levels = plan.points[int(row["point"])].levels
        at = [
            f"{factor.label} {level_words(level)}"
            for factor, level in zip(plan.factors, levels, strict=True)
        ]
    if len(plan.policies) > 1:
        at.append(words(str(row["policy"])))
    return ", ".join(at)


def number_words(number: float) -> str:
    """Return a number of a factor, with few digits if it has many."""
    if number == round(number):
        return whole(number)
    plain = f"{number:g}".replace("-", "\N{MINUS SIGN}")
    return plain if len(plain) <= _DIGITS else value_text(number)
