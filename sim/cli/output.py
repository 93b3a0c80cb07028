"""What commands print of results and of runs that failed."""

import sys
from collections.abc import Sequence

import click
import pandas as pd
from rich.console import Console, RenderableType

from sim.exits import DONE, SOME_FAILED
from sim.experiment.campaign import Campaign

_SHOWN = 10


def command_line() -> list[str]:
    """Return the command that was called, as words."""
    return ["bordersim", *click.get_current_context().obj]


def print_as_json(table: pd.DataFrame) -> None:
    """Print one JSON object per row; what is not a finite number is null."""
    click.echo(table.to_json(orient="records", lines=True, double_precision=15), nl=False)


def print_tables(tables: Sequence[RenderableType], width: int = 110) -> None:
    """Print tables, ``width`` letters wide where the output is no terminal."""
    console = Console(width=None if sys.stdout.isatty() else width)
    with console.capture() as text:
        for table in tables:
            console.print(table)
    # Not printed by the console, which ends the program when nobody reads on.
    click.echo(text.get(), nl=False)


def report_failed_runs(campaign: Campaign) -> int:
    """Name the first runs that failed, and return the exit code."""
    failures = campaign.failures()
    for variant, member, failure in failures[:_SHOWN]:
        click.echo(f"failed: {variant.name}, seed {member.seed}: {failure.reason}", err=True)
    if len(failures) > _SHOWN:
        click.echo(f"... and {len(failures) - _SHOWN} more; see manifest.json", err=True)
    return SOME_FAILED if failures else DONE
