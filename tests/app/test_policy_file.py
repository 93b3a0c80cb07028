"""A policy is the text of a file: what is changed in it, what it means, and what is refused."""

import pytest
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
from sim.scenario.lever_registry import LEVERS
from sim.scenario.loader import load_scenario
from sim.scenario.reading.errors import ScenarioError

EARLIER = [{"from": "2020-03-31", "announced": "2020-03-27"}]


@pytest.fixture(scope="module")
def base():
    return Base.read(SCENARIOS / "baseline.yaml")


@pytest.fixture
def policy(base):
    return read_policy(new_policy(base), base)


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


def test_assumptions_have_priors_and_can_be_fixed_anywhere_on_their_sliders(base, policy):
    rows = assumptions_of(policy, base.scenario)
    assert {row["group"] for row in rows} >= {"Unit costs", "Response to rewards"}
    assert all(max(row["density"]) == 1 and len(row["density"]) == 61 for row in rows)
    for row in rows:
        for number in (row["low"], row["high"]):
            value = value_in_file(row["path"], float(f"{number:.3g}"))
            text = with_assumption(policy, base, row["path"], value)
            fixed = read_policy(text, base)
            of = next(x for x in assumptions_of(fixed, base.scenario) if x["path"] == row["path"])
            assert of["fixed"] == pytest.approx(number, rel=0.01)
            assert fixed.assumes
