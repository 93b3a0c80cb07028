"""The answer in one sentence: what a policy changes, how surely, and what that rests on."""

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np

from sim.experiment.outcome_registry import OUTCOMES, with_value
from sim.experiment.paired_outcomes import PairedOutcomes
from sim.experiment.paired_statistics import PairedStatistics
from sim.scenario.schema import Scenario
from sim.view.outcome_words import amount, difference_words, probability_of_better, value_words
from sim.view.policies.look import is_beyond_chance
from sim.view.words import SPACE, count, inside_sentence, listed, percent, sentence_name, words
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


def cut_off_policies(paired: PairedOutcomes) -> dict[str, str]:
    """Return who is still in quarantine when the calendar ends, by policy, if it is anybody."""
    baseline = partial(paired.outcome, 0)
    of_policies = {
        words(name): cut_off(partial(paired.outcome, policy), baseline)
        for policy, name in enumerate(paired.names)
        if policy
    }
    return {name: still for name, still in of_policies.items() if still}


def so_far(paired: PairedOutcomes) -> str:
    """Return which policies have people in quarantine when the calendar ends, in sentences."""
    still = cut_off_policies(paired)
    return "".join(f" So far, {name}: {who}." for name, who in still.items())


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


_NAMED = 3
"""Policies that a question names."""


def interval_90(values: FloatArray) -> tuple[float, float]:
    """Return the ends of the middle 90 % of some values, those without a value left out."""
    low, high = np.quantile(values[np.isfinite(values)], (0.05, 0.95)).tolist()
    return low, high


def question_of(names: list[str], question: str = "") -> str:
    """Return what a comparison asks: ``question`` if there is one policy, else what all change.

    Args:
        names: of the policies, the baseline first.
        question: of the last one.
    """
    baseline, *others = map(words, names)
    if len(others) == 1 and question:
        return question
    who = listed(others) if len(others) <= _NAMED else count(len(others), "policy", "policies")
    return f"What {'does' if len(others) == 1 else 'do'} {who} change against {baseline}?"


def with_changes(question: str, scenario: Scenario) -> str:
    """Return a question and which values of ``scenario`` are not those of its file, if any."""
    changed = ", ".join(scenario.set_by_hand or ())
    return f"{question} (changed by hand: {changed})" if question and changed else question


def policy_sentence(paired: PairedOutcomes, policy: int) -> str:
    """Return what a policy does to infections and cost; medians of the pairs."""
    here, there = partial(paired.outcome, policy), partial(paired.outcome, 0)
    infections, cost = paired.statistics(policy, INFECTIONS), paired.statistics(policy, COST)
    pending = cut_off(here, there)
    evidence = [_interval(paired, policy, INFECTIONS), _share(INFECTIONS, infections), pending]
    if is_doubtful(infections):
        evidence.insert(0, f"median {difference_words(INFECTIONS, infections.median)}")
    inside = "; ".join(filter(None, evidence if infections.equal < 1 else [pending]))
    text = f"{sentence_name(paired.names[policy])}: {_infections(paired, policy, bool(pending))}"
    text += f" ({inside})" if inside else ""
    if here(COST).any() or there(COST).any():
        text += f" and {_cost(paired, policy)}"
        parts = cost_parts(partial(paired.difference, policy))
        rests = "" if is_doubtful(cost) else resting_on(cost.median, parts)
        text += f" ({rests})" if rests else ""
    return f"{text}."


def _infections(paired: PairedOutcomes, policy: int, cut: bool) -> str:
    of = paired.statistics(policy, INFECTIONS)
    so_far = " so far" if cut else ""
    if of.equal == 1:
        return f"changes community infections in no run{so_far}"
    if is_doubtful(of):
        return f"makes no clear difference to community infections{so_far}"
    if not of.median:
        verb, share = ("raises", of.higher) if of.higher > of.lower else ("lowers", of.lower)
        return f"{verb} community infections{so_far} in {percent(share)} of the pairs"
    verb = "averts" if of.median < 0 else "adds"
    number = amount(INFECTIONS, abs(of.median))
    how_many = f"{number} community infection{'s' if number != '1' else ''}{so_far}"
    return f"{_probably(paired, policy, INFECTIONS)}{verb} {how_many}"


def _cost(paired: PairedOutcomes, policy: int) -> str:
    of = paired.statistics(policy, COST)
    if of.equal == 1:
        return "costs the same"
    if is_doubtful(of):
        return f"makes no clear difference to cost (median {money(of.median)})"
    if not of.median:
        verb, share = ("costs more", of.higher) if of.higher > of.lower else ("saves", of.lower)
        return f"{verb} in {percent(share)} of the pairs"
    verb = f"saves {money(-of.median)}" if of.median < 0 else f"costs {money(of.median)} more"
    return f"{_probably(paired, policy, COST)}{verb}"


def _probably(paired: PairedOutcomes, policy: int, outcome: str) -> str:
    low, high = interval_90(paired.difference(policy, outcome))
    return "probably " if low <= 0 <= high else ""


def _interval(paired: PairedOutcomes, policy: int, outcome: str) -> str:
    low, high = interval_90(paired.difference(policy, outcome))
    return f"90{SPACE}%: {difference_words(outcome, low)} to {difference_words(outcome, high)}"


def _share(outcome: str, of: PairedStatistics) -> str:
    name, share = probability_of_better(outcome, of)
    return f"{name} {percent(share)}"


def run_sentence(name: str, values: Values) -> str:
    """Return the community infections of the runs of a scenario, and their cost; medians."""
    infections = values(INFECTIONS)
    low, high = np.quantile(infections, (0.05, 0.95)).tolist()
    pending = cut_off(values)
    inside = f"90{SPACE}%: {amount(INFECTIONS, low)} to {amount(INFECTIONS, high)}"
    inside = inside if np.ptp(infections) else "in every run"
    inside += f"; {pending}" if pending else ""
    text = f"{sentence_name(name)}: {amount(INFECTIONS, median(infections))} community infections"
    text += f"{' so far' if pending else ''} ({inside})"
    cost = median(values(COST))
    if cost:
        rests = resting_on(cost, cost_parts(values))
        text += f", at a cost of {money(cost)}{f' ({rests})' if rests else ''}"
    return f"{text}."


def title_in_sentence(outcome: str) -> str:
    """Return what an outcome is called inside a sentence, without its unit."""
    return inside_sentence(OUTCOMES[outcome].label.partition(" (")[0])
