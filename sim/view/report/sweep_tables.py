"""The tables of a sweep."""

from collections.abc import Iterator
from itertools import islice

import pandas as pd

from sim.view.outcome_words import title_of_outcome
from sim.view.policy_words import words
from sim.view.report.folder import SweepFolder
from sim.view.report.html_table import Cell, HtmlTable, plain
from sim.view.report.wording import NOTHING, SPACE, amount, change, percent, some_runs, span
from sim.view.sweep.words import place_words

_MOST = 500
"""Rows of a table; the others are in the file."""


def points(folder: SweepFolder, outcomes: list[str]) -> HtmlTable:
    """Return outcomes at all points, a row a point and policy."""
    of = folder.summary
    of_outcomes = [of[of["outcome"] == outcome] for outcome in outcomes]
    rows = [
        (
            place_words(folder.plan, together[0]),
            [_cell(outcome, row) for outcome, row in zip(outcomes, together, strict=True)],
        )
        for together in islice(zip(*map(_rows, of_outcomes), strict=True), _MOST)
    ]
    left = len(of_outcomes[0]) - len(rows)
    return HtmlTable(
        f"Median of the runs at each point, middle 90{SPACE}% of the runs, and median difference "
        f"from {words(folder.plan.policies[0].name)} as its file says."
        + (f" {left:,} more points are in summary.csv." if left else ""),
        ["Point", *map(title_of_outcome, outcomes)],
        rows,
    )


def boxes(folder: SweepFolder) -> HtmlTable:
    """Return the boxes of a scenario discovery, a row a box."""
    assert folder.boxes is not None
    rows = [
        (
            f"{box['limits']}{' (chosen)' if str(box['chosen']) == 'True' else ''}",
            plain([percent(box[share]) for share in ("coverage", "density", "mass")]),
        )
        for box in _rows(folder.boxes)
    ]
    return HtmlTable(
        "Boxes of a scenario discovery: shares of the cases of interest that are inside "
        "(coverage), of the cases inside that are of interest (density), and of all cases.",
        ["Conditions", "Coverage", "Density", "Inside"],
        rows,
    )


def _rows(table: pd.DataFrame) -> "Iterator[pd.Series[float]]":
    return (row for _, row in table.iterrows())


def _cell(outcome: str, row: "pd.Series[float]") -> Cell:
    if not row["runs_with_value"]:
        return Cell(NOTHING, ("no value in any run",))
    notes = [f"90{SPACE}%: {span(outcome, row['q05'], row['q95'])}"]
    if some := some_runs(row):
        notes.append(some)
    if "difference_median" in row:
        notes.append(f"difference {change(outcome, row['difference_median'])}")
    return Cell(amount(outcome, row["q50"]), tuple(notes))
