"""The chains: they keep the distribution that they should, and nothing they do is lost."""

from itertools import pairwise

import numpy as np
import pytest
from scipy import stats
from small_fit import small_side

from calibration.chains import Chain, Schedule, advance, is_stuck, replaced, start
from calibration.fit import Budget
from calibration.observation import log_kernel
from calibration.traveller_side import Point
from sim.world.draws import BLOCKS, Draws, Stream

SD = 0.5


class Toy:
    """A model without chance: the sum of its parameters is seen with noise."""

    def __init__(self, observed):
        self.observed = observed

    def seen(self, point):
        return float(point.scores.sum())

    def agreeing_history(self, point, at_least):
        agreement = float(log_kernel(np.array([(self.seen(point) - self.observed) / SD])))
        return None if agreement < at_least else (np.zeros((1, 1), dtype=np.int32), agreement)


class Luck(Toy):
    """A model without parameters: the mean luck of 32 parties in one mechanism is seen."""

    KEYS = np.arange(32, dtype=np.uint64) * 64

    def seen(self, point):
        draws = Draws(point.seed, point.refreshed)
        return 10 * float(draws.uniform(Stream.PARTY_FRAILTY, self.KEYS).mean())


def last_states(toy, chains, moves, parameters):
    rng = np.random.default_rng(0)
    schedule = Schedule(starts=3, moves=moves, annealed=1, tolerance=1.0)
    reference = rng.standard_normal((50, parameters))
    begun = [start(toy, 7, n, rng.standard_normal(parameters), 3) for n in range(chains)]
    return [advance(toy, 7, chain, moves, schedule, reference) for chain in begun]


@pytest.mark.thorough  # test_records.py sees every change of a move
def test_moves_of_parameters_lead_to_the_posterior():
    """z ~ N(0, I) in d dimensions and sum(z) seen as y: closed form."""
    states = np.array([c.point.scores for c in last_states(Toy(1.5), 400, 200, 3)])
    precision = 1 / SD**2
    covariance = np.linalg.inv(np.eye(3) + precision * np.ones((3, 3)))
    mean = covariance @ np.full(3, precision * 1.5)
    error = np.sqrt(np.diag(covariance) / 400)
    assert (np.abs(states.mean(axis=0) - mean) < 4 * error).all()
    np.testing.assert_allclose(np.cov(states.T), covariance, atol=0.16)


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


def test_a_chain_goes_the_same_way_in_one_go_and_in_parts():
    side, schedule = small_side(), Schedule(starts=2, moves=12, annealed=6)
    reference = np.random.default_rng(3).standard_normal((20, 3))
    begun = start(side, 5, 0, np.zeros(3), 2)
    whole = advance(side, 5, begun, 12, schedule, reference)
    half = advance(side, 5, begun, 5, schedule, reference)
    parts = advance(side, 5, half, 12, schedule, reference)
    assert parts.point.refreshed == whole.point.refreshed
    assert (parts.point.scores == whole.point.scores).all()
    assert (side.history(whole.point) == whole.counts).all()


def test_the_tolerance_falls_to_one():
    schedule = Schedule(annealed=10, tolerance=3.0)
    tolerances = [schedule.tolerance_at(move) for move in range(20)]
    assert tolerances[0] == 3.0
    assert tolerances[10:] == [1.0] * 10
    assert all(a >= b for a, b in pairwise(tolerances))


def test_a_fit_of_the_usual_length_begins_tolerant_and_ends_at_one():
    usual = Budget().schedule
    assert usual.tolerance_at(0) > 1
    assert usual.tolerance_at(usual.annealed // 2) > 1
    assert usual.tolerance_at(usual.annealed) == usual.tolerance_at(usual.moves) == 1
    assert usual.annealed < usual.moves


def test_a_stuck_chain_takes_over_another_history_under_a_seed_of_its_own():
    side = small_side()
    good = start(side, 5, 0, np.zeros(3), 1)
    free = Chain(0, good.point, good.counts, -1.0, 9, (0, 0), 0)
    bad = Chain(1, Point(np.ones(3), 4), good.counts, -50.0, 9, (0, 0), 1)
    assert is_stuck(bad, 3)
    assert not is_stuck(free, 3)
    kept, changed = replaced([free, bad], 3, 5)
    assert kept == free
    assert (changed.number, changed.ancestor) == (1, 0)
    assert changed.point.seed != free.point.seed
    assert (side.history(changed.point) == side.history(free.point)).all()
    assert len(changed.point.refreshed) == len(Stream) * BLOCKS
