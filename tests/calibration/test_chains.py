"""The chains: they keep the distribution that they should, and nothing they do is lost."""

from types import SimpleNamespace

import numpy as np
import pytest
from guides import guide_of, sloped
from scipy import stats
from small_fit import small_simulator

from calibration.chains import State, is_stuck, move, start, under_own_seeds
from calibration.moves import INLAND
from calibration.observation import SummaryStatistic, log_kernel_of
from calibration.simulator import Point
from sim.world.draws import BLOCKS, Draws, Stream

SD = 0.5


class Toy:
    """A model without chance: the sum of its parameters is seen with noise."""

    def __init__(self, observed):
        self.observation = SimpleNamespace(
            statistics=[SummaryStatistic(("X",), (), observed, observed, SD)]
        )

    def seen(self, point):
        return float(point.scores.sum())

    def sums(self, counts, statistics):
        return counts[..., 0]

    def history_within(self, point, at_least):
        counts = np.array([[self.seen(point)]])
        (statistic,) = self.observation.statistics
        log_kernel = float(log_kernel_of(statistic.misses(self.sums(counts, [statistic]))))
        return None if log_kernel < at_least else (counts, log_kernel)


class First(Toy):
    """A model of which the first parameter alone is seen."""

    def seen(self, point):
        return float(point.scores[0])


class Luck(Toy):
    """A model without parameters: the mean chance of 32 travel groups in one mechanism is seen."""

    KEYS = np.arange(32, dtype=np.uint64) * 64

    def seen(self, point):
        draws = Draws(point.seed, point.seed_overrides)
        return 10 * float(draws.uniform(Stream.TRAVEL_GROUP_FRAILTY, self.KEYS).mean())


def last_states(toy, chains, moves, parameters, slope=0.2):
    rng = np.random.default_rng(0)
    guide = guide_of(sloped(np.full((1, parameters), slope)), rng.standard_normal((50, parameters)))
    states = [start(toy, rng, number, guide, 3, 0) for number in range(chains)]
    for _ in range(moves):
        states = [move(toy, rng, state, 1.0, guide) for state in states]
    return states


@pytest.mark.thorough  # test_records.py sees every change of a move
@pytest.mark.parametrize("slope", [0.2, 0.0, -0.1])
def test_moves_of_parameters_lead_to_the_posterior(slope):
    """z ~ N(0, I) in d dimensions and sum(z) seen as y: closed form, whatever is predicted.

    An emulator that predicts too little, or the wrong sign, makes chains slower and not wrong.
    """
    last = last_states(Toy(1.5), 300, 120, 3, slope)
    states = np.array([c.point.scores for c in last])
    precision = 1 / SD**2
    covariance = np.linalg.inv(np.eye(3) + precision * np.ones((3, 3)))
    mean = covariance @ np.full(3, precision * 1.5)
    error = np.sqrt(np.diag(covariance) / 300)
    assert (np.abs(states.mean(axis=0) - mean) < 4 * error).all()
    np.testing.assert_allclose(np.cov(states.T), covariance, atol=0.18)


def test_what_the_counts_do_not_see_soon_has_its_prior():
    """Chains begin where such parameters are spread too widely, as noisy starts spread them."""
    rng = np.random.default_rng(0)
    guide = guide_of(sloped(np.eye(1, 11)), rng.normal(0.0, 1.5, (50, 11)))
    states = [start(First(1.5), rng, number, guide, 1, 0) for number in range(120)]
    spread = [np.var([state.point.scores[1:] for state in states])]
    for _ in range(40):
        states = [move(First(1.5), rng, state, 1.0, guide) for state in states]
    spread.append(np.var([state.point.scores[1:] for state in states]))
    assert spread[0] > 1.8
    assert spread[1] == pytest.approx(1.0, abs=0.15)


@pytest.mark.thorough
def test_moves_of_luck_lead_to_the_posterior():
    """The mean of 32 uniform numbers is nearly normal, and seen with noise: closed form."""
    toy = Luck(5.6)
    states = np.array([toy.seen(c.point) for c in last_states(toy, 250, 120, 1)])
    prior = stats.norm(5.0, 10 / np.sqrt(12 * 32))
    variance = 1 / (1 / prior.var() + 1 / SD**2)
    mean = variance * (5.0 / prior.var() + 5.6 / SD**2)
    assert states.mean() == pytest.approx(mean, abs=4 * np.sqrt(variance / 250))
    assert states.var() == pytest.approx(variance, rel=0.36)


def small_guide():
    """Return a guide of the small simulator whose emulator predicts growth with each parameter."""
    points = np.random.default_rng(3).standard_normal((20, 3))
    return guide_of(sloped(np.full((3, 3), 0.3)), points)


def test_a_move_is_a_history_of_its_own_or_nothing():
    simulator, guide, rng = small_simulator(), small_guide(), np.random.default_rng(5)
    states = [start(simulator, rng, 7, guide, 2, 1)]
    for _ in range(12):
        states.append(move(simulator, rng, states[-1], 3.0, guide))
    assert len({id(state) for state in states}) > 2
    assert {state.start for state in states} == {7}
    for state in states[::4]:
        assert (simulator.history(state.point) == state.counts).all()
        assert simulator.history_within(state.point, -np.inf)[1] == state.log_kernel


def test_a_start_is_never_worse_for_being_corrected():
    """Each step goes on from the best so far, so that more of them cannot agree worse."""
    simulator, guide, log_kernels = small_simulator(), small_guide(), []
    for corrections in (0, 2, 6):
        begun = start(simulator, np.random.default_rng(8), 1, guide, 2, corrections)
        assert (simulator.history(begun.point) == begun.counts).all()
        log_kernels.append(begun.log_kernel)
    assert log_kernels == sorted(log_kernels)
    assert log_kernels[-1] > log_kernels[0]


def test_a_stuck_state_is_one_that_noise_does_not_explain():
    """The 99.9 % point of the chi-square distribution with 3 degrees of freedom is 16.27."""
    point, counts = Point(np.zeros(3), 1), np.zeros((1, 1))
    assert not is_stuck(State(point, counts, -16.2 / 2, 0), 3)
    assert is_stuck(State(point, counts, -16.4 / 2, 0), 3)


def test_states_of_one_seed_are_given_seeds_of_their_own_and_keep_their_histories():
    simulator, guide, rng = small_simulator(), small_guide(), np.random.default_rng(9)
    first = start(simulator, rng, 0, guide, 1, 0)
    later = first.at(
        Point(first.point.scores, first.point.seed, {(Stream.TEST, 3): 5}),
        simulator.history_within(
            Point(first.point.scores, first.point.seed, {(Stream.TEST, 3): 5}), -np.inf
        ),
    )
    other = start(simulator, rng, 1, guide, 1, 0)
    named = under_own_seeds([first, later, first, other], 4)
    seeds = [state.point.seed for state in named]
    assert len(set(seeds)) == 4
    for kept, before in ((named[0], first), (named[3], other)):
        assert kept.point is before.point
        assert kept.counts is before.counts
        assert (kept.log_kernel, kept.start) == (before.log_kernel, before.start)
    drawing = set(Stream) - INLAND
    for before, after in zip((later, first), named[1:3], strict=True):
        assert (simulator.history(after.point) == before.counts).all()
        assert set(after.point.seed_overrides) == {(s, b) for s in drawing for b in range(BLOCKS)}
    assert named[1].point.seed_overrides[Stream.TEST, 3] == 5
    assert under_own_seeds([first, later], 4)[1].point.seed == seeds[1]
