"""Numbers and names of the report, as sentences and tables have them."""

import math
from collections.abc import Sequence

import pandas as pd

from sim.view.number_text import about
from sim.view.outcome_words import difference_words
from sim.view.policy_words import words

SPACE = "\N{NO-BREAK SPACE}"
NOTHING = "\N{EN DASH}"
"""Stands where there is no number."""
_MILLIONS = f"{SPACE}million{SPACE}CNY"
_WHOLE = 10
"""From which size on a number in a sentence has no decimals."""


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


def amount(outcome: str, value: float) -> str:
    """Return a value of an outcome in the unit in which it is shown."""
    if not math.isfinite(value):
        return NOTHING
    return difference_words(outcome, value).lstrip("+±")


def change(outcome: str, value: float) -> str:
    """Return a difference of an outcome with its sign, in the unit in which it is shown."""
    return difference_words(outcome, value) if math.isfinite(value) else NOTHING


def rounded(outcome: str, value: float) -> str:
    """Return a value of an outcome for a sentence: from 10 on without decimals."""
    return amount(outcome, float(round(value)) if abs(value) >= _WHOLE else value)


def span(outcome: str, low: float, high: float) -> str:
    """Return the two ends of an interval of an outcome."""
    return f"{amount(outcome, low)} to {amount(outcome, high)}"


def some_runs(row: "pd.Series[float]") -> str:
    """Return in how many runs the outcome of a row of a summary has a value, if not in all."""
    known, runs = int(row["runs_with_value"]), int(row["runs"])
    return f"in {known:,} of {count(runs, 'run')}" if known < runs else ""


def range_words(low: str, high: str) -> str:
    """Return the two ends of an interval, the unit of money only once."""
    return f"{low.removesuffix(_MILLIONS) if high.endswith(_MILLIONS) else low} to {high}"


def money(value: float) -> str:
    """Return an amount of money for a sentence, such as 20.6 million CNY or 21,600 CNY."""
    return f"{about(value)}{SPACE}CNY".replace(f" million{SPACE}CNY", _MILLIONS)
