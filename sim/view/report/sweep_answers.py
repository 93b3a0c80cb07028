"""The answer of a sweep in words: where each outcome is least and most, and which factor matters."""

import pandas as pd

from sim.view.policy_words import words
from sim.view.report.answers import Answer
from sim.view.report.folder import SweepFolder
from sim.view.report.wording import SPACE, amount, listed, span
from sim.view.sweep_heat_map import level_words, title_of_outcome
from sim.view.sweep_tornado import effects_of


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
    rows = of[(of["point"] >= 0) & (of["outcome"] == outcome)]
    least, most = rows.iloc[rows["q50"].argmin()], rows.iloc[rows["q50"].argmax()]
    if least["q50"] == most["q50"]:
        return [f"The median is {amount(outcome, least['q50'])} at every point."]
    sentences = [
        f"Least at {place_words(folder, least)}: {_estimate(outcome, least)}.",
        f"Most at {place_words(folder, most)}: {_estimate(outcome, most)}.",
    ]
    if len(folder.plan.factors) > 1 and (matters := _what_matters(folder, outcome)):
        sentences.append(matters)
    return sentences


def place_words(folder: SweepFolder, row: "pd.Series[float]") -> str:
    """Return the settings of a row of the summary, and its policy if there are several."""
    levels = folder.plan.points[int(row["point"])].levels
    at = [
        f"{factor.label} {level_words(level)}"
        for factor, level in zip(folder.plan.factors, levels, strict=True)
    ]
    if len(folder.plan.policies) > 1:
        at.append(words(str(row["policy"])))
    return ", ".join(at)


def _estimate(outcome: str, row: "pd.Series[float]") -> str:
    interval = span(outcome, row["q05"], row["q95"])
    return f"{amount(outcome, row['q50'])} (90{SPACE}%: {interval})"


def _what_matters(folder: SweepFolder, outcome: str) -> str:
    """Return how far each factor moves an outcome, the largest first; empty without pairs."""
    if "difference_median" not in folder.summary:
        return ""
    effects = effects_of(folder.plan, folder.summary, 0, outcome)
    if not effects or not effects[0].size:
        return ""
    first, *others = [(effect.factor.label, amount(outcome, effect.size)) for effect in effects]
    under = f" under {words(folder.plan.policies[0].name)}" if len(folder.plan.policies) > 1 else ""
    rest = listed([f"{label} {size}" for label, size in others])
    return f"{first[0]} matters most{under}: it moves the median by up to {first[1]}; {rest}."
