"""The tables of a fit, as words: for the terminal and for the pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from rich import box
from rich.table import Table

from calibration.check import NOT_FITTED
from sim.view.labels import with_minus
from sim.view.words import series_words, words

_NUMBERS = ("article", "median (5 % to 95 %)", "prior", "posterior", "contraction", "correlation")
"""Columns that are set flush right."""
_PARAMETER = {"parameter": "meaning", "unit": "unit", "prior": "prior"}
_TOLD = {"posterior": "posterior", "contraction": "contraction", "the counts": "verdict"}
_COUNT = {"id": "target", "count": "count", "article": "article"}


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

    @classmethod
    def of(cls, title: str, table: pd.DataFrame, columns: Mapping[str, str]) -> "Words":
        """Return ``columns`` of a table, by their new names; quantiles become one column."""
        rows = [[_cell(row, of) for of in columns.values()] for _, row in table.iterrows()]
        return cls(title, list(columns), rows)

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
    """Return prior beside posterior of what was fitted, from ``parameters_table``."""
    title = "Fitted parameters: median (5 % to 95 %), most informed first"
    fitted = table[table["verdict"] != NOT_FITTED]
    ordered = fitted.sort_values("contraction", ascending=False, kind="stable")
    return Words.of(title, ordered, {**_PARAMETER, **_TOLD})


def kept_words(table: pd.DataFrame) -> Words:
    """Return the priors of what was not fitted, from ``parameters_table``."""
    title = "Parameters that no count informs: they keep their prior"
    kept = table[table["verdict"] == NOT_FITTED]
    return Words.of(title, kept, {**_PARAMETER, "source of the prior": "source"})


def targets_words(table: pd.DataFrame) -> Words:
    """Return observed beside predicted counts, from ``targets_table``."""
    title = "Counts of the articles: runs of the ensemble"
    of = _counted(table)
    of["verdict"] += of["fitted"].map({True: "", False: ", compared only"})
    columns = {"day": "data_date", **_COUNT, "median (5 % to 95 %)": "posterior", "": "verdict"}
    return Words.of(title, of, columns)


def left_out_words(table: pd.DataFrame) -> Words:
    """Return what fits without a day or two predict, from ``left_out_table``."""
    title = "Days left out: what a fit to all other days predicts"
    columns = {"left out": "left_out", **_COUNT, "median (5 % to 95 %)": "predicted", "": "verdict"}
    return Words.of(title, _counted(table), columns)


def trade_offs_words(table: pd.DataFrame, meanings: Mapping[str, str]) -> Words:
    """Return the strongest trade-offs, from ``trade_offs``."""
    title = "Trade-offs: the data tell these pairs apart least"
    named = table.assign(**{of: table[of].map(meanings) for of in ("parameter", "other")})
    columns = {"parameter": "parameter", "other parameter": "other", "correlation": "correlation"}
    return Words.of(title, named, columns)


def undetected_words(table: pd.DataFrame) -> Words:
    """Return undetected infections by cause, from ``undetected_table``."""
    title = "Undetected infections: median (5 % to 95 %)"
    kinds = {"prior": "prior", "prior, same size": "same_size"}
    return Words.of(
        title, table, {"infected entrants": "meaning", "unit": "unit", **kinds, **_TOLD}
    )


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


def count_text(low: float, high: float) -> str:
    """Return a printed count: a number, an interval or, if ``high`` is ``inf``, a lower bound."""
    if low == high:
        return _number(low)
    return (
        f"{_number(low)} to {_number(high)}" if high < float("inf") else f"{_number(low)} or more"
    )


def count_words(row: "pd.Series[Any]") -> str:
    """Return what a count of ``targets_table`` or ``left_out_table`` counts, and where."""
    return f"{series_words(row['series'])}, {words(row['place']).title()}"


def contraction_text(share: float) -> str:
    """Return a contraction, which may be below zero, in whole percent; nothing if it is missing."""
    return "" if pd.isna(share) else with_minus(f"{round(100 * share)} %")


def _counted(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table of counts with what each counts, what was printed, and whether runs agree."""
    printed = zip(table["observed_low"], table["observed_high"], strict=True)
    return table.assign(
        count=[count_words(row) for _, row in table.iterrows()],
        article=[count_text(low, high) for low, high in printed],
        verdict=table["inside_90"].map({True: "inside", False: "OUTSIDE"}),
    )


def _cell(row: "pd.Series[Any]", of: str) -> str:
    if f"{of}_q50" in row:
        low, median, high = (row[f"{of}_q{share}"] for share in ("05", "50", "95"))
        return "" if pd.isna(median) else f"{_number(median)} ({_number(low)} to {_number(high)})"
    if of == "contraction":
        return contraction_text(row[of])
    return f"{row[of]:+.2f}" if of == "correlation" else str(row[of])


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 or value == round(value) else f"{value:.2g}"
