"""What the commands that run something have in common: refusals and reports of failures."""

from collections.abc import Sequence
from pathlib import Path

import click
import pandas as pd

from sim.exits import Refused
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
        raise Refused(f"cannot write to {folder}: it is a file, not a folder") from error
    except OSError as error:
        raise Refused(f"cannot write to {folder}: {error.strerror}") from error


def print_as_json(table: pd.DataFrame) -> None:
    """Print a JSON object a row; what is not a finite number is null."""
    click.echo(table.to_json(orient="records", lines=True, double_precision=15), nl=False)


def report_failures(failures: Sequence[tuple[str, int, str]], rest: str = "") -> None:
    """Name the first runs that failed.

    Args:
        failures: name of what was run, seed and reason, one a run.
        rest: where the others are to be found.
    """
    for name, seed, reason in failures[:_SHOWN]:
        click.echo(f"failed: {name}, seed {seed}: {reason}", err=True)
    if len(failures) > _SHOWN:
        click.echo(f"... and {len(failures) - _SHOWN} more{rest}", err=True)
