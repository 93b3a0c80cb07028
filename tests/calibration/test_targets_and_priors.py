"""Targets and priors as data: what the shipped files say, and what a wrong file is told."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter
from random_scenarios import a_world, scenario_of

from calibration.priors import Distribution, Prior, read_priors, values_at
from calibration.targets_file import read_targets
from sim import load_scenario
from sim.experiment.parameters import check_parameters, value_at
from sim.scenario.reading.errors import ScenarioError
from sim.shipped import shipped_scenarios

TARGETS = """
articles:
  A: {outlet: A paper, published: 2020-04-06}
targets:
  - {id: X, place: town, series: imported_confirmed_new, kind: count, value: 20,
     data_date: 2020-04-05, article: A}
"""

PRIORS = """
parameters:
  - {path: source.exposure, label: exposure, unit: ratio, source: guess,
     prior: {kind: uniform, low: 1, high: 2}}
"""


def test_the_shipped_targets_are_the_numbers_of_the_articles():
    targets = {target.id: target for target in read_targets().targets}
    counts = {name: targets[name].value for name in ("A1", "A2", "A9", "A10", "A11", "A12", "A14")}
    assert counts == {"A1": 20, "A2": 39, "A9": 79, "A10": 326, "A11": 386, "A12": 270, "A14": 69}
    assert (targets["A15"].low, targets["A15"].high) == (24, 96)
    assert {name for name, target in targets.items() if not target.fit} == {"A14", "A15"}


def test_a_count_describes_a_day_before_it_was_published():
    targets = read_targets()
    for target in targets.targets:
        assert target.data_date < targets.articles[target.article].published


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
        (("value: 20", "value: -3"), "targets.yaml:5"),
        (
            ("article: A}", "article: B}"),
            "6:29: targets[0].article: no such article [allowed: A] (got B)",
        ),
        (
            ("articles:\n  A: {outlet: A paper, published: 2020-04-06}\n", ""),
            "targets[0].article: no such article [allowed: none: articles is empty] (got A)",
        ),
        (("kind: count", "kind: cuont"), "did you mean 'count'"),
        (("data_date: 2020-04-05", "data_date: 2020-04-31"), "no such date"),
        (("  - {id: X", "  - {ident: X"), "id"),
        (("value: 20", "low: 3, high: 2"), "value"),
        (("kind: count, value: 20", "kind: interval, low: 30, high: 20"), "ends before it begins"),
    ],
)
def test_a_wrong_file_of_targets_is_told_where_and_what(tmp_path: Path, change, said):
    path = tmp_path / "targets.yaml"
    path.write_text(TARGETS.replace(*change), "utf-8")
    with pytest.raises(ScenarioError) as caught:
        read_targets(path)
    assert said in str(caught.value)
    assert "targets.yaml:" in str(caught.value)


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
    file.write_text(PRIORS + PRIORS.split("parameters:\n")[1] * 100, "utf-8")
    with pytest.raises(ScenarioError, match=r"too many entries \[allowed: <= 100 entries"):
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


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("place: town", "place: esat"), ("targets.yaml:5:13: targets[0].place", "no place")),
        (
            ("imported_confirmed_new", "imported_confirmed_now"),
            ("targets.yaml:5:26: targets[0].series", "'imported_confirmed_new'"),
        ),
        (
            ("2020-04-05", "2020-03-31"),
            (
                "targets[0].data_date: the day lies outside the calendar of the scenario",
                "2020-03-01 to 2020-03-30",
            ),
        ),
        (("2020-04-05", "2020-02-29"), ("the day lies outside the calendar", "2020-02-29")),
    ],
)
def test_targets_are_held_against_the_scenario(tmp_path: Path, change, said):
    path, scenario = tmp_path / "targets.yaml", scenario_of(a_world())
    fitting = TARGETS.replace("place: town", "place: east")
    for day in ("2020-03-01", "2020-03-30"):
        path.write_text(fitting.replace("2020-04-05", day), "utf-8")
        assert len(read_targets(path, scenario).targets) == 1
    wrong = TARGETS.replace(*change)
    wrong = wrong.replace("place: town", "place: east").replace("2020-04-05", "2020-03-05")
    path.write_text(wrong, "utf-8")
    with pytest.raises(ScenarioError) as caught:
        read_targets(path, scenario)
    assert len(caught.value.problems) == 1
    for part in said:
        assert part in str(caught.value)


def target(name: str, series: str, day: int, said: str = "value: 20", kind: str = "count") -> str:
    return (
        f"  - {{id: {name}, place: east, series: {series}, kind: {kind}, {said}, "
        f"data_date: 2020-03-{day:02}, article: A}}\n"
    )


NEW, CUMULATIVE, ACTIVE = (f"imported_confirmed_{end}" for end in ("new", "cumulative", "active"))

CONTRADICTIONS = {
    "two sources": (
        target("A1", CUMULATIVE, 5) + target("A2", CUMULATIVE, 5, "value: 21"),
        "6:5: targets[1]: another source says something else of this place, series and day: "
        "A1 has 20, A2 has 21",
    ),
    "two sources of a stock": (
        target("A1", "imported_carriers_stock", 5)
        + target("A2", "imported_carriers_stock", 5, "value: 21"),
        "6:5: targets[1]: another source says something else",
    ),
    "a number and an interval": (
        target("A1", CUMULATIVE, 5) + target("A2", CUMULATIVE, 5, "low: 30, high: 40", "interval"),
        "A1 has 20, A2 has 30 to 40",
    ),
    "a lower bound": (
        target("A1", CUMULATIVE, 5) + target("A2", CUMULATIVE, 5, "value: 30", "lower_bound"),
        "A1 has 20, A2 has 30 or more",
    ),
    "more new than all": (
        target("A1", NEW, 5, "value: 84") + target("A2", CUMULATIVE, 5, "value: 79"),
        "5:5: targets[0]: more new cases than A2 has cases so far on the same day "
        "[allowed: at most 79] (got 84)",
    ),
    "more active than all": (
        target("A1", CUMULATIVE, 5, "value: 79") + target("A2", ACTIVE, 5, "value: 80"),
        "6:5: targets[1]: more active cases than A1 has cases so far",
    ),
    "a fall": (
        target("A1", CUMULATIVE, 5, "value: 326") + target("A2", CUMULATIVE, 7, "value: 300"),
        "6:5: targets[1]: 300 on 2020-03-07 contradicts A1 (326 on 2020-03-05): cumulative counts "
        "of the model never fall, and this one falls by 26, more than reporting noise explains "
        "[allowed: a fall of at most 11",
    ),
    "a rise by less than the new cases": (
        target("A1", CUMULATIVE, 5, "value: 100")
        + target("A2", CUMULATIVE, 7, "value: 110")
        + target("A3", NEW, 7, "value: 60"),
        "6:5: targets[1]: 110 on 2020-03-07 contradicts A3 (60 on 2020-03-07) and A1 (100 on",
    ),
    "nothing fitted": (
        target("A1", NEW, 5).replace("article", "fit: false, article"),
        "4:1: targets: there is nothing to fit: every target has fit: false",
    ),
    "a series of the towns": (
        target("A1", "local_confirmed_new", 5),
        "5:27: targets[0].series: a fit runs without towns and border, so it cannot use this "
        "series [allowed: fit: false, to compare it only] (got local_confirmed_new)",
    ),
    "costs": (target("A1", "cost_cny", 5), "it cannot use this series"),
}


@pytest.mark.parametrize("case", CONTRADICTIONS)
def test_counts_that_contradict_each_other_are_refused(tmp_path: Path, case: str):
    path = tmp_path / "targets.yaml"
    entries, said = CONTRADICTIONS[case]
    path.write_text(TARGETS.split("  - {id")[0] + entries, "utf-8")
    with pytest.raises(ScenarioError) as caught:
        read_targets(path, scenario_of(a_world()))
    assert len(caught.value.problems) == 1
    assert said in str(caught.value)


@pytest.mark.parametrize(
    "entries",
    [
        target("A1", CUMULATIVE, 5) + target("A2", CUMULATIVE, 5),
        target("A1", CUMULATIVE, 5) + target("A2", CUMULATIVE, 5, "low: 15, high: 20", "interval"),
        target("A1", CUMULATIVE, 5) + target("A2", CUMULATIVE, 5, "value: 7", "lower_bound"),
        target("A1", CUMULATIVE, 5, "value: 326") + target("A2", CUMULATIVE, 7, "value: 321"),
        target("A1", CUMULATIVE, 5, "value: 326") + target("A2", CUMULATIVE, 7, "value: 315"),
        target("A1", CUMULATIVE, 5) + target("A2", NEW, 5) + target("A3", ACTIVE, 5),
        target("A1", CUMULATIVE, 5, "value: 0") + target("A2", NEW, 5, "value: 0"),
        target("A1", CUMULATIVE, 5)
        + target("A2", CUMULATIVE, 5, "value: 99").replace("article", "fit: false, article"),
        target("A1", CUMULATIVE, 5)
        + target("A2", "local_confirmed_new", 5).replace("article", "fit: false, article"),
    ],
)
def test_counts_that_agree_are_not_refused(tmp_path: Path, entries: str):
    """Also a fall that reporting noise explains, and what is compared only."""
    path = tmp_path / "targets.yaml"
    path.write_text(TARGETS.split("  - {id")[0] + entries, "utf-8")
    assert read_targets(path, scenario_of(a_world())).targets


def test_a_noise_of_its_own_explains_a_larger_fall(tmp_path: Path):
    path, scenario = tmp_path / "targets.yaml", scenario_of(a_world())
    before, after = (target("A1", CUMULATIVE, 5, "value: 326"), target("A2", CUMULATIVE, 7))
    head = TARGETS.split("  - {id")[0]
    path.write_text(head + before + after, "utf-8")
    with pytest.raises(ScenarioError, match="falls by 306"):
        read_targets(path, scenario)
    noisy = after.replace("article", "noise: {absolute: 100}, article")
    path.write_text(head + before + noisy, "utf-8")
    assert len(read_targets(path, scenario).targets) == 2


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
            {"label: exposure": "part: border, label: exposure"},
            "3:29: parameters[0].part: the parameter is not in this part of the world, and would "
            "not be fitted",
        ),
        (
            {"source.exposure": "residents.east.community_hazard_per_day"},
            "3:6: parameters[0].path: the fit leaves out this part of the world, so that no count "
            "depends on it; write part: towns",
        ),
        (
            {"source.exposure": "residents.east.community_hazard_per_day",
             "label: exposure": "part: towns, label: exposure", UNIFORM: "kind: uniform, low: 0, "
             "high: 1"},
            "2:1: parameters: there is nothing to fit: every parameter has a part",
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


@given(st.floats(-1e9, 1e9))
def test_no_value_lies_farther_out_than_was_checked(score):
    prior = TypeAdapter(Distribution).validate_python({"kind": "normal", "mean": 10, "sd": 2})
    of = Prior(path="a", label="a", unit="d", source="made up", prior=prior)
    assert -1e-6 <= float(of.at_score(np.asarray(score))) <= 20 + 1e-6


def test_two_targets_or_priors_of_one_name_are_refused(tmp_path: Path):
    path = tmp_path / "file.yaml"
    path.write_text(PRIORS + PRIORS.split("parameters:\n")[1], "utf-8")
    with pytest.raises(ScenarioError, match=r"parameters\[1\]\.path: two priors for one parameter"):
        read_priors(path)
    path.write_text(TARGETS + TARGETS.split("targets:\n")[1], "utf-8")
    with pytest.raises(ScenarioError, match=r"targets\[1\]\.id: two targets have this id \(got X"):
        read_targets(path)


def test_the_region_is_that_of_the_last_target_that_is_fitted(tmp_path: Path):
    path = tmp_path / "targets.yaml"
    another, unfitted = TARGETS.split("targets:\n")[1], TARGETS.split("targets:\n")[1]
    another = another.replace("id: X", "id: Y").replace("town", "region")
    unfitted = unfitted.replace("id: X", "id: Z, fit: false").replace("town", "nowhere")
    path.write_text(TARGETS + another + unfitted, "utf-8")
    assert read_targets(path).region == "region"
