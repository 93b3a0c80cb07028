"""What the commands that keep their runs in a store have in common."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from sim.commands.kept_work import opened_store
from sim.commands.output import report_failures
from sim.commands.progress import RunsProgress
from sim.exits import DONE, SOME_FAILED, Refused
from sim.experiment.campaign import PURPOSE, STORE, Campaign, Variant
from sim.experiment.cluster import Cluster, ClusterRefused, opened_cluster

_KEPT = "the runs that had ended are kept, and the same command goes on"


@contextmanager
def opened_campaign(variants: Sequence[Variant], out: Path) -> Iterator[Campaign]:
    """Yield the campaign whose runs are kept in a folder.

    Raises:
        Refused: the folder or the store in it cannot be used.
        Interrupted: by the user; what has ended is kept.
        Incomplete: the disk is full, for instance; what has ended is kept.
    """
    with opened_store(out / STORE, PURPOSE, _KEPT) as store:
        yield Campaign(variants, store)


def warn_of_same_policies(same: Iterable[str]) -> None:
    """Say which policies cannot differ, where it does not disturb results."""
    for sentence in same:
        click.echo(f"warning: {sentence}", err=True)


@dataclass(frozen=True)
class Machines:
    """Where runs are done.

    Attributes:
        workers: processes, 0 for one a core.
        executor: ``dask`` or ``dask://HOST:PORT``, or None for processes of our own.
    """

    workers: int
    executor: str | None = None


def run_campaign(
    campaign: Campaign,
    machines: Machines,
    pairs_at_once: int | None = None,
    enough: Callable[[], bool] = lambda: False,
) -> None:
    """Do the runs that are missing, with a bar; see ``Campaign.run``.

    Raises:
        Refused: the executor cannot be used.
    """
    before = campaign.progress()
    if before.others:
        click.echo(
            f"{before.others} kept runs are of other scenarios or pairs: they stay, unused",
            err=True,
        )
    if not before.failed + before.new:
        return
    with ExitStack() as opened:
        where: dict[str, Any] = {"workers": machines.workers}
        if machines.executor is not None:
            cluster = opened.enter_context(_cluster(machines.executor, machines.workers))
            where = {"executor": cluster.executor, "in_flight": cluster.in_flight}
        total = before.finished + before.failed + before.new
        progress = opened.enter_context(RunsProgress(before.finished, total))
        campaign.run(
            **where, pairs_at_once=pairs_at_once, enough=enough, on_progress=progress.advance
        )


@contextmanager
def _cluster(address: str, workers: int) -> Iterator[Cluster]:
    try:
        with opened_cluster(address, workers) as cluster:
            yield cluster
    except ClusterRefused as error:
        raise Refused(f"--executor: {error}") from error


def failures_of(campaign: Campaign) -> list[dict[str, Any]]:
    """Return the runs that failed, for a manifest."""
    return [
        {
            "variant": variant.name,
            "seed": member.seed,
            "reason": failure.reason,
            "details": failure.details,
            "parameters": dict(member.parameters),
        }
        for variant, member, failure in campaign.failures()
    ]


def report_failed_runs(campaign: Campaign) -> int:
    """Name the first runs that failed, and return the exit code."""
    failures = [
        (variant.name, member.seed, failure.reason)
        for variant, member, failure in campaign.failures()
    ]
    report_failures(failures, rest="; see manifest.json")
    return SOME_FAILED if failures else DONE
