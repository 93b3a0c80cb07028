"""What ``bordersim report`` does once its arguments are understood."""

from pathlib import Path

import click

from sim.exits import DONE, Refused
from sim.experiment.run_folder import write_text

REPORT = "report.html"


def run_report(folder: Path) -> int:
    """Write the report of a folder of results into it, and say where it is.

    Returns:
        The exit code.

    Raises:
        Refused: the folder is none of results, a file in it is missing or damaged, or the report
            cannot be written.
    """
    from sim.view.report.folder import FolderError, read_folder
    from sim.view.report.render import report_of

    try:
        page = report_of(read_folder(folder))
    except FolderError as error:
        raise Refused(str(error)) from error
    path = folder / REPORT
    try:
        write_text(path, page)
    except OSError as error:
        raise Refused(f"cannot write to {path}: {error.strerror}") from error
    click.echo(f"report: {path}")
    return DONE
