"""The tables of a fit, as words: for the terminal and for the pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from rich import box
from rich.table import Table

from calibration.check import NOT_FITTED

_NUMBERS = ("article", "median (5 % to 95 %)", "prior", "posterior", "contraction", "correlation")
"""Columns that are set flush right."""


@dataclass(frozen=True)
class Words:
    """A table of words.

    Attributes:
        title: what it shows.
        head: name of each column.
        rows: the cells.
    """

    title: str
    head: list[str]
    rows: list[list[str]]

    def for_terminal(self) -> Table:
        """Return the table as it is printed."""
        shown = Table(
            title=self.title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD
        )
        for name in self.head:
            shown.add_column(name, justify="right" if name in _NUMBERS else "left")
        for row in self.rows:
            shown.add_row(*row)
        return shown


def parameters_words(table: pd.DataFrame) -> Words:
    """Return prior beside posterior of what was fitted; see ``calibration.check``."""
    fitted = table[table["verdict"] != NOT_FITTED]
    rows = [
        [
            row["meaning"],
            row["unit"],
            _interval(row, "prior"),
            _interval(row, "posterior"),
            f"{100 * row['contraction']:.0f} %",
            row["verdict"],
        ]
        for _, row in fitted.sort_values("contraction", ascending=False, kind="stable").iterrows()
    ]
    head = ["parameter", "unit", "prior", "posterior", "contraction", "the counts"]
    return Words("Fitted parameters: median (5 % to 95 %), most informed first", head, rows)


def kept_words(table: pd.DataFrame) -> Words:
    """Return the priors of what was not fitted; see ``calibration.check.parameters_table``."""
    kept = table[table["verdict"] == NOT_FITTED]
    rows = [
        [row["meaning"], row["unit"], _interval(row, "prior"), row["source"]]
        for _, row in kept.iterrows()
    ]
    head = ["parameter", "unit", "prior", "source of the prior"]
    return Words("Parameters that no count informs: they keep their prior", head, rows)


def targets_words(table: pd.DataFrame) -> Words:
    """Return observed beside predicted counts; see ``calibration.check.targets_table``."""
    rows = [
        [
            row["data_date"],
            *_counted(row, "posterior"),
            _verdict(row) + ("" if row["fitted"] else ", compared only"),
        ]
        for _, row in table.iterrows()
    ]
    return Words("Counts of the articles: runs of the ensemble", ["day", *_COUNTED, ""], rows)


def left_out_words(table: pd.DataFrame) -> Words:
    """Return what fits without a day or two predict; see ``calibration.check.left_out_table``."""
    rows = [
        [row["left_out"], *_counted(row, "predicted"), _verdict(row)] for _, row in table.iterrows()
    ]
    title = "Days left out: what a fit to all other days predicts"
    return Words(title, ["left out", *_COUNTED, ""], rows)


def trade_offs_words(table: pd.DataFrame, meanings: Mapping[str, str]) -> Words:
    """Return the strongest trade-offs; see ``calibration.check.trade_offs``."""
    rows = [
        [meanings[row["parameter"]], meanings[row["other"]], f"{row['correlation']:+.2f}"]
        for _, row in table.iterrows()
    ]
    title = "Trade-offs: the data tell these pairs apart least"
    return Words(title, ["parameter", "other parameter", "correlation"], rows)


def undetected_words(table: pd.DataFrame) -> Words:
    """Return undetected infections by cause; see ``calibration.undetected.undetected_table``."""
    rows = [
        [
            row["meaning"],
            row["unit"],
            _interval(row, "prior"),
            _interval(row, "same_size"),
            _interval(row, "posterior"),
            "" if pd.isna(row["contraction"]) else f"{100 * row['contraction']:.0f} %",
            row["verdict"],
        ]
        for _, row in table.iterrows()
    ]
    head = [
        *("infected entrants", "unit", "prior", "prior, same size", "posterior"),
        *("contraction", "the counts"),
    ]
    return Words("Undetected infections: median (5 % to 95 %)", head, rows)


def budget_line(provenance: Mapping[str, Any]) -> str:
    """Return in a sentence what the fit cost and how far its chains can be trusted."""
    local = ""
    if "local_chains" in provenance:
        local = (
            f"; local side: {provenance['local_reference_runs']:,} reference runs, "
            f"{provenance['local_chains']} chains, {provenance['local_stuck']} pairs stuck"
        )
    return (
        f"{provenance['reference_runs']:,} reference runs, {provenance['ladders']} ladders; "
        f"{provenance['distinct_pairs']} distinct pairs from {provenance['starts_left']} starts, "
        f"{provenance['pairs_stuck']} stuck{local}"
    )


_COUNTED = ["", "count", "article", "median (5 % to 95 %)"]


def _counted(row: "pd.Series[Any]", of: str) -> list[str]:
    """Return which count it is, what was printed, and what runs say."""
    series = f"{row['place']}, {row['series'].replace('_', ' ')}"
    return [row["target"], series, _observed(row), _interval(row, of)]


def _verdict(row: "pd.Series[Any]") -> str:
    return "inside" if row["inside_90"] else "OUTSIDE"


def _interval(row: "pd.Series[Any]", of: str) -> str:
    if pd.isna(row[f"{of}_q50"]):
        return ""
    low, median, high = (_number(row[f"{of}_q{share}"]) for share in ("05", "50", "95"))
    return f"{median} ({low} to {high})"


def _observed(row: "pd.Series[Any]") -> str:
    low, high = row["observed_low"], row["observed_high"]
    if low == high:
        return _number(low)
    return f"{_number(low)} to {_number(high)}" if high < float("inf") else f"over {_number(low)}"


def _number(value: float) -> str:
    if abs(value) >= 100 or value == round(value):
        return f"{value:,.0f}"
    return f"{value:.2g}"
