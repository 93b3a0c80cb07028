"""Depth of curves: the fast formula against all pairs, and bands that hold whole curves."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sim.experiment.curve_depth import central_envelope, modified_band_depth, most_central


def by_all_pairs(curves):
    """Return the depth as it is defined: every pair, every day, ends of the band included."""
    within = [
        (np.minimum(one, other) <= curves) & (curves <= np.maximum(one, other))
        for one, other in combinations(curves, 2)
    ]
    return np.mean(within, axis=(0, 2))


# Few different values, so that ties abound.
SOME_CURVES = arrays(
    np.int64, st.tuples(st.integers(2, 9), st.integers(1, 6)), elements=st.integers(0, 4)
)


@given(SOME_CURVES)
def test_the_fast_formula_is_that_of_all_pairs_with_ties_too(curves):
    assert modified_band_depth(curves) == pytest.approx(by_all_pairs(curves), abs=1e-12)


def test_the_fast_formula_is_that_of_all_pairs_without_ties():
    curves = np.random.default_rng(1).normal(size=(25, 12)).cumsum(axis=1)
    assert modified_band_depth(curves) == pytest.approx(by_all_pairs(curves), abs=1e-12)


def test_the_deepest_of_nested_curves_is_the_middle_one():
    shape = 1 + np.sin(np.linspace(0, 3, 20))
    curves = np.outer([5, 1, 3, 2, 4], shape)
    assert most_central(curves, 1).tolist() == [2, 3, 4, 0, 1]
    depth = modified_band_depth(curves)
    # Of 10 pairs, one lies on each side of the middle curve, and 3 on one side of the second.
    assert depth == pytest.approx([0.4, 0.4, 0.8, 0.7, 0.7])
    assert central_envelope(curves, 0.6).tolist() == [curves[3].tolist(), curves[4].tolist()]


@given(SOME_CURVES)
def test_the_envelope_of_all_is_lowest_and_highest(curves):
    assert (central_envelope(curves, 1) == [curves.min(axis=0), curves.max(axis=0)]).all()


@given(SOME_CURVES, st.floats(0, 1))
def test_at_least_the_share_lies_wholly_within_and_wider_bands_hold_narrower(curves, share):
    low, high = central_envelope(curves, share)
    within = ((low <= curves) & (curves <= high)).all(axis=1)
    assert within.mean() >= share - 1e-9
    wider = central_envelope(curves, (1 + share) / 2)
    assert (wider[0] <= low).all()
    assert (wider[1] >= high).all()


def test_the_share_is_rounded_up_to_whole_curves():
    curves = np.arange(20)[:, None]
    counts = [len(most_central(curves, share)) for share in (0, 0.01, 0.5, 0.51, 0.55, 0.9, 1)]
    assert counts == [1, 1, 10, 11, 11, 18, 20]


def test_curves_with_a_peak_each_keep_it_in_the_band_where_quantiles_lose_it():
    """Ten runs peak at 100 on ten days: the median of each day is zero."""
    curves = 100 * np.eye(10)
    assert np.quantile(curves, 0.75, axis=0).max() < 1
    assert central_envelope(curves, 0.5)[1].max() == 100


def test_a_single_curve_and_equal_curves():
    one = np.array([[1, 2, 3]])
    assert modified_band_depth(one).tolist() == [1]
    assert central_envelope(one, 0.5).tolist() == [[1, 2, 3]] * 2
    assert modified_band_depth(np.ones((4, 3))).tolist() == [1] * 4
