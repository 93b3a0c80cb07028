"""What is accepted without any effect is warned about, where it is said, and only there."""

import warnings

import pytest
from random_scenarios import a_world, scenario_of
from shipped import BASELINE, SHIPPED

from sim import ScenarioError, ScenarioWarning, load_scenario
from sim.scenario.loader import read_scenario
from sim.scenario.reading.yaml_text import yaml_text
from sim.scenario.without_effect import fields_without_effect

NO_BORDER = "nobody crosses away from the ports"
COHORT = {"kind": "cohort", "people": 50, "date": "2020-03-02"}


def warned(path, *settings):
    """Return what is warned about in a file under settings: fields and reasons."""
    return {problem.field: problem.message for problem in read_scenario(path, settings)[1]}


def small_world(**changes):
    """Return the data of a small world in which everything has an effect."""
    data = a_world(**changes)
    data["legs"]["west_bus"]["on_board"] = {"hazard_per_hour": 0.01}
    return data


@pytest.fixture
def world(tmp_path):
    """Write worlds to a file, by what is changed in a small one."""

    def write(**changes):
        path = tmp_path / "world.yaml"
        path.write_text(yaml_text(small_world(**changes)), "utf-8")
        return path

    return write


@pytest.mark.parametrize("path", SHIPPED, ids=[path.stem for path in SHIPPED])
def test_shipped_files_say_nothing_without_effect(path):
    assert read_scenario(path)[1] == ()


@pytest.mark.parametrize(
    ("setting", "field", "reason"),
    [
        ("travellers.aware_share=0.5", "travellers.aware_share", "nobody is asked"),
        (
            "policies.exit_questionnaire={plane: 0.5}",
            "policies.exit_questionnaire.plane",
            "travellers.aware_share is 0",
        ),
        (
            "policies.entry_questionnaire={east_port: [{from: 2020-03-05, value: 0.5}]}",
            "policies.entry_questionnaire.east_port",
            "travellers.aware_share is 0",
        ),
        ("travellers.arrival_tests_taken=0.5", "travellers.arrival_tests_taken", "arrival_tests"),
        ("policies.quarantine_tests=[1 d, 9 d]", "policies.quarantine_tests[1]", "stay"),
        (
            "policies.quarantine_tests=[{value: [1 d, 9 d]}]",
            "policies.quarantine_tests[0].value[1]",
            "stay",
        ),
        ("policies.test_before_release=8 d", "policies.test_before_release", "before entry"),
        ("policies.arrival_tests=[2 d, 9 d]", "policies.arrival_tests[0]", "still in quarantine"),
        ("quarantine.home.adherence=0.5", None, ""),
        ("quarantine.home.breach_growth_per_day=0.5", "quarantine.home", "breach_per_day is 0"),
        ("policies.monitoring=0.5", "policies.monitoring", "nobody can break a quarantine"),
        ("laboratory.suspects_first=true", None, ""),
        ("policies.rewards=[{report: 10 CNY, capture: 0 CNY}]", "policies.rewards", NO_BORDER),
        ("policies.reward_budget=10 CNY", "policies.reward_budget", NO_BORDER),
        ("policies.fine=10 CNY", "policies.fine", NO_BORDER),
        ("policies.detention=3 d", "policies.detention", NO_BORDER),
        ("travellers.patience=3 d", "travellers.patience", "stranded"),
        ("travellers.announcement_factor=3", "travellers.announcement_factor", "announced"),
        ("registers.review_findings=0.5", "registers.review_findings", "review_rounds"),
        ("registers.symptoms_diagnosed=0.5", None, ""),
        ("registers.decision_delay=2 d", None, ""),
        ("registers.decision_delay={kind: exponential, mean: 2 d}", None, ""),
        ("ports.east_port.throughput=0.5", "ports.east_port.throughput", "port_capacity"),
        (
            "legs.west_bus.on_board={hazard_per_hour: 0.1, near_relative_risk: 1, near_rows: 4}",
            "legs.west_bus.on_board.near_rows",
            "all rows are alike",
        ),
        ("staging.city={local_hazard_per_day: 0.1}", "staging.city", "nobody changes"),
        (
            "laboratory.assays={quick: {sensitivity: perfect}}",
            "laboratory.assays",
            "no swab is ever taken",
        ),
    ],
)
def test_a_setting_without_effect_is_warned_about(world, setting, field, reason):
    found = warned(world(), setting)
    if field is None:
        assert found == {}
        return
    (place, message), *more = found.items()
    assert place.startswith(field) and not more
    assert message.startswith("has no effect: ") and reason in message


NONE_SCHEDULED = ("policies.quarantine_tests=[]", "policies.test_before_release=[]")
NO_SYMPTOMS = "disease.asymptomatic_share=1"


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        # Only people with symptoms are swabbed: carriers are those whose symptoms are missed.
        ([*NONE_SCHEDULED, "registers.decision_delay=2 d"], {"decision_delay": "no carriers"}),
        ([*NONE_SCHEDULED, "registers.symptoms_diagnosed=0.5"], {}),
        (
            [*NONE_SCHEDULED, "registers={symptoms_diagnosed: 0.5, decision_delay: 2 d}"],
            {"decision_delay": "no carrier ever shows disease"},
        ),
        (
            [
                *NONE_SCHEDULED,
                "registers={symptoms_diagnosed: 0.5, decision_delay: 2 d, findings_per_day: 0.1}",
            ],
            {},
        ),
        (
            [
                *NONE_SCHEDULED,
                "registers={symptoms_diagnosed: 0.5, decision_delay: 2 d}",
                "disease.onset_to_severe={kind: fixed, value: 5 d}",
            ],
            {},
        ),
        ([NO_SYMPTOMS, "registers.symptoms_diagnosed=0.5"], {"symptoms_diagnosed": "symptoms"}),
        ([NO_SYMPTOMS, "registers.decision_delay=2 d"], {"decision_delay": "no carrier ever"}),
        ([NO_SYMPTOMS, "registers={decision_delay: 2 d, findings_per_day: 0.1}"], {}),
    ],
)
def test_diagnosis_and_decision_have_an_effect_where_they_can(world, settings, expected):
    found = warned(world(), *settings)
    for field in ("symptoms_diagnosed", "decision_delay"):
        reason = found.get(f"registers.{field}")
        assert (reason is None) == (field not in expected)
        assert expected.get(field, "") in (reason or "")


@pytest.mark.parametrize(("delay", "has_effect"), [("0 d", False), ("2 d", True)])
def test_a_round_that_finds_nothing_decides_on_those_who_wait_for_it(world, delay, has_effect):
    rounds = "policies.review_rounds=[{from: 2020-03-20, until: 2020-03-21, share: 0.5}]"
    finds_nothing = f"registers={{review_findings: 0, decision_delay: {delay}}}"
    found = warned(world(), rounds, finds_nothing)
    assert ("policies.review_rounds" in found) != has_effect


@pytest.mark.parametrize(
    "setting",
    [
        "registers.symptoms_diagnosed=1",
        "registers.decision_delay=0 d",
        "travellers.aware_share=0",
        "travellers.announcement_factor=1",
        "policies.exit_questionnaire={plane: 0}",
        "policies.monitoring=[]",
        "quarantine.symptom_swabs=[0 d, 1 d]",
        "policies.quarantine_stay=0 d",
        "travellers.travel_group_size={mean: 1}",
    ],
)
def test_what_says_no_more_than_the_default_is_no_warning(world, setting):
    assert warned(world(), setting) == {}


def test_without_sites_what_facilities_are_like_has_no_effect_as_a_whole(world):
    facility = {"breach_per_day": 0.1, "adherence": 0.5}
    path = world(
        quarantine={"facility": facility, "room_hazard_per_day": 0.5}, policies__site_beds={}
    )
    text = path.read_text("utf-8").splitlines()
    _, found = read_scenario(path)
    assert [problem.field for problem in found] == [
        "quarantine.facility",
        "quarantine.room_hazard_per_day",
    ]
    for problem in found:
        assert text[problem.line - 1].strip().startswith(problem.field.split(".")[1])
    assert str(found[0]).startswith(f"{path}:{found[0].line}:")
    assert found[0].as_warning().startswith(f"{path}:{found[0].line}:3: warning: quarantine.fac")


def test_a_cohort_and_its_pool(world):
    cohort = {"start": "city", "pool": 50, "demand": COHORT, "travel_group_size": {"mean": 3}}
    path = world(travellers=cohort)
    assert list(warned(path)) == ["travellers.travel_group_size"]
    # The schema asks for a pool: only who changes it expects something of it.
    both = {"travellers.pool", "travellers.travel_group_size"}
    assert set(warned(path, "travellers.pool=70")) == both


def test_a_table_of_demand_and_its_pool(world):
    table = {"kind": "table", "per_day": [{"date": "2020-03-05", "count": 10}]}
    path = world(travellers={"start": "city", "pool": 400, "demand": table})
    assert warned(path) == {}
    (message,) = warned(path, "travellers.pool=4000").values()
    assert "sends as many people as it says" in message
    logistic = {"kind": "logistic", "ceiling": 6, "halfway": "8 d", "doubling_time": "5 d"}
    path = world(travellers={"start": "city", "pool": 400, "demand": logistic})
    assert warned(path, "travellers.pool=4000") == {}


@pytest.mark.parametrize("text", ["leave_out: [border]\n", "leave_out: [hospital_outbreak]\n"])
def test_what_leave_out_leaves_out(tmp_path, text):
    alone = tmp_path / "alone.yaml"
    alone.write_text(BASELINE.read_text("utf-8") + text, "utf-8")
    part = text.split("[")[1].split("]")[0]
    assert "leave_out leaves out" in warned(alone)[part]
    (tmp_path / "baseline.yaml").write_text(BASELINE.read_text("utf-8"), "utf-8")
    child = tmp_path / "child.yaml"
    child.write_text(f"extends: baseline.yaml\nname: child\n{text}", "utf-8")
    assert warned(child) == {}


def test_there_must_be_something_to_leave_out(world):
    found = warned(world(), "leave_out=[border]")
    assert found == {"leave_out[0]": "has no effect: there is no section 'border' to leave out"}


def test_what_is_inherited_is_warned_about_if_it_has_no_effect_there_either(tmp_path):
    base, child = tmp_path / "base.yaml", tmp_path / "child.yaml"
    base.write_text(yaml_text(small_world(travellers__aware_share=0.4)), "utf-8")
    child.write_text("extends: base.yaml\npolicies: {quarantine_stay: 0 d}\n", "utf-8")
    _, found = read_scenario(child)
    # Sites, rooms and swabs of quarantine are of use in the file that is extended.
    assert [(problem.field, problem.file) for problem in found] == [
        ("travellers.aware_share", str(base))
    ]
    child.write_text(
        "extends: base.yaml\n"
        "policies: {quarantine_stay: 0 d, quarantine_tests: [3 d]}\n"
        "quarantine: {symptoms_noticed: 0.4}\n",
        "utf-8",
    )
    _, found = read_scenario(child)
    assert [problem.field for problem in found if problem.file == str(child)] == [
        "policies.quarantine_tests[0]",
        "quarantine.symptoms_noticed",
    ]


def test_a_part_that_only_others_complete_is_left_to_them(tmp_path):
    data = small_world(travellers__aware_share=0.4)
    del data["laboratory"]
    (tmp_path / "part.yaml").write_text(yaml_text(data), "utf-8")
    whole = tmp_path / "whole.yaml"
    whole.write_text(
        "extends: part.yaml\nlaboratory: {place: east, sensitivity: perfect}\n", "utf-8"
    )
    assert warned(whole) == {}


def test_what_has_an_effect_in_a_published_world_has_one(world):
    published = {
        "study": "Someone 2020",
        "values": [
            {
                "what": "asked",
                "set": {"policies.exit_questionnaire": {"plane": 0.5}},
                "outcome": "entrants",
                "value": 1,
                "tolerance": 1,
            }
        ],
    }
    assert warned(world(travellers__aware_share=0.4)) != {}
    path = world(travellers__aware_share=0.4, published=published)
    assert warned(path) == {}
    # Another study altogether.
    assert "travellers.aware_share" in warned(path, "travellers.aware_share=0.6")


def test_python_is_warned_in_a_category_of_its_own(world):
    path = world(travellers__aware_share=0.4)
    with pytest.warns(ScenarioWarning, match="world.yaml:.*: warning: travellers.aware_share") as w:
        load_scenario(path)
    assert w[0].filename == __file__
    assert w[0].message.problem.field == "travellers.aware_share"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ScenarioWarning)
        assert load_scenario(path).travellers.aware_share == 0.4


def test_what_is_wrong_is_told_first(world):
    path = world(travellers__aware_share=0.4)
    with pytest.raises(ScenarioError):
        read_scenario(path, ["policies.quarantine_stay=14"])


def test_sections_that_nothing_uses(world):
    border = {"stretches": {"hills": {"start": "junction", "end": "west", "area_km2": 100}}}
    town = {"people": 300, "household_hazard_per_day": 0.2, "test_delay": "1 d"}
    path = world(
        border=border,
        residents={"east": town},
        policies__lockdown={"east": 0.5},
        policies__patrols={"hills": 3},
    )
    assert set(warned(path)) >= {
        "border.stretches.hills",
        "residents.east.household_hazard_per_day",
        "residents.east.test_delay",
        "policies.lockdown.east",
        "policies.patrols.hills",
    }


def test_a_scenario_of_python_has_findings_too():
    places = [finding.loc for finding in fields_without_effect(scenario_of(a_world()))]
    assert ("travellers", "aware_share") in places
