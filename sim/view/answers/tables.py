"""Tables of outcomes, the few that a policy is judged by first: for the terminal and the report."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain

import numpy as np

from sim.experiment.outcome_registry import FIRST, OUTCOMES, with_value
from sim.experiment.paired_outcomes import PairedOutcomes
from sim.view.answers.sentences import COST, CUT_OFF, Values, cut_off, interval_90, median
from sim.view.outcome_words import (
    NOTHING,
    amount,
    difference_words,
    probability_of_better,
    title_of_outcome,
)
from sim.view.words import SPACE, count, only_in, percent, words

WITHOUT_LOCKDOWN = "cost_without_lockdown_cny"
_COSTS = (WITHOUT_LOCKDOWN, COST)
"""They share a row."""
_OFTEN = 0.05
"""Share of pairs without a difference from which on it is said."""


@dataclass(frozen=True)
class Cell:
    """A cell of a table.

    Attributes:
        text: what stands in it.
        notes: smaller lines below.
        chance: how probably it is lower, or higher where more is better; empty: not said.
    """

    text: str
    notes: tuple[str, ...] = ()
    chance: str = ""


@dataclass(frozen=True)
class Table:
    """A table with a heading for every row and column.

    Attributes:
        caption: what it shows.
        head: headings of the columns, the one of the row headings first.
        rows: the heading of each row, and its cells.
    """

    caption: str
    head: Sequence[str]
    rows: Sequence[tuple[str, Sequence[Cell]]]


@dataclass(frozen=True)
class Runs:
    """Outcomes of the runs of a scenario.

    Attributes:
        name: of the scenario.
        runs: how many there are.
        values: an outcome by its name.
    """

    name: str
    runs: int
    values: Values


def differences(paired: PairedOutcomes, *, every: bool = False) -> Table:
    """Return what every policy changes against the baseline, one row per outcome.

    Args:
        paired: the policies.
        every: with all outcomes that some policy changes, below those that policies are judged by.
    """
    others = range(1, len(paired.names))
    changed = (
        name
        for name in (OUTCOMES if every else ())
        if name not in FIRST and any(_is_changed(paired, of, name) for of in others)
    )
    return Table(
        f"{caption_of(paired)}{' in the first rows' if every else ''}",
        ["", *map(words, paired.names)],
        [
            (
                _title(row),
                [_before(paired, row), *(_difference(paired, of, row) for of in others)],
            )
            for row in [*_first(_runs_of(paired)), *_single(changed)]
        ],
    )


def caption_of(paired: PairedOutcomes) -> str:
    """Return how the differences from the first policy are written."""
    return (
        f"Difference from {words(paired.names[0])} in {count(paired.pairs, 'pair')} of runs: "
        f"median (of costs too), middle 90{SPACE}%, and P(lower), the share of pairs with less; "
        "less is better"
    )


def differences_of_one(paired: PairedOutcomes) -> Iterator[tuple[str, Cell, Cell]]:
    """Yield the outcomes that policies are judged by first: name, baseline, and difference.

    Args:
        paired: the baseline and one policy.
    """
    for name in chain.from_iterable(_first(_runs_of(paired))):
        yield name, _before(paired, (name,)), _difference(paired, 1, (name,))


def summary_of(scenarios: Sequence[Runs], *, every: bool = False) -> Table:
    """Return median and 90 % interval of the outcomes of scenarios, one row per outcome.

    Args:
        scenarios: the runs of each.
        every: with all outcomes that are not 0 in all runs.
    """
    there = (
        name
        for name in (OUTCOMES if every else ())
        if name not in FIRST and any(with_value(of.values(name)).any() for of in scenarios)
    )
    return Table(
        f"Medians of the runs, of costs too; below them the middle 90{SPACE}%",
        ["", *(f"{words(of.name)}, {count(of.runs, 'run')}" for of in scenarios)],
        [
            (_title(outcomes), [_value(of, outcomes) for of in scenarios])
            for outcomes in [*_first(scenarios), *_single(there)]
        ],
    )


def _runs_of(paired: PairedOutcomes) -> Sequence[Runs]:
    policies = range(len(paired.names))
    return [Runs("", paired.pairs, partial(paired.outcome, policy)) for policy in policies]


def _first(scenarios: Sequence[Runs]) -> Iterator[Sequence[str]]:
    """Yield the outcomes of each of the first rows in which anything happens at all."""
    for row in (*_single(name for name in FIRST if name not in _COSTS), _COSTS):
        if any(with_value(of.values(name)).any() for of in scenarios for name in row):
            yield row


def _single(names: Iterator[str]) -> Iterator[Sequence[str]]:
    return ((name,) for name in names)


def _title(outcomes: Sequence[str]) -> str:
    if outcomes == _COSTS:
        return "Cost without / with lockdown (million CNY)"
    return title_of_outcome(outcomes[0])


def _is_changed(paired: PairedOutcomes, policy: int, name: str) -> bool:
    return not np.array_equal(paired.outcome(policy, name), paired.outcome(0, name), equal_nan=True)


def _before(paired: PairedOutcomes, outcomes: Sequence[str]) -> Cell:
    return Cell(" / ".join(amount(name, median(paired.outcome(0, name))) for name in outcomes))


def _difference(paired: PairedOutcomes, policy: int, outcomes: Sequence[str]) -> Cell:
    texts, notes, chances = [], [], []
    pending = cut_off(partial(paired.outcome, policy), partial(paired.outcome, 0))
    for name in outcomes:
        of = paired.statistics(policy, name)
        if not of.pairs:
            return Cell(NOTHING, ("no pair has a value",))
        so_far = " so far" if pending and name in CUT_OFF else ""
        texts.append(f"{difference_words(name, of.median)}{so_far}")
        word, share = probability_of_better(name, of)
        chances.append(percent(share).replace("more than ", ">").replace("less than ", "<"))
        if of.equal == 1:
            notes.append("no difference")
        else:
            low, high = interval_90(paired.difference(policy, name))
            notes.append(f"{difference_words(name, low)} to {difference_words(name, high)}")
            if of.equal >= _OFTEN:
                notes.append(f"equal in {percent(of.equal)}")
        notes.append(only_in(of.pairs, paired.pairs, "pair"))
    return Cell(" / ".join(texts), tuple(filter(None, notes)), f"{word} {' / '.join(chances)}")


def _value(of: Runs, outcomes: Sequence[str]) -> Cell:
    texts, notes = [], []
    for name in outcomes:
        known = with_value(of.values(name))
        if not len(known):
            return Cell(NOTHING, ("no value in any run",))
        so_far = " so far" if name in CUT_OFF and cut_off(of.values) else ""
        low, middle, high = (amount(name, v) for v in np.quantile(known, (0.05, 0.5, 0.95)))
        texts.append(f"{middle}{so_far}")
        notes.append(f"{low} to {high}" if np.ptp(known) else "in every run")
        notes.append(only_in(len(known), of.runs))
    return Cell(" / ".join(texts), tuple(filter(None, notes)))
