"""Capacities as decided, and what is really handled of them."""

from typing import Any

import numpy as np
from random_scenarios import DAYS, a_world, scenario_of

from sim.scenario.schema import Scenario
from sim.world.building.blueprint import blueprint_of
from sim.world.building.world import new_world
from sim.world.draws import Draws
from sim.world.model import BorderModel
from sim.world.state import World

EAST = 0
"""Number of the port."""


def with_port(throughput: float, **policies: Any) -> Scenario:
    ports = a_world()["ports"]
    return scenario_of(
        a_world(
            ports={**ports, "east_port": {**ports["east_port"], "throughput": throughput}},
            policies=policies,
        )
    )


def entrants_a_day(scenario: Scenario) -> np.ndarray[Any, Any]:
    model = BorderModel(scenario, 1)
    while model.running:
        model.step()
    world: World = model.world
    people = world.people[: world.run[0].people]
    entered = people.crossed_at[people.location == world.ports[EAST].town]
    return np.bincount(entered[entered < DAYS].astype(int), minlength=DAYS)


def test_the_laboratory_works_off_whole_tests():
    laboratory = {**a_world()["laboratory"], "throughput": [{"from": "2020-03-02", "value": 1.25}]}
    scenario = scenario_of(a_world(policies={"laboratory_capacity": 10}, laboratory=laboratory))
    blueprint = blueprint_of(scenario)
    assert blueprint.policy.laboratory_capacity.tolist() == [10.0] * DAYS
    days = new_world(blueprint, Draws(1)).days
    assert days["laboratory_capacity"].tolist() == [10.0] + [12.0] * (DAYS - 1)


def test_a_laboratory_without_a_limit_has_none_however_slow_it_is():
    laboratory = {**a_world()["laboratory"], "throughput": 0.0}
    scenario = scenario_of(a_world(policies={}, laboratory=laboratory))
    assert (new_world(blueprint_of(scenario), Draws(1)).days["laboratory_capacity"] == np.inf).all()


def test_a_port_handles_whole_people():
    by_day = entrants_a_day(with_port(0.5, port_capacity={"east_port": 7}))
    assert by_day.max() == 3
    exactly = entrants_a_day(with_port(1.0, port_capacity={"east_port": 3}))
    assert by_day.tolist() == exactly.tolist()


def test_a_port_without_a_limit_has_none_however_slow_it_is():
    as_decided = entrants_a_day(with_port(1.0))
    assert as_decided.max() > 3
    assert entrants_a_day(with_port(0.0)).tolist() == as_decided.tolist()
