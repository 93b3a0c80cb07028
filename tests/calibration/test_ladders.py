"""Ladders of chains: the lowest one has the distribution that it should."""

from dataclasses import replace
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest
from guides import guide_of, sloped
from small_fit import small_simulator

from calibration import ladders as module
from calibration.chains import State
from calibration.fit import Budget
from calibration.ladders import (
    Ladder,
    Schedule,
    advance,
    begin,
    tolerance_of,
    tolerances_below,
)
from calibration.simulator import Point

SHORT = Schedule(seeds=2, corrections=1, rungs=3, moves=8, renewed=3, kept=2, apart=4)


def small_guide():
    points = np.random.default_rng(3).standard_normal((20, 3))
    return guide_of(sloped(np.full((3, 3), 0.3)), points)


def said(ladder):
    return [
        (
            state.point.scores.tolist(),
            state.point.seed,
            dict(state.point.seed_overrides),
            state.start,
        )
        for state in ladder.states
    ]


def test_a_ladder_goes_the_same_way_in_one_go_and_in_parts():
    simulator, guide = small_simulator(), small_guide()
    begun = begin(simulator, 5, 1, SHORT, guide)
    whole = advance(simulator, 5, begun, 8, 4.0, SHORT, guide)
    half = advance(simulator, 5, begun, 5, 4.0, SHORT, guide)
    parts = advance(simulator, 5, half, 8, 4.0, SHORT, guide)
    assert said(parts) == said(whole) != said(begun)
    assert (begun.moves, half.moves, whole.moves) == (0, 5, 8)
    for state in whole.states:
        assert (simulator.history(state.point) == state.counts).all()
    assert said(begin(simulator, 6, 1, SHORT, guide)) != said(begun)
    assert said(begin(simulator, 5, 2, SHORT, guide)) != said(begun)


def test_tolerances_are_spaced_evenly_from_one_to_that_of_new_starts():
    assert tolerances_below(16.0, 4) == pytest.approx([1, 2, 4, 8])
    assert tolerances_below(1.0, 3) == [1, 1, 1]


def test_the_tolerance_of_starts_is_that_of_the_median_one():
    states = [SimpleNamespace(log_kernel=-0.5 * distance) for distance in (6.0, 54.0, 600.0)]
    assert tolerance_of(states, 6) == pytest.approx(3.0)
    assert tolerance_of([SimpleNamespace(log_kernel=-0.1)], 6) == 1.0


LEVELS = np.array([0.0, -1.0, -3.0, -8.0])
"""Log kernels of the four states of a model whose prior is uniform."""


@pytest.mark.parametrize("above", [3.0, 6.0])
def test_the_lowest_chain_has_the_distribution_of_tolerance_one(monkeypatch, above):
    """Of four states each has a probability in proportion to its kernel, whatever lies above."""

    def state(level, number=0):
        return State(Point(np.zeros(0), level), np.zeros((1, 1)), float(LEVELS[level]), number)

    def step(simulator, rng, now, tolerance, guide):
        level = int(rng.integers(4))
        gain = (LEVELS[level] - now.log_kernel) / tolerance**2
        # Under a small tolerance the chain hardly moves of itself, as in the model.
        moves = rng.random() < (0.02 if tolerance == 1 else 0.5)
        return state(level, now.start) if moves and np.log(rng.random()) < gain else now

    def begun(simulator, rng, number, guide, seeds, corrections):
        chances = np.exp(LEVELS / above**2)
        return state(int(rng.choice(4, p=chances / chances.sum())), number)

    monkeypatch.setattr(module, "move", step)
    monkeypatch.setattr(module, "start", begun)
    schedule = Schedule(rungs=3, moves=6000, renewed=2, kept=1, apart=1)
    ladder, seen, starts = begin(None, 1, 0, schedule, None), np.zeros(4), set()
    for until in range(1, 6001):
        ladder = advance(None, 1, ladder, until, above, schedule, None)
        seen[ladder.lowest.point.seed] += 1
        starts.add(ladder.lowest.start)
    expected = np.exp(LEVELS) / np.exp(LEVELS).sum()
    np.testing.assert_allclose(seen / seen.sum(), expected, atol=0.03)
    # New starts come down to the lowest chain.
    assert len(starts) > 300


def test_every_start_has_a_number_of_its_own(monkeypatch):
    numbers = []

    def begun(simulator, rng, number, guide, seeds, corrections):
        numbers.append(number)
        return State(Point(np.zeros(0), number), np.zeros((1, 1)), -1.0, number)

    monkeypatch.setattr(module, "move", lambda simulator, rng, state, tolerance, guide: state)
    monkeypatch.setattr(module, "start", begun)
    for number in range(3):
        ladder = begin(None, 1, number, SHORT, None)
        assert len(advance(None, 1, ladder, 8, 4.0, SHORT, None).states) == SHORT.rungs
    assert sorted(numbers) == list(range(3 * (3 + 2)))


def test_states_are_kept_at_the_end_and_before():
    schedule = Schedule(moves=100, kept=3, apart=20)
    assert schedule.kept_after == [60, 80, 100]
    assert Budget(60, 7, schedule).ladders == 3
    assert Budget(60, 6, schedule).ladders == 2
    usual = Budget().schedule
    assert usual.kept_after[0] >= usual.apart
    assert all(later - before == usual.apart for before, later in pairwise(usual.kept_after))


def test_histories_are_those_of_starts_and_of_all_that_moves_may_run():
    schedule = Schedule(seeds=3, corrections=2, rungs=2, moves=40, renewed=10)
    # 2 starts and 4 new ones of 5 histories; 6 of 10 moves run one, the others up to 4.
    assert schedule.histories == 6 * 5 + 2 * 40 * 2.2


def test_a_ladder_of_one_rung_is_a_chain():
    one = replace(SHORT, rungs=1, renewed=100)
    simulator, guide = small_simulator(), small_guide()
    ladder = advance(simulator, 5, begin(simulator, 5, 0, one, guide), 6, 4.0, one, guide)
    assert isinstance(ladder, Ladder)
    assert len(ladder.states) == 1
    assert ladder.lowest.start == 0
