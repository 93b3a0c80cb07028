"""The tables that ``bordersim calibrate --check`` ends with, in the terminal."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
from rich import box
from rich.table import Table


def parameters_summary(table: pd.DataFrame) -> Table:
    """Return prior beside posterior; see ``calibration.check.parameters_table``."""
    shown = _table("Parameters: median (5 % to 95 %), most informed first")
    for column in ("", "unit"):
        shown.add_column(column)
    for column in ("prior", "posterior", "contraction"):
        shown.add_column(column, justify="right")
    shown.add_column("the counts say")
    for _, row in table.sort_values("contraction", ascending=False, kind="stable").iterrows():
        shown.add_row(
            row["meaning"],
            row["unit"],
            _interval(row, "prior"),
            _interval(row, "posterior"),
            f"{100 * row['contraction']:.0f} %",
            row["verdict"],
        )
    return shown


def targets_summary(table: pd.DataFrame) -> Table:
    """Return observed beside predicted counts; see ``calibration.check.targets_table``."""
    shown = _table("Counts of the articles: runs of the ensemble")
    for column in ("", "day", "series"):
        shown.add_column(column)
    for column in ("article", "median (5 % to 95 %)"):
        shown.add_column(column, justify="right")
    shown.add_column("")
    for _, row in table.iterrows():
        shown.add_row(
            row["target"],
            row["data_date"],
            f"{row['place']} {row['series'].replace('_', ' ')}",
            _observed(row),
            _interval(row, "posterior"),
            ("inside" if row["inside_90"] else "OUTSIDE")
            + ("" if row["fitted"] else ", compared only"),
        )
    return shown


def left_out_summary(table: pd.DataFrame) -> Table:
    """Return what fits without a day foretell; see ``calibration.check.left_out_table``."""
    shown = _table("Days left out: what a fit to all other days foretells")
    for column in ("left out", "", "series"):
        shown.add_column(column)
    for column in ("article", "median (5 % to 95 %)"):
        shown.add_column(column, justify="right")
    shown.add_column("")
    for _, row in table.iterrows():
        shown.add_row(
            row["left_out"],
            row["target"],
            f"{row['place']} {row['series'].replace('_', ' ')}",
            _observed(row),
            _interval(row, "predicted"),
            "inside" if row["inside_90"] else "OUTSIDE",
        )
    return shown


def trade_offs_summary(table: pd.DataFrame, meanings: Mapping[str, str]) -> Table:
    """Return the strongest trade-offs; see ``calibration.check.trade_offs``."""
    shown = _table("Trade-offs: the data tell these pairs apart least")
    shown.add_column("")
    shown.add_column("")
    shown.add_column("correlation", justify="right")
    for _, row in table.iterrows():
        shown.add_row(
            meanings[row["parameter"]], meanings[row["other"]], f"{row['correlation']:+.2f}"
        )
    return shown


def budget_line(provenance: Mapping[str, Any]) -> str:
    """Return in a sentence what the fit cost and how far its chains can be trusted."""
    return (
        f"budget: {provenance['reference_runs']:,} reference runs, {provenance['chains']} chains; "
        f"{provenance['distinct_pairs']} distinct pairs, {provenance['chains_replaced']} chains "
        f"replaced, {provenance['chains_stuck']} stuck in the end"
    )


def _table(title: str) -> Table:
    return Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)


def _interval(row: "pd.Series[Any]", of: str) -> str:
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
