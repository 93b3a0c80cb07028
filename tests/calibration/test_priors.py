"""Priors as data: what the shipped file says, and what a wrong file is told."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter
from random_scenarios import a_world, scenario_of

from calibration.priors import LEFT_OUT, Distribution, Prior, read_priors, values_at
from sim import load_scenario
from sim.experiment.parameters import check_parameters, value_at
from sim.scenario.reading.errors import ScenarioError
from sim.shipped import shipped_scenarios

BASELINE = load_scenario(shipped_scenarios() / "baseline.yaml")

PRIORS = """
parameters:
  - {path: source.exposure, label: exposure, unit: ratio, source: guess,
     prior: {kind: uniform, low: 1, high: 2}}
"""


def test_every_shipped_prior_is_of_a_value_that_the_baseline_has_and_allows():
    scenario = load_scenario(shipped_scenarios() / "baseline.yaml")
    priors = read_priors()
    for prior in priors.parameters:
        assert value_at(scenario, prior.path) is not None, prior.path
        below = prior.prior.share_below(np.array(value_at(scenario, prior.path)))
        assert 0 < below < 1, f"{prior.path}: the baseline lies outside the prior"
    for score in (-3.0, 3.0):
        extreme = values_at(priors.parameters, np.full(len(priors.parameters), score))
        check_parameters(scenario, extreme)


distributions = st.one_of(
    st.builds(
        lambda low, width: {"kind": "uniform", "low": low, "high": low + width},
        st.floats(-100, 100),
        st.floats(0.1, 100),
    ),
    st.builds(
        lambda low, factor: {"kind": "loguniform", "low": low, "high": low * factor},
        st.floats(1e-4, 100),
        st.floats(1.1, 1000),
    ),
    st.builds(
        lambda mean, sd: {"kind": "normal", "mean": mean, "sd": sd},
        st.floats(-10, 10),
        st.floats(0.01, 10),
    ),
    st.builds(
        lambda a, b: {"kind": "beta", "a": a, "b": b}, st.floats(0.5, 10), st.floats(0.5, 10)
    ),
)


@given(distributions, st.lists(st.floats(0.001, 0.999), min_size=1, max_size=5))
def test_quantiles_and_shares_are_each_others_inverse(data, shares):
    distribution = TypeAdapter(Distribution).validate_python(data)
    u = np.array(shares)
    np.testing.assert_allclose(distribution.share_below(distribution.quantile(u)), u, atol=1e-7)
    assert (np.diff(distribution.quantile(np.sort(u))) >= 0).all()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("high: 2", "high: 0.5"), "priors.yaml:4:37: parameters[0].prior.high: not above low"),
        (("kind: uniform", "kind: unifrom"), "did you mean 'uniform'"),
        (("low: 1, ", ""), "low"),
        (("unit: ratio, ", "unit: ratio, colour: red, "), "colour"),
    ],
)
def test_a_wrong_file_of_priors_is_told_where_and_what(tmp_path: Path, change, said):
    path = tmp_path / "priors.yaml"
    path.write_text(PRIORS.replace(*change), "utf-8")
    with pytest.raises(ScenarioError) as caught:
        read_priors(path)
    assert said in str(caught.value)
    assert "priors.yaml:" in str(caught.value)


@pytest.mark.parametrize(
    "path", ["calendar.days", "__class__", "travellers.pool", "laboratory.suspects_first", "a[9]"]
)
def test_only_numbers_that_may_be_any_have_priors(tmp_path: Path, path):
    """Not properties of the program, whole numbers or truths."""
    scenario = load_scenario(shipped_scenarios() / "baseline.yaml")
    file = tmp_path / "priors.yaml"
    file.write_text(PRIORS.replace("source.exposure", f"'{path}'"), "utf-8")
    with pytest.raises(ScenarioError, match="has no number there"):
        read_priors(file, scenario)


def test_each_prior_is_held_against_the_scenario_so_there_are_not_many(tmp_path: Path):
    file = tmp_path / "priors.yaml"
    file.write_text(PRIORS + PRIORS.split("parameters:\n")[1] * 200, "utf-8")
    with pytest.raises(ScenarioError, match=r"too many entries \[allowed: <= 200 entries"):
        read_priors(file)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            ("path: source.exposure", "path: source.exposed"),
            (
                "priors.yaml:3:6: parameters[0].path: scenario 'small_world' has no number there",
                "[allowed: a path such as source.exposure]",
                "source.exposed",
            ),
        ),
        (
            ("low: 1, high: 2", "low: -100, high: 2"),
            (
                "priors.yaml:4:6: parameters[0].prior: the scenario does not allow all",
                "greater than or equal to 0",
                "-100 at its lower end",
            ),
        ),
        (
            ("low: 1, high: 2", "low: 1, high: 1000000000"),
            (
                "the scenario does not allow all of its values",
                "less than or equal",
                "1e+09 at its upper end",
            ),
        ),
    ],
)
def test_priors_are_held_against_the_scenario(tmp_path: Path, change, said):
    path, scenario = tmp_path / "priors.yaml", scenario_of(a_world())
    path.write_text(PRIORS, "utf-8")
    assert len(read_priors(path, scenario).parameters) == 1
    path.write_text(PRIORS.replace(*change), "utf-8")
    with pytest.raises(ScenarioError) as caught:
        read_priors(path, scenario)
    assert len(caught.value.problems) == 1
    for part in said:
        assert part in str(caught.value)


UNIFORM = "kind: uniform, low: 1, high: 2"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        # Its outer tenth of a percent is beyond 1, where no noticing can be.
        (
            {"source.exposure": "quarantine.symptoms_noticed", UNIFORM: "kind: normal, mean: 0.5, "
             "sd: 0.15"},
            "priors.yaml:4:6: parameters[0].prior: the scenario does not allow all of its values: "
            "Input should be greater than or equal to 0",
        ),
        (
            {"source.exposure": "staging.junction.connection.low", UNIFORM: "kind: uniform, "
             "low: 0.1, high: 3"},
            "the upper bound is below the lower bound",
        ),
        (
            {"source.exposure": "residents.east.community_hazard_per_day", UNIFORM:
             "kind: uniform, low: 0, high: 1"},
            "2:1: parameters: there is nothing to fit: every parameter belongs to towns, hospital "
            "outbreak, border or costs",
        ),
    ],
)  # fmt: skip
def test_priors_that_could_not_be_used_are_refused(tmp_path: Path, changes, said):
    town = {"people": 100, "household_sizes": [1.0], "community_hazard_per_day": 0.1}
    scenario = scenario_of(a_world(residents={"east": town}))
    text = PRIORS
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    path = tmp_path / "priors.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(ScenarioError) as caught:
        read_priors(path, scenario)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("path", "part"),
    [
        ("source.exposure", None),
        ("policies.quarantine_tests[0].value[1]", None),
        ("policies.entry_screening.suifenhe_port[0].value", None),
        ("residents.harbin.test_delay", "towns"),
        ("policies.contact_tracing.harbin[0].value", "towns"),
        ("hospital_outbreak.hospitals[0].stay", "hospital_outbreak"),
        ("border.informants.b1", "border"),
        ("policies.sensors.suifenhe_hills[0].value", "border"),
        ("costs.test", "costs"),
    ],
)
def test_a_path_says_which_part_of_the_world_a_parameter_belongs_to(path, part):
    prior = TypeAdapter(Distribution).validate_python({"kind": "normal", "mean": 10, "sd": 2})
    assert Prior(path=path, label="a", unit="d", source="made up", prior=prior).part == part
    assert value_at(BASELINE, path) is not None
    # The simulator of travellers does without what a part of the world has.
    if part in LEFT_OUT:
        assert value_at(BASELINE.without((part,)), path) is None


@given(st.floats(-1e9, 1e9))
def test_no_value_lies_farther_out_than_was_checked(score):
    prior = TypeAdapter(Distribution).validate_python({"kind": "normal", "mean": 10, "sd": 2})
    of = Prior(path="a", label="a", unit="d", source="made up", prior=prior)
    assert -1e-6 <= float(of.at_score(np.asarray(score))) <= 20 + 1e-6


def test_two_priors_for_one_parameter_are_refused(tmp_path: Path):
    path = tmp_path / "priors.yaml"
    path.write_text(PRIORS + PRIORS.split("parameters:\n")[1], "utf-8")
    with pytest.raises(ScenarioError, match=r"parameters\[1\]\.path: two priors for one parameter"):
        read_priors(path)
