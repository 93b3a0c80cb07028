"""Statistics of pairs: right on average when the truth is known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from sim.experiment.paired_statistics import PairedStatistics, variance_ratio

REPEATS = 4000


def test_intervals_of_mean_and_median_cover_the_truth_as_often_as_they_say():
    """Differences are drawn whose mean and median are known; 95 % intervals cover 95 %."""
    rng = np.random.default_rng(4)
    covered = np.zeros(2)
    for _ in range(REPEATS):
        reference = rng.gamma(3.0, 100.0, 40)
        found = PairedStatistics.of(reference - 12 + rng.normal(0, 20, 40), reference)
        covered += [
            abs(found.mean + 12) <= found.mean_half_width_95,
            found.median_low_95 <= -12 <= found.median_high_95,
        ]
    error = 4 * np.sqrt(0.95 * 0.05 / REPEATS)
    mean, median = covered / REPEATS
    assert mean == pytest.approx(0.95, abs=error)
    # Order statistics are discrete: 40 pairs give 96.2 %.
    exact = 1 - 2 * stats.binom.cdf(13, 40, 0.5)
    assert median == pytest.approx(max(exact, 0.95), abs=0.015)
    assert median >= 0.95 - error


def test_quantiles_are_those_of_the_world_and_do_not_shrink_with_more_pairs():
    rng = np.random.default_rng(5)
    widths, errors = [], []
    for pairs in (200, 20_000):
        found = PairedStatistics.of(rng.normal(0, 10, pairs), np.zeros(pairs))
        widths.append(found.q95 - found.q05)
        errors.append(found.mean_half_width_95)
    assert widths == pytest.approx([32.9, 32.9], rel=0.2)
    assert errors[1] == pytest.approx(errors[0] / 10, rel=0.2)


def test_nine_of_ten_further_pairs_lie_between_the_quantiles():
    """A policy that takes 12 off every run, give or take 20: its 90 % interval is known."""
    rng = np.random.default_rng(7)
    inside = []
    for _ in range(400):
        reference = rng.gamma(3.0, 100.0, 100)
        found = PairedStatistics.of(reference - 12 + rng.normal(0, 20, 100), reference)
        further = -12 + rng.normal(0, 20, 200)
        inside.append(((found.q05 <= further) & (further <= found.q95)).mean())
    # Quantiles of 100 pairs are a little too narrow: 99 / 101 of 90 %.
    assert np.mean(inside) == pytest.approx(0.9 * 99 / 101, abs=0.01)


def test_the_variance_ratio_is_that_of_pairs_with_a_known_correlation():
    """Both have variance 1 and share a part c of it: 2 unpaired, 2 (1 - c) paired."""
    rng = np.random.default_rng(6)
    shared = rng.normal(0, np.sqrt(0.9), 200_000)
    one, other = shared + rng.normal(0, np.sqrt(0.1), (2, 200_000))
    assert variance_ratio(one, other) == pytest.approx(10, rel=0.03)


def test_what_cannot_be_known_is_nan_or_infinite():
    one = PairedStatistics.of(np.array([3.0]), np.array([1.0]))
    assert (one.pairs, one.mean, one.median, one.higher) == (1, 2, 2, 1)
    assert one.mean_half_width_95 == np.inf
    assert np.isnan([one.median_low_95, one.median_high_95, one.variance_ratio]).all()
    same = np.array([1.0, 5.0, 9.0])
    assert variance_ratio(same, same) == np.inf
    assert np.isnan(variance_ratio(np.ones(3), np.ones(3)))
    with pytest.raises(ValueError, match="no pairs"):
        PairedStatistics.of(np.array([]), np.array([]))


@given(arrays(np.float64, st.tuples(st.just(2), st.integers(1, 40)), elements=st.floats(-1e6, 1e6)))
def test_shares_add_up_and_quantiles_are_ordered(values):
    found = PairedStatistics.of(*values)
    assert found.lower + found.equal + found.higher == pytest.approx(1)
    quantiles = [found.q05, found.q25, found.median, found.q75, found.q95]
    assert quantiles == sorted(quantiles)
    assert not found.median_low_95 > found.median
    assert not found.median_high_95 < found.median
