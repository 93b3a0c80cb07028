"""``bordersim report``."""

from pathlib import Path

import click

from sim.cli import options
from sim.experiment.run_folder import write_text
from sim.view.report.folder import read_folder
from sim.view.report.page import report_of


@click.command()
@options.folder
def report(folder: Path) -> None:
    """Write an HTML report of a run, comparison or sweep.

    FOLDER/report.html is one file that loads nothing: the answer in words, warnings, figures,
    tables and where every number comes from.
    """
    path = folder / "report.html"
    write_text(path, report_of(read_folder(folder)))
    click.echo(f"report: {path}")
