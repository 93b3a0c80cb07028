"""The whole fit on a small corridor: workers and interruptions do not matter."""

import pytest
from small_fit import PRIORS, SCENARIO, small_simulator

from calibration import task_runner
from calibration.fit import Budget, distinct, fit, stuck
from calibration.fitted import ensemble_of
from calibration.ladders import Schedule
from calibration.task_runner import TaskRunner
from sim.api import run
from sim.experiment.ensemble import read_ensemble, write_ensemble
from sim.experiment.run_store import RunStore

pytestmark = pytest.mark.slow

BUDGET = Budget(
    40, 3, Schedule(seeds=2, corrections=1, rungs=2, moves=10, renewed=4, kept=2, apart=4)
)


@pytest.fixture(scope="module")
def fitted():
    return fit(small_simulator(), 1, BUDGET, TaskRunner())


def same(one, other):
    for first, second in zip(one.pairs, other.pairs, strict=True):
        assert first.point.seed == second.point.seed
        assert first.point.seed_overrides == second.point.seed_overrides
        assert (first.point.scores == second.point.scores).all()
        assert (first.counts == second.counts).all()


def test_workers_do_not_matter(fitted):
    same(fitted, fit(small_simulator(), 1, BUDGET, TaskRunner(workers=2)))


def test_an_interrupted_fit_goes_on_where_it_was(fitted, tmp_path):
    path, stages = tmp_path / "runs.sqlite", set()

    class StoppedError(Exception):
        pass

    for allowed in (2, 8, 1000):
        calls = 0

        def stop(stage, done, total, allowed=allowed):
            nonlocal calls
            calls += 1
            stages.add(stage)
            if calls > allowed:
                raise StoppedError

        with RunStore.open(path, purpose="a test") as store:
            at = TaskRunner(store, on_progress=stop)
            if allowed < 1000:
                with pytest.raises(StoppedError):
                    fit(small_simulator(), 1, BUDGET, at)
            else:
                same(fitted, fit(small_simulator(), 1, BUDGET, at))
    assert {"reference runs", "starts", "chains"} <= stages


def test_a_second_fit_runs_nothing(fitted, tmp_path, monkeypatch):
    with RunStore.open(tmp_path / "runs.sqlite", purpose="a test") as store:
        fit(small_simulator(), 1, BUDGET, TaskRunner(store))

        def nothing(function, tasks, **arguments):
            assert not list(tasks)
            return iter(())

        monkeypatch.setattr(task_runner, "run_tasks", nothing)
        same(fitted, fit(small_simulator(), 1, BUDGET, TaskRunner(store)))


def test_chains_end_where_noise_explains_the_counts(fitted):
    assert stuck(fitted) == []
    assert distinct(fitted.pairs) == len(fitted.pairs) == BUDGET.members


def test_members_run_again_have_the_histories_of_the_chains(fitted, tmp_path):
    ensemble = ensemble_of(fitted, SCENARIO, PRIORS, 1, BUDGET.runs)
    path = tmp_path / "ensemble.csv"
    path.write_text(write_ensemble(ensemble))
    members = read_ensemble(path).for_scenario(SCENARIO)
    done = run(SCENARIO, members=members)
    simulator = fitted.simulator
    for number, (place, series) in enumerate(simulator.columns):
        again = {
            r.seed: row for r, row in zip(done.results, done.series(series, place), strict=True)
        }
        for pair in fitted.pairs:
            counts = again[pair.point.seed][: simulator.observation.days]
            assert (counts == pair.counts[number]).all()
