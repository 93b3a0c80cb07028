"""The shipped files: valid, described by the schema, and written back unchanged."""

import datetime as dt
from pathlib import Path

import jsonschema
import pytest
import yaml
from shipped import BASELINE, SCENARIOS

from sim.scenario.json_schema import scenario_schema
from sim.scenario.loader import load_scenario, write_scenario
from sim.scenario.quantities import format_duration, parse_duration

FILES = sorted(SCENARIOS.rglob("*.yaml"))


def as_json(value: object) -> object:
    """Return YAML data with dates as the text that JSON Schema knows."""
    if isinstance(value, dict):
        return {key: as_json(part) for key, part in value.items()}
    if isinstance(value, list):
        return [as_json(part) for part in value]
    return value.isoformat() if isinstance(value, dt.date) else value


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_editor_with_the_json_schema_accepts_every_shipped_file(path: Path):
    data = yaml.safe_load(path.read_text("utf-8"))
    jsonschema.validate(as_json(data), scenario_schema())


def test_an_editor_with_the_json_schema_marks_what_is_wrong():
    data = as_json(yaml.safe_load(BASELINE.read_text("utf-8")))
    assert isinstance(data, dict)
    for section, value in (("policies", {"quarantine_stey": "14 d"}), ("name", "No spaces!")):
        for start in (data, {"extends": "baseline.yaml"}):
            with pytest.raises(jsonschema.ValidationError):
                jsonschema.validate({**start, section: value}, scenario_schema())
    some = {"extends": "baseline.yaml", "travellers": {"pool": 5}}
    jsonschema.validate(some, scenario_schema())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_scenario_written_back_is_the_same_scenario(path: Path, tmp_path: Path):
    scenario = load_scenario(path)
    copy = tmp_path / "copy.yaml"
    copy.write_text(write_scenario(scenario), "utf-8")
    assert load_scenario(copy) == scenario
    assert load_scenario(copy).digest == scenario.digest


@pytest.mark.parametrize(
    "text", ["28 d", "12 h", "90 min", "2 w", "0.3 d", "7 h", "0 d", "-25.625 d"]
)
def test_durations_read_back_to_the_same_number(text: str):
    days = parse_duration(text)
    assert parse_duration(format_duration(days)) == days


def test_a_digest_tells_scenarios_apart():
    digests = {load_scenario(path).digest for path in FILES}
    assert len(digests) == len(FILES)


def test_a_file_may_extend_another_and_change_one_value():
    early = load_scenario(SCENARIOS / "closure_week_earlier.yaml")
    baseline = load_scenario(BASELINE)
    assert early.policies.quarantine_stay == baseline.policies.quarantine_stay
    assert early.policies.port_closures != baseline.policies.port_closures
