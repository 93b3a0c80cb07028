"""Laws and orderings in worlds drawn over the whole schema."""

import pickle
from itertools import pairwise

import numpy as np
from any_scenario import any_world
from hypothesis import given
from hypothesis import strategies as st
from laws import LAWS, run_under_daily_laws
from many_worlds import worlds_drawn
from random_scenarios import finished, scenario_of, seeds

from sim.scenario.schema import Scenario
from sim.world.surveillance import SERIES


@given(any_world(), seeds)
@worlds_drawn(25)
def test_every_law_holds_in_any_world(world, seed):
    model = run_under_daily_laws(scenario_of(world), seed)
    for check in LAWS:
        check(model)


def corridor(world) -> Scenario:
    """Return the scenario without towns and crossers, where orderings hold run by run."""
    return scenario_of(world).without(["towns", "border"])


def with_policies(scenario: Scenario, **levers) -> Scenario:
    """Return the scenario with other policies."""
    data = scenario.to_data()
    return scenario_of({**data, "policies": {**data["policies"], **levers}})


@given(any_world(), seeds, st.integers(0, 60), st.integers(1, 10**6))
@worlds_drawn(20)
def test_more_tests_a_day_never_lengthen_the_backlog(world, seed, capacity, more):
    scenario = corridor(world)
    at = scenario.laboratory.place
    backlogs = []
    for tests in (capacity, capacity + more):
        model = finished(with_policies(scenario, laboratory_capacity=tests), seed)
        place = model.geography.reporting_places.index(at)
        backlogs.append(model.surveillance.series[:, SERIES.index("lab_backlog"), place])
    assert all((fewer <= backlog).all() for backlog, fewer in pairwise(backlogs))


@given(any_world(), seeds)
@worlds_drawn(20)
def test_policies_behind_the_border_do_not_touch_what_happens_before_it(world, seed):
    scenario = corridor(world)
    one = finished(scenario, seed).people
    other = with_policies(scenario, quarantine_stay="9 d", laboratory_capacity=3, monitoring=0.5)
    other = finished(other, seed).people
    for column in ("key", "set_out_at", "incubation", "infectivity", "crossed_at"):
        np.testing.assert_array_equal(getattr(one, column), getattr(other, column))
    at_source = one.infected_at < one.departed_at
    np.testing.assert_array_equal(one.infected_at[at_source], other.infected_at[at_source])


@given(any_world(), seeds)
@worlds_drawn(20)
def test_a_pickled_scenario_runs_to_the_same_people(world, seed):
    scenario = scenario_of(world)
    again = pickle.loads(pickle.dumps(scenario))
    one, other = finished(scenario, seed).people, finished(again, seed).people
    for column in ("key", "stage", "infected_at", "crossed_at", "first_positive_at"):
        np.testing.assert_array_equal(getattr(one, column), getattr(other, column))
