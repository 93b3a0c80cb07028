"""Build one document from a file and the files it extends."""

import dataclasses
import os
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from sim.scenario.reading.errors import Loc, Problem, ScenarioError, closest
from sim.scenario.reading.strict_yaml import Document, read_document

MAX_LEVELS = 8
"""Largest number of files in a chain of ``extends``."""

_KEY = "extends"


def resolve(path: Path) -> Document:
    """Read a scenario file merged over the file named by ``extends``, recursively.

    Mappings merge name by name. Lists and single values of the extending file replace those of
    the extended one, and so do an explicit ``null`` and a mapping of another ``kind``.

    Raises:
        ScenarioError: a file of the chain cannot be read, or ``extends`` names no file.
    """
    return _resolve(path, ())


def _resolve(path: Path, extending: tuple[str, ...]) -> Document:
    document = read_document(path)
    if _KEY not in document.data:
        return document
    chain = (*extending, os.path.realpath(path))
    base_path = _base_path(document, path)
    if os.path.realpath(base_path) in chain:
        raise _error(document, "the files extend each other in a circle")
    if len(chain) > MAX_LEVELS:
        raise _error(document, f"more than {MAX_LEVELS} files extend each other")
    return laid_over(_resolve(base_path, chain), document)


def laid_over(base: Document, document: Document) -> Document:
    """Return ``document`` merged over ``base``, whatever it says that it ``extends``."""
    return _merge(base, _without_extends(document))


def _base_path(document: Document, path: Path) -> Path:
    target = document.data[_KEY]
    if not isinstance(target, str) or not _is_plain_relative(target):
        raise _error(
            document,
            "not a relative path to a file of the same folder",
            allowed="a path such as base.yaml, with / between folders and without ..",
        )
    base_path = path.parent / target
    folder = os.path.realpath(path.parent)
    if not Path(os.path.realpath(base_path)).is_relative_to(folder):
        raise _error(document, "the file lies outside the folder of this one")
    if not _exists(base_path):
        raise _error(document, "there is no such file", suggestion=_near_file(path.parent, target))
    return base_path


def _is_plain_relative(target: str) -> bool:
    is_relative = not PurePosixPath(target).is_absolute() and not PureWindowsPath(target).drive
    is_plain = target.isprintable() and "\\" not in target and not target.startswith("~")
    return bool(target) and is_relative and is_plain and ".." not in target.split("/")


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # for example a name that is too long
        return False


def _near_file(folder: Path, target: str) -> str:
    subfolder = PurePosixPath(target).parent
    try:
        names = sorted(entry.name for entry in (folder / subfolder).iterdir() if entry.is_file())
    except OSError:
        return ""
    name = closest(PurePosixPath(target).name, names)
    return str(subfolder / name) if name else ""


def _error(
    document: Document, message: str, *, allowed: str = "", suggestion: str = ""
) -> ScenarioError:
    mark = document.marks[(_KEY,)]
    target = document.data[_KEY]
    got = f"'{target}'" if isinstance(target, str) else str(target)
    return ScenarioError(
        [Problem(mark.file, mark.line, mark.column, _KEY, message, allowed, got, suggestion)]
    )


def _without_extends(document: Document) -> Document:
    data = {key: value for key, value in document.data.items() if key != _KEY}
    marks = {loc: mark for loc, mark in document.marks.items() if loc[:1] != (_KEY,)}
    return dataclasses.replace(document, data=data, marks=marks)


def _merge(base: Document, child: Document) -> Document:
    replaced: set[Loc] = set()
    data = _merge_mappings(base.data, child.data, (), replaced)
    kept = {
        loc: mark
        for loc, mark in base.marks.items()
        if not any(loc[:length] in replaced for length in range(1, len(loc) + 1))
    }
    return Document(child.path, data, {**kept, **child.marks})


def _merge_mappings(
    base: dict[str, Any], child: dict[str, Any], loc: Loc, replaced: set[Loc]
) -> dict[str, Any]:
    merged = dict(base)
    for key, value in child.items():
        place = (*loc, key)
        below = base.get(key)
        if isinstance(value, dict) and isinstance(below, dict) and _same_kind(below, value):
            merged[key] = _merge_mappings(below, value, place, replaced)
        else:
            merged[key] = value
            replaced.add(place)
    return merged


def _same_kind(base: dict[str, Any], child: dict[str, Any]) -> bool:
    return "kind" not in child or child["kind"] == base.get("kind")
