"""The tables of a sweep."""

import pandas as pd

from sim.view.policy_words import words
from sim.view.report.folder import SweepFolder
from sim.view.report.html_table import Cell, HtmlTable
from sim.view.report.wording import SPACE, amount, change, span
from sim.view.sweep_heat_map import level_words, title_of_outcome

_MOST = 500
"""Rows of a table; the others are in the file."""


def points(folder: SweepFolder, outcomes: list[str]) -> HtmlTable:
    """Return outcomes at all points, a row a point and policy."""
    factors, policies = folder.plan.factors, folder.plan.policies
    of = folder.summary[folder.summary["outcome"].isin(outcomes)]
    groups = list(of.groupby(["policy", "point"], sort=False))
    rows = []
    for (policy, point), group in groups[:_MOST]:
        by_outcome = group.set_index("outcome")
        if point < 0:
            at = ["as the file says"]
        else:
            levels = folder.plan.points[int(point)].levels
            at = [f"{f.label} {level_words(of)}" for f, of in zip(factors, levels, strict=True)]
        names = [words(policy)] if len(policies) > 1 else []
        cells = [_cell(outcome, by_outcome.loc[outcome]) for outcome in outcomes]
        rows.append((", ".join([*at, *names]), cells))
    left = len(groups) - len(rows)
    return HtmlTable(
        f"Median of the runs at each point, middle 90{SPACE}% of the runs, and median difference "
        f"from {words(policies[0].name)} as its file says."
        + (f" {left:,} more points are in summary.csv." if left else ""),
        ["Point", *map(title_of_outcome, outcomes)],
        rows,
    )


def _cell(outcome: str, row: "pd.Series[float]") -> Cell:
    notes = [f"90{SPACE}%: {span(outcome, row['q05'], row['q95'])}"]
    if "difference_median" in row:
        notes.append(f"difference {change(outcome, row['difference_median'])}")
    return Cell(amount(outcome, row["q50"]), tuple(notes))
