"""The local side of a pair: what it changes, and what it leaves alone."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st
from quick_local import LOCAL_PRIORS, WITH_TOWN, with_local_count
from random_scenarios import finished, scenario_of, worlds
from travellers_alone import TRAVELLERS_OWN, without_feedback

from calibration.local_chains import LOCAL_STREAMS
from calibration.local_simulator import LocalSimulator, LocalState
from sim.experiment.ensemble import Member
from sim.experiment.parameters import with_parameters
from sim.world.draws import BLOCKS, Stream
from sim.world.room import TooManyPeople


@pytest.mark.slow
@given(worlds(), st.integers(0, 2**31), st.integers(0, 2**31))
@settings(max_examples=30, deadline=None)
def test_travellers_live_the_same_whatever_the_local_side_is(world, seed, other):
    """Bit for bit, as long as nothing feeds back."""
    scenario = scenario_of(without_feedback(world))
    hazards = {f"residents.{town}.community_hazard_per_day": 0.7 for town in scenario.residents}
    seed_overrides = {(stream, block): other for stream in LOCAL_STREAMS for block in range(BLOCKS)}
    try:
        one, two = (
            finished(scenario, seed),
            finished(with_parameters(scenario, hazards), seed, seed_overrides=seed_overrides),
        )
    except TooManyPeople:  # so high a hazard in a town of ten million
        reject()
    travellers = slice(one.people.travellers)
    for column in TRAVELLERS_OWN:
        np.testing.assert_array_equal(
            getattr(one.people, column)[travellers], getattr(two.people, column)[travellers]
        )


def simulator_of(**town):
    data = WITH_TOWN.to_data()
    data["residents"]["east"] |= {"infected_at_start": 20, **town}
    data["policies"]["symptomatic_testing"] = {"east": 0.8}
    return LocalSimulator(scenario_of(data), LOCAL_PRIORS.local, with_local_count(90, 2))


STATE = LocalState(np.zeros(1), {(Stream.RESIDENT_SHUFFLE, b): 5 for b in range(BLOCKS)})


def test_a_world_in_which_nobody_travels_has_local_cases_only():
    simulator = simulator_of()
    world = simulator.world_of(Member(3))
    counts = dict(zip(simulator.columns, world.alone(STATE), strict=True))
    assert counts["east", "local_confirmed_cumulative"][-1] > 0
    for (_, series), by_day in counts.items():
        assert series.startswith("local_") or not by_day.any()
    assert dict(zip(simulator.columns, world.whole(STATE), strict=True))[
        "region", "imported_confirmed_cumulative"
    ].any()


@pytest.mark.parametrize(
    "demand",
    [
        {"kind": "table", "per_day": [{"date": "2020-03-01", "count": 20}]},
        {"kind": "cohort", "people": 30, "date": "2020-03-05"},
    ],
)
def test_nobody_travels_whatever_the_demand(demand):
    data = WITH_TOWN.to_data()
    data["travellers"]["demand"] = demand
    simulator = LocalSimulator(scenario_of(data), LOCAL_PRIORS.local, with_local_count(90, 2))
    model = finished(simulator.without_travellers, 1)
    assert model.people.travellers == 0


def test_a_run_is_stopped_exactly_if_local_counts_agree_too_badly():
    simulator = simulator_of()
    world = simulator.world_of(Member(3))
    for run, offset in ((world.whole, 0.0), (world.alone, np.array([7.0]))):
        counts = run(STATE)
        kernel = simulator.log_kernel_of(simulator.local_sums(counts) + offset)
        assert kernel < 0
        assert run(STATE, kernel + 1e-9, offset) is None
        assert (run(STATE, kernel - 1e-9, offset) == counts).all()


def test_other_residents_are_another_outbreak_and_the_same_ones_are_the_same():
    simulator = simulator_of()
    world = simulator.world_of(Member(3))
    others = replace(STATE, seed_overrides={(Stream.RESIDENT_SHUFFLE, b): 6 for b in range(BLOCKS)})
    first = simulator.local_sums(world.alone(STATE))
    assert (simulator.local_sums(world.alone(STATE)) == first).all()
    assert (simulator.local_sums(world.alone(others)) != first).any()


def test_a_local_parameter_replaces_that_of_the_pair():
    simulator = simulator_of()
    world = simulator.world_of(Member(3, {"residents.east.community_hazard_per_day": 0.03}))
    high = world.alone(LocalState(np.full(1, 3.0)))
    low = world.alone(LocalState(np.full(1, -3.0)))
    assert simulator.local_sums(high)[0] > 2 * simulator.local_sums(low)[0]


def test_the_counts_of_both_sides_are_kept_up_to_the_last_day_of_either():
    simulator = simulator_of()
    assert simulator.scenario.calendar.days == simulator.days == 25
    assert simulator.without_travellers.calendar.days == 21
    assert ("east", "local_confirmed_cumulative") in simulator.columns
    assert ("region", "imported_confirmed_new") in simulator.columns
    assert [statistic.label for statistic in simulator.observation.statistics] == ["L1"]
    ids = {name for statistic in simulator.travellers.statistics for name in statistic.ids}
    assert ids == {"X1", "X2", "X3"}
