"""The shipped files: valid, described by the schema, and written back unchanged."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from editor import SCHEMA
from shipped import BASELINE, SCENARIOS, SHIPPED

from sim.experiment.sweep.schema import Sweep
from sim.scenario.loader import load_scenario, read_scenario, write_scenario
from sim.scenario.presets import read_preset
from sim.scenario.quantities import format_duration, format_money, parse_duration, parse_money
from sim.scenario.reading.errors import ScenarioError
from sim.scenario.schema import Scenario


def as_json(value: object) -> object:
    """Return YAML data with dates as the text that JSON Schema knows."""
    if isinstance(value, dict):
        return {key: as_json(part) for key, part in value.items()}
    if isinstance(value, list):
        return [as_json(part) for part in value]
    return value.isoformat() if isinstance(value, dt.date) else value


def test_the_json_schema_is_one() -> None:
    SCHEMA.check_schema(SCHEMA.schema)


def properties_of(schema: Any) -> Iterator[tuple[str, Any]]:
    """Return the fields that a JSON Schema describes, wherever in it."""
    parts = schema.values() if isinstance(schema, dict) else schema
    if isinstance(schema, dict) and isinstance(schema.get("properties"), dict):
        yield from schema["properties"].items()
    for part in parts:
        if isinstance(part, dict | list):
            yield from properties_of(part)


def test_every_field_of_the_json_schemas_says_what_it_means():
    for schema in (SCHEMA.schema, Sweep.model_json_schema()):
        properties = list(properties_of(schema))
        assert len(properties) > 20
        assert [name for name, field in properties if not field.get("description")] == []


def test_every_default_that_an_editor_shows_may_be_written_in_a_file():
    parts = SCHEMA.schema["$defs"]
    refused = [
        name
        for name, field in properties_of(SCHEMA.schema)
        if not SCHEMA.evolve(schema={**field, "$defs": parts}).is_valid(field.get("default"))
        and field.get("default") is not None
    ]
    assert refused == []


def test_an_editor_shows_descriptions_as_plain_text():
    words = [field["description"] for _, field in properties_of(SCHEMA.schema)]
    assert [text for text in words if "``" in text or "\n" in text] == []


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_an_editor_with_the_json_schema_accepts_every_shipped_file(path: Path):
    data = yaml.safe_load(path.read_text("utf-8"))
    SCHEMA.validate(as_json(data))


@pytest.mark.slow
def test_an_editor_with_the_json_schema_marks_what_is_wrong():
    data = as_json(yaml.safe_load(BASELINE.read_text("utf-8")))
    assert isinstance(data, dict)
    for section, value in (("policies", {"quarantine_stey": "14 d"}), ("name", "No spaces!")):
        for start in (data, {"extends": "baseline.yaml"}):
            with pytest.raises(jsonschema.ValidationError):
                SCHEMA.validate({**start, section: value})
    some = {"extends": "baseline.yaml", "travellers": {"pool": 5}}
    SCHEMA.validate(some)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_scenario_written_back_is_the_same_scenario(path: Path, tmp_path: Path):
    scenario = load_scenario(path)
    copy = tmp_path / "copy.yaml"
    copy.write_text(write_scenario(scenario), "utf-8")
    again, _ = read_scenario(copy)
    assert again == scenario
    assert again.digest == scenario.digest


@pytest.mark.parametrize(
    "text",
    ["1e100", "-1E5", ".5", "1_000", "1e-300", "1e999", "9" * 30, "2020-04-07", "yes", "null", "~"],
)
def test_a_text_that_looks_like_something_else_is_written_as_a_text(text: str, tmp_path: Path):
    data = load_scenario(BASELINE).to_data()
    data["places"]["suifenhe"] = {**data["places"]["suifenhe"], "label": text}
    scenario = Scenario.model_validate(data)
    copy = tmp_path / "copy.yaml"
    copy.write_text(write_scenario(scenario), "utf-8")
    assert load_scenario(copy) == scenario


@pytest.mark.parametrize(
    "text", ["28 d", "12 h", "90 min", "2 w", "0.3 d", "7 h", "0 d", "-25.625 d"]
)
def test_durations_read_back_to_the_same_number(text: str):
    days = parse_duration(text)
    assert parse_duration(format_duration(days)) == days


@pytest.mark.parametrize("days", [1e-25, 5e-324, 1e-6, 0.1, 1 / 3, 3660.0, -25.625])
def test_any_number_of_days_is_written_so_that_it_reads_back(days: float):
    assert parse_duration(format_duration(days)) == days


@pytest.mark.parametrize("yuan", [0.0, 1e-5, 0.1, 1234567890123.45, 1e12, 3000.0])
def test_any_amount_of_money_is_written_so_that_it_reads_back(yuan: float):
    assert parse_money(format_money(yuan)) == yuan


def test_a_digest_tells_scenarios_apart():
    digests = {load_scenario(path).digest for path in SHIPPED}
    assert len(digests) == len(SHIPPED)


def test_a_file_may_extend_another_and_change_one_value():
    early = load_scenario(SCENARIOS / "closure_week_earlier.yaml")
    baseline = load_scenario(BASELINE)
    assert early.policies.quarantine_stay == baseline.policies.quarantine_stay
    assert early.policies.port_closures != baseline.policies.port_closures


WRONG = """\
extends: baseline.yaml
name: wrong
legs:
  vladivostok_suifenhe: {end: suifenh_port}
places:
  suifenhe: {label: Suifenhe, part_of: heilongjian}
laboratory: {sensitivity: helewell_2021}
registers: {carrier_observation: 14}
policies:
  monitoring: 1.4
  quarantine_stay: [{from: 2020-04-20, until: 2020-04-12, value: 3 d}]
  port_closures: {suifenhe_port: [{from: 2020-04-07, announced: 2020-04-09}]}
  review_rounds: [{from: 2020-06-07, share: 0.5}]
"""


def test_every_mistake_is_reported_once_those_of_form_first(tmp_path: Path):
    (tmp_path / "baseline.yaml").write_text(BASELINE.read_text("utf-8"), "utf-8")
    wrong = tmp_path / "wrong.yaml"

    def places() -> set[tuple[int, str]]:
        with pytest.raises(ScenarioError) as caught:
            load_scenario(wrong)
        return {(problem.line, problem.field) for problem in caught.value.problems}

    wrong.write_text(WRONG, "utf-8")
    assert places() == {
        (7, "laboratory.sensitivity"),
        (8, "registers.carrier_observation"),
        (10, "policies.monitoring"),
    }
    right = WRONG.replace("helewell", "hellewell").replace(": 14}", ": 14 d}").replace("1.4", "0.4")
    wrong.write_text(right, "utf-8")
    assert places() == {
        (4, "legs.vladivostok_suifenhe.end"),
        (6, "places.suifenhe.part_of"),
        (11, "policies.quarantine_stay[0].until"),
        (12, "policies.port_closures.suifenhe_port[0].announced"),
        (13, "policies.review_rounds[0].from"),
    }


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("calendar.end=2020-03-01", "ends before it starts"),
        ("calendar.end=2023-03-01", "longer than two years"),
        ("travellers.start=omsk", "no place of that name"),
        ("ports.suifenhe_port.opens=20 h", "closes before it opens"),
        ("places.heilongjiang.part_of=suifenhe", "part of itself"),
        ("legs.moscow={mode: bus, start: vladivostok, end: moscow, duration: 1 h, "
         "departures_per_day: 1, seats: 5}", "taken"),
        ("legs.back={mode: bus, start: vladivostok, end: moscow, duration: 1 h, "
         "departures_per_day: 1, seats: 5}", "on no way"),
        ("ports.other_port={place: harbin}", "no chain of legs"),
        ("ports.suifenhe_port.share=0", "no port can be reached"),
        ("legs.moscow_vladivostok.first_departure=22 h", "before the first"),
        ("disease.infectiousness.window=[0.9, 0.1]", "not below the upper"),
        ("disease.infectiousness.profile.shape=0.5", "no peak"),
        ("laboratory.sensitivity={kind: table, days: [0, 1], sensitivity: [1]}", "one value"),
        ("laboratory.sensitivity={kind: table, days: [1, 0], sensitivity: [1, 1]}", "increase"),
        ("staging.vladivostok.connection={kind: uniform, low: 2 d, high: 1 d}", "lower bound"),
        ("source.curve={kind: counts, counts: [{date: 2020-04-02, count: 3}, "
         "{date: 2020-04-01, count: 4}]}", "dates must increase"),
        ("source={kind: cohort, timing: {kind: uniform, earliest: 1 d, latest: 2 d}}", "latest"),
        ("travellers.demand={kind: cohort, people: 5, date: 2021-01-01}", "outside the calendar"),
        ("travellers.demand={kind: table, per_day: [{date: 2020-04-02, count: 3}, "
         "{date: 2020-04-01, count: 4}]}", "do not increase"),
        ("policies.laboratory_capacity=[{from: 2020-04-01, value: 5}]", "value on every day"),
        ("policies.pre_departure_test={suifenhe_port: 1 d}", "no leg of that name"),
    ],
)  # fmt: skip
def test_what_the_schema_cannot_say_is_checked(setting: str, message: str):
    settings = [setting]
    if setting.startswith("disease"):
        whole = read_preset("diseases", "covid19_2020")
        settings = [f"disease={yaml.safe_dump(whole, default_flow_style=True)}", setting]
    with pytest.raises(ScenarioError, match=message):
        load_scenario(BASELINE, settings)


def test_counts_may_stand_in_a_csv_file(tmp_path: Path):
    base = (SCENARIOS / "two_ports.yaml").read_text("utf-8")
    (tmp_path / "two_ports.yaml").write_text(base, "utf-8")
    counts = tmp_path / "two_ports_counts.csv"

    def problem() -> str:
        with pytest.raises(ScenarioError) as caught:
            load_scenario(tmp_path / "two_ports.yaml")
        return str(caught.value)

    assert "there is no such file" in problem()
    counts.write_text("day,cases\n2030-01-01,4\n", "utf-8")
    assert "1:1: the first line must name date and count, and nothing else" in problem()
    counts.write_text("date,count\n2030-01-01,4\n2030-13-01,7\n", "utf-8")
    assert f"{counts}:3:1: no such date" in problem()
    with pytest.raises(ScenarioError, match="not the name of a file in the folder"):
        load_scenario(tmp_path / "two_ports.yaml", ["source.curve.counts=../secret.csv"])
