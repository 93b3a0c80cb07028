"""The timetable of policies: what changes is drawn, what does not is said, nothing overlaps."""

import datetime as dt

import pytest
from drawn import check_apart, check_whole, said, texts
from matplotlib.figure import Figure
from random_scenarios import DAYS, START, a_world, scenario_of
from shipped import SCENARIOS

from sim import load_scenario
from sim.scenario.lever_registry import LEVERS, Topic
from sim.scenario.schema import Scenario
from sim.view.axes import position
from sim.view.labels import wrapped
from sim.view.style import in_house_style, new_figure
from sim.view.timetable import Timetable, add_panels, timetable_of
from sim.view.words import SPACE


@in_house_style
def drawn(timetable: Timetable) -> Figure:
    fig = new_figure(1 + timetable.height, "A figure", "")
    add_panels(fig, timetable, [1.0])
    return fig


def values_by_day(scenario: Scenario, label: str) -> list[str]:
    (row,) = [row for row in timetable_of(scenario, Topic).rows if row.label == label]
    days = [scenario.calendar.start + dt.timedelta(n) for n in range(scenario.calendar.days)]
    return ["".join(b.text for b in row.bars if b.first <= day < b.after) for day in days]


def changed(*settings: str) -> Scenario:
    return load_scenario(SCENARIOS / "baseline.yaml", settings)


@pytest.mark.parametrize("name", ["baseline", "rewards_earlier", "two_ports", "studies/steyn_2020"])
def test_no_text_of_a_timetable_overlaps(name: str) -> None:
    fig = drawn(timetable_of(load_scenario(SCENARIOS / f"{name}.yaml"), Topic))
    check_whole(fig)
    check_apart(fig)


def test_bars_are_the_values_of_the_timeline_day_by_day() -> None:
    scenario = changed()
    stay = LEVERS["quarantine_stay"].periods(scenario.policies)[""]
    by_day = values_by_day(scenario, "Quarantine")
    for number, text in enumerate(by_day):
        day = scenario.calendar.start + dt.timedelta(number)
        assert text == "".join(f"{p.value:g} d" for p in stay if p.covers(day))
    closed = values_by_day(scenario, "Suifenhe port")
    assert closed.count("closed") == 1 + (scenario.calendar.end - dt.date(2020, 4, 7)).days + 1


def test_only_what_changes_has_a_row_and_the_rest_is_said() -> None:
    timetable = timetable_of(changed("policies.quarantine_stay=14 d"), (Topic.BORDER,))
    assert [row.label for row in timetable.rows] == [
        "Suifenhe port", "Quarantine in Vladivostok", "Reward to informants",
    ]  # fmt: skip
    (text,) = timetable.texts.values()
    assert text.replace(SPACE, " ") == (
        "port capacity 1,370 a day; patrols 3 on duty; sensors 10 %; fine 3,000 CNY; detention 5 d"
    )
    assert f"detention{SPACE}5{SPACE}d" in wrapped(text, 50)[-1]
    assert timetable_of(changed("policies={}"), Topic).rows == []


def test_levers_set_alike_for_several_places_share_a_row() -> None:
    periods = "[{from: 2020-04-08, value: 0.7}]"
    alike = changed(f"policies.lockdown={{suifenhe: {periods}, mudanjiang: {periods}}}")
    labels = [row.label for row in timetable_of(alike, (Topic.TOWNS,)).rows]
    assert "Lockdown, Suifenhe, Mudanjiang" in labels
    every = ", ".join(f"{town}: {periods}" for town in alike.residents)
    labels = [row.label for row in timetable_of(
        changed(f"policies.lockdown={{{every}}}"), (Topic.TOWNS,)).rows]  # fmt: skip
    assert "Lockdown" in labels


def test_an_announcement_is_marked_and_days_outside_the_axis_are_not() -> None:
    shown = (dt.date(2020, 4, 1), dt.date(2020, 4, 20))
    timetable = timetable_of(changed(), (Topic.CASES,), shown)
    fig = drawn(timetable)
    assert "announced" in said(fig)
    first, last = fig.axes[0].get_xlim()
    assert (first, last) == (position(shown[0]) - 0.5, position(shown[1]) + 0.5)
    assert all(shown[0] < day <= shown[1] for day in timetable.changes)
    after = timetable_of(changed(), (Topic.CASES,), (dt.date(2020, 5, 1), dt.date(2020, 5, 9)))
    assert after.rows == []


def many_levers() -> Scenario:
    """Return a scenario in which the laboratory changes daily and nine other levers once."""
    days = [START + dt.timedelta(day) for day in range(DAYS)]
    half = days[DAYS // 2].isoformat()
    switched = [{"from": half, "value": 0.5}]
    return scenario_of(
        a_world(
            policies={
                "laboratory_capacity": [
                    {"from": str(day), "until": str(day + dt.timedelta(1)), "value": number}
                    for number, day in enumerate(days)
                ],
                "exit_screening": {"plane": switched, "east_bus": switched},
                "exit_questionnaire": {"plane": switched},
                "entry_screening": {"east_port": switched, "west_port": [{"value": 0.1}]},
                "entry_questionnaire": {"east_port": switched},
                "monitoring": switched,
                "self_isolation": switched,
                "quarantine_stay": [{"from": half, "value": "5 d"}],
                "quarantine_tests": [{"from": half, "value": ["0 d", "1 d", "2 d", "3 d", "4 d"]}],
                "test_before_release": [{"from": half, "value": "1 d"}],
                "arrival_tests": [{"from": half, "value": ["9 d"]}],
                "review_rounds": [{"from": half, "share": 0.25, "every": "3 d"}],
                "port_closures": {"west_port": [{"from": half, "announced": str(days[3])}]},
            }
        )
    )  # fmt: skip


def test_more_levers_than_there_is_room_for_are_named_in_a_line() -> None:
    scenario = many_levers()
    timetable = timetable_of(scenario, Topic)
    fig = drawn(timetable)
    check_whole(fig)
    check_apart(fig)
    assert "Also changing" in texts(fig)
    labels = said(fig)
    assert "West port" in labels
    assert "Laboratory" in labels
