"""Scenarios drawn over the whole schema: every field, written and read back, described alike."""

import copy
import pickle
from pathlib import Path
from typing import Any

import pytest
from any_scenario import any_world
from editor import SCHEMA
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from schema_fields import every_field, fields_said

from sim.scenario.loader import read_scenario, write_scenario
from sim.scenario.schema import Scenario

in_any_scenario = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


def fields_of_worlds(number: int) -> set[Any]:
    """Return the fields that the worlds of a seed say something in."""
    found: set[Any] = set()

    @seed(number)
    @settings(in_any_scenario, max_examples=100, database=None, phases=[Phase.generate])
    @given(any_world())
    def look(world: dict[str, Any]) -> None:
        found.update(fields_said(Scenario.model_validate(world)))

    look()
    return found


@pytest.mark.thorough
def test_every_field_of_the_schema_is_drawn_with_another_value_than_its_default():
    missing = every_field(Scenario)
    assert len(missing) > 300
    for number in range(20):
        missing -= fields_of_worlds(number)
        if not missing:
            break
    assert missing == set()


@given(world=any_world())
@settings(in_any_scenario, suppress_health_check=list(HealthCheck))
def test_a_scenario_written_is_read_back_the_same(world, tmp_path_factory):
    scenario = Scenario.model_validate(world)
    path: Path = tmp_path_factory.mktemp("written") / "scenario.yaml"
    path.write_text(write_scenario(scenario), "utf-8")
    again, _ = read_scenario(path)
    assert again == scenario
    assert again.digest == scenario.digest
    assert write_scenario(again) == write_scenario(scenario)
    assert pickle.loads(pickle.dumps(scenario)) == scenario
    assert Scenario.model_validate(scenario.to_data()).digest == scenario.digest


@pytest.mark.slow
@given(any_world())
@in_any_scenario
def test_the_json_schema_accepts_what_the_loader_accepts(world):
    SCHEMA.validate(world)
    SCHEMA.validate(Scenario.model_validate(world).to_data())


@pytest.mark.slow
@given(any_world(), st.data())
@in_any_scenario
def test_what_the_json_schema_refuses_the_loader_refuses(world, data):
    """A value is replaced by one of another type, left out, or given a field too many."""
    loc, value = data.draw(st.sampled_from(sorted(_values(world), key=str)))
    wrong = copy.deepcopy(world)
    holder: Any = wrong
    for step in loc[:-1]:
        holder = holder[step]
    harm = data.draw(st.sampled_from(["other type", "left out", "unknown field"]))
    if harm == "left out" and isinstance(holder, dict):
        del holder[loc[-1]]
    elif harm == "unknown field" and isinstance(value, dict):
        holder[loc[-1]] = {**value, "No such field": 1}
    else:
        holder[loc[-1]] = {"No such field": 1} if not isinstance(value, dict) else "No such thing"
    if SCHEMA.is_valid(wrong):
        return
    with pytest.raises(ValidationError):
        Scenario.model_validate(wrong)


def _values(value: Any, loc: tuple[str | int, ...] = ()) -> list[tuple[Any, Any]]:
    """Return every value in a document with its place."""
    is_list = isinstance(value, list)
    steps = enumerate(value) if is_list else value.items() if isinstance(value, dict) else ()
    inner = [found for step, part in steps for found in _values(part, (*loc, step))]
    return [(loc, value), *inner] if loc else inner
