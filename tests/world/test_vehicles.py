"""Vehicles: who sits together, and who is alone."""

import numpy as np
import pytest
from random_scenarios import a_world, scenario_of
from rules import entries_of, infect_now, seat_all

from sim import BorderModel
from sim.world.carrier import _infect_passengers, board, join_queue
from sim.world.codes import NONE
from sim.world.lists import free, take_first

pytestmark = pytest.mark.rules


def world_of_travel_groups(sizes: list[int], seats: int) -> BorderModel:
    """Return a world in which travel groups of these sizes wait for the plane, all ready."""
    base = a_world()
    plane = {**base["legs"]["plane"], "seats": seats, "departures_per_day": 3}
    model = BorderModel(scenario_of({**base, "legs": {**base["legs"], "plane": plane}}), seed=1)
    rows = np.arange(sum(sizes))
    model.people.travel_group[rows] = np.repeat(np.arange(len(sizes)), sizes)
    number, world = model.geography.legs.index("plane"), model.world
    # The flights of those who set out are planned when the world is made: forget them.
    leg = world.legs[number]
    leg.vehicles = 0
    while leg.waiting.first != NONE:
        free(world, take_first(world, leg.waiting))
    for row in rows.tolist():
        join_queue(world, number, row, 0.0)
    return model


@pytest.mark.parametrize(
    ("sizes", "seats", "loads"),
    [
        ([2, 2, 2], 4, [4, 2]),
        ([3, 3, 1], 4, [3, 4]),
        ([1, 4, 4], 4, [1, 4, 4]),
        # A travel_group larger than a vehicle is split by seats, also if nobody else waits.
        ([7], 3, [3, 3, 1]),
        ([2, 7], 4, [2, 4, 3]),
        # Three vehicles a day: the others wait for tomorrow.
        ([4, 4, 4, 4], 4, [4, 4, 4]),
    ],
)
def test_a_vehicle_leaves_at_the_last_boundary_between_travel_groups_that_it_has_seats_for(
    sizes, seats, loads
):
    model = world_of_travel_groups(sizes, seats)
    number = model.geography.legs.index("plane")
    board(model.world, number, 0)
    leg = model.world.legs[number]
    boarding = entries_of(model.world, leg.boarding)
    assert np.bincount([one.what for one in boarding]).tolist() == loads
    assert [one.other for one in boarding] == [seat for load in loads for seat in range(load)]
    assert [one.person for one in boarding] == list(range(sum(loads)))
    assert leg.waiting.length == sum(sizes) - sum(loads)
    assert len(model.carriers["plane"].departures) == len(loads)


def test_who_rides_alone_infects_nobody():
    world = a_world(source__exposure=0, policies={})
    plane = {**world["legs"]["plane"], "on_board": {"hazard_per_hour": 50}}
    model = BorderModel(scenario_of({**world, "legs": {**world["legs"], "plane": plane}}), seed=1)
    people, rows = model.people, np.arange(31)
    leg = model.world.legs[model.geography.legs.index("plane")]
    infect_now(model, 0, -4.0, begins=-1.0, ends=5.0)
    seats = np.maximum(rows - 1, 0)
    seat_all(model, "plane", rows, seats, vehicles=np.minimum(rows, 1), departs=0.5)
    alone = leg.boarding.first
    others = model.world.entries[alone].next
    for first in (alone, others):
        _infect_passengers(model.world, leg, first, 0.5, 0.5 + leg.duration)
    assert people.infected[rows].sum() == 1
    seat_all(model, "plane", rows, rows, vehicles=np.ones(31), departs=0.5)
    _infect_passengers(model.world, leg, leg.boarding.first, 0.5, 0.5 + leg.duration)
    assert people.infected[rows].all()
    assert (people.infected_aboard[rows[1:]] == 1).all()
