"""Levers by day: what is in force when nothing is said, and from when until when otherwise."""

import datetime as dt
from typing import Any

import numpy as np
import pytest
from full_worlds import border
from random_scenarios import DAYS, a_world, scenario_of

from sim.scenario.demand import demand_factor
from sim.scenario.schema import Policies
from sim.scenario.source import Travellers
from sim.world.policy_calendar import PolicyCalendar

EVERY_DAY = ["pre_departure_test", "test_before_release", "quarantine_tests", "arrival_tests"]


def calendar_of(policies: dict[str, Any], **changes: Any) -> PolicyCalendar:
    return PolicyCalendar(scenario_of(a_world(policies=policies, **changes)))


def test_a_lever_that_nobody_pulls_is_not_in_force():
    """Capacities are without limit then, and ports are open; nothing else happens."""
    policy = PolicyCalendar(border().model_copy(update={"policies": Policies()}))
    unlimited = ("port_capacity", "bookings", "site_beds", "hospital_beds")
    for lever in unlimited:
        of_lever = getattr(policy, lever)
        assert of_lever
        assert all((by_day == np.inf).all() for by_day in of_lever.values())
    assert (policy.laboratory_capacity == np.inf).all()
    assert all(is_open.all() for is_open in policy.port_open.values())
    assert policy.pre_departure_test == {leg: [None] * DAYS for leg in policy.bookings}
    assert policy.test_before_release == [None] * DAYS
    assert policy.quarantine_tests == policy.arrival_tests == [()] * DAYS
    assert policy.reward_budget == np.inf
    assert policy.reward_announcements == {}
    others = set(Policies.model_fields) - {*unlimited, *EVERY_DAY}
    others -= {"port_closures", "laboratory_capacity", "reward_budget", "rewards", "review_rounds"}
    arrays = [policy.reward_report, policy.reward_capture, policy.review_share]
    for lever in others:
        of_lever = getattr(policy, lever)
        arrays += of_lever.values() if isinstance(of_lever, dict) else [of_lever]
    for by_day in arrays:
        assert by_day.dtype == np.float64
        assert by_day.tolist() == [0.0] * DAYS


def test_periods_begin_on_their_first_day_and_end_before_the_day_until_which_they_last():
    policy = calendar_of(
        {
            "quarantine_stay": [
                {"until": "2020-03-05", "value": "3 d"},
                {"from": "2020-03-07", "until": "2020-03-09", "value": "5 d"},
                {"from": "2020-03-29", "until": "2020-04-20", "value": "9 d"},
            ],
            "quarantine_tests": [{"from": "2020-03-03", "until": "2020-03-05", "value": ["1 d"]}],
            "port_closures": {"east_port": [{"from": "2020-02-20", "until": "2020-03-03"}]},
        }
    )
    assert (
        policy.quarantine_stay.tolist()
        == [3.0] * 4 + [0.0] * 2 + [5.0] * 2 + [0.0] * 20 + [9.0] * 2
    )
    assert [bool(swabs) for swabs in policy.quarantine_tests] == [
        day in (2, 3) for day in range(DAYS)
    ]
    assert policy.port_open["east_port"].tolist() == [False] * 2 + [True] * (DAYS - 2)
    assert policy.port_open["west_port"].all()


def test_review_rounds_come_at_their_interval():
    rounds = [
        {"from": "2020-03-04", "until": "2020-03-12", "share": 0.5, "every": "3 d"},
        {"from": "2020-03-20", "until": "2020-03-22", "share": 1},
    ]
    policy = calendar_of({"review_rounds": rounds})
    share = policy.review_share
    np.testing.assert_array_equal(policy.is_review, share > 0)
    assert {day: share[day] for day in share.nonzero()[0].tolist()} == {
        **dict.fromkeys((3, 6, 9), 0.5),
        **dict.fromkeys((19, 20), 1.0),
    }


def test_a_round_that_examines_nobody_is_a_round():
    policy = calendar_of({"review_rounds": [{"from": "2020-03-29", "share": 0, "every": "2 d"}]})
    assert policy.is_review.nonzero()[0].tolist() == [28]
    assert not policy.review_share.any()


def test_a_reward_becomes_known_when_it_is_announced_or_else_when_it_begins():
    world = border()
    policies = {
        "rewards": [
            {"until": "2020-03-03", "report": "700 CNY", "capture": "100 CNY"},
            {"from": "2020-03-10", "until": "2020-03-12", "report": "1 CNY", "capture": "9 CNY"},
            {
                "from": "2020-03-20",
                "report": "5 CNY",
                "capture": "6 CNY",
                "announced": "2020-03-15",
            },
        ]
    }
    policy = PolicyCalendar(
        world.model_copy(update={"policies": Policies.model_validate(policies)})
    )
    assert policy.reward_announcements == {0: 700.0, 9: 9.0, 14: 6.0}
    assert policy.reward_report.tolist() == [700] * 2 + [0] * 7 + [1] * 2 + [0] * 8 + [5] * 11
    assert policy.reward_capture.tolist() == [100] * 2 + [0] * 7 + [9] * 2 + [0] * 8 + [6] * 11


def rush_and_closures(closures):
    return scenario_of(
        a_world(
            travellers={
                **a_world()["travellers"],
                "announcement_factor": 4.0,
                "closed_factor": 0.25,
            },
            policies={"port_closures": closures},
        )
    )


def test_people_rush_between_announcement_and_closure_and_each_port_counts_with_its_share():
    """Two thirds aim at the east port; the closure of the west is known once it begins."""
    closures = {
        "east_port": [{"from": "2020-03-08", "until": "2020-03-11", "announced": "2020-03-06"}],
        "west_port": [{"from": "2020-03-05", "until": "2020-03-20"}],
    }
    factor = demand_factor(rush_and_closures(closures))
    west, rush, closed = -0.75 / 3, 2 / 3 * 3, -2 / 3 * 0.75
    expected = np.ones(DAYS)
    expected[4:19] += west
    expected[5:7] += rush
    expected[7:10] += closed
    np.testing.assert_allclose(factor, expected)


@pytest.mark.parametrize("closure", [{"from": "2020-03-10"}, {"until": "2020-03-10"}, {}])
def test_a_closure_that_nobody_announced_is_known_from_its_first_day(closure):
    factor = demand_factor(rush_and_closures({"east_port": [closure], "west_port": [closure]}))
    begins = 9 if "from" in closure else 0
    ends = 9 if "until" in closure else DAYS
    expected = [1.0] * begins + [0.25] * (ends - begins) + [1.0] * (DAYS - ends)
    np.testing.assert_allclose(factor, expected)


def test_left_out_nobody_sets_out_for_a_port_that_is_known_to_be_shut():
    assert Travellers.model_fields["closed_factor"].default == 0


def test_the_order_of_closures_in_the_file_has_no_effect_on_demand():
    """The shipped case: a day of closure amid the rush before the final one."""
    closures = [
        {"from": "2020-03-08", "until": "2020-03-09"},
        {"from": "2020-03-10", "announced": "2020-03-06"},
    ]
    factor, other = (
        demand_factor(rush_and_closures({"east_port": order, "west_port": order}))
        for order in (closures, closures[::-1])
    )
    assert factor == other
    assert factor[5:10] == [4.0, 4.0, 4.0, 4.0, 0.25]


def test_people_rush_before_a_closure_that_comes_after_the_calendar():
    closures = {"east_port": [{"from": "2020-03-28", "announced": "2020-03-10"}]}
    scenario = rush_and_closures(closures | {"west_port": closures["east_port"]})
    short = scenario.calendar.model_copy(update={"end": dt.date(2020, 3, 20)})
    factor = demand_factor(scenario.model_copy(update={"calendar": short}))
    assert factor == pytest.approx([1.0] * 9 + [4.0] * 11)
