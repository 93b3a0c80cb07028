"""What an answer must not keep to itself: what is cut off, and what rests on one assumption."""

from collections.abc import Callable, Mapping

import numpy as np

from sim.experiment.outcome_registry import OUTCOMES, with_value
from sim.experiment.paired_statistics import PairedStatistics
from sim.view.outcome_words import amount, value_words
from sim.view.policies.look import is_beyond_chance
from sim.view.words import SPACE
from sim.world.costs import PARTS, REWARDS
from sim.world.draws import FloatArray

INFECTIONS, COST = "community_infections", "cost_cny"
IN_QUARANTINE = "fate_still_in_quarantine"
CUT_OFF = (INFECTIONS, "local_infections", "undetected_entrants")
"""Outcomes to which those who are still in quarantine may add later."""
_MOST_OF_IT = 0.8
"""Share of a cost from which on it rests on one part."""

Values = Callable[[str], FloatArray]
"""An outcome of all runs by its name, shape (runs,)."""


def median(values: FloatArray) -> float:
    """Return the median of the runs with a value, nan if there is none."""
    known = with_value(values)
    return float(np.median(known)) if len(known) else float("nan")


def cut_off(here: Values, baseline: Values | None = None) -> str:
    """Return who is still in quarantine when the calendar ends; empty if it is nobody.

    They are not in the community infections, and some of them would be later: medians of the runs.

    Args:
        here: outcomes of the runs.
        baseline: of the runs that they are compared with.
    """
    still = median(here(IN_QUARANTINE))
    before = median(baseline(IN_QUARANTINE)) if baseline else 0.0
    if not max(still, before) >= 1:
        return ""
    people = "person is" if round(still) == 1 else "people are"
    text = f"{amount(IN_QUARANTINE, still)} infected {people} still in quarantine when the "
    text += "calendar ends"
    return f"{text} (baseline: {amount(IN_QUARANTINE, before)})" if before >= 1 else text


def is_doubtful(of: PairedStatistics) -> bool:
    """Tell whether there are differences whose sign may be chance, as in the figures."""
    return of.equal < 1 and not is_beyond_chance(of)


def cost_parts(values: Values) -> dict[str, float]:
    """Return the median of each part of a cost, or of its difference, in CNY by outcome."""
    return {name: median(values(name)) for name in (f"cost_{part}_cny" for part in PARTS)}


def resting_on(total: float, parts: Mapping[str, float]) -> str:
    """Return which part a cost, or a difference in cost, rests on; empty if on no single one.

    Args:
        total: CNY.
        parts: CNY by outcome.
    """
    if not total:
        return ""
    largest = max(parts, key=lambda name: parts[name] / total)
    if not parts[largest] / total > _MOST_OF_IT:
        return ""
    label = OUTCOMES[largest].label.removesuffix(" (CNY)").removeprefix("Cost of ").lower()
    price = "" if largest == f"cost_{REWARDS}_cny" else ", whose price is an assumption"
    if parts[largest] / total > 1:
        return f"{label} alone: {money(abs(parts[largest]))}{price}"
    return f"{money(abs(parts[largest]))} of it for {label}{price}"


def money(value: float) -> str:
    """Return an amount of money for a sentence, such as 20.6 million CNY or 21,600 CNY."""
    return f"{value_words(COST, value)} CNY".replace(" ", SPACE)
