"""Which kind of file a file seems to be, so that one of the wrong kind is refused in one line."""

from pathlib import Path

from sim.exits import Refused
from sim.scenario.reading.errors import ScenarioError
from sim.scenario.reading.strict_yaml import read_document

_MARKS = {
    "factors": "sweep",
    "targets": "targets",
    "parameters": "priors",
    "extends": "scenario",
    "places": "scenario",
}
"""Kinds by what only their files have at the top."""

_COMMANDS = {
    "scenario": "run",
    "sweep": "sweep",
    "targets": "calibrate --targets",
    "priors": "calibrate --priors",
    "ensemble": "run SCENARIO --ensemble",
}
"""What takes files of a kind."""


def kind_of(path: Path) -> str | None:
    """Return what kind of file it seems to be, from what stands at its top; None: not known."""
    if path.suffix == ".csv":
        return "ensemble" if path.is_file() else None
    try:
        data = read_document(path).data
    except ScenarioError:
        return None
    return next((kind for mark, kind in _MARKS.items() if mark in data), None)


def refuse_other_kind(path: Path, wanted: str) -> None:
    """Refuse a file that cannot be read because it is of another kind.

    Raises:
        Refused: it is of another kind; the message names the command that takes it.
    """
    kind = kind_of(path)
    if kind is not None and kind != wanted:
        raise Refused(
            f"{path}: a file of the kind '{kind}' stands where one of the kind '{wanted}' is "
            f"needed; it is for: bordersim {_COMMANDS[kind]} {path}"
        )
