"""Blueprints: runs share one where they may, and no world shows for which run it was made."""

from collections.abc import Callable, Iterator
from itertools import permutations
from typing import Any

import numpy as np
import pytest
from field_changes import field_changes
from full_worlds import border, cohort, corridor
from shipped import BASELINE

from calibration.priors import read_priors, values_at
from sim.experiment.parameters import with_parameters
from sim.scenario.loader import load_scenario
from sim.scenario.schema import Scenario
from sim.scenario.swab_time import SwabTime
from sim.scenario.timeline import Timeline
from sim.world.building.blueprint import Blueprint, blueprint_of
from sim.world.building.people import PoolRunsOut
from sim.world.building.world import new_world
from sim.world.draws import Draws
from sim.world.room import TooManyPeople
from sim.world.state import TABLES

WORLDS = [corridor, border, cohort]
ANTIGEN = Timeline[tuple[SwabTime, ...]].model_validate([SwabTime(1.0, "antigen")])


def plain(value: Any) -> Any:
    """Return what can be compared: arrays as bytes, objects as what they hold."""
    if isinstance(value, np.ndarray):
        return value.dtype.descr, value.shape, value.tobytes()
    if isinstance(value, dict):
        return [(plain(key), plain(item)) for key, item in value.items()]
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if hasattr(value, "__dict__") and not isinstance(value, Scenario | type):
        return plain(vars(value))
    return value


def all_of(blueprint: Blueprint) -> dict[str, Any]:
    """Return all that a blueprint says, and the tables of a world that is made from it."""
    said = {name: plain(value) for name, value in vars(blueprint).items() if name != "scenario"}
    try:
        world = new_world(blueprint, Draws(1))
    except (PoolRunsOut, TooManyPeople) as error:
        return {**said, "error": str(error)}
    tables = {name: getattr(world, name) for name in TABLES}
    # Nothing is known of room that has not been used yet.
    tables["entries"] = tables["entries"][: world.run[0].used]
    tables["vehicles"] = len(tables["vehicles"])
    return {**said, **{f"{name} of the world": plain(table) for name, table in tables.items()}}


def assert_same(scenario: Scenario, changed: Scenario) -> None:
    """Make sure that a run of ``scenario`` before it changes nothing about one of ``changed``."""
    blueprint_of(scenario)
    reused, own = all_of(blueprint_of(changed)), all_of(Blueprint(changed))
    assert [name for name in own if own[name] != reused[name]] == []


@pytest.mark.slow
@pytest.mark.parametrize("world", WORLDS)
def test_no_field_of_a_scenario_is_taken_from_another_one(world: Callable[[], Scenario]):
    scenario = world()
    for change in field_changes(scenario):
        changed = next(change.applied_to(scenario), None)
        if changed is not None:
            assert_same(scenario, changed)


def with_other_names(scenario: Scenario, *path: str) -> Iterator[Scenario]:
    """Yield scenarios with more of something, under other names or in another order.

    Args:
        scenario: what they are like otherwise.
        path: of a mapping in it.
    """
    *above, name = path
    part = getattr(scenario, above[0]) if above else scenario
    named = getattr(part, name)
    # Residents live in a place that there is.
    places = sorted(place for place in scenario.places if place not in named)
    new = places[:2] if name == "residents" else ["another", "other"]
    like = next(iter(named.values()))
    for others in (dict(reversed(named.items())), *({**named, other: like} for other in new)):
        changed = part.model_copy(update={name: others})
        yield scenario.model_copy(update={above[0]: changed}) if above else changed


def with_much_named() -> Scenario:
    """Return a world with several of everything that has a name."""
    scenario = border()
    pcr, ward = scenario.laboratory, next(iter(scenario.hospitals.values()))
    changes = {
        "laboratory": {"assays": {"antigen": pcr, "saliva": pcr}},
        "policies": {"quarantine_tests": ANTIGEN},
    }
    parts = {n: getattr(scenario, n).model_copy(update=of) for n, of in changes.items()}
    hospitals = {**scenario.hospitals, "second": ward}
    return scenario.model_copy(update={**parts, "hospitals": hospitals})


@pytest.mark.parametrize(
    "path",
    [
        ("places",),
        ("legs",),
        ("ports",),
        ("staging",),
        ("hospitals",),
        ("residents",),
        ("quarantine", "sites"),
        ("laboratory", "assays"),
        ("border", "stretches"),
    ],
    ids=".".join,
)
def test_no_name_is_taken_from_another_scenario(path: tuple[str, ...]):
    scenario = with_much_named()
    for one, other in permutations([scenario, *with_other_names(scenario, *path)], 2):
        assert_same(one, other)


def test_no_way_is_taken_from_another_scenario():
    scenario = corridor()
    towns = {leg.start for leg in scenario.legs.values()}
    for place in towns - {scenario.travellers.start}:
        travellers = scenario.travellers.model_copy(update={"start": place})
        assert_same(scenario, scenario.model_copy(update={"travellers": travellers}))
    for name, leg in scenario.legs.items():
        for end in {*scenario.ports} - {leg.end}:
            other = {name: leg.model_copy(update={"end": end})}
            changed = scenario.model_copy(update={"legs": {**scenario.legs, **other}})
            assert_same(scenario, changed)


def test_runs_of_a_fit_share_a_blueprint():
    """And each has its own parameters nevertheless."""
    scenario = load_scenario(BASELINE)
    for prior in read_priors().parameters:
        changed = with_parameters(scenario, values_at([prior], np.array([0.7])))
        shared, again = blueprint_of(scenario), blueprint_of(changed)
        # What policies say by day is worked out again.
        in_policies = prior.path.startswith("policies.")
        assert (again.in_force is shared.in_force) != in_policies, prior.path
        assert (shared.scenario, again.scenario) == (scenario, changed)
        assert_same(scenario, changed)


def test_what_runs_share_cannot_be_written_into():
    blueprint = blueprint_of(corridor())
    world = new_world(blueprint, Draws(1))
    for table in (world.swab_times, world.in_force, world.way, blueprint.days):
        with pytest.raises(ValueError, match="read-only"):
            table[:] = table
    with pytest.raises(ValueError, match="read-only"):
        blueprint.policy.quarantine_stay[3] = 14.0
