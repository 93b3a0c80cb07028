"""Who sets out: as many travel groups as there are, however they are drawn."""

import datetime as dt
from typing import Any

import numpy as np
import pytest
from random_scenarios import a_world, finished, scenario_of
from shipped import BASELINE

from sim.scenario.checks import check_scenario
from sim.scenario.loader import load_scenario
from sim.scenario.schema import Scenario
from sim.world.building import people as building
from sim.world.building.people import PoolRunsOut, people_per_day
from sim.world.draws import MEMBERS
from sim.world.model import BorderModel
from sim.world.port_choice import choose_open_port, choose_port
from sim.world.setting_out import NO_ROOM, leave_by_hazard, leave_by_table

ALONE = np.ones(1)
"""Shares of groups of at most 1, 2, ... people: all travel alone."""


def times_by_hazard(groups: int, per_day: Any, seed: int = 3, room: int = 100_000) -> Any:
    """Return when each group of one person leaves, ascending, or ``NO_ROOM``."""
    return _times(leave_by_hazard, (groups, _so_far(per_day) / groups), ALONE, seed, room)[0]


def times_by_table(mean: float, per_day: Any, seed: int = 3, room: int = 200_000) -> Any:
    """Return when each group leaves, ascending, and the number of people in each."""
    return _times(leave_by_table, (_so_far(per_day),), building._shares_up_to(mean), seed, room)


def _so_far(per_day: Any) -> Any:
    return np.concatenate([[0.0], np.cumsum(per_day)])


def _times(leave: Any, arguments: Any, shares: Any, seed: int, room: int) -> Any:
    world = BorderModel(scenario_of(a_world()), seed).world
    times, sizes = np.empty(room), np.empty(room, np.int64)
    count = leave(world, *arguments, shares, times, sizes, np.empty(room, np.int64))
    return (NO_ROOM, NO_ROOM) if count == NO_ROOM else (times[:count], sizes[:count])


def test_leaving_follows_the_intention_of_each_day():
    """Thresholds of a large pool are spread evenly, so days have as many as was intended."""
    per_day = np.array([10.0, 0.0, 40.0, 10.0]) * 500
    times = times_by_hazard(10**7, per_day)
    by_day = np.histogram(times, bins=range(5))[0]
    assert by_day == pytest.approx(per_day, abs=4 * np.sqrt(20_000) + 1)
    assert by_day[1] == 0
    assert (np.diff(times) >= 0).all()


def test_nobody_is_lost_where_more_leave_than_were_expected(monkeypatch):
    scenario = scenario_of(a_world())
    expected = BorderModel(scenario, 3).people.set_out_at
    rooms = []

    def in_a_small_room(world, groups, hazard, shares, times, sizes, ports):
        rooms.append(len(times))
        few = slice(0, len(times) // 8)
        return leave_by_hazard(world, groups, hazard, shares, times[few], sizes[few], ports[few])

    monkeypatch.setattr(building, "leave_by_hazard", in_a_small_room)
    np.testing.assert_array_equal(BorderModel(scenario, 3).people.set_out_at, expected)
    assert len(rooms) > 2
    assert times_by_hazard(1000, np.full(30, 30.0), room=100) == NO_ROOM


def test_without_a_pool_nobody_sets_out():
    assert BorderModel(scenario_of(a_world(travellers__pool=0)), 1).people.size == 0


@pytest.mark.parametrize("mean", [1.0, 9.0])
def test_travel_groups_have_the_mean_of_the_scenario(mean):
    """One plus a Poisson number; those who travel alone are groups of one."""
    _, sizes = times_by_table(mean, np.full(30, 167.0 * mean))
    assert len(sizes) == pytest.approx(5010, abs=200)
    assert sizes.mean() == pytest.approx(mean, abs=0.2 if mean > 1 else 0)
    assert sizes.var() == pytest.approx(mean - 1, rel=0.1)


def test_demand_by_table_is_that_of_midday_and_linear_in_between():
    days = [("2020-03-02", 10), ("2020-03-06", 30)]
    demand = {"kind": "table", "per_day": [{"date": date, "count": n} for date, n in days]}
    scenario = scenario_of(a_world(travellers__demand=demand))
    per_day = people_per_day(scenario.travellers.demand, scenario.calendar)
    assert per_day[:7] == pytest.approx([10, 10, 15, 20, 25, 30, 30])


def table(count: float) -> dict[str, Any]:
    return {"kind": "table", "per_day": [{"date": "2020-03-02", "count": count}]}


@pytest.mark.parametrize("mean", [1, 2, 6])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_as_many_set_out_by_table_as_it_says_though_the_pool_is_nearly_used_up(mean, seed):
    """The issue's case: 138,000 of a pool of 140,000, of whom a hazard sends 88,000."""
    per_day = np.full(30, 4600.0)
    times, people = times_by_table(mean, per_day, seed)
    assert people.sum() == pytest.approx(138_000, abs=64)
    assert (np.diff(times) >= 0).all()
    by_day = np.histogram(times, bins=range(31), weights=people)[0]
    assert by_day == pytest.approx(per_day, abs=64)


def test_a_table_that_sends_nobody_on_some_days_sends_the_others_on_the_others():
    per_day = np.array([10.0, 0.0, 40.0, 10.0])
    times, _ = times_by_table(1, per_day)
    assert np.histogram(times, bins=range(5))[0] == pytest.approx(per_day, abs=1)


def test_the_same_travel_groups_leave_in_the_same_order_under_another_table():
    fewer, more = (times_by_table(2, np.full(30, n), 5)[0] for n in (3.0, 6.0))
    assert (more[: len(fewer)] < fewer).all()


def test_a_table_that_the_pool_cannot_satisfy_is_refused_by_the_file_and_by_a_run():
    enough = {"travellers__demand": table(10), "travellers__travel_group_size": {"mean": 1}}
    scenario = scenario_of(a_world(**enough, travellers__pool=300))
    assert not list(check_scenario(scenario))
    few = Scenario.model_validate(a_world(**enough, travellers__pool=299))
    (finding,) = check_scenario(few)
    assert finding.loc == ("travellers", "pool")
    assert finding.allowed.startswith("at least 300")
    with pytest.raises(PoolRunsOut, match="the table sends 300 people, and the pool has 299"):
        BorderModel(few, 1)


def test_as_many_people_set_out_in_a_run_as_the_table_says():
    world = a_world(
        travellers__demand=table(20),
        travellers__pool=700,
        policies={},
        travellers__travel_group_size={},
    )
    world["travellers"]["travel_group_size"] = {"mean": 1}
    assert finished(scenario_of(world)).people.travellers == pytest.approx(600, abs=1)


WEIGHTS = {"east_port": 2.0, "north_port": 0.0, "west_port": 1.0}
GROUPS = np.arange(6000, dtype=np.uint64) * np.uint64(MEMBERS)


def chosen(weights: dict[str, float], keys: Any, among: Any = ()) -> Any:
    """Return the name of the port that each group takes, ``among`` those that are open."""
    bus = a_world()["legs"]["east_bus"]
    world = a_world(
        ports={port: {"place": "east", "share": share} for port, share in weights.items()},
        legs={
            "plane": a_world()["legs"]["plane"],
            **{f"to_{port}": {**bus, "end": port} for port in weights},
        },
        policies={"port_closures": {port: [{}] for port in weights if among and port not in among}},
    )
    model = BorderModel(scenario_of(world), seed=1)
    town = model.towns.index("junction")
    names = np.array(model.geography.ports)
    choose = [
        choose_open_port(model.world, key, town) if among else choose_port(model.world, key)
        for key in keys
    ]
    return names[choose]


def shares_of(names: Any) -> dict[str, float]:
    return {name: (names == name).mean() for name in np.unique(names).tolist()}


@pytest.mark.rules
def test_ports_are_chosen_in_proportion_to_their_weights():
    shares = shares_of(chosen(WEIGHTS, GROUPS))
    assert shares == pytest.approx({"east_port": 2 / 3, "west_port": 1 / 3}, abs=0.03)


@pytest.mark.rules
def test_another_port_moves_only_those_who_go_there():
    before, after = chosen(WEIGHTS, GROUPS), chosen({"a_new_one": 0.5, **WEIGHTS}, GROUPS)
    moved = before != after
    assert 0 < moved.sum() < len(GROUPS) / 4
    assert (after[moved] == "a_new_one").all()


@pytest.mark.rules
def test_who_cannot_have_the_first_choice_takes_the_next_one_in_proportion():
    weights = {"east_port": 2.0, "north_port": 1.0, "west_port": 1.0}
    at_east = GROUPS[chosen(weights, GROUPS) == "east_port"]
    shares = shares_of(chosen(weights, at_east, among=["north_port", "west_port"]))
    assert shares == pytest.approx({"north_port": 0.5, "west_port": 0.5}, abs=0.04)
    assert shares_of(chosen(weights, GROUPS[:99], among=["west_port"])) == {"west_port": 1.0}


@pytest.mark.rules
def test_where_no_port_to_be_had_has_a_weight_all_count_alike():
    weights = {"east_port": 1.0, "north_port": 0.0, "west_port": 0.0}
    shares = shares_of(chosen(weights, GROUPS, among=["north_port", "west_port"]))
    assert shares == pytest.approx({"north_port": 0.5, "west_port": 0.5}, abs=0.04)


@pytest.mark.parametrize("announced", ["", ", announced: 2020-03-27"])
def test_nobody_goes_on_travelling_to_a_port_that_is_visibly_shut(announced):
    """The natural way to write a closure has the effect of the announced one, but for the rush."""
    closure = f"{{suifenhe_port: [{{from: 2020-03-31{announced}}}]}}"
    shut = load_scenario(BASELINE, [f"policies.port_closures={closure}"])
    for seed in range(3):
        model = BorderModel(shut, seed)
        others = BorderModel(load_scenario(BASELINE), seed)
        day = shut.calendar.day_of(dt.date(2020, 3, 31))
        late, usual = ((m.people.set_out_at >= day).sum() for m in (model, others))
        assert usual > 500
        assert late < 0.1 * usual
