"""The folder of a fit: its store, in which all work is kept, and its ensemble."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from calibration.question import Question
from calibration.task_runner import TaskRunner, WorkLost
from sim.cli.kept_runs import opened_store
from sim.cli.progress import StageProgress
from sim.exits import Incomplete
from sim.experiment.run_store import RunStore
from sim.world.compilation import compile_once

T = TypeVar("T")

STORE, ENSEMBLE = "runs.sqlite", "ensemble.csv"
"""Files in the folder of the results."""

_KEPT = "finished work is kept, and the same command resumes"


def in_store(
    question: Question, out: Path, workers: int, work: Callable[[RunStore, TaskRunner], T]
) -> T:
    """Do some work that is kept in the store of a folder.

    Raises:
        Refused: the folder or the store in it cannot be used.
        Interrupted: by the user.
        Incomplete: a worker process was killed again and again, or the disk is full, for instance.
    """
    compile_once()
    purpose = f"calibration {question.simulator.digest}"
    try:
        with opened_store(out / STORE, purpose, _KEPT) as store, StageProgress() as progress:
            return work(store, TaskRunner(store, workers, on_progress=progress.report))
    except WorkLost as error:
        raise Incomplete(f"stopped: {error}; what is done is kept") from error
