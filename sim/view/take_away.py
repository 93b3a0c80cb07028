"""What a comparison of policies comes to, in one sentence for a heading."""

import textwrap
from collections.abc import Callable, Sequence
from functools import partial

from sim.experiment.outcome_registry import COMPARED
from sim.experiment.paired_outcomes import PairedOutcomes
from sim.experiment.paired_statistics import PairedStatistics
from sim.view.outcome_words import difference_words, title_of_outcome
from sim.view.words import words

_NAME = 44
"""Characters of a name; longer ones are cut."""


def take_away(comparison: PairedOutcomes, outcome: str) -> str:
    """Return which policies lower and raise an outcome most, and how surely."""
    statistics = [
        comparison.statistics(policy, outcome) for policy in range(1, len(comparison.names))
    ]
    return changes_in_words(
        f"{title_of_outcome(outcome)}, against {words(comparison.names[0])}",
        comparison.names[1:],
        statistics,
        partial(difference_words, outcome),
    )


def changes_in_words(
    subject: str,
    names: Sequence[str],
    statistics: Sequence[PairedStatistics],
    text: Callable[[float], str],
) -> str:
    """Return ``subject`` with the policies whose median differences are the outermost.

    Args:
        subject: what differs, and from what.
        names: of the policies.
        statistics: differences under each of them.
        text: writes a difference.
    """
    if all(of.equal == 1 for of in statistics):
        return f"{subject}: no difference in any pair"
    ordered = sorted(zip(statistics, names, strict=True), key=lambda pair: pair[0].median)
    (low, lowest), (high, highest) = ordered[0], ordered[-1]
    ends = ("lowest", "highest") if len(names) > 1 else ("lower", "higher")
    parts = []
    if low.median < 0:
        how = f"{text(low.median)}; lower in {_percent(low.lower)} of pairs{_doubt(low)}"
        parts.append(f"{ends[0]} with {_named(lowest)} ({how})")
    if high.median > 0:
        how = f"{text(high.median)}; higher in {_percent(high.higher)} of pairs{_doubt(high)}"
        parts.append(f"{ends[1]} with {_named(highest)} ({how})")
    return f"{subject}: {', '.join(parts) or 'no policy moves the median'}"


def changed_outcomes(comparison: PairedOutcomes) -> list[str]:
    """Return the compared outcomes that some policy changes in some pair."""
    policies = range(1, len(comparison.names))
    return [
        outcome
        for outcome in COMPARED
        if any(comparison.difference(policy, outcome).any() for policy in policies)
    ]


def _named(name: str) -> str:
    return textwrap.shorten(words(name), _NAME, placeholder=" …")


def _percent(share: float) -> str:
    return f"{100 * share:.0f}\N{NO-BREAK SPACE}%"


def _doubt(of: PairedStatistics) -> str:
    """Return a warning if the number of pairs leaves open on which side of zero the median is."""
    return "" if of.median_low_95 > 0 or of.median_high_95 < 0 else ", uncertain"
