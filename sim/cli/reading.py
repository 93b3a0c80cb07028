"""Files that commands are given, read or refused."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TypeVar

import click

from sim.cli.file_kinds import refuse_other_kind
from sim.exits import Refused
from sim.experiment.published import Worlds, load_published
from sim.experiment.sweep.loader import Plan, load_sweep
from sim.scenario.loader import read_scenario
from sim.scenario.reading.errors import Problem, ScenarioError
from sim.scenario.schema import Scenario

T = TypeVar("T")


def load_all(files: Sequence[Path], settings: Sequence[str], *, strict: bool) -> list[Scenario]:
    """Load every file; report the problems of all of them at once, and warn of what has no effect.

    Args:
        files: scenario files.
        settings: changes of all of them.
        strict: what has no effect is a problem too.
    """
    scenarios, problems, warnings = [], list[Problem](), list[Problem]()
    for path in files:
        try:
            scenario, without_effect = read_scenario(path, settings)
        except ScenarioError as error:
            refuse_other_kind(path, "scenario")
            problems += error.problems
        else:
            scenarios.append(scenario)
            warnings += without_effect
    if strict:
        problems += warnings
    if problems:
        problems = list(ScenarioError(problems).problems)
        count = f"{len(problems)} problem{'s' if len(problems) > 1 else ''}"
        raise Refused(f"{ScenarioError(problems)}\n{count} found; nothing was run")
    warn(warnings)
    return scenarios


def warn(warnings: Iterable[Problem]) -> None:
    """Print what has no effect, each once, where it does not disturb results."""
    for warning in dict.fromkeys(warnings):
        click.echo(warning.as_warning(), err=True)


def load_studies(
    files: Sequence[Path], settings: Sequence[str], scenarios: Sequence[Scenario]
) -> dict[str, list[Worlds]]:
    """Load the worlds of what publications print of the scenarios in ``files``, by name."""
    studies, problems = {}, list[Problem]()
    for path, scenario in zip(files, scenarios, strict=True):
        if scenario.published is not None:
            try:
                studies[scenario.name] = load_published(path, settings)
            except ScenarioError as error:
                problems += error.problems
    if problems:
        raise Refused(f"{ScenarioError(problems)}\nnothing was run")
    return studies


def load_sweep_file(path: Path, settings: Sequence[str], *, strict: bool) -> Plan:
    """Load a sweep file to run it; refuse it with all its problems, and warn of what has no effect.

    Args:
        path: the file.
        settings: changes of all its policies.
        strict: what has no effect is a problem too.
    """
    plan = load_finished_sweep(path, settings)
    if strict and plan.warnings:
        raise Refused(f"{ScenarioError(plan.warnings)}\nnothing was run")
    warn(plan.warnings)
    return plan


def load_finished_sweep(path: Path, settings: Sequence[str]) -> Plan:
    """Load the file of a sweep that has been run; refuse it with all its problems."""
    try:
        return load_sweep(path, settings)
    except ScenarioError as error:
        refuse_other_kind(path, "sweep")
        raise Refused(f"{error}\nnothing was run") from error


def refuse_equal_names(scenarios: Sequence[Scenario]) -> None:
    """Refuse scenarios whose results would overwrite one another's."""
    names = [scenario.name for scenario in scenarios]
    for name in names:
        if names.count(name) > 1:
            raise Refused(f"{names.count(name)} files have the name '{name}': each needs its own")


def read_of(reader: Callable[[Path, Scenario], T], path: Path, scenario: Scenario) -> T:
    """Read a file of targets or priors of a scenario."""
    try:
        return reader(path, scenario)
    except ScenarioError as error:
        raise Refused(str(error)) from error
