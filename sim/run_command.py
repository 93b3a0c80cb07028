"""What ``bordersim run`` does once its arguments are understood."""

import datetime as dt
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from calibration.targets import read_targets
from sim.command_output import refuse_unwritable, report_failures
from sim.exits import DONE, INTERRUPTED, SOME_FAILED
from sim.experiment.replicates import Replicates
from sim.experiment.replicates import run as run_replicates
from sim.experiment.run_folder import write_run
from sim.scenario.schema import Scenario
from sim.view.figures import write_comparison, write_figures
from sim.view.summary import summary


@dataclass(frozen=True)
class RunRequest:
    """Scenarios to run, and where their results go.

    Attributes:
        scenarios: what to run.
        folders: folder of each scenario.
        out: folder of the comparison.
        replicates: runs a scenario.
        seed: seed of the first run of each.
        workers: processes, 0 for one a core.
        line_list: also keep who was infected by whom.
    """

    scenarios: Sequence[Scenario]
    folders: Sequence[Path]
    out: Path
    replicates: int
    seed: int
    workers: int
    line_list: bool


def run_all(request: RunRequest) -> int:
    """Run all scenarios, write the results of each as soon as it is done, and print a table.

    Returns:
        The exit code.

    Raises:
        Refused: a folder cannot be written; nothing was run.
    """
    for folder in request.folders:
        refuse_unwritable(folder)
    started = dt.datetime.now(dt.UTC)
    done: list[Replicates] = []
    with _progress() as progress:
        for scenario, folder in zip(request.scenarios, request.folders, strict=True):
            task = progress.add_task(scenario.name, total=request.replicates)
            replicates = run_replicates(
                scenario,
                replicates=request.replicates,
                seed=request.seed,
                workers=request.workers,
                with_line_list=request.line_list,
                on_progress=lambda runs, task=task: progress.advance(task, runs),  # type: ignore[misc]
            )
            _write(replicates, folder, request, started)
            done.append(replicates)
            if replicates.interrupted:
                break
    return _report(done, request)


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("runs"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )


def _write(replicates: Replicates, folder: Path, request: RunRequest, started: dt.datetime) -> None:
    write_run(
        replicates,
        folder,
        command=["bordersim", *sys.argv[1:]],
        started=started,
        requested=range(request.seed, request.seed + request.replicates),
        with_line_list=request.line_list,
    )
    if replicates.results:
        write_figures(replicates, read_targets(), folder)


def _report(done: Sequence[Replicates], request: RunRequest) -> int:
    """Print what came out and where it is, and return the exit code."""
    with_results = [replicates for replicates in done if replicates.results]
    console = Console(width=None if sys.stdout.isatty() else 100)
    for replicates in with_results:
        if replicates.scenario.question:
            click.echo(f"{replicates.scenario.name}: {replicates.scenario.question}")
    if with_results:
        console.print(summary(with_results))
    compared = write_comparison(with_results, request.out)
    for folder in request.folders[: len(done)]:
        click.echo(f"tables and figures: {folder}")
    for path in compared:
        if path.suffix == ".png":
            click.echo(f"comparison: {path}")
    failures = [(r.scenario.name, failure) for r in done for failure in r.failures]
    report_failures(failures, rest="; see manifest.json")
    if any(replicates.interrupted for replicates in done):
        finished = sum(len(replicates.results) for replicates in done)
        click.echo(f"interrupted: the {finished} runs that had ended are written", err=True)
        return INTERRUPTED
    return SOME_FAILED if failures else DONE
