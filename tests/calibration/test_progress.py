"""Long work in pieces: what is told of it, and that what is kept is not done again."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from guides import guide_of, sloped
from quick_side import QuickSide
from small_fit import PRIORS, SCENARIO, TARGETS, small_side

from calibration import fit as fit_module
from calibration import work as work_module
from calibration.chains import Chain, Schedule
from calibration.fit import _ChainWork
from calibration.observation import Observation
from calibration.reference_runs import run_reference
from calibration.traveller_side import Point
from calibration.work import WorkLost, Workplace
from sim.experiment.executors import Lost
from sim.experiment.run_store import RunStore


def test_reference_runs_are_told_in_batches_and_once(tmp_path):
    side = QuickSide(SCENARIO, PRIORS.fitted, Observation(TARGETS, SCENARIO.calendar))
    told: list[tuple[str, int, int]] = []
    with RunStore.open(tmp_path / "runs.sqlite", purpose="a test") as store:
        at = Workplace(store, on_progress=lambda *stage: told.append(stage))
        first = run_reference(side, 1, 90, at)
        # A third from the priors, the rest where the emulator allows; 20 runs a batch.
        assert [done for _, done, _ in told] == [0, 20, 30, 30, 50, 70, 90]
        assert {(stage, total) for stage, _, total in told} == {("reference runs", 90)}
        told.clear()
        again = run_reference(side, 1, 90, at)
    assert told == [("reference runs", 30, 90), ("reference runs", 90, 90)]
    assert (again.scores == first.scores).all()
    assert (again.counts == first.counts).all()
    assert first.scores.shape == (90, 3)


def test_work_that_is_lost_says_why(monkeypatch):
    def run_tasks(function: Any, tasks: Any, **arguments: Any) -> Any:
        yield 0, Lost("the process was killed three times")

    monkeypatch.setattr(work_module, "run_tasks", run_tasks)
    with pytest.raises(WorkLost, match="killed three times"):
        list(Workplace().do("a stage", lambda task: {}, [1], done=0, total=1))


@pytest.fixture
def quick_chains(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let chains start and advance without a model."""

    def start(side: Any, root: int, number: int, scores: Any, schedule: Any, guide: Any) -> Chain:
        counts = np.zeros((2, 2), dtype=np.int32)
        return Chain(number, Point(scores, root + schedule.starts), counts, -1.0, 0, (0, 0), number)

    def advance(
        side: Any, root: int, chain: Chain, until: int, tolerance_at: Any, guide: Any
    ) -> Chain:
        assert chain.moves < until
        assert tolerance_at(0) == TOLERANCE
        return replace(chain, moves=until, accepted=(chain.accepted[0] + 1, 0))

    monkeypatch.setattr(fit_module, "start", start)
    monkeypatch.setattr(fit_module, "advance", advance)


TOLERANCE = 3.0


def work_at(at: Workplace) -> _ChainWork:
    schedule = Schedule(starts=5, moves=50, again=30)
    guide = guide_of(sloped(np.zeros((3, 3))), np.zeros((3, 3)))
    return _ChainWork(small_side(), 1, schedule, guide, np.zeros((3, 3)), "digest", at)


def gone_through(at: Workplace) -> list[Chain]:
    """Return three chains after 50 moves, the last of them after 80."""
    work = work_at(at)
    begun = work.begin()
    assert [chain.number for chain in begun] == [0, 1, 2]
    assert {chain.point.seed for chain in begun} == {6}
    chains = work.advance(begun, 50, TOLERANCE)
    return [*chains[:2], *work.advance(chains[2:], 80, TOLERANCE)]


TOLD = [
    *(("starts", done, 3) for done in (0, 2, 3)),
    *(("chains", done, 9) for done in (0, 2, 3, 3, 5, 6, 6, 8, 9)),
    *(("chains that were stuck", done, 2) for done in (0, 1, 1, 2)),
]


def test_chains_are_moved_on_in_rounds_and_every_one_is_told(quick_chains, tmp_path):
    told: list[tuple[str, int, int]] = []
    chains = gone_through(Workplace(on_progress=lambda *stage: told.append(stage)))
    assert told == TOLD
    assert [chain.moves for chain in chains] == [50, 50, 80]
    # Rounds end after 20, 40 and 50 moves; then after 70 and 80.
    assert [chain.accepted[0] for chain in chains] == [3, 3, 5]
    assert work_at(Workplace()).advance([], 80, TOLERANCE) == []


def test_what_is_in_the_store_is_told_and_not_done_again(quick_chains, tmp_path, monkeypatch):
    told: list[tuple[str, int, int]] = []
    with RunStore.open(tmp_path / "runs.sqlite", purpose="a test") as store:
        at = Workplace(store, on_progress=lambda *stage: told.append(stage))
        first = gone_through(at)
        assert told == TOLD
        told.clear()
        monkeypatch.setattr(fit_module, "start", None)
        monkeypatch.setattr(fit_module, "advance", None)
        second = gone_through(at)
    assert told == [
        ("starts", 3, 3),
        *(("chains", done, 9) for done in (3, 6, 9)),
        *(("chains that were stuck", done, 2) for done in (1, 2)),
    ]
    for one, other in zip(first, second, strict=True):
        assert one.number == other.number
        assert (one.moves, one.accepted, one.ancestor) == (
            other.moves,
            other.accepted,
            other.ancestor,
        )
        assert (one.point.seed, one.point.refreshed) == (other.point.seed, other.point.refreshed)
        assert one.point.scores.tolist() == other.point.scores.tolist()
        assert one.counts.tolist() == other.counts.tolist()
        assert one.agreement == other.agreement
