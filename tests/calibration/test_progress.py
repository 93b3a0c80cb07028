"""Long work in parts: what is told of it, and that what is kept is not done again."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from guides import guide_of, sloped
from quick_simulator import QuickSimulator
from small_fit import PRIORS, SCENARIO, TARGETS, small_simulator

from calibration import fit as fit_module
from calibration import task_runner
from calibration.chains import State
from calibration.fit import Budget, _LadderWork
from calibration.ladders import Ladder, Schedule
from calibration.observation import Observation
from calibration.reference_runs import run_reference
from calibration.simulator import Point
from calibration.task_runner import TaskRunner, WorkLost
from sim.experiment.executors import Lost
from sim.experiment.run_store import RunStore
from sim.world.draws import Stream


def test_reference_runs_are_told_in_batches_and_once(tmp_path):
    simulator = QuickSimulator(SCENARIO, PRIORS.fitted, Observation(TARGETS, SCENARIO.calendar))
    told: list[tuple[str, int, int]] = []
    with RunStore.open(tmp_path / "runs.sqlite", purpose="a test") as store:
        at = TaskRunner(store, on_progress=lambda *stage: told.append(stage))
        first = run_reference(simulator, 1, 90, at)
        # A third from the priors, the rest where the emulator allows; 20 runs a batch.
        assert [done for _, done, _ in told] == [0, 20, 30, 30, 50, 70, 90]
        assert {(stage, total) for stage, _, total in told} == {("reference runs", 90)}
        told.clear()
        again = run_reference(simulator, 1, 90, at)
    assert told == [("reference runs", 30, 90), ("reference runs", 90, 90)]
    assert (again.scores == first.scores).all()
    assert (again.counts == first.counts).all()
    assert first.scores.shape == (90, 3)


def test_work_that_is_lost_says_why(monkeypatch):
    def run_tasks(function: Any, tasks: Any, **arguments: Any) -> Any:
        yield 0, Lost("the process was killed three times")

    monkeypatch.setattr(task_runner, "run_tasks", run_tasks)
    with pytest.raises(WorkLost, match="killed three times"):
        list(TaskRunner().map("a stage", lambda task: {}, [1], done=0, total=1))


SCHEDULE = Schedule(seeds=5, rungs=2, moves=25, kept=2, apart=8)


@pytest.fixture
def quick_ladders(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let ladders start and advance without a model."""

    def begin(simulator: Any, root: int, number: int, schedule: Schedule, guide: Any) -> Ladder:
        states = [
            State(
                Point(np.full(3, rung), 10 * root + rung, {(Stream.TEST, rung): 4}),
                np.full((2, 2), rung, dtype=np.int32),
                -1.5,
                7,
            )
            for rung in range(schedule.rungs)
        ]
        return Ladder(number, tuple(states), 0)

    def advance(
        simulator: Any,
        root: int,
        ladder: Ladder,
        until: int,
        above: float,
        schedule: Any,
        guide: Any,
    ) -> Ladder:
        assert ladder.moves < until
        assert above == ABOVE
        states = tuple(replace(state, start=state.start + 1) for state in ladder.states)
        return Ladder(ladder.number, states, until)

    monkeypatch.setattr(fit_module, "begin", begin)
    monkeypatch.setattr(fit_module, "advance", advance)


ABOVE = 3.0


def gone_through(at: TaskRunner) -> list[State]:
    """Return the states of three ladders that are kept."""
    guide = guide_of(sloped(np.zeros((3, 3))), np.zeros((3, 3)))
    work = _LadderWork(small_simulator(), 1, Budget(60, 6, SCHEDULE), guide, "digest", at)
    begun = work.begin()
    assert [ladder.number for ladder in begun] == [0, 1, 2]
    assert {state.point.seed for ladder in begun for state in ladder.states} == {10, 11}
    return work.kept(begun, ABOVE)


def test_ladders_are_moved_on_in_rounds_and_every_one_is_told(quick_ladders):
    told: list[tuple[str, int, int]] = []
    kept = gone_through(TaskRunner(on_progress=lambda *stage: told.append(stage)))
    # Rounds end after 10, 17 (which is kept), 20 and 25 moves.
    rounds = [(done, done + 1, done + 2, done + 3) for done in (0, 3, 6, 9)]
    assert told == [
        *(("starts", done, 3) for done in range(4)),
        *(("chains", done, 12) for of in rounds for done in of),
    ]
    assert [state.start for state in kept] == [9, 9, 9, 11, 11, 11]


def test_what_is_in_the_store_is_told_and_not_done_again(quick_ladders, tmp_path, monkeypatch):
    told: list[tuple[str, int, int]] = []
    with RunStore.open(tmp_path / "runs.sqlite", purpose="a test") as store:
        at = TaskRunner(store, on_progress=lambda *stage: told.append(stage))
        first = gone_through(at)
        told.clear()
        monkeypatch.setattr(fit_module, "begin", None)
        monkeypatch.setattr(fit_module, "advance", None)
        second = gone_through(at)
    assert told == [("starts", 3, 3), *(("chains", done, 12) for done in (3, 6, 9, 12))]
    for one, other in zip(first, second, strict=True):
        assert one.point.scores.tolist() == other.point.scores.tolist()
        assert (one.point.seed, one.point.seed_overrides) == (
            other.point.seed,
            other.point.seed_overrides,
        )
        assert one.counts.tolist() == other.counts.tolist()
        assert (one.log_kernel, one.start) == (other.log_kernel, other.start)
