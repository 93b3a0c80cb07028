"""Sweeps in words: factors and levels, what ran, and the finding of an outcome."""

import datetime as dt
from functools import partial

import pandas as pd

from sim.experiment.outcome_registry import OUTCOMES
from sim.experiment.sweep.loader import Plan
from sim.experiment.sweep.points import Factor, Level
from sim.experiment.sweep.quantity import Quantity
from sim.view.axes import short_date
from sim.view.labels import value_text, whole, with_minus
from sim.view.outcome_words import difference_words, title_of_outcome
from sim.view.policies.look import beyond_chance, change_words
from sim.view.words import count_of_runs, with_capital, words
from sim.world.draws import BoolArray

DATE = "date"
"""Unit of dates as places on an axis."""
_DIGITS = 5
"""Most characters of a number of a factor, unless it is whole."""


def axis_label(factor: Factor) -> str:
    """Return the label of a factor's axis, with the unit or year that its ticks leave out."""
    ends = [level.quantity for level in factor.levels if level.quantity]
    if not factor.is_scale or not ends[0].unit:
        return factor.label
    if ends[0].unit != DATE:
        return f"{factor.label} ({ends[0].unit})"
    years = sorted({date_of(quantity).year for quantity in ends})
    return f"{factor.label} ({' to '.join(map(str, dict.fromkeys((years[0], years[-1]))))})"


def tick_label(factor: Factor, level: Level) -> str:
    """Return what stands at a level on an axis that has the label ``axis_label``."""
    if factor.is_scale and level.quantity and level.quantity.unit != DATE:
        return number_words(level.quantity.number)
    return level_words(level)


def level_words(level: Level) -> str:
    """Return a level as words: dates without their years, computed numbers with few digits."""
    return level.label if level.quantity is None else quantity_words(level.quantity)


def quantity_words(quantity: Quantity) -> str:
    """Return a place on an axis as words."""
    if quantity.unit == DATE:
        return short_date(date_of(quantity))
    # A number is never parted from its unit at the end of a line.
    return f"{number_words(quantity.number)}\N{NO-BREAK SPACE}{quantity.unit}".rstrip()


def date_of(quantity: Quantity) -> dt.date:
    """Return the date at a place on an axis of dates."""
    return dt.date.fromordinal(round(quantity.number))


def number_words(number: float) -> str:
    """Return a number of a factor, with few digits if it has many."""
    if number == round(number):
        return whole(number)
    plain = with_minus(f"{number:g}")
    return plain if len(plain) <= _DIGITS else value_text(number)


def place_words(plan: Plan, row: "pd.Series[float]") -> str:
    """Return the settings of a row of the summary, and its policy if there are several.

    Plain numbers have the name of their factor; levels with a unit or a name speak for themselves.
    """
    at = ["as the file says"]
    if row["point"] >= 0:
        levels = zip(plan.factors, plan.points[int(row["point"])].levels, strict=True)
        at = [
            f"{factor.label} {level_words(level)}"
            if level.quantity and not level.quantity.unit
            else level_words(level)
            for factor, level in levels
        ]
    if len(plan.policies) > 1:
        at.append(words(str(row["policy"])))
    return ", ".join(at)


def rows_of(
    plan: Plan, summary: pd.DataFrame, policy: int | None = None, outcome: str | None = None
) -> pd.DataFrame:
    """Return the rows of the points of a policy and of an outcome; None: of all."""
    rows = summary[summary["point"] >= 0]
    rows = rows if outcome is None else rows[rows["outcome"] == outcome]
    return rows if policy is None else rows[rows["policy"] == plan.policies[policy].name]


def sure_of(rows: pd.DataFrame) -> BoolArray:
    """Tell at which rows of a summary the sign of the differences is more than chance."""
    pairs, lower, higher = (
        rows[f"difference_{name}"].to_numpy(dtype=float) for name in ("pairs", "lower", "higher")
    )
    return beyond_chance(pairs, lower, higher)


def headline_outcome(plan: Plan) -> str:
    """Return the outcome of a sweep that its figures speak of: one by which policies are judged."""
    return min(plan.sweep.outcomes, key=lambda name: (
        not OUTCOMES[name].first, "better" not in OUTCOMES[name].direction.value,
    ))  # fmt: skip


def finding_of(plan: Plan, summary: pd.DataFrame, outcome: str, policy: int | None = None) -> str:
    """Return at which point an outcome is best, in a sentence; lowest, where neither is better.

    Points count whose difference from the reference is more than chance.

    Args:
        plan: the sweep.
        summary: as ``SweepResults.summary`` makes it.
        outcome: which one.
        policy: number of the policy; None: of all policies together.
    """
    title, reference = title_of_outcome(outcome), words(plan.policies[0].name)
    rows = rows_of(plan, summary, policy, outcome)
    rows = rows[rows["difference_median"].notna()]
    if not len(rows):
        return f"{title}: no finished pairs of runs with a value"
    sure = rows[sure_of(rows)]
    if not len(sure):
        return f"{title}: no point differs from {reference} beyond chance"
    sides = OUTCOMES[outcome].direction.value
    sign = -1 if sides[1] == "better" else 1
    order = sure.assign(
        _median=sign * sure["difference_median"],
        _side=sign * (sure["difference_higher"] - sure["difference_lower"]),
    ).sort_values(["_median", "_side"], kind="stable")
    best = order.iloc[0]
    change = change_words(
        float(best["difference_median"]),
        float(best["difference_lower"]),
        float(best["difference_higher"]),
        partial(difference_words, outcome),
    )
    where = f"{change} at {place_words(plan, best)}"
    if "better" not in sides:
        return f"{title}: lowest, {where}"
    if best["_side"] < 0:
        return f"{title}: best, {where}"
    if len(sure) == len(rows[rows["difference_equal"] < 1]):
        return f"{title}: worse than {reference} at every point, least: {where}"
    return f"{title}: no point is better than {reference}, {len(sure):,} of {len(rows):,} are worse"


def what_ran(plan: Plan, summary: pd.DataFrame, policy: int | None = None) -> str:
    """Return what differences are from, and the number of runs, in a sentence or two."""
    rows = rows_of(plan, summary, policy)
    fewest, most = int(rows["runs"].min()), int(rows["runs"].max())
    runs = count_of_runs(most) if fewest == most else f"{fewest:,} to {count_of_runs(most)}"
    ran = (
        f"{with_capital(runs)} per point. Differences: from {words(plan.policies[0].name)} "
        "as its file says, with the same parameters and random numbers. Chance: a sign test at "
        "5\N{NO-BREAK SPACE}%."
    )
    if policy is not None and len(plan.policies) > 1:
        ran = f"Policy: {words(plan.policies[policy].name)}. {ran}"
    points = len(plan.points) * (len(plan.policies) if policy is None else 1)
    missing = points - len(rows[["policy", "point"]].drop_duplicates())
    if missing:
        ran += f" {missing:,} of {points:,} points have no finished run."
    some = rows[rows["runs_with_value"] < rows["runs"]]["outcome"].value_counts()
    return ran + "".join(
        f" {title_of_outcome(outcome)}: at {some[outcome]:,} of {points:,} points some runs have "
        "no value and are left out."
        for outcome in dict.fromkeys(plan.sweep.outcomes)
        if outcome in some
    )
