"""Ensembles as files, and what they do to a scenario."""

import json
import os
import pickle
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import load_scenario
from sim.experiment.ensemble import (
    Ensemble,
    EnsembleError,
    Member,
    read_ensemble,
    seeds_only,
    write_ensemble,
)
from sim.experiment.parameters import (
    check_parameters,
    parameters_digest,
    value_at,
    with_parameters,
    world_digest,
)
from sim.experiment.replicates import simulate
from sim.scenario.loader import read_scenario, write_scenario
from sim.scenario.reading.errors import ScenarioError
from sim.shipped import shipped_ensembles, shipped_scenarios
from sim.world.draws import BLOCKS, Stream

BASELINE = load_scenario(shipped_scenarios() / "baseline.yaml")
PATHS = ("source.exposure", "laboratory.throughput[1].value", "registers.hospital_stay.mu")
BASE = {path: value_at(BASELINE, path) for path in PATHS}

numbers = st.floats(0.01, 50)
members = st.lists(
    st.builds(
        Member,
        st.integers(0, 2**62),
        st.fixed_dictionaries(dict.fromkeys(PATHS, numbers)),
        st.dictionaries(
            st.tuples(st.sampled_from(Stream), st.integers(0, BLOCKS - 1)),
            st.integers(0, 2**48),
            max_size=20,
        ),
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda member: member.seed,
)


@given(members)
def test_what_is_written_is_read_back_to_the_last_bit(tmp_path_factory, drawn):
    path = tmp_path_factory.mktemp("ensemble") / "ensemble.csv"
    ensemble = Ensemble(tuple(drawn), BASE, {"scenario": "baseline"})
    path.write_text(write_ensemble(ensemble), "utf-8")
    assert read_ensemble(path) == ensemble


A_FILE = write_ensemble(
    Ensemble((Member(1, BASE), Member(2, BASE, {(Stream.TEST, 3): 9})), BASE, {})
)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("# {", "{"), ":1: not the head of an ensemble"),
        (('"source.exposure"', '"source.exposures"'), ":2: the columns are not"),
        (("TEST:0008:9", "TESTS:0008:9"), ":4: not a member of an ensemble: 'TESTS'"),
        (("TEST:0008:9", "TEST:9"), ":4: not a member"),
        (("\n1,,", "\none,,"), ":3: not a member"),
        (("\n2,", "\n1,"), "two members have the same seed"),
        ((A_FILE.split("\n", 2)[2], ""), "an ensemble without members"),
        (("\n1,", "\n-1,"), ":3: not a member of an ensemble: a seed is a whole number"),
        (("\n2,", f"\n{'9' * 30},"), ":4: not a member of an ensemble: a seed is"),
        (("TEST:0008:9", "TEST:0008:-9"), ":4: not a member of an ensemble: a seed is"),
        (("\n1,,", "\n1,,nan,"), ":3: not a member"),
        (("\n1,,", f"\n1,{'x' * 200_000},"), ":3: not a member of an ensemble: field larger"),
        (("# {", "# " + "[" * 100_000), ":1: not the head of an ensemble"),
        (('"base"', '"basis"'), ":1: not the head of an ensemble"),
    ],
)
def test_a_file_that_is_no_ensemble_says_where(tmp_path: Path, change, said):
    path = tmp_path / "ensemble.csv"
    assert change[0] in A_FILE
    path.write_text(A_FILE.replace(*change), "utf-8")
    with pytest.raises(EnsembleError) as caught:
        read_ensemble(path)
    assert said in str(caught.value)
    assert "ensemble.csv" in str(caught.value)


def test_what_is_no_ordinary_file_is_no_ensemble(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/zero")):
        with pytest.raises(EnsembleError, match="not an ordinary file"):
            read_ensemble(path)


def test_values_of_an_ensemble_are_finite(tmp_path: Path):
    path = tmp_path / "ensemble.csv"
    first = repr(float(next(iter(BASE.values()))))
    for value in ("nan", "inf"):
        path.write_text(A_FILE.replace(f"\n1,,{first}", f"\n1,,{value}"), "utf-8")
        with pytest.raises(EnsembleError, match=r":3: .* only finite numbers"):
            read_ensemble(path)


def ensemble_with(**values: float) -> Ensemble:
    parameters = {**BASE, **{path: values.get(path.split(".")[-1], BASE[path]) for path in BASE}}
    return Ensemble((Member(1, parameters),), BASE, {})


def test_a_scenario_keeps_what_it_sets_itself():
    changed = load_scenario(shipped_scenarios() / "baseline.yaml", ["source.exposure=50"])
    (member,) = ensemble_with(exposure=700).for_scenario(changed)
    assert set(member.parameters) == set(PATHS[1:])
    (kept,) = ensemble_with(exposure=700).for_scenario(BASELINE)
    assert kept.parameters["source.exposure"] == 700


def test_a_fit_as_it_was_fitted_has_all_its_parameters_whatever_the_scenario_says():
    changed = load_scenario(shipped_scenarios() / "baseline.yaml", ["source.exposure=50"])
    (member,) = ensemble_with(exposure=700).as_fitted(changed)
    assert member.parameters["source.exposure"] == 700
    assert set(member.parameters) == set(PATHS)
    with pytest.raises(EnsembleError, match=r": source\.exposure: Input should be .* 0, got -1$"):
        ensemble_with(exposure=-1).as_fitted(changed)


def test_a_setting_counts_even_if_it_says_the_same():
    for setting in ("source.exposure", "source"):
        (member,) = ensemble_with(exposure=700).for_scenario(BASELINE, [setting])
        assert "source.exposure" not in member.parameters
    (member,) = ensemble_with(exposure=700).for_scenario(BASELINE, ["sourc"])
    assert "source.exposure" in member.parameters


@pytest.mark.parametrize(
    "setting", ["exposure=150", "curve.slowing_time=30 d", "reporting_lag=9 d"]
)
def test_what_was_set_by_hand_is_written_and_read_back(tmp_path, setting):
    """Also a value that is the fitted one: the written scenario has the same runs."""
    value = value_at(BASELINE, "source.exposure")
    setting = f"exposure={value!r}" if setting.startswith("exposure") else setting
    scenario = load_scenario(
        shipped_scenarios() / "baseline.yaml", [f"source.{setting}", "name=other", "question=Why?"]
    )
    path = tmp_path / "scenario.yaml"
    path.write_text(write_scenario(scenario), "utf-8")
    again, _ = read_scenario(path)
    assert again.set_by_hand == (f"source.{setting.split('=')[0]}",)
    assert (again, again.digest) == (scenario, scenario.digest)
    ensemble = ensemble_with(exposure=700)
    for copy in (again, pickle.loads(pickle.dumps(scenario)), scenario.without(["border"])):
        assert ensemble.for_scenario(copy) == ensemble.for_scenario(scenario)
    assert ("source.exposure" in ensemble.overridden(again)) == ("exposure" in setting)
    more, _ = read_scenario(path, ["source.population=1000000"])
    assert set(more.set_by_hand) == {*again.set_by_hand, "source.population"}
    assert world_digest(again) == world_digest(again.as_set_by_hand(["travellers.patience"]))


@pytest.mark.parametrize("path", ["sorce.exposure", "name", "set_by_hand[0]", "a b", ".", ""])
def test_a_path_set_by_hand_that_no_ensemble_changes_is_refused(path):
    with pytest.raises(ScenarioError, match=r"set_by_hand\[0\]: not a path to a value"):
        load_scenario(shipped_scenarios() / "baseline.yaml", [f"set_by_hand=['{path}']"])


def test_days_of_tests_are_parameters_and_a_list_is_meant_as_a_whole(tmp_path):
    second, last = (f"policies.quarantine_tests[0].value[{number}]" for number in (1, 2))
    values = {second: 5.5, last: 12.0, "costs.test": 90.0}
    ensemble = Ensemble((Member(1, values),), {path: value_at(BASELINE, path) for path in values})
    assert ensemble.for_scenario(BASELINE)[0].parameters == values
    swabs = with_parameters(BASELINE, values).policies.quarantine_tests.root[0].value
    assert [str(swab) for swab in swabs] == ["0 d", "5.5 d", "12 d"]
    changed = load_scenario(
        shipped_scenarios() / "baseline.yaml",
        ["policies.quarantine_tests=[{from: 2020-04-01, value: [0 d, 7 d, 10 d]}]"],
    ).model_copy(update={"set_by_hand": None})
    # The second swab is said to be on day 7, as in the baseline: here it is part of a new plan.
    assert ensemble.overridden(changed) == [second, last]


def test_an_ensemble_of_sections_that_no_scenario_has_is_refused():
    base = {"sorce.exposure": 1.0, "nothing": 2.0}
    with pytest.raises(EnsembleError, match="fitted to another scenario"):
        Ensemble((Member(1, base),), base).for_scenario(BASELINE)


def test_what_a_scenario_does_without_does_not_make_it_another_one():
    paths = ["source.exposure", "costs.test"]
    paths += [f"border.crossers.{name}" for name in ("shame", "trip_cost", "daily_income")]
    base = {path: value_at(BASELINE, path) for path in paths}
    ensemble = Ensemble((Member(1, base),), base)
    without = BASELINE.without(("towns", "hospital_outbreak", "border"))
    assert list(ensemble.for_scenario(without)[0].parameters) == ["source.exposure", "costs.test"]


def test_an_ensemble_of_another_scenario_or_out_of_range_is_refused():
    study = load_scenario(shipped_scenarios() / "studies" / "quilty_2020.yaml")
    with pytest.raises(EnsembleError, match="fitted to another scenario"):
        ensemble_with().for_scenario(study)
    with pytest.raises(EnsembleError, match="out of range"):
        ensemble_with(exposure=-1).for_scenario(BASELINE)


@pytest.mark.parametrize("path", sorted(json.loads(A_FILE.split("\n")[0][2:])["base"]))
def test_a_parameter_gets_to_its_place_and_nowhere_else(path):
    value = value_at(BASELINE, path) * 1.5
    changed = with_parameters(BASELINE, {path: value})
    assert value_at(changed, path) == value
    assert with_parameters(changed, {path: value_at(BASELINE, path)}) == BASELINE
    check_parameters(BASELINE, {path: value})


@pytest.mark.parametrize(
    "path", ["source.exposur", "nothing", "laboratory.throughput[7].value", "legs.boat.duration"]
)
def test_a_path_that_leads_nowhere_is_named(path):
    assert value_at(BASELINE, path) is None
    with pytest.raises(KeyError, match="the scenario has no"):
        with_parameters(BASELINE, {path: 1.0})


def test_digests_of_parameters_tell_values_apart_not_their_order():
    one = {"a": 1.0, "b": 2.0}
    assert parameters_digest(one) == parameters_digest({"b": 2, "a": 1})
    assert parameters_digest(one) != parameters_digest({"a": 1.0, "b": 2.0 + 1e-15})


def test_seed_override_changes_a_run_and_is_repeated_with_it():
    member = Member(3, seed_overrides={(Stream.TEST, block): 5 for block in range(BLOCKS)})
    first, again = simulate(BASELINE, member), simulate(BASELINE, member)
    assert (first.series == again.series).all()
    assert (first.series != simulate(BASELINE, replace(member, seed_overrides={})).series).any()


def test_seeds_count_up():
    assert [member.seed for member in seeds_only(4, 3)] == [4, 5, 6]


def test_the_shipped_ensemble_is_one_for_the_baseline_as_it_stands():
    ensemble = read_ensemble(shipped_ensembles()["articles_2020"])
    assert ensemble.overridden(BASELINE) == []
    assert len(ensemble.for_scenario(BASELINE)) == len(ensemble.members)
    assert len({str(member) for member in ensemble.members}) >= 250
    assert ensemble.provenance["starts_left"] >= len(ensemble.members) / 4
