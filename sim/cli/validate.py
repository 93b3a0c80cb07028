"""``bordersim validate``: says what kind of file each is, and checks it with its own reader."""

import json
import sys
from collections.abc import Iterable
from pathlib import Path

import click

from calibration.priors import read_priors
from calibration.targets_file import read_targets
from sim.cli import options
from sim.cli.endings import count_of
from sim.cli.reading import kind_of, warn
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
    said, wrong = dict[Path, str](), dict[Path, ScenarioError | EnsembleError]()
    warnings = list[Problem]()
    scenario: Scenario | None = None
    for path in sorted(files, key=lambda path: kinds[path] != "scenario"):
        try:
            if kinds[path] == "scenario":
                found, without_effect = read_scenario(path, settings)
                if found.published is not None:
                    load_published(path, settings)
                days = found.calendar
                said[path] = (
                    f"{found.name}, {days.start} to {days.end} ({days.days} days), "
                    f"digest {found.digest}"
                )
                scenario = scenario or found
                warnings += without_effect
            elif kinds[path] == "sweep":
                plan = load_sweep(path, settings)
                together = plan.runs + plan.runs_as_in_files
                said[path] = (
                    f"{plan.sweep.name}, {plan.size}, with the scenario files themselves "
                    f"{together:,} runs"
                )
                warnings += plan.warnings
            else:
                said[path] = _checked_against(path, kinds[path], scenario)
        except (ScenarioError, EnsembleError) as error:
            wrong[path] = error
    refused = warnings if strict else []
    if not refused:
        warn(warnings)
    if as_json:
        for path in files:
            row = {"file": str(path), "kind": kinds[path], "valid": path not in wrong}
            click.echo(json.dumps({**row, "said": str(wrong.get(path) or said[path])}))
        sys.exit(REFUSED if wrong or refused else DONE)
    if wrong or refused:
        raise Refused(_refusal(kinds, wrong, refused))
    for path in files:
        click.echo(f"{path}: valid: {kinds[path]} {said[path]}")


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


def _refusal(
    kinds: dict[Path, str],
    wrong: dict[Path, ScenarioError | EnsembleError],
    refused: Iterable[Problem],
) -> str:
    """Return all problems, which kind of file each was taken for, and how many they are."""
    in_files = [problem for of in wrong.values() if isinstance(of, ScenarioError)
                for problem in of.problems]  # fmt: skip
    lines = [*map(str, ScenarioError([*in_files, *refused]).problems)]
    lines += [str(of) for of in wrong.values() if isinstance(of, EnsembleError)]
    count = count_of(len(lines))
    for path in wrong:
        if kinds[path] in ("targets", "priors"):
            lines.append(f"{path} was taken for {kinds[path]} of a fit")
        elif kinds[path] != "scenario":
            lines.append(f"{path} was taken for a file of the kind '{kinds[path]}'")
    return "\n".join([*lines, f"{count}; nothing was run"])
