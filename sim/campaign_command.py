"""What the commands that keep their runs in a store have in common."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from sim.command_output import refuse_unwritable, report_failures
from sim.exits import DONE, SOME_FAILED, Interrupted, Refused
from sim.experiment.campaign import PURPOSE, STORE, Campaign, Variant
from sim.experiment.run_store import RunStore, StoreRefused
from sim.progress import RunsProgress


@contextmanager
def opened_campaign(variants: Sequence[Variant], out: Path) -> Iterator[Campaign]:
    """Yield the campaign whose runs are kept in a folder.

    Raises:
        Refused: the folder or the store in it cannot be used.
        Interrupted: by the user; what has ended is kept.
    """
    refuse_unwritable(out)
    try:
        with RunStore.open(out / STORE, purpose=PURPOSE) as store:
            yield Campaign(variants, store)
    except StoreRefused as error:
        raise Refused(str(error)) from error
    except KeyboardInterrupt as error:
        kept = "interrupted: the runs that had ended are kept, and the same command goes on"
        raise Interrupted(kept) from error


def run_campaign(
    campaign: Campaign,
    workers: int,
    pairs_at_once: int | None = None,
    enough: Callable[[], bool] = lambda: False,
) -> None:
    """Do the runs that are missing, with a bar; see ``Campaign.run``."""
    before = campaign.progress()
    if before.others:
        click.echo(
            f"{before.others} kept runs are of other scenarios or pairs: they stay, unused",
            err=True,
        )
    with RunsProgress(before.finished, before.finished + before.failed + before.new) as progress:
        campaign.run(
            workers=workers,
            pairs_at_once=pairs_at_once,
            enough=enough,
            on_progress=progress.advance,
        )


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
