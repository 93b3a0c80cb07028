"""Runs of simulated travellers: the same history as in the whole world, and stopped in time."""

import numpy as np
import pytest
from full_worlds import border
from hypothesis import given, settings
from hypothesis import strategies as st
from random_scenarios import finished, scenario_of, worlds
from small_fit import PRIORS, TARGETS, small_simulator
from travellers_alone import TRAVELLERS_OWN, without_feedback

from calibration.moves import REDRAWN
from calibration.observation import Observation
from calibration.simulator import Point, Simulator
from sim.world.draws import BLOCKS

SIMULATOR = small_simulator()

points = st.builds(
    Point,
    st.lists(st.floats(-2, 2), min_size=3, max_size=3).map(np.array),
    st.integers(0, 2**31),
    st.dictionaries(
        st.tuples(st.sampled_from(REDRAWN), st.integers(0, BLOCKS - 1)),
        st.integers(0, 2**31),
        max_size=4,
    ),
)


@given(points)
@settings(max_examples=15, deadline=None)
def test_a_point_gives_the_same_history_each_time(point):
    assert (SIMULATOR.history(point) == SIMULATOR.history(point)).all()


@pytest.mark.slow
@given(points, st.floats(-400, 0))
@settings(max_examples=40, deadline=None)
def test_a_run_is_stopped_exactly_if_it_agrees_too_badly(point, at_least):
    counts, log_kernel = SIMULATOR.history_within(point, -np.inf)
    found = SIMULATOR.history_within(point, at_least)
    assert (found is None) == (log_kernel < at_least)
    if found is not None:
        assert (found[0] == counts).all()
        assert found[1] == log_kernel


@pytest.mark.slow
@given(worlds(), st.integers(0, 2**31))
@settings(max_examples=30, deadline=None)
def test_travellers_live_the_same_with_or_without_towns(world, seed):
    """As long as nothing feeds back."""
    with_towns = scenario_of(without_feedback(world))
    without = with_towns.without(("towns", "hospital_outbreak"))
    assert not without.residents
    whole, part = finished(with_towns, seed), finished(without, seed)
    travellers = slice(whole.people.travellers)
    for column in TRAVELLERS_OWN:
        np.testing.assert_array_equal(
            getattr(whole.people, column)[travellers], getattr(part.people, column)[travellers]
        )


def test_what_counts_at_the_port_do_not_depend_on_is_left_out():
    whole = border()
    simulator = Simulator(whole, PRIORS.fitted, Observation(TARGETS, whole.calendar))
    assert whole.border
    assert simulator.scenario.border is None
    assert not simulator.scenario.residents
    assert simulator.scenario.hospital_outbreak is None
    assert simulator.scenario.calendar.days == simulator.observation.days == 25


def test_what_is_left_out_takes_its_policies_along():
    import yaml

    from sim import load_scenario
    from sim.scenario.loader import write_scenario
    from sim.scenario.schema import Scenario
    from sim.shipped import shipped_scenarios

    baseline = shipped_scenarios() / "baseline.yaml"
    bare = load_scenario(baseline, ["leave_out=[towns, border]"])
    assert bare.border is None
    assert bare.hospital_outbreak is None
    assert not bare.residents
    assert not bare.policies.rewards
    assert not bare.policies.lockdown
    assert bare.policies.quarantine_stay == load_scenario(baseline).policies.quarantine_stay
    written = Scenario.model_validate(yaml.safe_load(write_scenario(bare)))
    assert written.to_data() == bare.to_data()


def test_a_part_that_does_not_exist_cannot_be_left_out():
    from sim import load_scenario
    from sim.scenario.reading.errors import ScenarioError
    from sim.shipped import shipped_scenarios

    with pytest.raises(ScenarioError, match="towns"):
        load_scenario(shipped_scenarios() / "baseline.yaml", ["leave_out=[twons]"])
