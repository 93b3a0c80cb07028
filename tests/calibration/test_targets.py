"""Targets as data: what the shipped file says, and what a wrong file is told."""

from pathlib import Path

import pytest
from random_scenarios import a_world, scenario_of

from calibration.targets_file import read_targets
from sim.scenario.reading.errors import ScenarioError

TARGETS = """
articles:
  A: {outlet: A paper, published: 2020-04-06}
targets:
  - {id: X, place: town, series: imported_confirmed_new, kind: count, value: 20,
     data_date: 2020-04-05, article: A}
"""


def test_the_shipped_targets_are_the_numbers_of_the_articles():
    targets = {target.id: target for target in read_targets().targets}
    counts = {name: targets[name].value for name in ("A1", "A2", "A9", "A10", "A11", "A12", "A14")}
    assert counts == {"A1": 20, "A2": 39, "A9": 79, "A10": 326, "A11": 386, "A12": 270, "A14": 69}
    assert (targets["A15"].low, targets["A15"].high) == (24, 96)
    assert all(target.fit for target in targets.values())


def test_a_count_describes_a_day_before_it_was_published():
    targets = read_targets()
    for target in targets.targets:
        assert target.data_date < targets.articles[target.article].published


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
    "a series of the border": (
        target("A1", "illegal_entered", 5),
        "5:27: targets[0].series: a fit has no parameter of illegal crossing, rewards or costs, so "
        "it cannot use this series [allowed: fit: false, to compare it only] (got illegal_entered)",
    ),
    "a local count where nobody lives": (
        target("A1", NEW, 5) + target("A2", "local_confirmed_new", 5),
        "6:14: targets[1].place: the scenario has no residents there, so that nobody is infected "
        "there [allowed: none: residents is empty, a place that contains one of them, or fit: "
        "false] (got east)",
    ),
    "costs": (target("A1", "cost_cny", 5), "it cannot use this series"),
}


LOCAL = "local_confirmed_cumulative"

WITH_TOWN = scenario_of(a_world(residents={"west": {"people": 100}}))

OF_RESIDENTS = {
    "in another town": (
        target("A1", NEW, 5) + target("A2", LOCAL, 5),
        "[allowed: west, a place that contains one of them, or fit: false] (got east)",
    ),
    "alone": (
        target("A1", LOCAL, 5).replace("east", "west"),
        "4:1: targets: there is nothing to fit: every target without fit: false counts residents' "
        "infections, which are fitted given the travellers [allowed: at least one count of "
        "travellers, such as imported_confirmed_cumulative]",
    ),
    "that falls": (
        target("A1", NEW, 5)
        + target("A2", LOCAL, 5, "value: 300").replace("east", "west")
        + target("A3", LOCAL, 7).replace("east", "west"),
        "this one falls by 280, more than reporting noise explains",
    ),
}


@pytest.mark.parametrize("case", OF_RESIDENTS)
def test_local_counts_that_cannot_be_fitted_are_refused(tmp_path: Path, case: str):
    path = tmp_path / "targets.yaml"
    entries, said = OF_RESIDENTS[case]
    path.write_text(TARGETS.split("  - {id")[0] + entries, "utf-8")
    with pytest.raises(ScenarioError) as caught:
        read_targets(path, WITH_TOWN)
    assert len(caught.value.problems) == 1
    assert said in str(caught.value)


@pytest.mark.parametrize("place", ["west", "region"])
def test_local_counts_of_a_town_and_of_what_contains_it_are_fitted(tmp_path: Path, place: str):
    path = tmp_path / "targets.yaml"
    entries = target("A1", NEW, 5) + target("A2", LOCAL, 5).replace("east", place)
    path.write_text(TARGETS.split("  - {id")[0] + entries, "utf-8")
    read = read_targets(path, WITH_TOWN)
    assert [t.id for t in read.fitted(local=True)] == ["A2"]
    assert read.region == "east"


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


def test_two_targets_of_one_name_are_refused(tmp_path: Path):
    path = tmp_path / "targets.yaml"
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
