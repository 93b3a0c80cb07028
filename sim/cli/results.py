"""Commands about folders of results."""

import sys
from pathlib import Path

import click

from sim.cli import options

_folder = click.argument("folder", type=click.Path(path_type=Path))


@click.command()
@_folder
@options.as_json
def status(folder: Path, as_json: bool) -> None:
    """Say how many runs FOLDER keeps, and how many failed."""
    from sim.commands.store import run_status

    sys.exit(run_status(folder, as_json))


@click.command()
@_folder
@options.as_json
def inspect(folder: Path, as_json: bool) -> None:
    """Show what the store in FOLDER holds, and why runs failed."""
    from sim.commands.store import run_inspect

    sys.exit(run_inspect(folder, as_json))


@click.command()
@_folder
@click.argument("out", type=click.Path(path_type=Path))
def export(folder: Path, out: Path) -> None:
    """Write the outcomes of all runs that FOLDER keeps to OUT, a .csv or .parquet file."""
    from sim.commands.store import run_export

    sys.exit(run_export(folder, out))


@click.command()
@_folder
def report(folder: Path) -> None:
    """Write FOLDER/report.html: what a run, comparison or sweep came to, on one page.

    The page is one file that loads nothing: the answer in words, warnings, figures, tables and
    where every number comes from.
    """
    from sim.commands.report import run_report

    sys.exit(run_report(folder))
