"""What ``bordersim calibrate`` does once its arguments are understood."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import click

from calibration.fit import Budget, fit
from calibration.fitted import ensemble_of
from calibration.observation import Observation
from calibration.priors import Priors
from calibration.targets import Targets
from calibration.traveller_side import TravellerSide
from calibration.work import WorkLost, Workplace
from sim.commands.kept_work import opened_store
from sim.commands.output import writing_to
from sim.commands.progress import StageProgress
from sim.exits import DONE, Incomplete
from sim.experiment.ensemble import write_ensemble
from sim.experiment.run_folder import write_text
from sim.scenario.schema import Scenario
from sim.view.calibration.tables import budget_line

T = TypeVar("T")

STORE, ENSEMBLE = "runs.sqlite", "ensemble.csv"
"""Files in the folder of the results."""

_KEPT = "what is done is kept, and the same command goes on from there"


@dataclass(frozen=True)
class CalibrateRequest:
    """What to fit to what, and where the results go.

    Attributes:
        scenario: the world.
        targets: the counts.
        priors: what is known before.
        out: folder of the store and of the ensemble.
        budget: what the fit may cost.
        seed: root seed of the fit.
        workers: processes, 0 for one a core.
    """

    scenario: Scenario
    targets: Targets
    priors: Priors
    out: Path
    budget: Budget
    seed: int
    workers: int

    @property
    def side(self) -> TravellerSide:
        """What is fitted."""
        observation = Observation(self.targets, self.scenario.calendar)
        return TravellerSide(self.scenario, self.priors.fitted, observation)


def run_calibrate(request: CalibrateRequest) -> int:
    """Fit, write the ensemble, and say what came out.

    Returns:
        The exit code.

    Raises:
        Refused: the folder, the store in it, or a prior cannot be used.
        Interrupted: by the user.
        Incomplete: a worker process was killed again and again.
    """
    side = request.side
    done = in_store(request, lambda at: fit(side, request.seed, request.budget, at))
    ensemble = ensemble_of(
        done, request.scenario, request.priors, request.seed, request.budget.runs
    )
    path = request.out / ENSEMBLE
    with writing_to(request.out):
        write_text(path, write_ensemble(ensemble))
    click.echo(f"budget: {budget_line(ensemble.provenance)}")
    click.echo(f"ensemble of {len(ensemble.members)} pairs: {path}")
    click.echo(f"next: bordersim calibrate --check --out {request.out}")
    return DONE


def in_store(request: CalibrateRequest, work: Callable[[Workplace], T]) -> T:
    """Do some work that is kept in the store of the request's folder.

    Raises:
        Refused: the folder or the store in it cannot be used.
        Interrupted: by the user.
        Incomplete: a worker process was killed again and again, or the disk is full, for instance.
    """
    purpose = f"calibration {request.side.digest}"
    try:
        with (
            opened_store(request.out / STORE, purpose, _KEPT) as store,
            StageProgress() as progress,
        ):
            return work(Workplace(store, request.workers, on_progress=progress.report))
    except WorkLost as error:
        raise Incomplete(f"stopped: {error}; what is done is kept") from error
