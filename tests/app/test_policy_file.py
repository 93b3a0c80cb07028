"""A policy is the text of a file: what is changed in it, what it means, and what is refused."""

import os
from threading import Thread

import pytest
from random_scenarios import a_world, scenario_of
from shipped import SCENARIOS

from sim.app.assumptions import assumptions_of, value_in_file
from sim.app.policy_file import (
    Base,
    new_policy,
    read_policy,
    with_assumption,
    with_name,
    with_periods,
)
from sim.app.timetable_rows import fields_of, rows_of
from sim.experiment.ensemble import read_ensemble
from sim.experiment.members import named_ensemble
from sim.scenario.lever_registry import LEVERS
from sim.scenario.loader import load_scenario, write_scenario
from sim.scenario.reading.errors import ScenarioError

EARLIER = [{"from": "2020-03-31", "announced": "2020-03-27"}]


@pytest.fixture(scope="module")
def base():
    return Base.read(SCENARIOS / "baseline.yaml")


@pytest.fixture
def policy(base):
    return read_policy(new_policy(base), base)


@pytest.fixture(scope="module")
def fitted(base):
    return read_ensemble(named_ensemble(base.scenario))


def small_base(folder, **changes):
    """Write a small world into a folder and return it as a baseline."""
    scenario = scenario_of(a_world(**changes))
    path = folder / f"{scenario.name}.yaml"
    path.write_text(write_scenario(scenario), "utf-8")
    return Base.read(path)


def test_a_new_policy_is_the_baseline_under_another_name(base, policy):
    unnamed = {"name": "", "question": ""}
    assert policy.scenario.model_copy(update=unnamed) == base.scenario.model_copy(update=unnamed)
    assert not policy.assumes


def test_a_changed_closure_is_the_shipped_policy(base, policy):
    text = with_periods(policy, "port_closures", "suifenhe_port", EARLIER)
    assert text == (
        "extends: baseline.yaml\nname: my_policy\npolicies:\n  port_closures:\n"
        "    suifenhe_port:\n    - {from: 2020-03-31, announced: 2020-03-27}\n"
    )
    shipped = load_scenario(SCENARIOS / "closure_week_earlier.yaml")
    assert read_policy(text, base).scenario.policies == shipped.policies


def test_the_text_means_the_same_to_the_loader(base, policy, tmp_path):
    text = with_periods(policy, "quarantine_stay", "", [{"value": "21 d"}])
    text = with_assumption(read_policy(text, base), base, "costs.test", "200 CNY")
    read = read_policy(text, base)
    (tmp_path / "baseline.yaml").write_text((SCENARIOS / "baseline.yaml").read_text("utf-8"))
    (tmp_path / "policy.yaml").write_text(read.text)
    (tmp_path / "base.yaml").write_text(read.base_text)
    assert load_scenario(tmp_path / "policy.yaml") == read.scenario
    assert load_scenario(tmp_path / "base.yaml") == read.base
    assert read.base.costs.test == read.scenario.costs.test == 200
    assert read.base.costs.patrol_day == base.scenario.costs.patrol_day > 0


def test_every_change_can_be_taken_back(base, policy):
    text = policy.text
    for lever, name, periods in (
        ("port_closures", "suifenhe_port", EARLIER),
        ("quarantine_tests", "", [{"value": "[0 d, 5 d]"}]),
        ("rewards", "", []),
        ("reward_budget", "", [{"value": "100000 CNY"}]),
    ):
        changed = with_periods(read_policy(text, base), lever, name, periods)
        assert changed != text
        assert with_periods(read_policy(changed, base), lever, name, None) == text
    for path, number in (("costs.test", 90.0), ("border.informants.b1", 0.5)):
        value = value_in_file(path, number)
        changed = with_assumption(read_policy(text, base), base, path, value)
        assert changed != text
        assert with_assumption(read_policy(changed, base), base, path, None) == text


def test_changes_add_up_to_one_policy(base, policy):
    text = with_periods(policy, "port_closures", "suifenhe_port", EARLIER)
    text = with_periods(read_policy(text, base), "lockdown", "harbin", [{"value": "0.5"}])
    read = read_policy(with_name(read_policy(text, base), "both", "What of both?"), base)
    changed = [(row["lever"], row["name"]) for row in rows_of(read) if row["changed"]]
    assert changed == [("port_closures", "suifenhe_port"), ("lockdown", "harbin")]
    assert (read.scenario.name, read.scenario.question) == ("both", "What of both?")


@pytest.mark.parametrize(
    ("text", "field", "said"),
    [
        ("extends: other.yaml\nname: x\n", "extends", "extends the baseline"),
        ("extends: ../../etc/passwd\nname: x\n", "extends", "extends the baseline"),
        ("name: x\n", "extends", "extends the baseline"),
        ("extends: baseline.yaml\n", "name", "the name of the baseline"),
        ("extends: baseline.yaml\nname: x\npolicy: {}\n", "policy", "unknown field"),
        (
            "extends: baseline.yaml\nname: x\nsource: {curve: {counts: a.csv}}\n",
            "source.curve.counts",
            "no file is opened",
        ),
        ("extends: baseline.yaml\nname: [\n", "", "policy.yaml:3:1"),
        ("extends: &a baseline.yaml\nname: *a\n", "", "anchors"),
    ],
)
def test_a_text_is_refused_with_the_place(base, text, field, said):
    with pytest.raises(ScenarioError) as refused:
        read_policy(text, base)
    problem = refused.value.problems[0]
    if field:
        assert problem.field == field
    assert said in str(problem).lower()


@pytest.mark.parametrize(
    ("lever", "name", "periods", "field", "said"),
    [
        ("lockdown", "harbin", [{"value": "70 %"}], "policies.lockdown.harbin", "0.7"),
        ("lockdown", "harbin", [{"value": "1.5"}], "policies.lockdown.harbin", "<= 1"),
        ("quarantine_stay", "", [{"value": "14"}], "policies.quarantine_stay", "28 d"),
        (
            "port_closures",
            "suifenhe_port",
            [{"from": "2020-04-10", "until": "2020-04-01"}],
            "policies.port_closures.suifenhe_port[0]",
            "until",
        ),
        ("fine", "", [{"value": "{"}], "policies.fine[0].value", "cannot be read"),
    ],
)
def test_a_wrong_value_is_named_with_the_words_of_validate(
    base, policy, lever, name, periods, field, said
):
    with pytest.raises(ScenarioError) as refused:
        read_policy(with_periods(policy, lever, name, periods), base)
    problem = refused.value.problems[0]
    assert problem.field.startswith(field)
    assert said in str(problem)


def test_the_library_has_the_policies_on_the_baseline(base):
    policies = base.library()
    assert {"no_closure", "quarantine_14_days"} <= set(policies)
    assert "baseline" not in policies
    for name, policy in policies.items():
        assert read_policy(policy.text, base).scenario == load_scenario(SCENARIOS / f"{name}.yaml")


def test_the_library_opens_ordinary_files_only(tmp_path):
    base = small_base(tmp_path)
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "latin.yaml").write_bytes(b"extends: small_world.yaml\nname: \xe9\n")
    (tmp_path / "other.yaml").write_text(new_policy(base), "utf-8-sig")
    found = []
    reader = Thread(target=lambda: found.append(base.library()), daemon=True)
    reader.start()
    reader.join(20)
    assert [list(of) for of in found] == [["my_policy"]]


def test_a_baseline_may_be_called_like_a_new_policy(tmp_path):
    base = small_base(tmp_path, name="my_policy")
    assert read_policy(new_policy(base), base).scenario.name != base.scenario.name


def test_counts_of_a_file_are_those_of_the_baseline_whatever_becomes_of_the_file(tmp_path):
    for name in ("two_ports.yaml", "two_ports_counts.csv"):
        (tmp_path / name).write_text((SCENARIOS / name).read_text("utf-8"), "utf-8")
    base = Base.read(tmp_path / "two_ports.yaml")
    (tmp_path / "two_ports_counts.csv").unlink()
    policy = read_policy(f"{new_policy(base)}calendar: {{end: 2030-05-10}}\n", base)
    assert policy.base.source.curve == policy.scenario.source.curve == base.scenario.source.curve


def test_a_policy_may_not_have_more_travellers_than_a_run_can_follow(tmp_path):
    base = small_base(tmp_path)
    text = new_policy(base)
    assert read_policy(f"{text}travellers: {{pool: 2000000}}\n", base).assumes
    with pytest.raises(ScenarioError) as refused:
        read_policy(f"{text}travellers: {{pool: 2000001}}\n", base)
    (problem,) = refused.value.problems
    assert (problem.field, problem.line) == ("travellers.pool", 3)
    assert "more people than one run can follow" in str(problem)
    crowded = small_base(tmp_path, name="crowded", travellers__pool=3_000_000)
    assert read_policy(new_policy(crowded), crowded).scenario.travellers.pool == 3_000_000


def test_an_empty_budget_is_none(base, policy):
    text = with_periods(policy, "reward_budget", "", [{"value": " "}])
    assert text == with_periods(policy, "reward_budget", "", [])
    assert read_policy(text, base).scenario.policies.reward_budget is None


def test_a_number_of_a_preset_that_the_text_names_can_be_fixed(base, policy):
    preset = base.document.data["costs"]
    assert isinstance(preset, str)
    named = read_policy(f"{policy.text}costs: {preset}\n", base)
    fixed = read_policy(with_assumption(named, base, "costs.test", "90 CNY"), base)
    assert fixed.scenario.costs.test == 90
    assert fixed.scenario.costs.patrol_day == base.scenario.costs.patrol_day
    assert with_assumption(fixed, base, "costs.test", None) == policy.text


def test_rows_are_in_the_order_of_the_registry_and_have_their_fields(policy):
    rows = rows_of(policy)
    order = list(LEVERS)
    places = [order.index(row["lever"]) for row in rows]
    assert places == sorted(places)
    assert set(order) == {row["lever"] for row in rows}
    stay = next(row for row in rows if row["lever"] == "quarantine_stay")
    assert [period["fields"] for period in stay["periods"]] == [
        {"until": "2020-04-12", "value": "14 d"},
        {"from": "2020-04-12", "value": "28 d"},
    ]
    assert [field["key"] for field in fields_of("rewards")] == ["report", "capture", "announced"]
    (share,) = fields_of("lockdown")
    assert (share["low"], share["high"], share["needed"]) == (0, 1, True)


def test_every_row_can_be_written_back_as_it_is_shown(base, policy):
    for row in rows_of(policy):
        listed = {field["key"] for field in row["fields"] if field["type"] == "list"}
        periods = [
            {key: f"[{text}]" if key in listed else text for key, text in of["fields"].items()}
            for of in row["periods"]
        ]
        text = with_periods(policy, row["lever"], row["name"], periods)
        again = read_policy(text, base)
        assert not [of["label"] for of in rows_of(again) if of["changed"]], row


def test_assumptions_have_priors_and_can_be_fixed_anywhere_on_their_sliders(base, policy, fitted):
    rows = assumptions_of(policy, base, fitted)
    assert {row["group"] for row in rows} >= {"Unit costs", "Response to rewards"}
    assert all(max(row["density"]) == 1 and len(row["density"]) == 61 for row in rows)
    assert {row["fixed"] for row in rows} == {None}
    for row in rows:
        for number in (row["low"], row["high"]):
            value = value_in_file(row["path"], float(f"{number:.3g}"))
            text = with_assumption(policy, base, row["path"], value)
            of = _assumed(read_policy(text, base), base, fitted)[row["path"]]
            assert of["fixed"] == pytest.approx(number, rel=0.01)
            assert of["can_be_freed"]
            assert read_policy(text, base).assumes


@pytest.mark.parametrize(
    ("own", "freed"),
    [
        ("set_by_hand: [border.informants]\n", False),
        ("border: {informants: {b1: 0.7}}\n", True),
        ("border: {informants: {b1: 0.7}}\nset_by_hand: [border]\n", True),
    ],
)
def test_what_the_pairs_do_not_vary_is_fixed_however_the_file_says_so(
    base, policy, fitted, own, freed
):
    read = read_policy(f"{policy.text}{own}", base)
    rows = _assumed(read, base, fitted)
    b1 = rows["border.informants.b1"]
    assert b1["fixed"] == read.scenario.border.informants.b1
    assert b1["can_be_freed"] == freed
    assert rows["costs.test"]["fixed"] is None
    text = with_assumption(read, base, "border.informants.b1", None)
    again = _assumed(read_policy(text, base), base, fitted)["border.informants.b1"]
    assert not again["can_be_freed"]


def test_without_an_ensemble_every_assumption_is_fixed(base, policy):
    rows = _assumed(policy, base, None)
    assert rows["costs.test"]["fixed"] == base.scenario.costs.test
    assert not any(row["can_be_freed"] for row in rows.values())


def _assumed(policy, base, ensemble):
    return {row["path"]: row for row in assumptions_of(policy, base, ensemble)}
