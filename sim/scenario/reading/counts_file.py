"""Read the CSV file of dates and counts named by a scenario's curve."""

import csv
import dataclasses
import datetime as dt
import io
import os
import re
from pathlib import Path
from typing import Any

from sim.scenario.reading.errors import SETTING, Loc, Problem, ScenarioError, closest, dotted
from sim.scenario.reading.ordinary_file import FileRefused, read_ordinary
from sim.scenario.reading.strict_yaml import MAX_BYTES, Document, Mark

_COLUMNS = ["date", "count"]
_EXAMPLE = "such as 2020-04-06,4484"
_DATE = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_COUNT = re.compile(r"[0-9]{1,18}(\.[0-9]{1,18})?")
_THOUSANDS = re.compile("[1-9][0-9]{0,2}([., '\u2019\u00a0\u202f_][0-9]{3})+")
"""Includes 1.200, which is ambiguous: 1200 or 1.2."""
_OTHER_MARKS = {";": "semicolons", "\t": "tabs", "|": "bars"}
_LOC: Loc = ("source", "curve", "counts")
_SHOWN = 100
"""Largest number of wrong rows reported."""


@dataclasses.dataclass(frozen=True)
class _Row:
    """A row of the file, and its last line."""

    line: int
    date: dt.date
    count: float


def inline_counts(document: Document) -> Document:
    """Replace the name of a CSV file in ``source.curve.counts`` by its rows.

    The file must lie in the folder of the scenario file that names it, and have the columns
    ``date`` and ``count`` and no other. What is found to be wrong with a row later on, such as
    its date, is reported with the line of the CSV file.

    Raises:
        ScenarioError: the file cannot be read, or a row is not a date and a number.
    """
    value: Any = document.data
    for step in _LOC:
        value = value.get(step) if isinstance(value, dict) else None
    if not isinstance(value, str):
        return document
    path = _path(document, value)
    try:
        content = read_ordinary(path, MAX_BYTES)
    except FileRefused as error:
        near = closest(value, [other.name for other in path.parent.glob("*.csv")])
        raise _error(document, value, str(error), near) from error
    rows = _read(content, str(path))
    counts = [{"date": row.date, "count": row.count} for row in rows]
    data = dict(document.data)
    data["source"] = {**data["source"], "curve": {**data["source"]["curve"], "counts": counts}}
    marks = {(*_LOC, n): Mark(str(path), row.line, 1) for n, row in enumerate(rows)}
    return dataclasses.replace(document, data=data, marks={**document.marks, **marks})


def _error(document: Document, name: str, message: str, suggestion: str = "") -> ScenarioError:
    mark = document.marks[_LOC]
    return ScenarioError(
        [
            Problem(
                mark.file,
                mark.line,
                mark.column,
                dotted(_LOC),
                message,
                allowed="a list of dates and counts, or a CSV file in the same folder",
                got=name,
                suggestion=suggestion,
            )
        ]
    )


def _path(document: Document, name: str) -> Path:
    mark = document.marks[_LOC]
    folder = Path(document.path if mark.file == SETTING else mark.file).parent
    if Path(name).name != name or not name.isprintable():
        message = "not the name of a file in the folder of the scenario"
        raise _error(document, name, message)
    path = folder / name
    if not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder)):
        raise _error(document, name, "the file lies outside the folder of the scenario")
    return path


def _read(content: bytes, file: str) -> list[_Row]:
    """Return the rows below the header; empty lines are ignored.

    Raises:
        ScenarioError: carries the first problems.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        message = "not UTF-8 text; save the file as UTF-8"
        raise ScenarioError([Problem(file, line, 1, "", message)]) from error
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    problems: list[Problem] = []
    rows: list[_Row] = []
    try:
        names = [name.strip() for name in next(reader, [])]
        if sorted(names) != sorted(_COLUMNS):
            raise ScenarioError([_wrong_header(names, file)])
        for cells in reader:
            if len(problems) == _SHOWN:
                break
            if cells:
                row = _row(names, [cell.strip() for cell in cells], reader.line_num)
                if isinstance(row, _Row):
                    rows.append(row)
                else:
                    shown = ",".join(cells)
                    problems.append(Problem(file, reader.line_num, 1, "", *row, got=shown))
    except csv.Error as error:
        message = f"the file cannot be read: {error}"
        problems.append(Problem(file, max(reader.line_num, 1), 1, "", message))
    if problems:
        raise ScenarioError(problems)
    return rows


def _wrong_header(names: list[str], file: str) -> Problem:
    message = "the first line must name date and count, and nothing else"
    other = next((mark for mark in _OTHER_MARKS if len(names) == 1 and mark in names[0]), "")
    if other:
        message += f"; cells are separated by commas, not by {_OTHER_MARKS[other]}"
    return Problem(file, 1, 1, "", message, ",".join(_COLUMNS), ",".join(names))


def _row(names: list[str], cells: list[str], line: int) -> "_Row | tuple[str, str]":
    """Return a row, or its error and what is allowed."""
    if len(cells) != len(names):
        # A thousands separator cuts a number into two cells.
        parts = ",".join(cells[names.index("count") :][: len(cells) - 1])
        whole = parts.replace(",", "")
        allowed = f"{whole} for {parts}" if _THOUSANDS.fullmatch(parts) else _EXAMPLE
        cell = "cell" if len(cells) == 1 else "cells"
        return f"{len(cells)} {cell} in a row of {len(names)} columns", allowed
    by_name = dict(zip(names, cells, strict=True))
    try:
        date = dt.date.fromisoformat(by_name["date"]) if _DATE.fullmatch(by_name["date"]) else None
    except ValueError:
        return "no such date", _EXAMPLE
    if date is None:
        return "the date is not written as year-month-day", _EXAMPLE
    count = by_name["count"]
    if _THOUSANDS.fullmatch(count):
        digits = re.sub("[^0-9]", "", count)
        return "thousands are not to be separated, and decimals end without 0", f"{digits}"
    if not _COUNT.fullmatch(count):
        return "the count is not a number", _EXAMPLE
    return _Row(line, date, float(count))
