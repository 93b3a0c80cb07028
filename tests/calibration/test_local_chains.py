"""Chains on the local side: they find the known posterior, and leave the pair as it is."""

import numpy as np
import pytest
from quick_local import LOCAL_PRIORS, WITH_TOWN, QuickLocalSimulator, expected, with_local_count

from calibration.local_chains import (
    LOCAL_STREAMS,
    LocalSchedule,
    fitted_local_history,
    is_away,
)
from sim.experiment.ensemble import Member

COUNT, NOISE, PAIRS = 90.0, 15.0, 150
SCHEDULE = LocalSchedule(starts=2, moves=40, annealed=15, together=5)
REFERENCE = np.random.default_rng(0).normal(0.5, 0.7, (50, 1))


def chains(simulator: QuickLocalSimulator, schedule: LocalSchedule, pairs: int, *, stands_in: bool):
    return [
        fitted_local_history(
            simulator,
            1,
            number,
            simulator.world_of(Member(number)),
            REFERENCE,
            schedule,
            stands_in=stands_in,
        )
        for number in range(pairs)
    ]


def known_posterior() -> tuple[float, float]:
    """Return mean and standard deviation of the score, from the formula itself."""
    scores = np.linspace(-5, 5, 4001)
    counts = np.rint([expected(score) for score in scores])
    weights = np.exp(-0.5 * np.square(scores) - 0.5 * np.square((counts - COUNT) / NOISE))
    mean = np.average(scores, weights=weights)
    return float(mean), float(np.sqrt(np.average(np.square(scores - mean), weights=weights)))


@pytest.mark.parametrize("stands_in", [False, True])
def test_chains_end_in_the_posterior_of_the_whole_world(stands_in):
    """Also where the run without travellers that stands in for it is another one."""
    simulator = QuickLocalSimulator(WITH_TOWN, LOCAL_PRIORS.local, with_local_count(COUNT, NOISE))
    ends = chains(simulator, SCHEDULE, PAIRS, stands_in=stands_in)
    scores = np.array([end.state.scores[0] for end in ends])
    mean, sd = known_posterior()
    assert abs(scores.mean() - mean) < 4 * sd / np.sqrt(PAIRS)
    assert 0.8 * sd < scores.std() < 1.2 * sd
    assert sum(end.attempts > 1 for end in ends) < 0.1 * PAIRS
    confirmed = sum(end.tried[2] for end in ends)
    assert confirmed > PAIRS if stands_in else confirmed == 0


def test_the_last_state_is_one_of_the_whole_world():
    simulator = QuickLocalSimulator(WITH_TOWN, LOCAL_PRIORS.local, with_local_count(COUNT, NOISE))
    for end in chains(simulator, SCHEDULE, 5, stands_in=True):
        again = simulator.counted(simulator.scenario, Member(0), end.state)
        np.testing.assert_array_equal(end.counts, again)
        assert end.log_kernel == simulator.log_kernel_of(simulator.local_sums(again))


def test_a_stand_in_saves_runs_of_the_whole_world():
    asked = {}
    for stands_in in (False, True):
        simulator = QuickLocalSimulator(
            WITH_TOWN, LOCAL_PRIORS.local, with_local_count(COUNT, NOISE)
        )
        chains(simulator, SCHEDULE, 10, stands_in=stands_in)
        asked[stands_in] = len(simulator.asked)
    assert asked[True] < 0.3 * asked[False]


def test_only_streams_of_residents_get_other_seeds():
    simulator = QuickLocalSimulator(WITH_TOWN, LOCAL_PRIORS.local, with_local_count(COUNT, NOISE))
    for end in chains(simulator, SCHEDULE, 5, stands_in=True):
        assert {stream for stream, _ in end.state.seed_overrides} <= set(LOCAL_STREAMS)


def test_a_pair_far_from_the_counts_has_more_chains_and_is_called_away():
    simulator = QuickLocalSimulator(WITH_TOWN, LOCAL_PRIORS.local, with_local_count(1e6, 1.0))
    (end,) = chains(simulator, LocalSchedule(starts=1, moves=4, attempts=3), 1, stands_in=False)
    assert end.attempts == 3
    assert is_away(simulator, end)
