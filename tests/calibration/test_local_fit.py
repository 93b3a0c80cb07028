"""The second stage as a whole: it recovers a known truth, and every pair is one whole history."""

import shutil
from dataclasses import astuple
from pathlib import Path

import numpy as np
import pytest
from command import bordersim
from quick_local import LOCAL_PRIORS, WITH_TOWN, QuickLocalSimulator, with_local_count
from small_fit import TARGETS

from calibration import local_fit
from calibration.check import fitted_parameters, parameters_table
from calibration.ladders import Schedule
from calibration.local_chains import LocalSchedule
from calibration.local_fit import explains, fit_local, has_local_side, resampled, whole_histories
from calibration.observation import Observation
from calibration.priors import read_priors
from calibration.reach import Unreachable
from calibration.targets_file import read_targets
from calibration.task_runner import TaskRunner
from sim.api import run
from sim.experiment.ensemble import Ensemble, Member, read_ensemble
from sim.experiment.run_store import RunStore
from sim.scenario.loader import load_scenario
from sim.shipped import shipped_scenarios

CASE = Path(__file__).with_name("two_ports")

TRUTH = {
    "source.exposure": 40.0,
    "quarantine.symptoms_noticed": 0.8,
    "residents.north_town.community_hazard_per_day": 0.12,
    "residents.north_town.household_hazard_per_day": 0.06,
}
"""What the counts of the case were drawn with, and seed 2."""


@pytest.fixture(scope="module")
def case(tmp_path_factory) -> Path:
    """A folder with the made-up corridor, residents of one of its towns, and counts of both."""
    folder = tmp_path_factory.mktemp("two_ports")
    shipped = shipped_scenarios()
    for file in (shipped / "two_ports.yaml", shipped / "two_ports_counts.csv", *CASE.iterdir()):
        shutil.copy(file, folder / file.name)
    return folder


def single_sums(scenario, targets, members, *, local):
    """Return the counts of runs, one column a fitted target, shape (runs, targets)."""
    single = Observation(targets, scenario.calendar, local=local).single
    done = run(scenario, members=members)
    (of,) = zip(*(statistic.terms for statistic in single), strict=True)
    return np.stack([done.series(t.column[1], t.column[0])[:, t.day] for t in of], axis=1), single


def test_the_counts_of_the_case_are_those_of_its_truth(case):
    scenario = load_scenario(case / "world.yaml")
    targets = read_targets(case / "targets.yaml", scenario)
    for local in (False, True):
        ((counts,), single) = single_sums(scenario, targets, [Member(2, TRUTH)], local=local)
        assert all(p.low <= n <= p.high for p, n in zip(single, counts.tolist(), strict=True))


@pytest.mark.slow
def test_a_fit_of_both_stages_recovers_the_truth(case, tmp_path, capsys, monkeypatch):
    for schedule in (
        Schedule(corrections=3, rungs=3, moves=40, renewed=6, kept=2, apart=10),
        LocalSchedule(runs=200, starts=4, moves=40, annealed=20),
    ):
        monkeypatch.setattr(type(schedule).__init__, "__defaults__", astuple(schedule))
    files = ["--targets", case / "targets.yaml", "--priors", case / "priors.yaml"]
    fit = ["calibrate", case / "world.yaml", *files, "--runs", 300, "--members", 16]
    assert bordersim(*fit, "--workers", 1, "--out", tmp_path) == 0
    printed = capsys.readouterr()
    assert "local side: 200 reference runs" in printed.out
    assert "0 pairs stuck" in printed.out
    scenario = load_scenario(case / "world.yaml")
    targets = read_targets(case / "targets.yaml", scenario)
    priors = read_priors(case / "priors.yaml", scenario)
    ensemble = read_ensemble(tmp_path / "ensemble.csv")
    members = ensemble.for_scenario(scenario)
    for local in (False, True):
        counts, single = single_sums(scenario, targets, members, local=local)
        for statistic, of in zip(single, counts.T, strict=True):
            assert np.quantile(of, 0.05) <= statistic.high, statistic.label
            assert np.quantile(of, 0.95) >= statistic.low, statistic.label
            assert abs(np.clip(np.median(of), statistic.low, statistic.high) - np.median(of)) <= 2
    assert {prior.path for prior in fitted_parameters(ensemble, priors)} == set(TRUTH)
    for path, value in TRUTH.items():
        found = [member.parameters[path] for member in ensemble.members]
        assert min(found) < value < max(found)
    table = parameters_table(ensemble, priors).set_index("parameter")
    community = table.loc["residents.north_town.community_hazard_per_day"]
    assert community["verdict"] == "informed"
    assert community["contraction"] > 0.3


PAIRS = Ensemble(tuple(Member(seed) for seed in range(5)), {}, {"chains": 5})

SHORT = LocalSchedule(runs=40, starts=2, moves=6, annealed=3, together=3)


@pytest.fixture
def quick(monkeypatch):
    """Replace the simulation of the local side by a formula."""
    monkeypatch.setattr(local_fit, "LocalSimulator", QuickLocalSimulator)


def fitted(value=60.0, absolute=5.0, at=None, schedule=SHORT):
    targets = with_local_count(value, absolute)
    return fit_local(WITH_TOWN, targets, LOCAL_PRIORS, PAIRS, 1, at or TaskRunner(), schedule)


def same(one, other):
    for first, second in zip(one.histories, other.histories, strict=True):
        assert (first.state.scores == second.state.scores).all()
        assert first.state.seed_overrides == second.state.seed_overrides
        assert (first.counts == second.counts).all()
        assert first.tried == second.tried
        assert first.accepted == second.accepted
        assert first.attempts == second.attempts


@pytest.mark.usefixtures("quick")
def test_without_local_counts_there_is_no_second_stage():
    begun = []
    at = TaskRunner(on_progress=lambda *stage: begun.append(stage))
    assert fit_local(WITH_TOWN, TARGETS, LOCAL_PRIORS, PAIRS, 1, at) is None
    assert not begun
    assert not has_local_side(PAIRS)


@pytest.mark.usefixtures("quick")
def test_what_is_done_is_not_done_again(tmp_path):
    """A count that is corrected asks for other chains, and for no other reference runs."""

    def begun(value):
        before = {}
        with RunStore.open(tmp_path / "runs.sqlite", purpose="a test") as store:
            at = TaskRunner(
                store, on_progress=lambda stage, done, _: before.setdefault(stage, done)
            )
            return before, fitted(value, at=at)

    reference = ("local reference runs", "local reference runs without travellers")
    pairs = "local side of the pairs"
    assert begun(60.0)[0] == {reference[0]: 0, reference[1]: 0, pairs: 0}
    before, again = begun(60.0)
    assert before == {reference[0]: 40, reference[1]: 40, pairs: 5}
    same(again, fitted(60.0))
    assert begun(61.0)[0] == {reference[0]: 40, reference[1]: 40, pairs: 0}


@pytest.mark.usefixtures("quick")
def test_workers_do_not_matter():
    same(fitted(), fitted(at=TaskRunner(workers=2)))


@pytest.mark.usefixtures("quick")
def test_a_pair_keeps_what_it_has_and_gets_a_local_side():
    whole = whole_histories(PAIRS, WITH_TOWN, fitted())
    path = "residents.east.community_hazard_per_day"
    assert whole.base == {path: 0.3}
    assert [member.seed for member in whole.members] == [0, 1, 2, 3, 4]
    assert len({member.parameters[path] for member in whole.members}) > 1
    assert all(member.seed_overrides for member in whole.members)
    assert has_local_side(whole)
    assert whole.provenance["local_chains"] >= 5
    assert fitted_parameters(whole, LOCAL_PRIORS) == list(LOCAL_PRIORS.local)


@pytest.mark.usefixtures("quick")
def test_a_count_that_the_local_side_cannot_reach_is_refused():
    with pytest.raises(Unreachable, match=r"east local_confirmed_cumulative on 21 March: 50,000"):
        fitted(value=50_000.0)


@pytest.mark.usefixtures("quick")
def test_a_count_near_which_no_chain_ends_is_refused():
    with pytest.raises(Unreachable, match="5 states of the chains, all of which are farther"):
        fitted(value=700.0, absolute=0.5)


@pytest.mark.usefixtures("quick")
def test_chains_start_where_reference_runs_agree():
    simulator = QuickLocalSimulator(WITH_TOWN, LOCAL_PRIORS.local, with_local_count(90, 5))
    scores = np.random.default_rng(1).standard_normal((4000, 1))
    counts = np.zeros((4000, len(simulator.columns), simulator.days), np.int32)
    counts[:, 0] = np.rint(60 * np.exp(0.4 * scores))
    starts = resampled(simulator, scores, counts, np.random.default_rng(2))
    assert abs(np.median(starts) - 1.01) < 0.2  # 60 exp(0.4 x) = 90
    assert starts.std() < 0.5


def test_a_world_without_travellers_stands_in_only_for_what_it_explains():
    simulator = QuickLocalSimulator(WITH_TOWN, LOCAL_PRIORS.local, with_local_count(90, 5))
    rng = np.random.default_rng(1)
    whole = np.zeros((60, len(simulator.columns), simulator.days), np.int32)
    whole[:, 0] = rng.integers(0, 100, (60, 1))
    assert explains(simulator, whole, whole + 3)
    assert explains(simulator, whole, whole + rng.integers(0, 3, whole.shape))
    assert not explains(simulator, whole, np.zeros_like(whole))


def test_the_shipped_counts_are_all_fitted_one_way_or_the_other():
    scenario = load_scenario(shipped_scenarios() / "baseline.yaml")
    targets, priors = read_targets(scenario=scenario), read_priors(scenario=scenario)
    names = {local: {t.id for t in targets.fitted(local=local)} for local in (False, True)}
    assert names == {False: {"A1", "A2", "A9", "A10", "A11", "A12"}, True: {"A14", "A15"}}
    assert {prior.part for prior in priors.local} == {"towns", "hospital_outbreak"}
    assert targets.region == "heilongjiang"
