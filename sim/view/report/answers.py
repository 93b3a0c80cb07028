"""The answer of a comparison in words: a few sentences for each policy."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from sim.experiment.outcome_registry import OUTCOMES
from sim.experiment.paired_statistics import PairedStatistics
from sim.view.outcome_words import title_of_outcome
from sim.view.policy_words import words
from sim.view.report.folder import ComparisonFolder
from sim.view.report.wording import (
    SPACE,
    change,
    count,
    listed,
    money,
    percent,
    range_words,
    rounded,
    sentence_name,
)
from sim.view.take_away import changes_in_words

INFECTIONS, IMPORTED, COST = "community_infections", "imported_confirmed", "cost_cny"
MAIN = (INFECTIONS, IMPORTED, COST)
"""The outcomes that sentences are about, the first one above all."""


@dataclass(frozen=True)
class Answer:
    """What is said of one policy, or of one outcome.

    Attributes:
        subject: of what.
        sentences: the answer, the main sentence first.
        question: what the scenario file asks; empty if it asks nothing.
    """

    subject: str
    sentences: list[str]
    question: str = ""


@dataclass(frozen=True)
class _Wording:
    """How the difference of an outcome is worded, with ``{}`` for its size.

    Attributes:
        lower: a difference below zero.
        higher: one above it.
        name: the outcome in a sentence.
        sides: what an end of an interval below and above zero is.
        number: writes the size.
    """

    lower: str
    higher: str
    name: str
    sides: tuple[str, str]
    number: Callable[[float], str]


_WORDINGS = {
    INFECTIONS: _Wording(
        "averts {} community infections",
        "adds {} community infections",
        "community infections",
        ("fewer", "more"),
        partial(rounded, INFECTIONS),
    ),
    IMPORTED: _Wording(
        "confirms {} fewer imported cases",
        "confirms {} more imported cases",
        "imported cases confirmed",
        ("fewer", "more"),
        partial(rounded, IMPORTED),
    ),
    COST: _Wording("costs {} less", "costs {} more", "cost", ("less", "more"), money),
}


def lead(folder: ComparisonFolder) -> str:
    """Return in one sentence which policies move the first main outcome most."""
    return changes_in_words(
        f"{title_of_outcome(INFECTIONS)}, against {words(folder.manifest.baseline)}",
        folder.others,
        [folder.statistics(policy, INFECTIONS) for policy in folder.others],
        lambda value: change(INFECTIONS, float(round(value))),
    )


def policy_answers(folder: ComparisonFolder) -> list[Answer]:
    """Return what each policy does against the baseline, a few sentences each."""
    questions = {file.scenario.name: file.scenario.question for file in folder.scenarios}
    of_all = {
        policy: {outcome: folder.statistics(policy, outcome) for outcome in MAIN}
        for policy in folder.others
    }
    return [
        Answer(sentence_name(policy), policy_sentences(policy, of), questions[policy])
        for policy, of in of_all.items()
    ]


def policy_sentences(policy: str, of: Mapping[str, PairedStatistics]) -> list[str]:
    """Return what a policy does to the main outcomes.

    Args:
        policy: its name.
        of: differences of the main outcomes; where no cost differs, costs are not spoken of.
    """
    spoken = (INFECTIONS, COST) if of[COST].equal < 1 else (INFECTIONS,)
    parts = [f"{change_words(name, of[name])}{_interval(name, of[name])}" for name in spoken]
    sentences = [f"{sentence_name(policy)} {' and '.join(parts)}."]
    sentences += _judged(of, spoken)
    imported = of[IMPORTED]
    sentences.append(f"It {change_words(IMPORTED, imported)}{_interval(IMPORTED, imported)}.")
    if doubtful := [_WORDINGS[name].name for name in MAIN if is_doubtful(of[name])]:
        pairs = count(of[INFECTIONS].pairs, "pair")
        effect = f"its effect on {listed(doubtful)}"
        sentences.append(f"With {pairs}, {effect} cannot be told from zero.")
    return sentences


def change_words(outcome: str, of: PairedStatistics) -> str:
    """Return the median difference, such as averts 31 community infections."""
    wording = _WORDINGS[outcome]
    if of.equal == 1:
        return f"changes {wording.name} in no pair"
    if not of.median:
        return f"does not move the median of {wording.name}"
    side = wording.lower if of.median < 0 else wording.higher
    return side.format(wording.number(abs(of.median)))


def is_doubtful(of: PairedStatistics) -> bool:
    """Tell whether the pairs leave open on which side of zero the median difference is."""
    return of.equal < 1 and not (of.median_low_95 > 0 or of.median_high_95 < 0)


def _interval(outcome: str, of: PairedStatistics) -> str:
    """Return the middle 90 % of the differences in brackets; nothing if all are equal."""
    if of.equal == 1:
        return ""
    wording = _WORDINGS[outcome]
    (less, more), number = wording.sides, wording.number
    near, far = (number(size) for size in sorted((abs(of.q05), abs(of.q95))))
    if of.q05 < 0 < of.q95:
        ends = f"{number(of.q95)} {more} to {number(-of.q05)} {less}"
    else:
        ends = range_words(near, far)
    return f" (90{SPACE}%: {ends})"


def _judged(of: Mapping[str, PairedStatistics], outcomes: Sequence[str]) -> list[str]:
    """Return in how many pairs a policy is better or worse; nothing if no outcome differs."""
    parts: list[str] = []
    before = ""
    for outcome in outcomes:
        it = of[outcome]
        if it.equal < 1:
            low, high = OUTCOMES[outcome].direction.value
            judgement, share = (high, it.higher) if it.median > 0 else (low, it.lower)
            equal = f" (equal in {percent(it.equal)})" if it.equal else ""
            of_pairs = "" if parts else " of the pairs"
            again = "" if judgement == before else f"{judgement} "
            name = _WORDINGS[outcome].name
            parts.append(f"{again}in {percent(share)}{of_pairs}{equal} by {name}")
            before = judgement
    return [f"It is {' and '.join(parts)}."] if parts else []
