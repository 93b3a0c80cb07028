"""The tables of a comparison."""

from collections.abc import Iterable, Sequence

import numpy as np

from sim.experiment.decision import Decision
from sim.experiment.outcome_registry import COMPARED, OUTCOMES
from sim.experiment.paired_statistics import PairedStatistics
from sim.view.number_text import whole
from sim.view.outcome_words import judged, title_of_outcome
from sim.view.policy_words import words
from sim.view.report.answers import COST, INFECTIONS, is_doubtful
from sim.view.report.folder import ComparisonFolder
from sim.view.report.html_table import Cell, HtmlTable, plain
from sim.view.report.wording import NOTHING, SPACE, amount, change, count, money, percent

_WORTHS = (1e3, 1e4, 1e5, 1e6, 1e7)
"""CNY that an averted infection may be worth."""
_PEAKS = ("imported_confirmed", "peak_imported_confirmed_new", "peak_imported_confirmed_day")


def differences(folder: ComparisonFolder, *, everything: bool = False) -> HtmlTable:
    """Return the differences of all policies from the baseline, a row an outcome.

    Args:
        folder: the comparison.
        everything: all outcomes, not only those that policies are compared by.
    """
    return _differences(folder, OUTCOMES if everything else COMPARED)


def cost_and_infections(folder: ComparisonFolder) -> HtmlTable:
    """Return the two outcomes that decisions are about."""
    return _differences(folder, (INFECTIONS, COST))


def _differences(folder: ComparisonFolder, outcomes: Iterable[str]) -> HtmlTable:
    there = set(folder.differences["outcome"])
    by_outcome = {
        outcome: [folder.statistics(policy, outcome) for policy in folder.others]
        for outcome in outcomes
        if outcome in there
    }
    rows = [
        (
            title_of_outcome(outcome),
            [_cell(outcome, of, folder.manifest.pairs) for of in statistics],
        )
        for outcome, statistics in by_outcome.items()
        if any(of.equal < 1 for of in statistics)
    ]
    pairs = count(folder.manifest.pairs, "pair")
    return HtmlTable(
        f"Differences from {words(folder.manifest.baseline)} over {pairs} of runs: median, middle "
        f"90{SPACE}% of the pairs, share of pairs that are better (lower, where neither is), "
        f"and the 95{SPACE}% confidence interval (CI) of the median. Outcomes that no policy "
        "changes are left out.",
        ["Outcome", *map(words, folder.others)],
        rows,
    )


def _cell(outcome: str, of: PairedStatistics, pairs: int) -> Cell:
    """Return a difference, and in how many of the ``pairs`` it has a value if not in all."""
    if not of.pairs:
        return Cell(NOTHING, ("no pair has a value",))
    some = f"in {of.pairs:,} of {count(pairs, 'pair')}"
    notes = (some,) if of.pairs < pairs else ()
    if of.equal == 1:
        return Cell(change(outcome, 0.0), ("no difference in any pair", *notes))
    low, high = (change(outcome, of.median_low_95), change(outcome, of.median_high_95))
    word, share = judged(outcome, of)
    equal = f", equal {percent(of.equal)}" if of.equal else ""
    doubt = ", uncertain" if is_doubtful(of) else ""
    return Cell(
        change(outcome, of.median),
        (
            f"90{SPACE}%: {change(outcome, of.q05)} to {change(outcome, of.q95)}",
            f"{word} {percent(share)}{equal}",
            f"CI {low} to {high}{doubt}",
            *notes,
        ),
    )


def medians(folder: ComparisonFolder, outcomes: Sequence[str] = _PEAKS) -> HtmlTable:
    """Return the medians of outcomes under each policy, a row an outcome."""
    baseline = words(folder.manifest.baseline)
    rows = []
    for outcome in outcomes:
        of = folder.differences[folder.differences["outcome"] == outcome]
        by_policy = of.set_index("policy").loc[folder.others]
        values = [*by_policy["median_of_baseline"][:1], *by_policy["median_of_policy"]]
        rows.append((title_of_outcome(outcome), plain([amount(outcome, v) for v in values])))
    return HtmlTable(
        "Median of the pairs under each policy. The curves are in the store of the runs.",
        ["Outcome", baseline, *map(words, folder.others)],
        rows,
    )


def decisions(folder: ComparisonFolder) -> HtmlTable:
    """Return how probably each policy is best, and what choosing it loses, a row a worth."""
    names = [folder.manifest.baseline, *folder.others]
    by_pair = {
        outcome: folder.outcomes.pivot(index="policy", columns="pair", values=outcome).loc[names]
        for outcome in (COST, INFECTIONS)
    }
    decision = Decision(*(table.to_numpy(dtype=np.float64) for table in by_pair.values()))
    curves = decision.curves(np.array(_WORTHS))
    rows = []
    for place, worth in enumerate(_WORTHS):
        cells = [
            Cell(
                percent(curves.probability[place, policy]),
                (f"expected loss {money(curves.loss[place, policy])}",),
            )
            for policy in range(len(names))
        ]
        rows.append((f"{whole(worth)}{SPACE}CNY", cells))
    return HtmlTable(
        "Share of the pairs in which each policy has the highest net benefit, and what choosing it "
        "is expected to lose against the best one of each pair.",
        ["An averted infection is worth", *map(words, names)],
        rows,
    )
