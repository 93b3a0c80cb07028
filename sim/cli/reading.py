"""Files that commands are given: of which kind they are, and how they are read or refused."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from sim.exits import Refused
from sim.experiment.sweep.loader import Plan, load_sweep
from sim.scenario.loader import read_scenario
from sim.scenario.reading.errors import Problem, ScenarioError
from sim.scenario.reading.strict_yaml import read_document
from sim.scenario.schema import Scenario

_MARKS = {
    "factors": "sweep",
    "scenario": "sweep",
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


def load_all(files: Sequence[Path], settings: Sequence[str], *, strict: bool) -> list[Scenario]:
    """Load every file; report the problems of all of them at once, and warn of what has no effect.

    Args:
        files: scenario files.
        settings: changes of all of them.
        strict: what has no effect is a problem too.
    """
    scenarios, problems, warnings = list[Scenario](), list[Problem](), list[Problem]()
    for path in files:
        try:
            scenario, without_effect = read_scenario(path, settings)
        except ScenarioError as error:
            _refuse_other_kind(path, "scenario")
            problems += error.problems
        else:
            scenarios.append(scenario)
            warnings += without_effect
    if problems:
        raise ScenarioError([*problems, *(warnings if strict else ())])
    warn(warnings, strict=strict)
    return scenarios


def load_plan(path: Path, settings: Sequence[str]) -> Plan:
    """Load a sweep file.

    Args:
        path: the file.
        settings: changes of all its policies.
    """
    try:
        return load_sweep(path, settings)
    except ScenarioError:
        _refuse_other_kind(path, "sweep")
        raise


def _refuse_other_kind(path: Path, wanted: str) -> None:
    """Refuse a file that cannot be read because it is of another kind."""
    kind = kind_of(path)
    if kind is not None and kind != wanted:
        raise Refused(
            f"{path}: a file of the kind '{kind}' stands where one of the kind '{wanted}' is "
            f"needed; it is for: bordersim {_COMMANDS[kind]} {path}"
        )


def warn(warnings: Iterable[Problem], *, strict: bool = False) -> None:
    """Print what has no effect, each once, where it does not disturb results.

    Raises:
        ScenarioError: there is something, and ``strict`` refuses it.
    """
    if strict and (refused := list(warnings)):
        raise ScenarioError(refused)
    for warning in dict.fromkeys(warnings):
        click.echo(warning.as_warning(), err=True)
