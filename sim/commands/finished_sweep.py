"""A sweep that has been run, for the commands that look at its results and run nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click

from sim.commands.campaign import opened_campaign
from sim.commands.members import options_refused
from sim.exits import Refused
from sim.experiment.campaign import STORE
from sim.experiment.sweep.loader import Plan
from sim.experiment.sweep.members import members_of_sweep
from sim.experiment.sweep.results import SweepResults, variants_of


@dataclass(frozen=True)
class FinishedSweep:
    """A sweep, and where its results are.

    Attributes:
        plan: what was run.
        ensemble: as for ``run``; None takes that of the sweep file.
        out: folder of the results and the store.
        as_json: print JSON lines instead of a text.
    """

    plan: Plan
    ensemble: str | None
    out: Path
    as_json: bool

    @contextmanager
    def opened(self) -> Iterator[SweepResults]:
        """Yield the results that there are.

        Raises:
            Refused: the sweep has not been run, or its ensemble or its store cannot be used.
        """
        if not (self.out / STORE).is_file():
            raise Refused(f"there are no runs in {self.out}; {self.first}")
        with options_refused():
            members = members_of_sweep(self.plan, self.ensemble)
        variants = variants_of(self.plan, [runs.members for runs in members])
        with opened_campaign(variants, self.out) as campaign:
            yield SweepResults(self.plan, campaign)

    @property
    def first(self) -> str:
        """What a user has to do before there are results."""
        return f"first: {self.plan.command}"

    def say_missing(self, results: SweepResults) -> None:
        """Say on the error stream how many runs nobody has tried, if there are any."""
        if missing := results.campaign.progress().new:
            click.echo(f"{missing:,} runs are missing: {self.plan.command}", err=True)
