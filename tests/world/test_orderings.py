"""Orderings that hold run by run under one seed: more of a policy never does the opposite.

In corridors without towns: there, tests that find more people make more contacts to be swabbed, and
a longer stay makes an illegal crossing more costly.
"""

import datetime as dt

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from random_scenarios import DAYS, START, corridors, finished, scenario_of, seeds

from sim.world.outcomes import outcomes_of
from sim.world.surveillance import SERIES

in_many_worlds = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


@given(corridors(), seeds, st.integers(0, 14), st.integers(1, 14))
@in_many_worlds
def test_a_longer_stay_never_releases_more_infectious_people(world, seed, stay, longer):
    world["quarantine"] = {**world["quarantine"], "room_hazard_per_day": 0.0}
    world["quarantine"]["facility"] = world["quarantine"]["home"] = {}
    world["policies"] = {**world["policies"], "test_before_release": []}
    released = []
    for days in (stay, stay + longer):
        world["policies"]["quarantine_stay"] = f"{days} d"
        # A calendar long enough that everybody's stay ends in both worlds.
        world["calendar"] = {
            "start": START.isoformat(),
            "end": (START + dt.timedelta(days=DAYS + 60)).isoformat(),
        }
        outcomes = outcomes_of(finished(scenario_of(world), seed))
        released.append(outcomes["fate_released_infectious"])
    assert released[1] <= released[0]


@given(corridors(), seeds, st.integers(2, DAYS - 2), st.integers(1, 10), st.integers(0, 4))
@in_many_worlds
def test_an_earlier_closure_never_lets_more_people_in(world, seed, day, earlier, notice):
    world["travellers"] = {**world["travellers"], "announcement_factor": 2.0, "closed_factor": 0.1}
    world["disease"] = "covid19_2020"
    policies = {**world["policies"], "exit_screening": {}, "pre_departure_test": {}}
    entered = []
    for first in (day, max(1, day - earlier)):
        closure = {
            "from": (START + dt.timedelta(days=first)).isoformat(),
            "announced": (START + dt.timedelta(days=max(0, first - notice))).isoformat(),
        }
        policies["port_closures"] = {"east_port": [closure], "west_port": [closure]}
        model = finished(scenario_of({**world, "policies": policies}), seed)
        entered.append(outcomes_of(model)["entrants"])
    assert entered[1] <= entered[0]


@given(corridors(), seeds, st.integers(0, 60), st.integers(1, 60))
@in_many_worlds
def test_more_tests_a_day_never_lengthen_the_backlog(world, seed, capacity, more):
    backlogs = []
    for tests in (capacity, capacity + more):
        world["policies"] = {**world["policies"], "laboratory_capacity": tests}
        model = finished(scenario_of(world), seed)
        east = model.geography.reporting_places.index("east")
        backlogs.append(model.surveillance.series[:, SERIES.index("lab_backlog"), east])
    assert (backlogs[1] <= backlogs[0]).all()


@given(corridors(), seeds)
@in_many_worlds
def test_policies_do_not_touch_what_happens_before_them(world, seed):
    """The same people set out, at the same time and with the same traits, under any quarantine."""
    one = finished(scenario_of(world), seed).people
    world["policies"] = {**world["policies"], "quarantine_stay": "9 d", "laboratory_capacity": 3}
    other = finished(scenario_of(world), seed).people
    for column in ("key", "set_out_at", "incubation", "infectivity", "crossed_at"):
        np.testing.assert_array_equal(getattr(one, column), getattr(other, column))
    at_source = one.infected_at < one.departed_at
    np.testing.assert_array_equal(one.infected_at[at_source], other.infected_at[at_source])
