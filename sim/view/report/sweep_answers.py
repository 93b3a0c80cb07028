"""The answer of a sweep in words: where each outcome is least and most, and what moves it."""

import pandas as pd

from sim.view.outcome_words import title_of_outcome
from sim.view.policy_words import words
from sim.view.report.answers import Answer
from sim.view.report.folder import SweepFolder
from sim.view.report.wording import SPACE, count, listed, rounded, some_runs
from sim.view.sweep.effects import effects_of
from sim.view.sweep.words import place_words

_MANY = 3
"""Factors that are written out."""


def sweep_answers(folder: SweepFolder) -> list[Answer]:
    """Return what a sweep says about each of its outcomes."""
    return [
        Answer(title_of_outcome(outcome), outcome_sentences(folder, outcome))
        for outcome in shown_outcomes(folder)
    ]


def shown_outcomes(folder: SweepFolder) -> list[str]:
    """Return the outcomes that the sweep is about and has."""
    known = set(folder.summary["outcome"])
    return [outcome for outcome in folder.plan.sweep.outcomes if outcome in known]


def outcome_sentences(folder: SweepFolder, outcome: str) -> list[str]:
    """Return where an outcome is least and most, and what moves it."""
    of = folder.summary
    rows = of[(of["point"] >= 0) & (of["outcome"] == outcome) & of["q50"].notna()]
    if not len(rows):
        return ["It has no value in any run."]
    least, most = rows.iloc[rows["q50"].argmin()], rows.iloc[rows["q50"].argmax()]
    if least["q50"] == most["q50"]:
        return [f"The median is {rounded(outcome, least['q50'])} at every point."]
    sentences = [
        f"{word}: {_estimate(outcome, row)} at {place_words(folder.plan, row)}{_ties(rows, row)}."
        for word, row in (("Least", least), ("Most", most))
    ]
    in_file = of[(of["point"] < 0) & (of["outcome"] == outcome) & of["q50"].notna()]
    if len(in_file):
        reference = words(folder.plan.policies[0].name)
        now = _estimate(outcome, in_file.iloc[0])
        sentences.append(f"As the file of {reference} says: {now}.")
    matters = _what_matters(folder, outcome)
    # The points of many factors take many words.
    return [*matters, *sentences] if len(folder.plan.factors) > _MANY else [*sentences, *matters]


def _estimate(outcome: str, row: "pd.Series[float]") -> str:
    low, median, high = (rounded(outcome, row[name]) for name in ("q05", "q50", "q95"))
    some = some_runs(row)
    return f"{median} (90{SPACE}%: {low} to {high}{some and f'; {some}'})"


def _ties(rows: pd.DataFrame, row: "pd.Series[float]") -> str:
    """Return at how many other points the median is the same."""
    ties = int((rows["q50"] == row["q50"]).sum()) - 1
    return f", and the same at {count(ties, 'other point')}" if ties else ""


def _what_matters(folder: SweepFolder, outcome: str) -> list[str]:
    """Return how far each factor moves an outcome, if there are several and pairs to tell it."""
    if "difference_median" not in folder.summary or len(folder.plan.factors) < 2:
        return []
    effects = effects_of(folder.plan, folder.summary, 0, outcome)
    if not effects or not effects[0].size:
        return []
    first, *others = [(effect.factor.label, rounded(outcome, effect.size)) for effect in effects]
    under = f" under {words(folder.plan.policies[0].name)}" if len(folder.plan.policies) > 1 else ""
    rest = [f"{label} by {size}" for label, size in others[:_MANY]]
    if left := len(others) - len(rest):
        rest.append(f"{count(left, 'other factor')} by less")
    moved = f"it moves the median by up to {first[1]}, {listed(rest)}"
    return [f"{first[0]} matters most{under}: {moved}."]
