"""Experiments of a sweep: paired at the same point, in the form of the EMA Workbench."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest
from random_scenarios import a_world, scenario_of
from small_sweep import write_sweep

from sim.api import run
from sim.experiment.campaign import Campaign
from sim.experiment.ensemble import Member
from sim.experiment.outcome_registry import OUTCOMES
from sim.experiment.run_store import RunStore
from sim.experiment.sweep.experiments import NET_BENEFIT, Condition, experiments_of
from sim.experiment.sweep.loader import Plan, load_sweep
from sim.experiment.sweep.results import SweepResults, variants_of
from sim.scenario.loader import write_scenario

WILLINGNESS_TO_PAY = 100_000.0

TEXT = """
name: two_policies
scenario: small_world.yaml
policies: [short_stay.yaml]
factors:
  noticed: {label: Symptoms noticed, path: quarantine.symptoms_noticed, values: [0.2, 0.9]}
  swabs:
    levels:
      - {label: none at all, set: {policies.quarantine_tests: []}}
      - {label: at entry, set: {policies.quarantine_tests: [0 d]}}
replicates: 3
"""


def two_policies(folder) -> Plan:
    path = write_sweep(folder, TEXT)
    for name, stay in (("small_world", "14 d"), ("short_stay", "2 d")):
        world = a_world(name=name, costs="china_2020", policies__quarantine_stay=stay)
        (folder / f"{name}.yaml").write_text(write_scenario(scenario_of(world)), "utf-8")
    return load_sweep(path)


def members(exposures: Sequence[float], **more: float) -> list[Member]:
    return [
        Member(seed, {"source.exposure": exposure, "laboratory.turnaround": 0.5, **more})
        for seed, exposure in enumerate(exposures, 1)
    ]


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """The sweep, and its experiments without the last pair of one point."""
    folder = tmp_path_factory.mktemp("experiments")
    plan = two_policies(folder)
    of_policies = [members([60, 90, 120]), members([60, 90, 120])]
    with RunStore.open(folder / "runs.sqlite", purpose="test") as store:
        variants = variants_of(plan, of_policies)
        fewer = list(variants)
        fewer[-1] = type(fewer[-1])(fewer[-1].name, fewer[-1].scenario, of_policies[1][:2])
        Campaign(fewer, store).run()
        results = SweepResults(plan, Campaign(variants, store))
        yield plan, of_policies, experiments_of(results, 0, 1, WILLINGNESS_TO_PAY)


def test_a_row_is_a_pair_at_a_point_that_has_finished_under_both(finished):
    _, _, found = finished
    rows = list(zip(found.points.tolist(), found.pairs.tolist(), strict=True))
    assert rows == [(point, pair) for point in range(4) for pair in range(3)][:-1]


def test_inputs_are_factors_and_what_the_pairs_differ_in(finished):
    _, _, found = finished
    assert list(found.inputs) == ["noticed", "swabs", "source.exposure"]
    assert found.inputs.iloc[0].tolist() == [0.2, "none at all", 60]
    assert found.inputs.iloc[-1].tolist() == [0.9, "at entry", 90]
    assert found.inputs["noticed"].dtype == np.float64


def test_outcomes_are_differences_of_the_same_pair_at_the_same_point(finished):
    plan, of_policies, found = finished
    one, other = (run(plan.worlds[policy][2], members=of_policies[policy]) for policy in (0, 1))
    here = found.points == 2
    for outcome in ("community_infections", "cost_cny", "tests"):
        expected = one.outcome(outcome) - other.outcome(outcome)
        assert found.outcomes[outcome][here] == pytest.approx(expected)
    assert found.outcomes["community_infections"][here].any()
    averted = other.outcome("community_infections") - one.outcome("community_infections")
    net = WILLINGNESS_TO_PAY * averted - (one.outcome("cost_cny") - other.outcome("cost_cny"))
    assert found.outcomes[NET_BENEFIT][here] == pytest.approx(net)


def test_tables_have_the_form_of_the_workbench(finished):
    _, _, found = finished
    table = found.table()
    assert list(table)[-3:] == ["scenario", "policy", "model"]
    assert table["scenario"].tolist() == list(range(11))
    assert set(table["policy"]) == {"small_world against short_stay"}
    outcomes = found.outcomes_table()
    assert list(outcomes) == ["scenario", "point", "pair", *OUTCOMES, NET_BENEFIT]
    assert all(values.shape == (11,) for values in found.outcomes.values())


def test_a_parameter_that_a_policy_sets_itself_is_no_input(tmp_path):
    plan = two_policies(tmp_path)
    with RunStore.open(tmp_path / "runs.sqlite", purpose="test") as store:
        places = {"source.exposure": [], "laboratory.turnaround": ["laboratory.turnaround"]}
        both = [members([60, 90, 120]), [m.at(places) for m in members([1] * 3)]]
        campaign = Campaign(variants_of(plan, both), store)
        found = experiments_of(SweepResults(plan, campaign), 0, 1, WILLINGNESS_TO_PAY)
    assert list(found.inputs) == ["noticed", "swabs"]
    assert found.inputs.empty


def test_some_experiments_keep_all_that_belongs_to_them(finished):
    _, _, found = finished
    some = found.where(found.points == 1)
    assert some.pairs.tolist() == [0, 1, 2]
    assert len(some.inputs) == len(some.outcomes["tests"]) == 3
    pd.testing.assert_frame_equal(some.inputs, found.inputs[3:6].reset_index(drop=True))


def test_a_condition_leaves_its_limit_out():
    values = np.array([-1.0, 0.0, 2.0])
    assert Condition("tests", True, 0).met_by(values).tolist() == [False, False, True]
    assert Condition("tests", False, 0).met_by(values).tolist() == [True, False, False]
