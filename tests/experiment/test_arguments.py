"""Arguments from Python: what is wrong is raised, with what to write instead."""

import math
from decimal import Decimal

import numpy as np
import pytest
from faulty_runs import let_runs_fail
from random_scenarios import a_world, scenario_of
from small_sweep import write_sweep

import sim
from sim import BorderModel, Traveller
from sim.experiment.ensemble import Ensemble, Member, seeds_only

WORLD = scenario_of(a_world())
OTHER = scenario_of(a_world(name="other", source__exposure=20))

NO_WHOLE_NUMBERS = [1.0, 2.5, math.nan, math.inf, "3", b"3", True, [3], Decimal(3), 3j]

NO_SCENARIOS = [None, 7, {"name": "x"}, BorderModel, [WORLD]]


def run(**arguments):
    return sim.run(**{"scenario": WORLD, "replicates": 1, **arguments})


def compare(**arguments):
    return sim.compare(**{"scenarios": [WORLD, OTHER], "replicates": 2, **arguments})


@pytest.fixture
def sweep(tmp_path):
    return lambda **arguments: sim.sweep(
        **{"path": write_sweep(tmp_path), "replicates": 1, **arguments}
    )


@pytest.mark.parametrize("wrong", NO_SCENARIOS, ids=repr)
def test_what_is_no_scenario_is_refused(wrong):
    with pytest.raises(TypeError, match=r"scenario: a Scenario is needed.*load_scenario"):
        run(scenario=wrong)
    with pytest.raises(TypeError, match=r"scenario: a Scenario is needed.*load_scenario"):
        compare(scenarios=[WORLD, wrong])


@pytest.mark.parametrize(
    "wrong", ["a.yaml", WORLD, None, 7], ids=lambda wrong: type(wrong).__name__
)
def test_what_is_no_list_of_scenarios_is_refused(wrong):
    with pytest.raises(TypeError, match=r"scenarios: a list of Scenario is needed.*use run"):
        compare(scenarios=wrong)


def test_no_scenario_is_refused():
    with pytest.raises(ValueError, match=r"there are none"):
        compare(scenarios=[])


@pytest.mark.parametrize("wrong", [WORLD, None, 7, b"sweep.yaml"], ids=lambda w: type(w).__name__)
def test_what_is_no_path_of_a_sweep_is_refused(wrong, sweep):
    with pytest.raises(TypeError, match=r"path: that of a sweep file is needed"):
        sweep(path=wrong)


@pytest.mark.parametrize("wrong", NO_WHOLE_NUMBERS, ids=repr)
@pytest.mark.parametrize("name", ["replicates", "seed", "workers"])
def test_what_is_no_whole_number_is_refused(name, wrong, sweep):
    for many in (run, compare, *([sweep] if name != "seed" else [])):
        with pytest.raises(TypeError, match=rf"{name}: a whole number from \d"):
            many(**{name: wrong})


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        *(("replicates", number) for number in (-1, 0, 10**7)),
        *(("seed", number) for number in (-5, 2**62 + 1)),
        *(("workers", number) for number in (-1, 5000)),
    ],
)
def test_numbers_out_of_range_are_refused(name, wrong, sweep):
    for many in (run, compare, *([sweep] if name != "seed" else [])):
        with pytest.raises(ValueError, match=rf"{name}: a whole number from \d.*\(got {wrong}\)"):
            many(**{name: wrong})


def test_one_pair_is_no_comparison():
    with pytest.raises(ValueError, match=r"replicates: a whole number from 2"):
        compare(replicates=1)


@pytest.mark.parametrize(
    ("name", "wrong", "said"),
    [
        ("traveller_class", "Stubborn", "a subclass of Traveller"),
        ("traveller_class", int, "a subclass of Traveller"),
        ("traveller_class", None, "a subclass of Traveller"),
        ("executor", "dask", "a concurrent.futures.Executor"),
        ("executor", 2, "a concurrent.futures.Executor"),
        ("ensemble", 7, "an Ensemble, the path of its file"),
        ("ensemble", seeds_only(1, 2), "an Ensemble, the path of its file"),
        ("folder", 7, "a path"),
    ],
    ids=repr,
)
def test_other_types_are_refused(name, wrong, said, sweep):
    for many in ([] if name == "folder" else [run]) + [compare, sweep]:
        with pytest.raises(TypeError, match=rf"{name}: .*{said}"):
            many(**{name: wrong})


def test_an_ensemble_that_is_not_there_is_refused(sweep, tmp_path):
    for many in (run, compare, sweep):
        with pytest.raises(ValueError, match=r"ensemble: nowhere\.csv cannot be read"):
            many(ensemble="nowhere.csv")


def test_a_seed_beside_an_ensemble_is_refused():
    ensemble = Ensemble((Member(1, {"source.exposure": 9.0}),), {"source.exposure": 150.0})
    with pytest.raises(ValueError, match=r"seed: small_world runs the pairs.*'none'"):
        run(ensemble=ensemble, seed=3)
    with pytest.raises(ValueError, match=r"replicates: the ensemble has 1 pairs"):
        run(ensemble=ensemble, replicates=2)


@pytest.mark.parametrize(
    ("wrong", "error", "said"),
    [
        ([], ValueError, "there are none"),
        ([1, 2], TypeError, "each has to be a Member"),
        ("members.csv", TypeError, "a list of Member"),
        (Member(1), TypeError, "a list of Member"),
        (Ensemble((Member(1),), {}), TypeError, "a list of Member"),
        ([Member(1), Member(1)], ValueError, "two have the same seed"),
        ([Member(-5)], ValueError, "seed: .*got -5"),
        ([Member(math.nan)], TypeError, "seed: "),
        ([Member(1, {"source.exposures": 3.0})], ValueError, "no 'source.exposures'"),
        ([Member(1), Member(2, {"source.exposure": -3.0})], ValueError, "out of range"),
        ([Member(1, {"source.exposure": math.nan})], ValueError, "has to be finite"),
        ([Member(1, {"source.exposure": "3"})], TypeError, "has to be a number"),
    ],
    ids=repr,
)
def test_members_that_cannot_be_run_are_refused(wrong, error, said):
    with pytest.raises(error, match=said):
        sim.run(WORLD, members=wrong)


@pytest.mark.parametrize("beside", [{"replicates": 3}, {"seed": 3}, {"ensemble": "none"}], ids=repr)
def test_what_has_no_effect_beside_members_is_refused(beside):
    with pytest.raises(ValueError, match=r"members: .*no effect"):
        sim.run(WORLD, members=seeds_only(1, 2), **beside)


def test_settings_are_a_list(sweep):
    with pytest.raises(TypeError, match=r"settings: a list of texts"):
        sweep(settings="policies.laboratory_capacity=3")
    with pytest.raises(TypeError, match=r"settings: a list of texts.*\['source.exposure=3'\]"):
        sim.load_scenario("scenarios/two_ports.yaml", "source.exposure=3")


def test_two_scenarios_of_one_name_are_refused():
    with pytest.raises(ValueError, match=r"2 scenarios have the name 'small_world': each needs"):
        compare(scenarios=[WORLD, OTHER, scenario_of(a_world(source__exposure=9))])


def test_runs_that_all_fail_are_no_result(sweep, monkeypatch):
    let_runs_fail(monkeypatch)
    with pytest.raises(RuntimeError, match=r"no run has finished.* seed 1: ArithmeticErr"):
        run(replicates=3)
    with pytest.raises(RuntimeError, match=r"no pair of runs has finished.* ArithmeticError"):
        compare()
    with pytest.raises(RuntimeError, match=r"no run has finished.* ArithmeticError"):
        sweep()


def test_pairs_of_which_one_run_fails_are_told(monkeypatch):
    let_runs_fail(monkeypatch, lambda scenario, seed: scenario.name == "other" and seed == 2)
    with pytest.warns(RuntimeWarning, match=r"1 of 6 runs failed.*other, seed 2: Arithmetic"):
        assert compare(replicates=3).pairs == 2


def test_whole_numbers_of_numpy_will_do():
    done = run(replicates=np.int64(2), seed=np.uint8(5), workers=np.int32(1))
    assert [result.seed for result in done.results] == [5, 6]
    assert sim.run(WORLD, members=iter(seeds_only(3, 1)), traveller_class=Traveller).results
