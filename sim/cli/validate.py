"""``bordersim validate``: says what kind of file each is, and checks it with its own reader."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from calibration.priors import read_priors
from calibration.targets_file import read_targets
from sim.cli import options
from sim.cli.file_kinds import kind_of
from sim.cli.reading import warn
from sim.exits import DONE, REFUSED, Refused
from sim.experiment.ensemble import EnsembleError, read_ensemble
from sim.experiment.published import load_published
from sim.experiment.sweep.loader import load_sweep
from sim.scenario.loader import load_scenario, read_scenario
from sim.scenario.reading.errors import Problem, ScenarioError
from sim.scenario.schema import Scenario
from sim.shipped import shipped_scenarios


@click.command()
@options.files
@options.settings
@options.strict
@options.as_json
def validate(
    files: tuple[Path, ...], settings: tuple[str, ...], strict: bool, as_json: bool
) -> None:
    """Check files and report every problem.

    Knows scenarios, sweep files, targets and priors of a fit, and ensembles. These are checked
    against the first scenario among FILES; without one, targets and priors against the shipped
    one. Fields that have no effect on a run are warned about.
    """
    # Of a file of no kind the reader of scenarios says what is wrong.
    kinds = {path: kind_of(path) or "scenario" for path in files}
    said, problems, warnings = dict[Path, str](), list[Problem](), list[Problem]()
    wrong = dict[Path, str]()
    scenario: Scenario | None = None
    for path in sorted(files, key=lambda path: kinds[path] != "scenario"):
        try:
            if kinds[path] == "scenario":
                found, without_effect = read_scenario(path, settings)
                if found.published is not None:
                    load_published(path, settings)
                scenario, said[path] = scenario or found, _scenario_words(found)
                warnings += without_effect
            elif kinds[path] == "sweep":
                plan = load_sweep(path, settings)
                said[path] = f"{plan.sweep.name}, {plan.size} = {plan.runs:,} runs"
                warnings += plan.warnings
            else:
                said[path] = _checked_against(path, kinds[path], scenario)
        except ScenarioError as error:
            problems += error.problems
            wrong[path] = str(error)
        except EnsembleError as error:
            wrong[path] = str(error)
    if strict and warnings:
        problems += warnings
    else:
        warn(warnings)
    if as_json:
        for path in files:
            valid = path not in wrong
            row = {"file": str(path), "kind": kinds[path], "valid": valid}
            click.echo(json.dumps({**row, "said": said[path] if valid else wrong[path]}))
        sys.exit(REFUSED if wrong or (strict and warnings) else DONE)
    if wrong or problems:
        raise Refused(_refusal(kinds, wrong, problems))
    for path in files:
        click.echo(f"{path}: valid: {kinds[path]} {said[path]}")


def _scenario_words(scenario: Scenario) -> str:
    calendar = scenario.calendar
    return (
        f"{scenario.name}, {calendar.start} to {calendar.end} ({calendar.days} days), "
        f"digest {scenario.digest}"
    )


def _checked_against(path: Path, kind: str, scenario: Scenario | None) -> str:
    """Check targets, priors or an ensemble, and return what is in them, in words."""
    if kind == "ensemble":
        ensemble = read_ensemble(path)
        if scenario is not None:
            ensemble.for_scenario(scenario)
        return f"of {len(ensemble.members):,} pairs of parameters and seeds"
    world = scenario or load_scenario(shipped_scenarios() / "baseline.yaml")
    if kind == "targets":
        return f"for {world.name}, {len(read_targets(path, world).targets)} counts"
    return f"for {world.name}, {len(read_priors(path, world).parameters)} parameters"


def _refusal(kinds: dict[Path, str], wrong: dict[Path, str], problems: Sequence[Problem]) -> str:
    """Return all problems, how many they are, and which kind of file each was taken for."""
    lines = [str(ScenarioError(problems))] if problems else []
    lines += [text for path, text in wrong.items() if kinds[path] == "ensemble"]
    lines += [
        f"{path} was taken for {kinds[path]} of a fit"
        if kinds[path] in ("targets", "priors")
        else f"{path} was taken for a file of the kind '{kinds[path]}'"
        for path in wrong
        if kinds[path] != "scenario"
    ]
    count = len(list(ScenarioError(problems).problems)) + sum(
        kinds[path] == "ensemble" for path in wrong
    )
    return "\n".join([*lines, f"{count} problem{'s' if count > 1 else ''} found; nothing was run"])
