"""Runs of commands, which are kept in a store: whatever ends the work, what is done stays."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import click

from sim.cli.options import options_refused
from sim.cli.output import refuse_unwritable, why_stopped
from sim.cli.progress import StageProgress
from sim.exits import Incomplete, Interrupted, Refused
from sim.experiment.campaign import PURPOSE, STORE, Campaign
from sim.experiment.cluster import ClusterRefused, opened_cluster
from sim.experiment.executors import NoWorkers
from sim.experiment.run_folder import remove_unfinished
from sim.experiment.run_store import RunStore, StoreRefused
from sim.experiment.sweep.loader import Plan
from sim.experiment.sweep.members import members_of_sweep
from sim.experiment.sweep.results import SweepResults, variants_of
from sim.world.compilation import compile_once

_KEPT = "finished runs are kept, and the same command resumes"


@contextmanager
def opened_store(path: Path, purpose: str, kept: str) -> Iterator[RunStore]:
    """Yield the store at a path, and close it when the context ends.

    Args:
        path: the file, in the folder of the results.
        purpose: as for ``RunStore.open``.
        kept: what there is to say of what was done, if the work is brought to no end.

    Raises:
        Refused: the folder or the store in it cannot be used.
        Interrupted: by the user; what has ended is kept.
        Incomplete: the disk is full, for instance; what has ended is kept.
    """
    refuse_unwritable(path.parent)
    try:
        with RunStore.open(path, purpose=purpose) as store:
            # The open store keeps other drivers away.
            remove_unfinished(path.parent)
            yield store
    except StoreRefused as error:
        raise Refused(str(error)) from error
    except KeyboardInterrupt as error:
        raise Interrupted(f"interrupted: {kept}") from error
    except BrokenPipeError:
        # Of the terminal or anyone who reads our output, not of the folder.
        raise
    except (OSError, NoWorkers) as error:
        raise Incomplete(f"stopped: {why_stopped(error, path.parent)}; {kept}") from error


@contextmanager
def opened_runs(folder: Path) -> Iterator[RunStore]:
    """Yield the store of runs in a folder of results; see ``opened_store``."""
    with opened_store(folder / STORE, PURPOSE, _KEPT) as store:
        yield store


@contextmanager
def opened_sweep(plan: Plan, ensemble: str | None, folder: Path) -> Iterator[SweepResults]:
    """Yield the results that there are of a sweep that has been run, and say what is missing.

    Raises:
        Refused: the sweep has not been run, or its ensemble or its store cannot be used.
    """
    if not (folder / STORE).is_file():
        raise Refused(f"there are no runs in {folder}; first: {plan.command}")
    with options_refused():
        members = members_of_sweep(plan, ensemble)
    variants = variants_of(plan, [runs.members for runs in members])
    with opened_runs(folder) as store:
        campaign = Campaign(variants, store)
        if missing := campaign.progress().new:
            click.echo(f"{missing:,} runs are missing: {plan.command}", err=True)
        yield SweepResults(plan, campaign)


def run_campaign(
    campaign: Campaign,
    workers: int,
    executor: str | None = None,
    pairs_at_once: int | None = None,
    enough: Callable[[], bool] = lambda: False,
) -> None:
    """Do the runs that are missing, with a bar; see ``Campaign.run``.

    Args:
        campaign: whose runs.
        workers: processes, 0 for one per core.
        executor: ``dask`` or ``dask://HOST:PORT``, or None for processes of our own.
        pairs_at_once: see ``Campaign.run``.
        enough: see ``Campaign.run``.

    Raises:
        Refused: the executor cannot be used.
    """
    before = campaign.progress()
    if before.others:
        click.echo(
            f"{before.others} stored runs are of other scenarios or pairs: they stay, unused",
            err=True,
        )
    if not before.to_do:
        return
    # Before the bar: the line that says so would stand inside it.
    compile_once()
    with ExitStack() as opened:
        where: dict[str, Any] = {"workers": workers}
        if executor is not None:
            try:
                cluster = opened.enter_context(opened_cluster(executor, workers))
            except ClusterRefused as error:
                raise Refused(f"--executor: {error}") from error
            where = {"executor": cluster.executor, "in_flight": cluster.in_flight}
        bars = opened.enter_context(StageProgress())
        done, failed, total = before.finished, 0, before.finished + before.to_do

        def advance(ended: int, of_these_failed: int) -> None:
            nonlocal done, failed
            done, failed = done + ended, failed + of_these_failed
            bars.report("runs", done, total, failed)

        bars.report("runs", done, total)
        campaign.run(**where, pairs_at_once=pairs_at_once, enough=enough, on_progress=advance)


def warn_of_same_policies(same: Iterable[str]) -> None:
    """Say which policies cannot differ, where it does not disturb results."""
    for sentence in same:
        click.echo(f"warning: {sentence}", err=True)
