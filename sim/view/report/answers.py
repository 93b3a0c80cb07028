"""The answer of a comparison in words: a few sentences for each policy."""

from collections.abc import Callable
from dataclasses import dataclass

from sim.experiment.paired_statistics import PairedStatistics
from sim.view.policy_words import words
from sim.view.report.folder import ComparisonFolder
from sim.view.report.wording import SPACE, amount, money, percent, sentence_name
from sim.view.take_away import changes_in_words, difference_text, title_of

MAIN = ("infections_at_large", "imported_confirmed", "cost_cny")
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
class _Side:
    """How a difference is worded on one side of nought.

    Attributes:
        verb: before the number.
        after: behind the number.
        short: behind the end of an interval that is on this side.
        share: what such pairs have.
    """

    verb: str
    after: str
    short: str
    share: str


@dataclass(frozen=True)
class _Wording:
    """How the difference of an outcome is worded."""

    lower: _Side
    higher: _Side
    same: str
    number: Callable[[float], str]


_WORDINGS = {
    "infections_at_large": _Wording(
        _Side("averts", "infections at large", "averted", "fewer infections at large"),
        _Side("adds", "infections at large", "added", "more infections at large"),
        "infections at large",
        lambda value: amount("infections_at_large", value),
    ),
    "imported_confirmed": _Wording(
        _Side("has", "fewer imported cases confirmed", "fewer", "fewer imported cases"),
        _Side("has", "more imported cases confirmed", "more", "more imported cases"),
        "imported cases confirmed",
        lambda value: amount("imported_confirmed", value),
    ),
    "cost_cny": _Wording(
        _Side("costs", "less", "less", "lower costs"),
        _Side("costs", "more", "more", "higher costs"),
        "the cost",
        money,
    ),
}


def lead(folder: ComparisonFolder) -> str:
    """Return in one sentence which policies move the first main outcome most."""
    return changes_in_words(
        f"{title_of(MAIN[0])}, against {words(folder.manifest.baseline)}",
        folder.others,
        [folder.statistics(policy, MAIN[0]) for policy in folder.others],
        lambda value: difference_text(MAIN[0], value),
    )


def policy_answers(folder: ComparisonFolder) -> list[Answer]:
    """Return what each policy does against the baseline, a few sentences each."""
    questions = {file.scenario.name: file.scenario.question for file in folder.scenarios}
    return [
        Answer(
            sentence_name(policy),
            policy_sentences(policy, {name: folder.statistics(policy, name) for name in MAIN}),
            questions.get(policy, ""),
        )
        for policy in folder.others
    ]


def policy_sentences(policy: str, of: dict[str, PairedStatistics]) -> list[str]:
    """Return what a policy does to the main outcomes.

    Args:
        policy: its name.
        of: the differences of the main outcomes, by outcome.
    """
    infections, imported, cost = (clause(name, of[name]) for name in MAIN)
    shares = [f"{_share(name, of[name])}" for name in MAIN]
    if not _priced(of["cost_cny"]):
        return [
            f"{sentence_name(policy)} {infections}; it has {shares[0]} of the pairs.",
            f"It {imported}, with {shares[1]} of the pairs.",
        ]
    return [
        f"{sentence_name(policy)} {infections} and {cost}; it has {shares[0]} of the pairs, and "
        f"{shares[2]}.",
        f"It {imported}, with {shares[1]} of the pairs.",
    ]


def clause(outcome: str, of: PairedStatistics) -> str:
    """Return what a policy does to an outcome, such as averts 31 infections at large."""
    wording = _WORDINGS[outcome]
    if of.equal == 1:
        return f"leaves {wording.same} as it is in every pair".replace("cases confirmed as it is", "")
    return ""


def _priced(cost: PairedStatistics) -> bool:
    return cost.equal < 1


def _share(outcome: str, of: PairedStatistics) -> str:
    return ""
