"""Load a scenario file and write a scenario."""

import warnings
from collections.abc import Sequence
from pathlib import Path

from sim.scenario.checks import check_scenario
from sim.scenario.reading.counts_file import inline_counts
from sim.scenario.reading.errors import Problem, ScenarioWarning
from sim.scenario.reading.extends import resolve
from sim.scenario.reading.settings import apply_settings, setting_path
from sim.scenario.reading.strict_yaml import Document
from sim.scenario.reading.validation import validate
from sim.scenario.reading.yaml_text import yaml_text
from sim.scenario.schema import Scenario
from sim.scenario.without_effect.warnings import warnings_of


def load_scenario(path: str | Path, settings: Sequence[str] = ()) -> Scenario:
    """Return the scenario in a YAML file.

    Args:
        path: the file; what it ``extends`` is read from the same folder.
        settings: overrides such as ``policies.quarantine_stay=14 d``, applied before validation.

    Returns:
        The validated, immutable scenario.

    Raises:
        ScenarioError: carries every problem found, each with file, line, column and field.

    Warns:
        ScenarioWarning: a field set by the file or a setting has no effect.
    """
    scenario, found = read_scenario(path, settings)
    for problem in found:
        warnings.warn(ScenarioWarning(problem), stacklevel=2)
    return scenario


def read_scenario(
    path: str | Path, settings: Sequence[str] = ()
) -> tuple[Scenario, tuple[Problem, ...]]:
    """Return the scenario in a YAML file, and warnings on values without effect.

    Arguments and errors are those of ``load_scenario``.
    """
    document = resolve(Path(path))
    scenario = scenario_with(document, settings)
    return scenario, warnings_of(apply_settings(document, settings), scenario)


def scenario_with(document: Document, settings: Sequence[str]) -> Scenario:
    """Return the scenario of a document after ``settings`` such as ``path=value``.

    Raises:
        ScenarioError: carries every problem found.
    """
    scenario = scenario_of(apply_settings(document, settings))
    return scenario.as_set_by_hand([setting_path(setting) for setting in settings])


def scenario_of(document: Document) -> Scenario:
    """Return the scenario of a document read from a file and possibly changed.

    Raises:
        ScenarioError: carries every problem found.
    """
    return validate(inline_counts(document), Scenario, check_scenario)


def write_scenario(scenario: Scenario) -> str:
    """Return the scenario as the YAML text of one file, presets and ``extends`` resolved."""
    data = scenario.model_dump(mode="python", by_alias=True, exclude_none=True)
    return yaml_text(data, allow_unicode=True, width=96)
