"""Reads the files of a folder of results, or says which one of them cannot be used."""

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any

import pandas as pd


class FolderError(Exception):
    """A folder cannot be reported on; the message says which file is to blame and why."""


def read_text(path: Path) -> str:
    """Return the text of a file.

    Raises:
        FolderError: it is missing, or no text.
    """
    try:
        return path.read_text("utf-8")
    except FileNotFoundError as error:
        raise FolderError(f"{path}: the file is missing") from error
    except (OSError, UnicodeDecodeError) as error:
        raise FolderError(f"{path}: the file cannot be read: {error}") from error


def read_object(path: Path) -> dict[str, Any]:
    """Return the JSON object in a file.

    Raises:
        FolderError: it is missing or damaged.
    """
    try:
        found = json.loads(read_text(path))
    except ValueError as error:
        raise damaged(path, str(error)) from error
    if not isinstance(found, dict):
        raise damaged(path, "not a JSON object")
    return found


def read_table(path: Path, columns: Collection[str], words: Collection[str]) -> pd.DataFrame:
    """Return the table in a CSV file.

    Args:
        path: the file.
        columns: those that it must have, ``words`` among them.
        words: columns of text, kept as it is written; all others are numbers.

    Raises:
        FolderError: it is missing or damaged.
    """
    read_text(path)
    try:
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
        if missing := [column for column in columns if column not in table]:
            raise damaged(path, f"no column {', '.join(missing)}")
        for column in table.columns:
            if column not in words:
                filled = table[column].where(table[column] != "")
                table[column] = pd.to_numeric(filled)
    except ValueError as error:
        raise damaged(path, str(error)) from error
    return table


def damaged(path: Path, why: str) -> FolderError:
    """Return the error of a file that is there and of no use."""
    return FolderError(f"{path}: the file is damaged: {why}")
