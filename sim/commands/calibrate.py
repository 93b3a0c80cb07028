"""What ``bordersim calibrate`` does once its arguments are understood."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import click
import numpy as np

from calibration.chains import State
from calibration.fit import Budget, Fit, fit, stuck
from calibration.fitted import ensemble_of
from calibration.local_chains import LocalHistory
from calibration.local_fit import LocalFit, fit_local, local_away, whole_histories
from calibration.observation import Observation
from calibration.priors import Priors
from calibration.reach import Missed, Unreachable, described, most_missed
from calibration.targets import Targets
from calibration.traveller_side import TravellerSide
from calibration.work import WorkLost, Workplace
from sim.commands.kept_work import opened_store
from sim.commands.output import writing_to
from sim.commands.progress import StageProgress
from sim.exits import DONE, Incomplete, Refused
from sim.experiment.ensemble import Ensemble, write_ensemble
from sim.experiment.run_folder import write_text
from sim.scenario.reading.errors import Problem, ScenarioError
from sim.scenario.reading.strict_yaml import Document
from sim.scenario.schema import Scenario
from sim.view.calibration.fit_tables import budget_line
from sim.world.compilation import compile_once

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
        targets_file: where they stand.
        priors: what is known before.
        out: folder of the store and of the ensemble.
        budget: what the fit may cost.
        seed: root seed of the fit.
        workers: processes, 0 for one a core.
        check_command: what the user calls to check the fit.
    """

    scenario: Scenario
    targets: Targets
    targets_file: Document
    priors: Priors
    out: Path
    budget: Budget
    seed: int
    workers: int
    check_command: str

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
        Refused: the folder, the store in it, or a prior cannot be used, or the model cannot
            reach the counts.
        Interrupted: by the user.
        Incomplete: a worker process was killed again and again.
    """
    try:
        done, ensemble, local = in_store(request, lambda at: _fitted(request, at))
    except Unreachable as error:
        raise Refused(_unreachable(request, error.missed)) from error
    path = request.out / ENSEMBLE
    with writing_to(request.out):
        write_text(path, write_ensemble(ensemble))
    click.echo(f"budget: {budget_line(ensemble.provenance)}")
    click.echo(f"ensemble of {len(ensemble.members):,} pairs: {path}")
    pairs = stuck(done)
    _report_away(
        done.side, pairs, f"{len(pairs)} of {len(done.pairs)} pairs are farther from the counts"
    )
    if local is not None:
        away = local_away(local)
        of = f"the local side of {len(away)} of {len(local.histories)} pairs"
        _report_away(local.side, away, f"{of} ends farther from the local counts")
    click.echo(f"next: {request.check_command}")
    return DONE


def _fitted(request: CalibrateRequest, at: Workplace) -> tuple[Fit, Ensemble, LocalFit | None]:
    """Fit the travellers' side, and then the local side of every pair, if it has counts."""
    scenario, priors, seed = request.scenario, request.priors, request.seed
    done = fit(request.side, seed, request.budget, at)
    pairs = ensemble_of(done, scenario, priors, seed, request.budget.runs)
    local = fit_local(scenario, request.targets, priors, pairs, seed, at)
    return done, pairs if local is None else whole_histories(pairs, scenario, local), local


def _unreachable(request: CalibrateRequest, missed: Sequence[Missed]) -> str:
    """Return the counts that the model cannot reach, with their places in the file."""
    numbers = {target.id: number for number, target in enumerate(request.targets.targets)}
    marks = request.targets_file.marks
    places = [marks[("targets", numbers[of.id])] for of in missed]
    problems = [
        Problem(at.file, at.line, at.column, "", of.message)
        for at, of in zip(places, missed, strict=True)
    ]
    return (
        f"{ScenarioError(problems)}\nno ensemble was written; the runs are kept in "
        f"{request.out / STORE}, and a fit to other counts of the same days uses them again"
    )


def _report_away(
    side: TravellerSide, away: Sequence[State] | Sequence[LocalHistory], farther: str
) -> None:
    """Say which pairs did not come near the counts, and which counts they miss.

    Args:
        side: what was fitted.
        away: these pairs.
        farther: how many of how many they are, and from which counts they are farther.
    """
    if not away:
        return
    click.echo(
        f"warning: {farther} than reporting noise explains; they are members of the ensemble all "
        "the same. They miss:",
        err=True,
    )
    counts = np.stack([pair.counts for pair in away])
    for piece in most_missed(side, counts):
        click.echo(f"  {piece.label}: {described(side, piece, counts)}", err=True)


def in_store(request: CalibrateRequest, work: Callable[[Workplace], T]) -> T:
    """Do some work that is kept in the store of the request's folder.

    Raises:
        Refused: the folder or the store in it cannot be used.
        Interrupted: by the user.
        Incomplete: a worker process was killed again and again, or the disk is full, for instance.
    """
    compile_once()
    purpose = f"calibration {request.side.digest}"
    try:
        with (
            opened_store(request.out / STORE, purpose, _KEPT) as store,
            StageProgress() as progress,
        ):
            return work(Workplace(store, request.workers, on_progress=progress.report))
    except WorkLost as error:
        raise Incomplete(f"stopped: {error}; what is done is kept") from error
