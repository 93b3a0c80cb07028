"""``bordersim report``."""

from pathlib import Path

import click

from sim.cli import options
from sim.exits import DONE, Refused
from sim.experiment.run_folder import write_text
from sim.view.report.folder import FolderError, read_folder
from sim.view.report.page import report_of

REPORT = "report.html"


@click.command()
@options.folder
def report(folder: Path) -> None:
    """Write an HTML report of a run, comparison or sweep.

    FOLDER/report.html is one file that loads nothing: the answer in words, warnings, figures,
    tables and where every number comes from.
    """
    run_report(folder)


def run_report(folder: Path) -> int:
    """Write the report of a folder of results into it, say where it is, and return the exit code.

    Raises:
        Refused: the folder is none of results, a file in it is missing or damaged, or the report
            cannot be written.
    """
    path = folder / REPORT
    try:
        write_text(path, report_of(read_folder(folder)))
    except FolderError as error:
        raise Refused(str(error)) from error
    except OSError as error:
        raise Refused(f"cannot write to {path}: {error.strerror}") from error
    click.echo(f"report: {path}")
    return DONE
