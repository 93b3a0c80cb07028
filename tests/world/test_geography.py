"""Ways through a corridor: the order of its towns, the next leg, and what a region adds up."""

from typing import Any

import pytest
from random_scenarios import a_world, scenario_of

from sim.scenario.schema import Scenario
from sim.world.geography import Geography


def corridor(*legs: tuple[str, str]) -> Scenario:
    """Return a corridor with these legs, each of them by bus, in this order in the file."""
    world = a_world()
    bus = world["legs"]["east_bus"]
    towns = [town for leg in legs for town in leg if town not in ("east_port", "west_port")]
    places: dict[str, Any] = {town: {"label": town} for town in dict.fromkeys(towns)}
    ports = {port: world["ports"][port] for leg in legs for port in leg if port.endswith("_port")}
    world["places"] = {**world["places"], **places}
    world["ports"] = ports
    world["legs"] = {f"{a}_{b}": {**bus, "start": a, "end": b} for a, b in legs}
    world["staging"] = {town: {} for town in places if town != "city"}
    world["policies"] = {}
    return scenario_of(world)


ONWARD = (("city", "hub"), ("hub", "edge"), ("edge", "east_port"))


@pytest.mark.parametrize("legs", [ONWARD, ONWARD[::-1], (ONWARD[1], ONWARD[0], ONWARD[2])])
def test_towns_come_in_the_order_of_the_journey_whatever_the_order_of_the_file(legs):
    scenario = corridor(*legs)
    assert Geography(scenario).order_of_towns(scenario) == ["city", "hub", "edge"]


def test_a_town_on_a_detour_comes_before_the_town_that_it_leads_to():
    detour = corridor(("city", "edge"), ("edge", "east_port"), ("city", "hub"), ("hub", "edge"))
    assert Geography(detour).order_of_towns(detour) == ["city", "hub", "edge"]


def test_where_legs_form_a_circle_the_order_of_the_names_breaks_it():
    circle = corridor(
        *(("city", "hub"), ("city", "edge")),
        *(("hub", "edge"), ("edge", "hub"), ("edge", "east_port"), ("hub", "west_port")),
    )
    geography = Geography(circle)
    assert geography.order_of_towns(circle) == ["city", "edge", "hub"]
    assert geography.next_leg["city", "west_port"] == "city_hub"
    assert geography.next_leg["city", "east_port"] == "city_edge"


def test_the_way_with_the_fewest_legs_is_taken_from_every_place_on_it():
    scenario = corridor(*ONWARD, ("hub", "east_port"), ("edge", "west_port"))
    geography = Geography(scenario)
    assert geography.next_leg == {
        ("city", "east_port"): "city_hub",
        ("hub", "east_port"): "hub_east_port",
        ("city", "west_port"): "city_hub",
        ("hub", "west_port"): "hub_edge",
        ("edge", "west_port"): "edge_west_port",
        ("edge", "east_port"): "edge_east_port",
    }
    assert geography.port_weights == {"east_port": 2.0, "west_port": 1.0}


def test_a_region_adds_up_its_towns_and_a_town_its_port():
    geography = Geography(corridor(*ONWARD))
    roll_up, code = geography.roll_up, geography.code
    counted_in = {
        name: {
            place for n, place in enumerate(geography.reporting_places) if roll_up[code[name], n]
        }
        for name in geography.locations
    }
    assert counted_in["east_port"] == {"east", "region"}
    assert counted_in["east"] == {"east", "region"}
    assert counted_in["region"] == {"region"}
    assert counted_in["city_hub"] == {"city_hub"}
    assert roll_up.max() == 1
