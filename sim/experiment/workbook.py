"""Tables of a folder of results as an Excel workbook, with a sheet that explains them.

Needs the extra ``xlsx``.
"""

import csv
import datetime as dt
import io
import math
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from sim.experiment.outcome_registry import OUTCOMES

_MOST_ROWS = 1_048_576
"""Of a sheet."""

_README = "README"

_TABLES = {
    "outcomes": "one row per run, one column per outcome",
    "outcomes_summary": "one row per outcome: median, mean and quantiles over the runs",
    "series_quantiles": "one row per day, place and series: mean and quantiles over the runs",
    "fates_by_entry_day": "one row per day of crossing: mean number of infected entrants by fate",
    "cases_by_onset": "one row per day: imported cases by day of onset and of report",
    "parameters": "one row per run: fitted parameters; or one row per parameter after a fit",
    "linelist": "one row per infected person of every run",
    "transmissions": "one row per transmission between people in the model",
    "differences": "one row per policy and outcome: paired differences from the baseline",
    "summary": "one row per policy, point and outcome of a sweep",
    "failures": "one row per run that failed",
    "published": "one row per published number, beside what the scenario gives",
    "sensitivity": "one row per policy, outcome and factor of a sweep",
}

_COLUMNS = {
    "scenario": "name of the scenario",
    "policy": "name of the scenario that is compared with the baseline",
    "baseline": "name of the scenario that the others are compared with",
    "outcome": "which outcome; see those of the sheet outcomes",
    "unit": "of the numbers of the row",
    "seed": "seed of the random numbers of the run",
    "pair": "number of the pair of parameters and random numbers, from 0",
    "point": "number of the point of the sweep; -1: as the file of the policy says",
    "date": "day of the calendar",
    "place": "place or leg that is counted",
    "series": "which daily series",
    "runs": "number of finished runs",
    "runs_with_value": "number of runs in which the outcome has a value",
    "mean": "mean of the runs, or of the paired differences",
    "median": "median of the paired differences",
    "pairs": "number of pairs in which the outcome has a value in both runs",
    "lower": "share of pairs in which the policy has less",
    "equal": "share of pairs that are equal",
    "higher": "share of pairs in which the policy has more",
    "mean_half_width_95": "half of the 95 % confidence interval of the mean",
    "variance_ratio": "variance of unpaired differences divided by that of the pairs",
    **{f"q{share:02}": f"{share} % quantile" for share in (5, 25, 50, 75, 95)},
}


def workbook_of(tables: Mapping[str, Path]) -> tuple[bytes, list[str]]:
    """Return an Excel file with one sheet per table, the first of which explains the others.

    Args:
        tables: CSV files by the name of their sheet.

    Returns:
        The file, and the names of the tables that are too long for a sheet.
    """
    book = Workbook(write_only=True)
    readme = book.create_sheet(_README)
    readme.column_dimensions["A"].width = readme.column_dimensions["B"].width = 28
    rows: list[Sequence[Any]] = [("sheet", "column", "meaning")]
    left_out = []
    for name, path in tables.items():
        with path.open(encoding="utf-8", newline="") as file:
            lines = sum(1 for _ in csv.reader(file))
            if lines > _MOST_ROWS:
                left_out.append(name)
                rows.append((name, "", f"not in this file, because it is too long: {path.name}"))
                continue
            file.seek(0)
            reader = csv.reader(file)
            head = next(reader, [])
            rows.append((name, "", _TABLES.get(name, f"as in {path.name}")))
            rows += [(name, column, _meaning(column)) for column in head]
            sheet = book.create_sheet(name[:31])
            sheet.freeze_panes = "A2"
            sheet.append([_bold(sheet, column) for column in head])
            for cells in reader:
                sheet.append([_value(sheet, text) for text in cells])
    readme.append([_bold(readme, word) for word in rows[0]])
    for row in rows[1:]:
        readme.append([_text(readme, word) for word in row])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue(), left_out


def _meaning(column: str) -> str:
    outcome = OUTCOMES.get(column)
    if outcome is None:
        return _COLUMNS.get(column, "")
    unit = f" [{outcome.unit}]" if outcome.unit else ""
    return f"{outcome.label}{unit}: {outcome.meaning}"


def _value(sheet: Any, text: str) -> Any:
    """Return a cell of a number or a day as such, and an empty one without a value."""
    for read in (float, dt.date.fromisoformat):
        with suppress(ValueError):
            value = read(text)
            return None if isinstance(value, float) and not math.isfinite(value) else value
    return _text(sheet, text) if text else None


def _text(sheet: Any, text: str) -> Any:
    """Return a cell of text, also of one that begins as a formula does."""
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", text))
    cell.data_type = "s"
    return cell


def _bold(sheet: Any, text: str) -> Any:
    cell = _text(sheet, text)
    cell.font = Font(bold=True)
    return cell
