"""Reads the CSV file of dates and counts that a scenario's curve may name."""

import csv
import dataclasses
import datetime as dt
import io
import itertools
import os
from pathlib import Path
from typing import Any

from sim.scenario.reading.errors import Loc, Problem, ScenarioError, closest, dotted
from sim.scenario.reading.ordinary_file import FileRefused, read_ordinary
from sim.scenario.reading.settings import SETTING
from sim.scenario.reading.strict_yaml import MAX_BYTES, Document

_COLUMNS = ["date", "count"]
_LOC: Loc = ("source", "curve", "counts")
_SHOWN = 100
"""No more wrong rows than this are reported."""


def inline_counts(document: Document) -> Document:
    """Replace the name of a CSV file in ``source.curve.counts`` by its rows.

    The file must lie in the folder of the scenario file that names it, and have the columns
    ``date`` and ``count``.

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
    rows = _rows(content, str(path))
    data = dict(document.data)
    data["source"] = {**data["source"], "curve": {**data["source"]["curve"], "counts": rows}}
    return dataclasses.replace(document, data=data)


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


def _rows(content: bytes, file: str) -> list[dict[str, Any]]:
    """Return dates and counts, one mapping a row.

    Raises:
        ScenarioError: carries the first problems.
    """

    def problem(line: int, message: str, allowed: str = "", got: str = "") -> Problem:
        return Problem(file, line, 1, "", message, allowed, got)

    problems: list[Problem] = []
    rows: list[dict[str, Any]] = []
    try:
        reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
        if reader.fieldnames is None or any(c not in reader.fieldnames for c in _COLUMNS):
            raise ScenarioError([problem(1, "the first line must name date and count")])
        for row in itertools.takewhile(lambda _: len(problems) < _SHOWN, reader):
            try:
                date, count = dt.date.fromisoformat(row["date"].strip()), float(row["count"])
                rows.append({"date": date, "count": count})
            except (AttributeError, TypeError, ValueError):
                shown = f"{row['date']},{row['count']}"
                allowed = "such as 2020-04-06,4484"
                problems.append(problem(reader.line_num, "not a date and a count", allowed, shown))
    except (UnicodeDecodeError, csv.Error) as error:
        problems.append(problem(1, f"the file cannot be read: {error}"))
    if problems:
        raise ScenarioError(problems)
    return rows
