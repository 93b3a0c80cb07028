"""Reads the CSV file of dates and counts that a scenario's curve may name."""

import csv
import dataclasses
import datetime as dt
from pathlib import Path
from typing import Any

from sim.scenario.reading.errors import Loc, Problem, ScenarioError, closest
from sim.scenario.reading.settings import SETTING
from sim.scenario.reading.strict_yaml import Document

_COLUMNS = ["date", "count"]
_LOC: Loc = ("source", "curve", "counts")


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
    rows = _read(_path(document, value))
    data = dict(document.data)
    data["source"] = {**data["source"], "curve": {**data["source"]["curve"], "counts": rows}}
    return dataclasses.replace(document, data=data)


def _path(document: Document, name: str) -> Path:
    mark = document.marks[_LOC]

    def error(message: str, suggestion: str = "") -> ScenarioError:
        return ScenarioError(
            [
                Problem(
                    mark.file,
                    mark.line,
                    mark.column,
                    "source.curve.counts",
                    message,
                    allowed="a list of dates and counts, or a CSV file in the same folder",
                    got=name,
                    suggestion=suggestion,
                )
            ]
        )

    folder = Path(document.path if mark.file == SETTING else mark.file).parent
    if Path(name).name != name:
        raise error("not the name of a file in the folder of the scenario")
    path = folder / name
    if not path.is_file():
        raise error("there is no such file", closest(name, [p.name for p in folder.glob("*.csv")]))
    if not path.resolve().is_relative_to(folder.resolve()):
        raise error("the file lies outside the folder of the scenario")
    return path


def _read(path: Path) -> list[dict[str, Any]]:
    problems: list[Problem] = []
    rows: list[dict[str, Any]] = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if reader.fieldnames is None or any(c not in reader.fieldnames for c in _COLUMNS):
                problems.append(
                    Problem(str(path), 1, 1, "", "the first line must name date and count")
                )
                raise ScenarioError(problems)
            for row in reader:
                try:
                    date, count = dt.date.fromisoformat(row["date"].strip()), float(row["count"])
                    rows.append({"date": date, "count": count})
                except (AttributeError, TypeError, ValueError):
                    shown = f"{row['date']},{row['count']}"
                    problems.append(
                        Problem(
                            str(path),
                            reader.line_num,
                            1,
                            "",
                            "not a date and a count",
                            allowed="such as 2020-04-06,4484",
                            got=shown,
                        )
                    )
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        problems.append(Problem(str(path), 1, 1, "", f"the file cannot be read: {error}"))
    if problems:
        raise ScenarioError(problems)
    return rows
