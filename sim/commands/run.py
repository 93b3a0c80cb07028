"""What ``bordersim run`` does once its arguments are understood."""

import datetime as dt
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click
from rich.console import Console

from calibration.targets_file import read_targets
from sim.commands.output import refuse_unwritable, report_failures, writing_to
from sim.commands.progress import progress_of_runs
from sim.exits import DONE, INTERRUPTED, SOME_FAILED, Incomplete, Interrupted
from sim.experiment.members import Members
from sim.experiment.published import (
    Reproduced,
    Worlds,
    reproduce,
    reproduced_table,
    runs_of,
)
from sim.experiment.replicates import Replicates
from sim.experiment.replicates import run_all as run_replicates
from sim.experiment.run_folder import write_csv, write_run
from sim.scenario.schema import Scenario
from sim.view.figures import save_all, write_comparison, write_figures
from sim.view.published import draw_published, published_table
from sim.view.summary import summary


@dataclass(frozen=True)
class RunRequest:
    """Scenarios to run, and where their results go.

    Attributes:
        scenarios: what to run.
        folders: folder of each scenario.
        out: folder of the comparison.
        members: parameters and random numbers of the runs of each scenario.
        workers: processes, 0 for one a core.
        line_list: also keep who was infected by whom.
        studies: the worlds of what publications print, by the name of the scenario.
    """

    scenarios: Sequence[Scenario]
    folders: Sequence[Path]
    out: Path
    members: Sequence[Members]
    workers: int
    line_list: bool
    studies: Mapping[str, Sequence[Worlds]]


def run_all(request: RunRequest) -> int:
    """Run all scenarios, write the results of each as soon as it is done, and print a table.

    Returns:
        The exit code.

    Raises:
        Refused: a folder cannot be written; nothing was run.
        Incomplete: the disk is full, for instance; what was written before is kept.
    """
    for folder in request.folders:
        refuse_unwritable(folder)
    started = dt.datetime.now(dt.UTC)
    done: list[Replicates] = []
    reproduced: dict[str, list[Reproduced]] = {}
    with progress_of_runs() as progress:
        for scenario, folder, runs in zip(
            request.scenarios, request.folders, request.members, strict=True
        ):
            task = progress.add_task(scenario.name, total=len(runs.members))
            (replicates,) = run_replicates(
                [scenario],
                members=runs.members,
                workers=request.workers,
                with_line_list=request.line_list,
                on_progress=partial(progress.advance, task),
            )
            with writing_to(folder):
                _write(replicates, folder, request, started, runs.note)
            done.append(replicates)
            if replicates.interrupted:
                break
            if worlds := request.studies.get(scenario.name):
                task = progress.add_task("published numbers", total=runs_of(worlds))
                reproduced[scenario.name] = _reproduce(
                    scenario, worlds, folder, request.workers, partial(progress.advance, task)
                )
    return _report(done, request, reproduced)


def _reproduce(
    scenario: Scenario,
    worlds: Sequence[Worlds],
    folder: Path,
    workers: int,
    on_progress: Callable[[int], None],
) -> list[Reproduced]:
    """Run what publications print of a scenario, and write table and figure.

    Raises:
        Interrupted: by the user; the runs of the scenario itself are written.
        Incomplete: a run failed.
    """
    published = scenario.published
    assert published is not None
    try:
        reproduced = reproduce(worlds, workers=workers, on_progress=on_progress)
    except KeyboardInterrupt as error:
        message = f"interrupted: the published numbers are missing; the rest is in {folder}"
        raise Interrupted(message) from error
    except RuntimeError as error:
        message = f"failed: {scenario.name}, a published number: {error}; the rest is in {folder}"
        raise Incomplete(message) from error
    with writing_to(folder):
        write_csv(folder / "published.csv", [reproduced_table(reproduced)])
        save_all({"published": draw_published(published, reproduced)}, folder)
    return reproduced


def _write(
    replicates: Replicates, folder: Path, request: RunRequest, started: dt.datetime, note: str
) -> None:
    write_run(
        replicates,
        folder,
        command=["bordersim", *sys.argv[1:]],
        started=started,
        runs=note,
        with_line_list=request.line_list,
    )
    if replicates.results:
        write_figures(replicates, read_targets().counts(), folder)


def _report(
    done: Sequence[Replicates],
    request: RunRequest,
    reproduced: Mapping[str, Sequence[Reproduced]],
) -> int:
    """Print what came out and where it is, and return the exit code."""
    with_results = [replicates for replicates in done if replicates.results]
    console = Console(width=None if sys.stdout.isatty() else 100)
    for replicates in with_results:
        if replicates.scenario.question:
            click.echo(f"{replicates.scenario.name}: {replicates.scenario.question}")
    for note in dict.fromkeys(runs.note for runs in request.members[: len(done)]):
        click.echo(f"runs: {note}")
    if with_results:
        console.print(summary(with_results))
    for replicates in with_results:
        published = replicates.scenario.published
        if published is not None and (rows := reproduced.get(replicates.scenario.name)):
            console.print(published_table(published, rows))
    with writing_to(request.out):
        compared = write_comparison(with_results, request.out)
    for folder in request.folders[: len(done)]:
        click.echo(f"tables and figures: {folder}")
    for path in compared:
        if path.suffix == ".png":
            click.echo(f"comparison: {path}")
    failures = [(r.scenario.name, f.seed, f.reason) for r in done for f in r.failures]
    report_failures(failures, rest="; see manifest.json")
    if any(replicates.interrupted for replicates in done):
        finished = sum(len(replicates.results) for replicates in done)
        click.echo(f"interrupted: the {finished} runs that had ended are written", err=True)
        return INTERRUPTED
    return SOME_FAILED if failures else DONE
