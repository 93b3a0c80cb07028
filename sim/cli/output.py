"""What commands print, and how they say that something failed or could not be written."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click
import pandas as pd
from rich.console import Console, RenderableType

from sim.exits import DONE, SOME_FAILED, Incomplete, Refused
from sim.experiment.campaign import Campaign
from sim.experiment.run_folder import check_writable

_SHOWN = 10


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
def writing_to(folder: Path) -> Iterator[None]:
    """Say in a word why results could not be written, and where.

    Raises:
        Incomplete: the disk is full, for instance, or a folder has the name of a table.
    """
    try:
        yield
    except BrokenPipeError:
        # Of the terminal or anyone who reads our output, not of the folder.
        raise
    except OSError as error:
        raise Incomplete(f"stopped: {why_stopped(error, folder)}") from error


def why_stopped(error: Exception, folder: Path) -> str:
    """Return in words why nothing more could be written to ``folder``, or done."""
    if not isinstance(error, OSError) or error.strerror is None:
        return str(error)
    return f"cannot write to {error.filename or folder}: {error.strerror}"


def command_line() -> list[str]:
    """Return the command that was called, for manifests."""
    return ["bordersim", *sys.argv[1:]]


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


def report_failed_runs(campaign: Campaign, rest: str = "; see manifest.json") -> int:
    """Name the first runs that failed, and return the exit code.

    Args:
        campaign: whose runs.
        rest: where the others are to be found.
    """
    failures = campaign.failures()
    for variant, member, failure in failures[:_SHOWN]:
        click.echo(f"failed: {variant.name}, seed {member.seed}: {failure.reason}", err=True)
    if len(failures) > _SHOWN:
        click.echo(f"... and {len(failures) - _SHOWN} more{rest}", err=True)
    return SOME_FAILED if failures else DONE
