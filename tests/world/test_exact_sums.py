"""Sums of fractions: the same on every Python, though ``sum`` adds otherwise from 3.12 on."""

import functools
import math
import operator

from random_scenarios import a_world, finished, scenario_of

from sim.scenario.costs import UnitCosts
from sim.scenario.demand import demand_factor
from sim.world.costs import PARTS
from sim.world.outcomes import outcomes_of

SHARES = [0.1, 0.2, 0.3]


def one_after_the_other(numbers):
    return functools.reduce(operator.add, numbers)


def a_world_with_three_ports(**changes):
    third = {"place": "west", "share": SHARES[2]}
    world = a_world(ports__third_port=third, **changes)
    for port, share in zip(world["ports"], SHARES, strict=False):
        world["ports"][port] = {**world["ports"][port], "share": share}
    return world | {"legs": {**world["legs"], "third_bus": _to(world["legs"]["west_bus"])}}


def _to(leg):
    return {**leg, "end": "third_port"}


def test_demand_falls_by_the_exact_share_of_a_port_that_shuts():
    closures = {"west_port": [{"from": "2020-03-10", "announced": "2020-03-05"}]}
    scenario = scenario_of(a_world_with_three_ports(policies__port_closures=closures))
    factors = {"east_port": 1.0, "third_port": 1.0, "west_port": scenario.travellers.closed_factor}
    total = math.fsum(SHARES)
    assert one_after_the_other(SHARES) != total
    expected = one_after_the_other(
        scenario.ports[port].share / total * factor for port, factor in factors.items()
    )
    assert demand_factor(scenario)[-1] == expected


def test_the_bill_is_the_exact_sum_of_its_parts():
    costs = {name: f"0.{number}3 CNY" for number, name in enumerate(UnitCosts.model_fields, 1)}
    scenario, in_order = scenario_of(a_world(costs=costs)), []
    for seed in range(1, 6):
        outcomes = outcomes_of(finished(scenario, seed))
        parts = [outcomes[f"cost_{part}_cny"] for part in PARTS]
        assert outcomes["cost_cny"] == math.fsum(parts)
        in_order.append(one_after_the_other(parts) == math.fsum(parts))
    assert not all(in_order)
