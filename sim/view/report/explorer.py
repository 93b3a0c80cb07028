"""What the explorer of a sweep needs: every point with its outcomes, for the page."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.ticker import MaxNLocator

from sim.experiment.sweep.points import Factor, Level
from sim.experiment.sweep.quantity import quantity_of
from sim.experiment.sweep.schema import Grid
from sim.view.answers.sweep_sentences import shown_outcomes
from sim.view.outcome_words import amount, tick_words, title_of_outcome
from sim.view.report.folder import SweepFolder
from sim.view.sweep.words import level_words
from sim.view.words import SPACE, only_in, words

MOST_POINTS = 5_000
"""Points and policies up to which there is an explorer: more would make the page slow."""
_STOPS, _TICKS, _DIGITS = 21, 4, 6
"""Stops of a slider along a range, ticks of an axis, and digits of a number that are kept."""
_FAR = 0.4
"""Share of the largest value above which an axis need not begin at zero."""
_QUANTILES = ("q05", "q25", "q50", "q75", "q95")


def explorer_of(folder: SweepFolder) -> dict[str, Any] | None:
    """Return the data of the explorer; None if there is nothing to explore, or too much."""
    plan = folder.plan
    if not 2 <= len(plan.points) * len(plan.policies) <= MOST_POINTS:
        return None
    exact = isinstance(plan.sweep.design, Grid)
    return {
        "exact": exact,
        "factors": [_factor(factor, exact) for factor in plan.factors],
        "points": [
            {
                "at": [_at(of, level, exact) for of, level in zip(plan.factors, at, strict=True)],
                "words": [level_words(level) for level in at],
            }
            for at in (point.levels for point in plan.points)
        ],
        "policies": [words(policy.name) for policy in plan.policies],
        "outcomes": [_outcome(folder, outcome) for outcome in shown_outcomes(plan, folder.summary)],
    }


def _factor(factor: Factor, exact: bool) -> dict[str, Any]:
    """Return a factor with the stops of its slider, each a place and its words."""
    if exact or factor.range is None:
        stops = [(float(place), level_words(of)) for place, of in enumerate(factor.levels)]
    else:
        shares = np.linspace(0, 1, _STOPS).tolist()
        stops = [(share, level_words(factor.at(share))) for share in shares]
    between = not exact and factor.range is not None
    return {"label": factor.label, "between": between, "stops": [list(stop) for stop in stops]}


def _at(factor: Factor, level: Level, exact: bool) -> float:
    """Return the place of a level: its number in the list, or its share of the range."""
    if exact or factor.range is None:
        return float([of.label for of in factor.levels].index(level.label))
    low, here, high = quantity_of(factor.range.low), level.quantity, quantity_of(factor.range.high)
    assert low is not None
    assert here is not None
    assert high is not None
    numbers = np.array([low.number, here.number, high.number])
    bottom, value, top = np.log(numbers) if factor.range.scale == "log" else numbers
    return round(float((value - bottom) / (top - bottom)), _DIGITS)


def _outcome(folder: SweepFolder, outcome: str) -> dict[str, Any]:
    """Return an outcome: its axis, and its values as ``values[policy][point]``."""
    of = folder.summary[folder.summary["outcome"] == outcome]
    low, high = np.nan_to_num([of["q05"].min(), of["q95"].max()]).tolist()
    low = low if low < 0 or low > _FAR * high else 0.0
    high = high if high > low else low + 1.0
    ticks = [float(tick) for tick in MaxNLocator(_TICKS).tick_values(low, high)]
    rows = {(row["policy"], int(row["point"])): row for _, row in of.iterrows()}
    names = [policy.name for policy in folder.plan.policies]
    places = range(len(folder.plan.points))
    at_points = [[rows.get((name, place)) for place in places] for name in names]
    return {
        "title": title_of_outcome(outcome),
        "low": ticks[0],
        "high": ticks[-1],
        "ticks": [[tick, tick_words(outcome, tick)] for tick in ticks],
        "in_file": [_numbers(rows.get((name, -1))) for name in names],
        "values": [[_numbers(row) for row in of_policy] for of_policy in at_points],
        "words": [[_words(outcome, row) for row in of_policy] for of_policy in at_points],
    }


def _numbers(row: "pd.Series[float] | None") -> list[float] | None:
    if row is None or pd.isna(row["q50"]):
        return None
    return [float(f"{row[name]:.{_DIGITS}g}") for name in _QUANTILES]


def _words(outcome: str, row: "pd.Series[float] | None") -> list[str] | None:
    """Return the median, and the intervals, as words."""
    if row is None or pd.isna(row["q50"]):
        return None
    low, lower, median, upper, high = (amount(outcome, row[name]) for name in _QUANTILES)
    some = only_in(int(row["runs_with_value"]), int(row["runs"]))
    said = f"50{SPACE}%: {lower} to {upper}", f"90{SPACE}%: {low} to {high}", some
    return [median, "; ".join(filter(None, said))]
