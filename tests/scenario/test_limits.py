"""What no scenario may ask for: it would take too long to read, or too much memory to run."""

import datetime as dt
import os
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from random_scenarios import finished, scenario_of
from shipped import BASELINE, SCENARIOS
from towns import town

from sim import BorderModel, load_scenario
from sim.scenario.loader import read_scenario
from sim.scenario.quantities import EARLIEST, LATEST, MOST_NAMED, MOST_PEOPLE
from sim.scenario.reading.errors import Problem, ScenarioError
from sim.world.room import TooManyPeople, make_more_room, require_room

COHORT = SCENARIOS / "studies" / "ashcroft_2021.yaml"


def problems_with(*settings: str, path: Path = BASELINE) -> tuple[Problem, ...]:
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path, settings)
    return caught.value.problems


def extending(tmp_path: Path, text: str) -> Path:
    (tmp_path / "baseline.yaml").write_bytes(BASELINE.read_bytes())
    path = tmp_path / "x.yaml"
    path.write_text(f"extends: baseline.yaml\nname: x\n{text}", "utf-8")
    return path


@pytest.mark.parametrize("date", ["0001-01-01", "1899-12-31", "2200-01-01", "9999-12-31"])
def test_dates_far_from_our_time(date: str) -> None:
    problem = problems_with(f"calendar.end={date}", f"calendar.start={date}")[0]
    assert problem.message == "out of range"
    assert problem.allowed == "1900-01-01 to 2199-12-31"


def test_the_first_and_the_last_date_are_allowed() -> None:
    two_ports = SCENARIOS / "two_ports.yaml"
    for start in (EARLIEST, LATEST - dt.timedelta(9)):
        end = start + dt.timedelta(9)
        settings = [
            f"calendar.start={start}",
            f"calendar.end={end}",
            f"source.curve={{kind: uniform, per_day: 5, since: {start}}}",
            "policies={}",
        ]
        # Its table of demand then lies outside: that is warned about, not refused.
        assert read_scenario(two_ports, settings)[0].calendar.days == 10


@pytest.mark.parametrize("field", ["question", "places.moscow.label"])
@pytest.mark.parametrize("text", ["\\e[2J", "a\\nb", "\\u202eb", "\\x85", "\\0", "\\u2028"])
def test_texts_that_would_move_the_cursor(field: str, text: str) -> None:
    (problem,) = problems_with(f'{field}="{text}"')
    assert problem.message == "control characters"
    assert str(problem).isprintable()


def test_texts_of_all_languages_are_allowed() -> None:
    question = "\u041a\u0442\u043e? \u8c01\u3000\u662f\u00a0qui\u202f?"
    assert load_scenario(BASELINE, [f"question={question}"]).question == question


def test_sums_that_no_sum_of_could_be_worked_out() -> None:
    (problem,) = problems_with(f"policies.fine={10**12}1 CNY")
    assert problem.allowed == "<= 1000000000000"
    assert load_scenario(BASELINE, [f"policies.fine={10**12} CNY"]).policies.fine.root


def test_long_texts() -> None:
    (problem,) = problems_with(f"question={'x' * 301}")
    assert problem.allowed == "<= 300 characters"


def test_many_places(tmp_path: Path) -> None:
    places = "".join(f"  p{n}: {{label: a}}\n" for n in range(MOST_NAMED))
    (problem,) = problems_with(path=extending(tmp_path, f"places:\n{places}"))
    assert (problem.field, problem.allowed) == ("places", "<= 200 entries")


def test_ways_that_multiply(tmp_path: Path) -> None:
    """Every place leads to every other one, so there are 9! ways from the first to the last."""
    names = [f"p{n}" for n in range(9)]
    leg = "mode: bus, duration: 1 h, departures_per_day: 1, seats: 1"
    legs = [*permutations(names, 2), ("moscow", "p0"), ("p8", "suifenhe_port")]
    text = "places:\n" + "".join(f"  {name}: {{label: a}}\n" for name in names) + "legs:\n"
    text += "".join(f"  l{n}: {{{leg}, start: {a}, end: {b}}}\n" for n, (a, b) in enumerate(legs))
    (problem,) = problems_with(path=extending(tmp_path, text))
    assert problem.field == "legs"
    assert "too many ways" in problem.message


def test_only_the_first_faults_are_looked_into(tmp_path: Path) -> None:
    fields = "".join(f"unknown_{n}: 1\n" for n in range(3000))
    problems = problems_with(path=extending(tmp_path, fields))
    assert len(problems) == 201
    assert "the first 200 of 3,000 faults" in problems[0].message
    periods = "    - {from: 2020-04-01, value: 1 d}\n" * 1000
    text = f"policies:\n  quarantine_stay:\n{periods}"
    assert len(problems_with(path=extending(tmp_path, text))) == 200


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("x" * 300 + ".csv", "no such file|unreadable"),
        ("..", "folder|outside"),
        ("link.csv", "outside"),
        ("a\nb.csv", "not the name of a file"),
        ("pipe.csv", "not an ordinary file"),
        ("large.csv", "larger than 200 kB"),
        ("wrong.csv", "1 cell in a row of 2 columns"),
        ("binary.csv", "not UTF-8 text"),
    ],
)
def test_counts_that_are_no_such_file(tmp_path: Path, name: str, words: str) -> None:
    (tmp_path / "inside").mkdir()
    path = tmp_path / "inside" / "two_ports.yaml"
    path.write_bytes((SCENARIOS / "two_ports.yaml").read_bytes())
    (tmp_path / "secret.csv").write_text("date,count\n2020-01-01,1\n", "utf-8")
    path.with_name("link.csv").symlink_to(tmp_path / "secret.csv")
    os.mkfifo(path.with_name("pipe.csv"))
    path.with_name("large.csv").write_text("date,count\n" + "2020-01-01,1\n" * 20_000, "utf-8")
    path.with_name("wrong.csv").write_text("date,count\n" + "x\n" * 20_000, "utf-8")
    path.with_name("binary.csv").write_bytes(b"date,count\n\xff\n")
    with pytest.raises(ScenarioError, match=words) as caught:
        load_scenario(path, [f'source.curve.counts="{name}"'.replace("\n", "\\n")])
    assert len(caught.value.problems) <= 100


@pytest.mark.parametrize(
    ("path", "setting"),
    [
        (COHORT, "travellers.demand.people"),
        (BASELINE, "residents.suifenhe.infected_at_start"),
        (BASELINE, "hospital_outbreak.neighbours"),
        (BASELINE, "hospital_outbreak.hospitals[1].people"),
    ],
)
def test_crowds_that_one_run_cannot_follow(path: Path, setting: str) -> None:
    large = ["residents.suifenhe.people=1000000000"] if path == BASELINE else []
    (problem,) = problems_with(*large, f"{setting}={MOST_PEOPLE + 1}", path=path)
    assert problem.field == setting
    assert problem.message == "more people than one run can follow"
    load_scenario(path, [*large, f"{setting}={MOST_PEOPLE}"])


def run(*settings: str) -> Any:
    model = BorderModel(load_scenario(BASELINE, settings), seed=1)
    while model.running:
        model.step()


def test_a_run_ends_before_more_people_set_out_than_it_can_follow() -> None:
    with pytest.raises(TooManyPeople, match="more than 2,000,000 people"):
        run("travellers.pool=1000000000", "travellers.demand.ceiling=1000000")


def test_a_run_ends_before_more_residents_are_infected_than_it_can_follow(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sim.world.room.MOST_PEOPLE", 50_000)
    suifenhe = "residents.suifenhe"
    with pytest.raises(TooManyPeople):
        run(f"{suifenhe}.people=1000000000", f"{suifenhe}.community_hazard_per_day=1000000")


@pytest.mark.parametrize(("most", "refused"), [(3000, False), (2999, True)])
def test_a_run_can_follow_as_many_people_as_it_is_said_to(
    monkeypatch: pytest.MonkeyPatch, most: int, refused: bool
) -> None:
    monkeypatch.setattr("sim.world.room.MOST_PEOPLE", most)
    scenario = scenario_of(town(people=3000, days=30, community_hazard_per_day=1e6))
    if refused:
        with pytest.raises(TooManyPeople):
            finished(scenario)
    else:
        assert finished(scenario).people.size == 3000


IN_HOUSEHOLDS = {"household_hazard_per_day": 0.1, "household_sizes": [0.5] + [0.0] * 8 + [0.5]}


def test_a_run_does_not_begin_with_more_infected_residents_than_it_can_follow(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """They are counted as they are, not as if all had the largest household."""
    scenario = scenario_of(town(people=20_000, days=1, infected_at_start=900, **IN_HOUSEHOLDS))
    begins_with = BorderModel(scenario, 1).people.size
    assert 900 < begins_with < 9000
    monkeypatch.setattr("sim.world.room.MOST_PEOPLE", begins_with - 1)
    with pytest.raises(TooManyPeople):
        BorderModel(scenario, 1)
    monkeypatch.setattr("sim.world.room.MOST_PEOPLE", 9000)
    assert BorderModel(scenario, 1).people.size == begins_with


def test_the_table_of_people_is_never_longer() -> None:
    require_room(MOST_PEOPLE)
    with pytest.raises(TooManyPeople):
        require_room(MOST_PEOPLE + 1)
    world = BorderModel(load_scenario(BASELINE), seed=1).world
    before = len(world.people)
    world.run[0].people_needed = MOST_PEOPLE
    with pytest.raises(TooManyPeople):
        make_more_room(world)
    assert len(world.people) == before
