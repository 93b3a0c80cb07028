"""The chains: they keep the distribution that they should, and nothing they do is lost."""

from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest
from guides import guide_of, sloped
from scipy import stats
from small_fit import small_side

from calibration.chains import (
    Chain,
    Schedule,
    advance,
    first_tolerance,
    is_stuck,
    replaced,
    start,
)
from calibration.fit import Budget
from calibration.moves import INLAND
from calibration.observation import Piece, log_kernel
from calibration.traveller_side import Point
from sim.world.draws import BLOCKS, Draws, Stream

SD = 0.5


class Toy:
    """A model without chance: the sum of its parameters is seen with noise."""

    def __init__(self, observed):
        self.observation = SimpleNamespace(pieces=[Piece(("X",), (), observed, observed, SD)])

    def seen(self, point):
        return float(point.scores.sum())

    def sums(self, counts, pieces):
        return counts[..., 0]

    def agreeing_history(self, point, at_least):
        counts = np.array([[self.seen(point)]])
        (piece,) = self.observation.pieces
        agreement = float(log_kernel(piece.misses(self.sums(counts, [piece]))))
        return None if agreement < at_least else (counts, agreement)


class Luck(Toy):
    """A model without parameters: the mean luck of 32 parties in one mechanism is seen."""

    KEYS = np.arange(32, dtype=np.uint64) * 64

    def seen(self, point):
        draws = Draws(point.seed, point.refreshed)
        return 10 * float(draws.uniform(Stream.PARTY_FRAILTY, self.KEYS).mean())


def at_one(move):
    return 1.0


def last_states(toy, chains, moves, parameters, slope=0.2):
    rng = np.random.default_rng(0)
    guide = guide_of(sloped(np.full((1, parameters), slope)), rng.standard_normal((50, parameters)))
    schedule = Schedule(starts=3, corrections=0)
    begun = [
        start(toy, 7, n, rng.standard_normal(parameters), schedule, guide) for n in range(chains)
    ]
    return [advance(toy, 7, chain, moves, at_one, guide) for chain in begun]


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


def small_guide(points=20):
    """Return a guide of the small side whose emulator predicts growth with each parameter."""
    return guide_of(
        sloped(np.full((3, 3), 0.3)), np.random.default_rng(3).standard_normal((points, 3))
    )


def test_a_chain_goes_the_same_way_in_one_go_and_in_parts():
    side, guide = small_side(), small_guide()
    begun = start(side, 5, 0, np.zeros(3), Schedule(starts=2, corrections=1), guide)

    def falling(move):
        return 3.0 - 0.1 * move

    whole = advance(side, 5, begun, 12, falling, guide)
    half = advance(side, 5, begun, 5, falling, guide)
    parts = advance(side, 5, half, 12, falling, guide)
    assert parts.point.refreshed == whole.point.refreshed
    assert (parts.point.scores == whole.point.scores).all()
    assert (side.history(whole.point) == whole.counts).all()
    assert whole.moves == parts.moves == 12
    assert sum(parts.accepted) == sum(whole.accepted) > 0


def test_a_start_is_never_worse_for_being_corrected():
    """Each step goes on from the best so far, so that more of them cannot agree worse."""
    side, guide = small_side(), small_guide()
    agreements = []
    for corrections in (0, 2, 6):
        schedule = Schedule(starts=2, corrections=corrections)
        begun = start(side, 5, 1, np.zeros(3), schedule, guide)
        assert (side.history(begun.point) == begun.counts).all()
        agreements.append(begun.agreement)
    assert agreements == sorted(agreements)
    assert agreements[-1] > agreements[0]


def test_the_first_tolerance_is_that_of_the_median_chain():
    chains = [SimpleNamespace(agreement=-0.5 * distance) for distance in (6.0, 54.0, 600.0)]
    assert first_tolerance(chains, 6) == pytest.approx(3.0)
    assert first_tolerance(chains[:1], 6) == 1.0
    assert first_tolerance([SimpleNamespace(agreement=-0.1)], 6) == 1.0


def test_the_tolerance_stays_and_then_falls_to_one():
    schedule = Schedule(tolerant=4, annealed=10, moves=20)
    tolerances = [schedule.tolerance_at(3.0, move) for move in range(20)]
    assert tolerances[:5] == [3.0] * 5
    assert tolerances[7] == pytest.approx(3.0**0.5)
    assert tolerances[10:] == [1.0] * 10
    assert all(a > b for a, b in pairwise(tolerances[4:11]))
    at_once = Schedule(tolerant=5, annealed=5)
    assert [at_once.tolerance_at(3.0, move) for move in (4, 5)] == [3.0, 1.0]


def test_a_fit_of_the_usual_length_begins_tolerant_and_ends_at_one():
    usual = Budget().schedule
    assert usual.tolerance_at(4.0, usual.tolerant) == 4
    assert 4 > usual.tolerance_at(4.0, (usual.tolerant + usual.annealed) // 2) > 1
    assert usual.tolerance_at(4.0, usual.annealed) == usual.tolerance_at(4.0, usual.moves) == 1
    assert usual.tolerant < usual.annealed < usual.moves


def test_histories_are_those_of_starts_and_of_all_that_moves_may_run():
    schedule = Schedule(starts=3, corrections=2, moves=40, again=10)
    # 6 of 10 moves run one history, the others up to 4.
    assert schedule.histories == 5 + 110


def test_a_stuck_chain_takes_over_another_history_under_a_seed_of_its_own():
    side = small_side()
    good = start(side, 5, 0, np.zeros(3), Schedule(starts=1, corrections=0), small_guide())
    free = Chain(0, good.point, good.counts, -1.0, 9, (0, 0), 0)
    bad = Chain(1, Point(np.ones(3), 4), good.counts, -50.0, 9, (0, 0), 1)
    assert is_stuck(bad, 3)
    assert not is_stuck(free, 3)
    kept, changed = replaced([free, bad], 3, 5)
    assert kept == free
    assert (changed.number, changed.ancestor) == (1, 0)
    assert changed.point.seed != free.point.seed
    assert (side.history(changed.point) == side.history(free.point)).all()
    drawing = set(Stream) - INLAND
    assert set(changed.point.refreshed) == {
        (s, b) for s in drawing for b in range(BLOCKS)
    }
