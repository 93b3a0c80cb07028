"""How the command ends when a layer below refuses what it was asked for, or cannot go on."""

import click

from sim.exits import Incomplete, Refused
from sim.experiment.cluster import ClusterRefused
from sim.experiment.ensemble import EnsembleError
from sim.experiment.members import MembersRefused
from sim.experiment.published import RunFailed
from sim.experiment.run_store import StoreRefused
from sim.scenario.reading.errors import ScenarioError
from sim.view.report.folder import FolderError


def ending_of(error: Exception) -> click.ClickException | None:
    """Return what ends the command because of an error; None: the error is a bug."""
    match error:
        case ScenarioError():
            return Refused(f"{error}\n{count_of(len(error.problems))}; nothing was run")
        case MembersRefused() if error.argument:
            return Refused(f"--{error.argument}: {error.reason}")
        case ClusterRefused():
            return Refused(f"--executor: {error}")
        case MembersRefused() | EnsembleError() | StoreRefused() | FolderError():
            return Refused(str(error))
        case RunFailed():
            return Incomplete(f"failed: {error}")
        case OSError() if error.filename is not None:
            return Incomplete(f"stopped: cannot write to {error.filename}: {error.strerror}")
    return None


def count_of(problems: int) -> str:
    """Return how many problems were found, in words."""
    return f"{problems} problem{'s' if problems > 1 else ''} found"
