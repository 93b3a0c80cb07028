"""Every lever of the schema is in the registry, and says there what everything else reads."""

import pytest
from shipped import ROOT

from sim import load_scenario
from sim.scenario.lever_registry import LEVERS, Kind, names_of
from sim.scenario.timeline import Policies

BASELINE = load_scenario(ROOT / "scenarios" / "baseline.yaml")


def test_every_field_of_the_policies_has_an_entry_and_every_entry_a_field() -> None:
    assert list(LEVERS) != []
    assert set(LEVERS) == set(Policies.model_fields)


@pytest.mark.parametrize("lever", LEVERS.values(), ids=list(LEVERS))
def test_an_entry_says_what_the_lever_is(lever) -> None:
    assert lever.meaning.endswith(".")
    assert lever.topics
    assert bool(lever.unit) == (lever.kind is not Kind.ON_OFF)
    of_names = "dict" in str(Policies.model_fields[lever.field].annotation)
    assert of_names == ("{}" in lever.name) == bool(lever.of) == bool(lever.of_what)


def test_levers_are_set_for_what_the_scenario_has() -> None:
    assert names_of(BASELINE, LEVERS["port_closures"]) == ["suifenhe_port"]
    assert names_of(BASELINE, LEVERS["patrols"]) == ["suifenhe_hills"]
    assert names_of(BASELINE.without(["border"]), LEVERS["patrols"]) == []
    assert names_of(BASELINE, LEVERS["fine"]) == []
    for lever in LEVERS.values():
        assert set(lever.periods(BASELINE.policies)) <= {"", *names_of(BASELINE, lever)}


@pytest.mark.parametrize(
    ("lever", "value", "text"),
    [
        ("quarantine_stay", "28 d", "28 d"),
        ("exit_screening", {"moscow_vladivostok": 0.7}, "70 %"),
        ("port_capacity", {"suifenhe_port": 1370}, "1,370 a day"),
        ("port_closures", {"suifenhe_port": [{"from": "2020-04-07"}]}, "closed"),
        ("quarantine_tests", ["0 d", "12 h", "7 d"], "days 0, 0.5, 7"),
        ("quarantine_tests", ["0 d antigen", "7 d"], "days 0 (antigen); 7"),
        ("test_before_release", "2 d rapid_test", "2 d before (rapid test)"),
        ("fine", "3000 CNY", "3,000 CNY"),
        ("reward_budget", "10000 CNY", "10,000 CNY"),
        ("rewards", [{"report": "3000 CNY", "capture": "5000 CNY"}],
         "report 3,000, capture 5,000 CNY"),
        ("rewards", [{"report": "300 CNY", "capture": "300 CNY"}], "300 CNY"),
        ("review_rounds", [{"share": 0.5, "every": "4 d"}], "50 % every 4 d"),
    ],
)  # fmt: skip
def test_values_are_written_in_words(lever: str, value: object, text: str) -> None:
    of = LEVERS[lever]
    (periods,) = of.periods(Policies.model_validate({lever: value})).values()
    assert [of.words(of.value_of(period)) for period in periods] == [text]


def test_a_capacity_of_zero_is_in_force_and_a_share_of_zero_is_not() -> None:
    assert not LEVERS["port_capacity"].is_off(0)
    for lever in ("exit_screening", "quarantine_stay", "quarantine_tests", "patrols"):
        assert LEVERS[lever].is_off(() if lever == "quarantine_tests" else 0.0)
