"""A scenario that is sent to a process again is the same object there."""

import pickle

from random_scenarios import a_world, scenario_of

from sim.experiment.sent_scenario import SentScenario


def sent(scenario):
    return pickle.loads(pickle.dumps(SentScenario(scenario))).scenario


def test_a_process_takes_a_scenario_apart_once():
    scenario = scenario_of(a_world())
    assert sent(scenario) == scenario
    assert sent(scenario) is sent(scenario)
    assert sent(scenario_of(a_world())) is sent(scenario)


def test_another_scenario_is_another():
    other = scenario_of(a_world(source__exposure=20))
    assert sent(scenario_of(a_world())) != sent(other) == other
