"""Runs of several scenarios paired by their seeds."""

from dataclasses import replace

from random_scenarios import a_world, scenario_of

from sim import run
from sim.experiment.paired_outcomes import paired_by_seed


def test_pairs_are_the_seeds_that_all_scenarios_have_finished():
    reference = run(scenario_of(a_world(name="reference")), replicates=4, seed=3, ensemble="none")
    raised = [
        replace(
            result, outcomes={**result.outcomes, "tests": result.outcomes["tests"] + result.seed}
        )
        for result in reference.results
    ]
    scenario = scenario_of(a_world(name="other"))
    some, few = (
        replace(reference, scenario=scenario, results=results)
        for results in (raised[1:], raised[:3])
    )
    paired = paired_by_seed([reference, some, few])
    assert list(paired.names) == ["reference", "other", "other"]
    assert paired.pairs == 2
    assert paired.difference(1, "tests").tolist() == [4, 5]
    assert paired.difference(2, "tests").tolist() == [4, 5]
    assert paired.outcome(0, "tests").tolist() == reference.outcome("tests")[1:3].tolist()
    assert paired.statistics(1, "entrants").equal == 1
    assert paired_by_seed([reference, replace(some, results=[])]).pairs == 0
