"""Files that commands are given, read or refused.

Nothing heavy is imported before a file is read: ``bordersim --help`` is to be instant.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from sim.exits import Refused

if TYPE_CHECKING:
    from sim.experiment.published import Worlds
    from sim.experiment.sweep.loader import Plan
    from sim.scenario.schema import Scenario

T = TypeVar("T")


def load_all(files: Sequence[Path], settings: Sequence[str]) -> "list[Scenario]":
    """Load every file; report the problems of all of them at once."""
    from sim.scenario.loader import load_scenario
    from sim.scenario.reading.errors import Problem, ScenarioError

    scenarios, problems = [], list[Problem]()
    for path in files:
        try:
            scenarios.append(load_scenario(path, settings))
        except ScenarioError as error:
            problems += error.problems
    if problems:
        count = f"{len(problems)} problem{'s' if len(problems) > 1 else ''}"
        raise Refused(f"{ScenarioError(problems)}\n{count} found; nothing was run")
    return scenarios


def load_studies(
    files: Sequence[Path], settings: Sequence[str], scenarios: "Sequence[Scenario]"
) -> "dict[str, list[Worlds]]":
    """Load the worlds of what publications print of the scenarios in ``files``, by name."""
    from sim.experiment.published import load_published
    from sim.scenario.reading.errors import Problem, ScenarioError

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


def load_sweep_file(path: Path, settings: Sequence[str]) -> "Plan":
    """Load a sweep file; refuse it with all its problems."""
    from sim.experiment.sweep.loader import load_sweep
    from sim.scenario.reading.errors import ScenarioError

    try:
        return load_sweep(path, settings)
    except ScenarioError as error:
        raise Refused(f"{error}\nnothing was run") from error


def refuse_equal_names(scenarios: "Sequence[Scenario]") -> None:
    """Refuse scenarios whose results would overwrite one another's."""
    names = [scenario.name for scenario in scenarios]
    for name in names:
        if names.count(name) > 1:
            raise Refused(f"{names.count(name)} files have the name '{name}': each needs its own")


def read_of(reader: "Callable[[Path, Scenario], T]", path: Path, scenario: "Scenario") -> T:
    """Read a file of targets or priors of a scenario."""
    from sim.scenario.reading.errors import ScenarioError

    try:
        return reader(path, scenario)
    except ScenarioError as error:
        raise Refused(str(error)) from error
