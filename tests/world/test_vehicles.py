"""Vehicles: who sits together, and who is alone."""

import numpy as np
import pytest
from random_scenarios import a_world, scenario_of

from sim import BorderModel
from sim.world.state import EXTERNAL
from sim.world.transport import Boarding


def world_of_parties(sizes: list[int], seats: int) -> BorderModel:
    """Return a world in which parties of these sizes wait for the plane, all of them ready."""
    base = a_world()
    plane = {**base["legs"]["plane"], "seats": seats, "departures_per_day": 3}
    model = BorderModel(scenario_of({**base, "legs": {**base["legs"], "plane": plane}}), seed=1)
    rows = np.arange(sum(sizes))
    model.people.party[rows] = np.repeat(np.arange(len(sizes)), sizes)
    carrier = model.carriers["plane"]
    # The flights of those who set out are planned when the world is made: forget them.
    carrier.leave_queue(carrier.waiting)
    carrier.departures.clear()
    carrier.queue(rows, np.zeros(len(rows)))
    return model


@pytest.mark.parametrize(
    ("sizes", "seats", "loads"),
    [
        ([2, 2, 2], 4, [4, 2]),
        ([3, 3, 1], 4, [3, 4]),
        ([1, 4, 4], 4, [1, 4, 4]),
        # A party larger than a vehicle is split by seats, also if nobody else waits.
        ([7], 3, [3, 3, 1]),
        ([2, 7], 4, [2, 4, 3]),
        # Three vehicles a day: the others wait for tomorrow.
        ([4, 4, 4, 4], 4, [4, 4, 4]),
    ],
)
def test_a_vehicle_leaves_at_the_last_boundary_between_parties_that_it_has_seats_for(
    sizes, seats, loads
):
    model = world_of_parties(sizes, seats)
    carrier = model.carriers["plane"]
    boarding = carrier.board(0)
    assert np.bincount(boarding.vehicles).tolist() == loads
    assert boarding.seats.tolist() == [seat for load in loads for seat in range(load)]
    assert len(carrier.waiting) == sum(sizes) - sum(loads)
    assert len(carrier.departures) == len(loads)


def test_who_rides_alone_infects_nobody():
    world = a_world()
    plane = {**world["legs"]["plane"], "on_board": {"hazard_per_hour": 50}}
    model = BorderModel(
        scenario_of({**world, "legs": {**world["legs"], "plane": plane}, "policies": {}}), seed=1
    )
    people, carrier = model.people, model.carriers["plane"]
    people.infected_at[:] = np.inf
    model.contagion.infect_at(np.array([0]), np.array([-4.0]), EXTERNAL, 0)
    people.infectious_from[0], people.infectious_until[0] = -1.0, 5.0
    rows = np.arange(31)
    alone = Boarding(rows, np.full(31, 0.5), np.minimum(rows, 1), np.maximum(rows - 1, 0))
    carrier.departures = [0.5, 0.5]
    carrier._infect_passengers(alone)
    assert people.infected[rows].sum() == 1
    together = Boarding(rows, np.full(31, 0.5), np.ones(31, dtype=np.int64), rows)
    carrier._infect_passengers(together)
    assert people.infected[rows].all()
    assert (people.infected_aboard[rows[1:]] == 1).all()
