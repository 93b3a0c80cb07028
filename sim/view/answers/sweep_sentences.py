"""What a sweep comes to: where an outcome is least and most, and what moves it more than chance."""

import math

import pandas as pd

from sim.experiment.outcome_registry import OUTCOMES, Direction
from sim.experiment.sweep.loader import Plan
from sim.experiment.sweep.results import finished_points
from sim.view.answers.sentences import title_in_sentence, with_changes
from sim.view.outcome_words import amount, difference_words, title_of_outcome, unit_of
from sim.view.sweep.tornado import effects_of
from sim.view.sweep.words import place_words
from sim.view.words import SPACE, count, listed, only_in, sentence_name, words

_MANY = 3
"""Factors that are written out."""


def shown_outcomes(plan: Plan, summary: pd.DataFrame) -> list[str]:
    """Return the outcomes that the sweep is about and has."""
    known = set(summary["outcome"])
    return [outcome for outcome in plan.sweep.outcomes if outcome in known]


def sweep_sentences(plan: Plan, summary: pd.DataFrame, outcome: str) -> list[str]:
    """Return how all points stand to the baseline, what matters out of what, and the extremes.

    All of them are medians.

    Args:
        plan: the sweep.
        summary: as ``SweepResults.summary`` makes it.
        outcome: which one.
    """
    of = summary[(summary["outcome"] == outcome) & summary["q50"].notna()]
    rows = of[of["point"] >= 0]
    points = int(((summary["outcome"] == outcome) & (summary["point"] >= 0)).sum())
    if not len(rows):
        return ["It has no value in any run."]
    least, most = rows.iloc[rows["q50"].argmin()], rows.iloc[rows["q50"].argmax()]
    if least["q50"] == most["q50"]:
        extremes = [f"The median is {_with_unit(outcome, least['q50'])} at every point."]
    else:
        extremes = [
            f"{word}: {_estimate(outcome, row)}{_place(plan, row)}{_ties(rows, row)}."
            for word, row in (("Lowest", least), ("Highest", most))
        ]
    baseline = plan.policies[0].name
    in_file = of[(of["point"] < 0) & (of["policy"] == baseline)]
    name = sentence_name(baseline)
    out_of = [f"{name}: {_estimate(outcome, row)}." for _, row in in_file.iterrows()]
    if left := points - len(rows):
        extremes.append(f"There is no value in any run at {left} of {count(points, 'point')}.")
    matters = _what_matters(plan, of, outcome)
    return [*_against_baseline(plan, rows, outcome), *matters, *out_of, *extremes]


def _against_baseline(plan: Plan, rows: pd.DataFrame, outcome: str) -> list[str]:
    """Return that all points are better, or all worse; nothing if neither or if none can be."""
    direction = OUTCOMES[outcome].direction
    if direction is Direction.NEITHER or "difference_median" not in rows:
        return []
    known = rows["difference_median"].dropna()
    gain = -known if direction is Direction.FEWER_IS_BETTER else known
    if not len(known) or not gain.any():
        return []
    low, high = (difference_words(outcome, value) for value in (known.min(), known.max()))
    by = f"the median differences in {title_in_sentence(outcome)} are {low} to {high}"
    baseline = words(plan.policies[0].name)
    if (gain < 0).all():
        return [f"Every point is worse than {baseline}: {by}."]
    if (gain > 0).all():
        return [f"Every point is better than {baseline}: {by}."]
    return [f"No point is better than {baseline}: {by}."] if (gain <= 0).all() else []


def _estimate(outcome: str, row: "pd.Series[float]") -> str:
    low, high = amount(outcome, row["q05"]), amount(outcome, row["q95"])
    some = only_in(int(row["runs_with_value"]), int(row["runs"]))
    return f"{_with_unit(outcome, row['q50'])} (90{SPACE}%: {low} to {high}{some and f'; {some}'})"


def _with_unit(outcome: str, value: float) -> str:
    unit = unit_of(outcome)
    return amount(outcome, value) + ("" if unit in ("share", "ratio") else f" {unit}")


def _place(plan: Plan, row: "pd.Series[float]") -> str:
    """Return where a point is; nothing if that takes too many words for a sentence."""
    return f" at {place_words(plan, row)}" if len(plan.factors) <= _MANY else ""


def _ties(rows: pd.DataFrame, row: "pd.Series[float]") -> str:
    """Return at how many other points the median is the same."""
    ties = int((rows["q50"] == row["q50"]).sum()) - 1
    return f", and the same at {count(ties, 'other point')}" if ties else ""


def _what_matters(plan: Plan, of: pd.DataFrame, outcome: str) -> list[str]:
    """Return how far each factor moves an outcome, and whether by chance."""
    if "difference_median" not in of or len(plan.factors) < 2:
        return []
    effects = effects_of(plan, of, 0, outcome)
    if not effects or not effects[0].size:
        return []
    largest, *others = effects
    rows = finished_points(of, plan.policies[0].name, outcome)
    # Two medians whose 95 % intervals do not meet are further apart than an interval is wide.
    width = float((rows["difference_median_high_95"] - rows["difference_median_low_95"]).median())
    size = _with_unit(outcome, largest.size)
    under = f" under {words(plan.policies[0].name)}" if len(plan.policies) > 1 else ""
    median = f"the median of \N{LEFT DOUBLE QUOTATION MARK}{title_in_sentence(outcome)}"
    median += "\N{RIGHT DOUBLE QUOTATION MARK}"
    rest = [f"{of.factor.label} by {amount(outcome, of.size)}" for of in others[:_MANY]]
    if left := len(others) - len(rest):
        rest.append(f"{count(left, 'other factor')} by less")
    if largest.size <= width:
        said = f"No factor moves {median} more than chance{under}: {largest.factor.label} by up to "
        return [f"{said}{size}; next to it, {listed(rest)}."]
    chance = "too few runs to tell it from chance" if math.isnan(width) else "more than chance"
    said = f"What matters most{under} is {largest.factor.label}: it moves {median} by up to "
    return [f"{said}{size} ({chance}); next to it, {listed(rest)}."]


def sweep_text(plan: Plan, summary: pd.DataFrame) -> str:
    """Return what a sweep ends with in the terminal: its question, and sentences by outcome.

    Args:
        plan: the sweep.
        summary: as ``SweepResults.summary`` makes it.
    """
    question = with_changes(plan.sweep.question, plan.policies[0])
    lines = [f"{plan.sweep.name}: {question}".removesuffix(": ")]
    for outcome in shown_outcomes(plan, summary):
        lines.append(title_of_outcome(outcome))
        lines += [f"  {sentence}" for sentence in sweep_sentences(plan, summary, outcome)]
    return "\n".join(lines).replace(SPACE, " ")


def sensitivity_text(plan: Plan, table: pd.DataFrame) -> str:
    """Return the shares of variance and rank correlations of every outcome, in a few lines."""
    labels = {factor.name: factor.label for factor in plan.factors}
    scales = {factor.name for factor in plan.factors if factor.is_scale}
    width = max(map(len, labels.values())) + 2
    total = table["total_order"].notna().any()
    lines = [
        "share of the variance between points that each factor explains alone (90 % interval),"
    ]
    lines += ["share that it has any part in (90 % interval),"] if total else []
    lines += ["and its partial rank correlation with the difference"]
    for key, of in table.groupby(["policy", "outcome"], sort=False):
        policy, outcome = map(str, key)
        head = f"{title_of_outcome(outcome)}, {words(policy)}"
        lines.append(f"{head}, {of['points'].iloc[0]:,} points")
        for _, row in of.sort_values("first_order", ascending=False).iterrows():
            rank = f"{row['prcc']:+.2f}"
            if pd.isna(row["prcc"]):
                rank = "none" if row["factor"] in scales else "no scale"
            orders = ["first_order", *(["total_order"] if total else [])]
            indices = "".join(f"{_index(row, order):24}" for order in orders)
            lines.append(f"  {labels[row['factor']]:{width}}{indices}{rank}")
    return "\n".join(lines)


def _index(row: "pd.Series[float]", name: str) -> str:
    index, low, high = (row[f"{name}{end}"] for end in ("", "_low_90", "_high_90"))
    if pd.isna(index):
        return " none"
    return f"{index:5.0%} ({'no interval' if pd.isna(low) else f'{low:.0%} to {high:.0%}'})"
