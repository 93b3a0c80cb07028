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
    """Show how many runs FOLDER holds, and how many failed."""
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
    """Write all outcomes in FOLDER to a CSV or Parquet file."""
    from sim.commands.store import run_export

    sys.exit(run_export(folder, out))


@click.command()
@_folder
def report(folder: Path) -> None:
    """Write an HTML report of a run, comparison or sweep.

    FOLDER/report.html is one file that loads nothing: the answer in words, warnings, figures,
    tables and where every number comes from.
    """
    from sim.commands.report import run_report

    sys.exit(run_report(folder))
