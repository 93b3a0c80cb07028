"""Randomised ranks: uniform for draws that are right, and the check says how others are wrong."""

import numpy as np
import pytest
from scipy.special import ndtr

from calibration.ranks import (
    BINS,
    INTERVALS,
    Shape,
    histogram,
    inside,
    ranks_of,
    shapes_of,
    shares_of,
    uniform_band,
)

SETS = 300


def studied(sharpness: float = 1.0, shift: float = 0.0, draws: int = 6, copies: int = 1):
    """Return ranks of truths among draws from a posterior that is known exactly, or spoilt.

    A mean with a standard normal prior and one observation with unit error has the posterior
    N(y / 2, 1 / 2). Each set has ten such means, and ten counts: Poisson with the rate exp(mean),
    so that about half of them are zero or one and ties are frequent.
    """
    rng = np.random.default_rng(1)
    ranks = {"means": [], "counts": []}
    for _ in range(SETS):
        truth = rng.standard_normal(10)
        observed = truth + rng.standard_normal(10)
        errors = np.sqrt(0.5) * rng.standard_normal((draws, 10))
        of = observed / 2 + shift + sharpness * errors
        ranks["means"].append(histogram(ranks_of(truth, np.repeat(of, copies, axis=0), rng)))
        counts = rng.poisson(np.exp(truth - 1))
        of_counts = np.repeat(rng.poisson(np.exp(of - 1)), copies, axis=0)
        ranks["counts"].append(histogram(ranks_of(counts, of_counts, rng)))
    return {name: np.array(of) for name, of in ranks.items()}


@pytest.mark.parametrize("draws", [2, 6, 30])
def test_ranks_of_a_known_posterior_are_uniform_however_few_the_draws(draws):
    ranks = studied(draws=draws)
    assert shapes_of(ranks) == {"means": Shape.UNIFORM, "counts": Shape.UNIFORM}
    for of in ranks.values():
        low, high = uniform_band(of)
        heights = shares_of(of).mean(axis=0)
        assert ((heights < low) | (heights > high)).sum() <= 2
        assert abs(heights[1:-1].sum() - 0.9) < 0.02
        assert abs(heights[5:15].sum() - 0.5) < 0.03


@pytest.mark.parametrize(
    ("spoilt", "expected"),
    [
        ({"sharpness": 0.5}, Shape.TOO_SURE),
        ({"sharpness": 2.0}, Shape.TOO_UNSURE),
        ({"shift": -0.4}, Shape.TOO_LOW),
        ({"shift": 0.4}, Shape.TOO_HIGH),
    ],
)
def test_the_check_says_what_is_wrong(spoilt, expected):
    ranks = studied(**spoilt)
    assert shapes_of(ranks)["means"] is expected
    heights = shares_of(ranks["means"]).mean(axis=0)
    low, high = uniform_band(ranks["means"])
    ends, middle = heights[[0, -1]], heights[9:11]
    if expected is Shape.TOO_SURE:
        assert (ends > high[[0, -1]]).all()
        assert (middle < low[9:11]).all()
    if expected is Shape.TOO_UNSURE:
        assert (ends < low[[0, -1]]).all()
        assert (middle > high[9:11]).all()


def test_copies_of_draws_look_too_sure():
    """Why one pair of each ladder is ranked: three that hang together count as one."""
    assert shapes_of(studied(copies=3))["means"] is Shape.TOO_SURE


def test_a_rank_is_among_those_of_its_ties():
    rng = np.random.default_rng(1)
    draws = np.array([[1, 2, 2, 3]] * 1000).T
    ranks = ranks_of(np.full(1000, 2), draws, rng)  # one below, two ties
    assert ranks.min() > 1 / 5
    assert ranks.max() < 4 / 5
    assert ranks.min() < 0.21
    assert ranks.max() > 0.79
    assert ranks_of(np.array([0.5, 9.0]), draws[:, :2], rng) == pytest.approx([0.1, 0.9], abs=0.1)


def test_a_day_on_which_nothing_happens_is_inside_as_often_as_it_may_be():
    ranks = ranks_of(np.zeros(4000), np.zeros((6, 4000)), np.random.default_rng(1))
    assert abs(inside(ranks, 50) - 0.5) < 0.03
    assert abs(inside(ranks, 90) - 0.9) < 0.02


def test_equal_seeds_give_equal_ranks():
    def ranks(seed):
        return ranks_of(np.zeros(5), np.zeros((6, 5)), np.random.default_rng([7, seed])).tolist()

    assert ranks(1) == ranks(1) != ranks(2)


def test_intervals_end_where_bins_do():
    edges = np.linspace(0, 1, BINS + 1)
    for ends in INTERVALS.values():
        for end in ends:
            assert np.abs(edges - end).min() < 1e-12
    ranks = np.random.default_rng(1).random(500)
    assert inside(ranks, 50) == histogram(ranks)[5:15].sum() / 500
    assert inside(ranks, 90) == histogram(ranks)[1:19].sum() / 500
    assert histogram(np.array([0.0, 1.0]))[[0, -1]].tolist() == [1, 1]


def uniform_sets(rng, sets, days, alike):
    """Return histograms of uniform ranks that change little from day to day."""
    of = np.empty((sets, days))
    of[:, 0] = rng.standard_normal(sets)
    for day in range(1, days):
        fresh = np.sqrt(1 - alike**2) * rng.standard_normal(sets)
        of[:, day] = alike * of[:, day - 1] + fresh
    return np.array([histogram(ranks) for ranks in ndtr(of)])


@pytest.mark.parametrize(("days", "alike"), [(1, 0.0), (30, 0.0), (30, 0.95)])
def test_a_band_holds_its_share_of_the_bins_also_if_days_are_alike(days, alike):
    outside, falsely = [], 0
    for number in range(100):
        counts = uniform_sets(np.random.default_rng(number), 100, days, alike)
        low, high = uniform_band(counts)
        heights = shares_of(counts).mean(axis=0)
        outside.append(((heights < low - 1e-9) | (heights > high + 1e-9)).mean())
        falsely += shapes_of({"series": counts})["series"] is not Shape.UNIFORM
    assert np.mean(outside) < 0.02
    assert falsely <= 12  # 5 expected; as many or more with probability 0.4 %
    if days == 1:
        assert (low[0], high[0]) == (0.0, 0.11)  # binomial of 100 sets and twenty bins


def test_days_that_are_alike_have_a_wider_band():
    rng = np.random.default_rng(1)
    alike, apart = (uniform_band(uniform_sets(rng, 200, 30, of)) for of in (0.95, 0.0))
    widths = [high - low for low, high in (alike, apart)]
    assert (widths[0] > 1.3 * widths[1]).all()
    assert widths[0][0] > 2 * widths[1][0]


def test_one_set_says_nothing():
    counts = histogram(np.full(30, 0.01))[None]
    assert shapes_of({"series": counts}) == {"series": Shape.UNIFORM}
    low, high = uniform_band(counts)
    assert (low <= shares_of(counts)[0]).all()
    assert (shares_of(counts)[0] <= high).all()
