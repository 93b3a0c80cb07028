"""A folder with runs of other scenarios gives what a fresh one gives, byte for byte."""

import copy
import gc
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path

import full_worlds
import pytest
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st

import sim
from sim.scenario.checks import check_scenario
from sim.scenario.loader import write_scenario
from sim.scenario.schema import Scenario

pytestmark = pytest.mark.slow

WORLDS = [full_worlds.corridor().to_data(), full_worlds.border().to_data()]

VALUES = {
    "source.exposure": [100.0, 300.0],
    "travellers.pool": [300, 900],
    "travellers.patience": ["2 d", "9 d"],
    "travellers.divert_share": [0.0, 1.0],
    "calendar.end": ["2020-03-26", "2020-03-28"],
    "legs.east_bus.seats": [8, 40],
    "legs.plane.on_board.hazard_per_hour": [0.0, 0.05],
    "ports.east_port.share": [1.0, 5.0],
    "quarantine.room_hazard_per_day": [0.0, 2.0],
    "quarantine.sites.west_hotel.room_size": [1, 4],
    "laboratory.turnaround": ["2 h", "3 d"],
    "policies.site_beds.west_hotel": [[{"value": 5}], [{"value": 500}]],
    "policies.quarantine_stay": [[{"value": "3 d"}], [{"value": "14 d"}]],
    "disease.asymptomatic_share": [0.0, 0.9],
    "places.east.label": ["Another"],
    "question": ["Does a question matter?"],
}
"""Values by path; where a world has no such path it stays as it is."""


def holder(data, path):
    """Return the mapping with the last step of a path, or None if there is none."""
    *steps, last = path.split(".")
    for step in steps:
        data = data.get(step, {})
    return data if last in data else None


def mappings(data, path=()):
    """Yield the paths of all mappings of several entries."""
    if isinstance(data, dict):
        if len(data) > 1:
            yield path
        for name, value in data.items():
            yield from mappings(value, (*path, name))


@st.composite
def edited(draw):
    """Draw a scenario: one of the worlds with other values and in another order."""
    data = copy.deepcopy(draw(st.sampled_from(WORLDS)))
    for path in draw(st.lists(st.sampled_from(list(VALUES)), max_size=2, unique=True)):
        if (at := holder(data, path)) is not None:
            at[path.rpartition(".")[2]] = draw(st.sampled_from(VALUES[path]))
    for path in draw(st.lists(st.sampled_from(list(mappings(data))), max_size=3)):
        at = data
        for step in path:
            at = at[step]
        for name in draw(st.permutations(list(at))):
            at[name] = at.pop(name)
    scenario = Scenario.model_validate(data)
    assume(not list(check_scenario(scenario)))
    return scenario


@pytest.fixture(scope="module")
def used(tmp_path_factory):
    """A folder that keeps the runs of the worlds as they are, and at the points of the sweep."""
    folder = tmp_path_factory.mktemp("used")
    path = folder / "sweep.yaml"
    path.write_text(SWEEP, "utf-8")
    for data in WORLDS:
        scenario = Scenario.model_validate(data)
        compared(scenario, folder)
        (folder / "small_world.yaml").write_text(write_scenario(scenario), "utf-8")
        swept(path, folder)
    return folder


@contextmanager
def copied(folder):
    """Yield a copy, so that no example depends on those before it."""
    with tempfile.TemporaryDirectory() as place:
        yield Path(shutil.copytree(folder, place, dirs_exist_ok=True))


def compared(scenario, folder):
    """Return what a comparison with one policy says."""
    policy = scenario.model_copy(
        update={
            "name": "no_beds",
            "policies": scenario.policies.model_copy(update={"hospital_beds": {}}),
        }
    )
    comparison = sim.compare([scenario, policy], replicates=2, folder=folder)
    tables = [comparison.outcomes_table(), comparison.differences_table()]
    return closed(comparison, tables)


def swept(path, folder):
    """Return what a sweep says."""
    results = sim.sweep(path, replicates=2, folder=folder)
    return closed(results, [results.summary(), *results.outcomes_tables()])


def closed(results, tables):
    texts = [table.to_csv() for table in tables]
    del results
    # The store is closed with the results, for the next one to open.
    gc.collect()
    return texts


SWEEP = """
name: delays
scenario: small_world.yaml
factors:
  monitoring: {path: quarantine.symptoms_noticed, values: [0.2, 0.9]}
"""


@settings(max_examples=5, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(scenario=edited())
def test_a_comparison_does_not_depend_on_what_is_kept(used, scenario):
    with copied(used) as folder:
        assert compared(scenario, folder) == compared(scenario, None)


@settings(max_examples=3, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(scenario=edited())
def test_a_sweep_does_not_depend_on_what_is_kept(used, scenario):
    with copied(used) as folder:
        path = folder / "sweep.yaml"
        (folder / "small_world.yaml").write_text(write_scenario(scenario), "utf-8")
        assert swept(path, folder) == swept(path, None)


def test_what_is_kept_is_used(used):
    ended = []
    with copied(used) as folder:
        scenario = Scenario.model_validate(WORLDS[0])
        sim.compare(
            [scenario], replicates=2, folder=folder, on_progress=lambda *of: ended.append(of)
        )
        gc.collect()
    assert ended == []
