"""Runs of commands, which are kept in a store: whatever ends the work, what is done stays."""

import json
import shlex
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import click

from calibration.question import Question
from calibration.task_runner import TaskRunner, WorkLost
from sim.cli.output import command_line
from sim.cli.progress import StageProgress
from sim.exits import Incomplete, Interrupted, Refused
from sim.experiment.campaign import PURPOSE, STORE, Campaign
from sim.experiment.cluster import opened_cluster
from sim.experiment.executors import NoWorkers
from sim.experiment.parameters import world_digest
from sim.experiment.run_folder import check_writable, remove_unfinished
from sim.experiment.run_store import RunStore
from sim.experiment.sweep.loader import Plan
from sim.experiment.sweep.members import members_of_sweep
from sim.experiment.sweep.results import SweepResults, variants_of
from sim.world.compilation import compile_once

ENSEMBLE = "ensemble.csv"
"""The file of a fit, in the folder of its results."""

ASKED = "asked"
"""Under which the last command that had something to run is noted in its store."""

_KEPT = "what is done is kept, and the same command resumes"


def refuse_unwritable(folder: Path) -> None:
    """Make sure that results can be written before anything is run.

    Raises:
        Refused: nothing can be written to ``folder``.
    """
    try:
        check_writable(folder)
    except FileExistsError as error:
        what = "a link that leads nowhere" if folder.is_symlink() else "a file, not a folder"
        raise Refused(f"cannot write to {folder}: it is {what}") from error
    except OSError as error:
        raise Refused(f"cannot write to {folder}: {error.strerror}") from error


@contextmanager
def opened_runs(folder: Path, purpose: str = PURPOSE) -> Iterator[RunStore]:
    """Yield the store in a folder of results, and close it when the context ends.

    Args:
        folder: is made if it does not exist.
        purpose: as for ``RunStore.open``.

    Raises:
        Refused: the folder cannot be used.
        StoreRefused: the store in it cannot be used.
        Interrupted: by the user; what has ended is kept.
        Incomplete: the disk is full, for instance; what has ended is kept.
    """
    refuse_unwritable(folder)
    try:
        with RunStore.open(folder / STORE, purpose=purpose) as store:
            # The open store keeps other drivers away.
            remove_unfinished(folder)
            yield store
    except KeyboardInterrupt as error:
        raise Interrupted(f"interrupted: {_KEPT}") from error
    except BrokenPipeError:
        # Of the terminal or anyone who reads our output, not of the folder.
        raise
    except (OSError, NoWorkers, WorkLost) as error:
        why = str(error)
        if isinstance(error, OSError) and error.strerror is not None:
            why = f"cannot write to {error.filename or folder}: {error.strerror}"
        raise Incomplete(f"stopped: {why}; {_KEPT}") from error


@contextmanager
def opened_to_read(folder: Path) -> Iterator[tuple[Path, RunStore]]:
    """Yield the path and the store of a folder, or of a file itself.

    Raises:
        StoreRefused: there is no store, or it cannot be read.
    """
    path = folder / STORE if folder.is_dir() else folder
    with RunStore.open(path, purpose=None) as store:
        yield path, store


@contextmanager
def opened_fit(
    question: Question, folder: Path, workers: int
) -> Iterator[tuple[RunStore, TaskRunner]]:
    """Yield the store of a fit and what works on it, with bars; see ``opened_runs``."""
    compile_once()
    purpose = f"calibration {question.simulator.digest}"
    with opened_runs(folder, purpose) as store, StageProgress() as bars:
        yield store, TaskRunner(store, workers, on_progress=bars.report)


@contextmanager
def opened_sweep(plan: Plan, ensemble: str | None, folder: Path) -> Iterator[SweepResults]:
    """Yield the results that there are of a sweep that has been run, and say what is missing.

    Raises:
        Refused: the sweep has not been run.
        MembersRefused: its ensemble cannot be used.
    """
    if not (folder / STORE).is_file():
        raise Refused(f"there are no runs in {folder}; first: {plan.command}")
    members = members_of_sweep(plan, ensemble)
    with opened_runs(folder) as store:
        campaign = Campaign(variants_of(plan, [runs.members for runs in members]), store)
        if missing := campaign.progress().new:
            click.echo(f"{missing:,} runs are missing: {plan.command}", err=True)
        yield SweepResults(plan, campaign)


def run_campaign(
    campaign: Campaign,
    store: RunStore,
    workers: int,
    executor: str | None = None,
    pairs_at_once: int | None = None,
    enough: Callable[[], bool] = lambda: False,
) -> None:
    """Do the runs that are missing, with a bar; see ``Campaign.run``.

    Args:
        campaign: whose runs.
        store: where they are kept; what is asked for is noted there too.
        workers: processes, 0 for one per core.
        executor: ``dask`` or ``dask://HOST:PORT``, or None for processes of our own.
        pairs_at_once: see ``Campaign.run``.
        enough: see ``Campaign.run``.

    Raises:
        ClusterRefused: the executor cannot be used.
    """
    before = campaign.progress()
    if before.others:
        click.echo(
            f"{before.others} stored runs are of other scenarios or pairs: they stay, unused",
            err=True,
        )
    if not before.to_do:
        return
    asked = {
        "command": shlex.join(command_line()),
        "runs": before.finished + before.to_do,
        "names": {world_digest(of.scenario): of.name for of in reversed(campaign.variants)},
    }
    store.note(ASKED, json.dumps(asked))
    # Before the bar: the line that says so would stand inside it.
    compile_once()
    with ExitStack() as opened:
        where: dict[str, Any] = {"workers": workers}
        if executor is not None:
            cluster = opened.enter_context(opened_cluster(executor, workers))
            where = {"executor": cluster.executor, "in_flight": cluster.in_flight}
        bars = opened.enter_context(StageProgress())
        done, failed, total = before.finished, 0, before.finished + before.to_do

        def advance(ended: int, of_these_failed: int) -> None:
            nonlocal done, failed
            done, failed = done + ended, failed + of_these_failed
            bars.report("runs", done, total, failed)

        advance(0, 0)
        campaign.run(**where, pairs_at_once=pairs_at_once, enough=enough, on_progress=advance)


def warn_of_same_policies(same: Iterable[str]) -> None:
    """Say which policies cannot differ, where it does not disturb results."""
    for sentence in same:
        click.echo(f"warning: {sentence}", err=True)
