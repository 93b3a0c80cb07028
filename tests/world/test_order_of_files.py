"""The order of a file, and what else stands in it, moves nobody's chance."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from any_scenario import any_world
from hypothesis import given
from many_worlds import worlds_drawn
from random_scenarios import finished, scenario_of, seeds
from shipped import SHIPPED

from sim.scenario.checks import check_scenario
from sim.scenario.loader import load_scenario
from sim.scenario.schema import Scenario
from sim.scenario.source import CohortDemand
from sim.world.draws import town_key
from sim.world.model import BorderModel
from sim.world.outcomes import outcomes_of

Path = tuple[str | int, ...]
_FEW = 300
_OTHERS = ("baseline", "two_ports", "lockdown_everywhere")

WORLDS = [path for path in SHIPPED if path.parent.name == "studies" or path.stem in _OTHERS]
"""The shipped worlds; the other files are policies of the baseline."""

SUMS = {"rel": 1e-9, "abs": 1e-9}
"""Sums over places may differ in the last digits where there is one place more."""


def small(scenario: Scenario) -> Scenario:
    """Return a study with a cohort of a few hundred."""
    demand = scenario.travellers.demand
    if not isinstance(demand, CohortDemand):
        return scenario
    demand = demand.model_copy(update={"people": min(_FEW, demand.people)})
    travellers = scenario.travellers.model_copy(update={"demand": demand})
    return scenario.model_copy(update={"travellers": travellers})


def mappings(data: Any, path: Path = ()) -> Iterator[Path]:
    """Yield the place of every mapping of at least two entries."""
    if isinstance(data, dict):
        if len(data) > 1:
            yield path
        for name, value in data.items():
            yield from mappings(value, (*path, name))
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from mappings(value, (*path, number))


def reversed_at(data: Any, path: Path) -> Any:
    """Return the data with one mapping in the opposite order."""
    if not path:
        return dict(reversed(data.items()))
    changed = dict(data) if isinstance(data, dict) else list(data)
    changed[path[0]] = reversed_at(data[path[0]], path[1:])
    return changed


def all_reversed(data: Any, but: tuple[Path, ...], path: Path = ()) -> Any:
    """Return the data with every mapping in the opposite order, but for some."""
    if isinstance(data, dict):
        entries = {name: all_reversed(v, but, (*path, name)) for name, v in data.items()}
        return entries if path in but else dict(reversed(entries.items()))
    return [all_reversed(v, but, path) for v in data] if isinstance(data, list) else data


def everything(model: BorderModel) -> dict[str, Any]:
    """Return outcomes and all series of a finished run."""
    return outcomes_of(model) | {"series": model.surveillance.series.tolist()}


FILL_IN_ORDER: tuple[Path, ...] = (("quarantine", "sites"), ("hospitals",))
"""The mappings whose order is a statement of the scenario."""


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_the_digest_knows_the_order_of_a_mapping_just_where_it_decides_something(path):
    scenario = load_scenario(path)
    data = scenario.to_data()
    for place in mappings(data):
        other = Scenario.model_validate(reversed_at(data, place))
        assert (other.digest != scenario.digest) == (place in FILL_IN_ORDER), place


@pytest.mark.slow
@pytest.mark.parametrize("path", WORLDS, ids=lambda path: path.stem)
def test_the_order_of_every_other_mapping_has_no_effect_on_a_run(path):
    scenario = small(load_scenario(path))
    other = Scenario.model_validate(all_reversed(scenario.to_data(), FILL_IN_ORDER))
    assert other.digest == scenario.digest
    assert everything(finished(other, 5)) == everything(finished(scenario, 5))


@given(any_world(), seeds)
@worlds_drawn(15)
def test_the_order_of_a_file_has_no_effect_in_any_world(world, seed):
    scenario = scenario_of(world)
    other = Scenario.model_validate(all_reversed(scenario.to_data(), FILL_IN_ORDER))
    assert other.digest == scenario.digest
    one, two = finished(scenario, seed), finished(other, seed)
    assert outcomes_of(one) == outcomes_of(two)
    np.testing.assert_array_equal(one.surveillance.series, two.surveillance.series)


def with_an_unrelated_corner(data: dict[str, Any]) -> dict[str, Any]:
    """Return the scenario with a place, a town, a stretch and policies that concern nobody.

    Their names come first in the alphabet, and they stand first in the file.
    """
    places = {"a_corner": {"label": "A corner"}, **data["places"]}
    port_place = next(iter(data["ports"].values()))["place"]
    changed = {**data, "places": places}
    town = {"people": 5000, "community_hazard_per_day": 0.1, "household_hazard_per_day": 0.1}
    town["household_sizes"] = [0.5, 0.5]
    changed["residents"] = {"a_corner": town, **data.get("residents", {})}
    changed["ports"] = {"a_corner_gate": {"place": port_place, "share": 0}, **data["ports"]}
    policies = dict(data["policies"])
    for lever, value in (
        ("lockdown", {"a_corner": [{"value": 0.5}]}),
        ("port_closures", {"a_corner_gate": [{}]}),
        ("symptomatic_testing", {"a_corner": [{"value": 1}]}),
    ):
        policies[lever] = {**value, **policies.get(lever, {})}
    if "border" in data:
        stretches = data["border"]["stretches"]
        far = {**next(iter(stretches.values())), "start": "a_corner"}
        changed["border"] = {**data["border"], "stretches": {"a_ridge": far, **stretches}}
        policies["patrols"] = {"a_ridge": [{"value": 9}], **policies.get("patrols", {})}
    return {**changed, "policies": policies}


OF_THE_CORNER = (
    "cost_patrol_day_cny",
    "cost_lockdown_person_day_cny",
    "cost_cny",
    "cost_without_lockdown_cny",
    "cost_per_crosser_found_cny",
    "perceived_detection",  # a mean over all stretches
)
"""Outcomes to which the corner has something to add."""


@pytest.mark.slow
@pytest.mark.parametrize("path", WORLDS, ids=lambda path: path.stem)
def test_what_concerns_nobody_moves_nobody(path):
    scenario = small(load_scenario(path))
    data = scenario.to_data()
    if "border" in data:  # false reports about a ridge cost money: there are none here
        data["border"]["informants"]["false_reports_per_day"] = 0
        scenario = Scenario.model_validate(data)
    other = Scenario.model_validate(with_an_unrelated_corner(data))
    findings = {finding.loc for finding in check_scenario(other)}
    assert findings <= {("border", "stretches", "a_ridge", "start")}
    one, two = finished(scenario, 5), finished(other, 5)
    before, after = outcomes_of(one), outcomes_of(two)
    for name in OF_THE_CORNER:
        del before[name], after[name]
    assert after == pytest.approx(before, nan_ok=True, **SUMS)
    counts = {name: n for n, name in enumerate(two.geography.reporting_places)}
    kept = [counts[name] for name in one.geography.reporting_places]
    costless = slice(0, -1)
    np.testing.assert_array_equal(
        one.surveillance.series[:, costless], two.surveillance.series[:, costless][:, :, kept]
    )


def test_towns_have_keys_of_their_own_that_hold_every_resident():
    keys = sorted(town_key(f"town_{number}") for number in range(2000))
    assert min(b - a for a, b in pairwise(keys)) >= 1_000_000_000
    assert keys[0] > 2_000_000 * 64  # travellers come before
    assert keys[-1] + 1_000_000_000 < 2**63
