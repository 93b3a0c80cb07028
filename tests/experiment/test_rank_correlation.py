"""Partial rank correlations: against closed forms, and nan where there is none."""

import numpy as np
import pytest
from scipy.stats import spearmanr

from sim.experiment.rank_correlation import chance_limit, partial_rank_correlations

RNG = np.random.default_rng(5)


def test_one_input_is_spearman() -> None:
    x, y = RNG.normal(size=(30, 1)), RNG.normal(size=30)
    assert partial_rank_correlations(x, y)[0] == pytest.approx(spearmanr(x[:, 0], y).statistic)


def test_two_inputs_are_the_closed_form_of_a_partial_correlation() -> None:
    x = RNG.normal(size=(40, 2))
    x[:, 1] += x[:, 0]
    y = x[:, 0] - 2 * x[:, 1] + RNG.normal(size=40)
    first, second, between = (
        spearmanr(a, b).statistic for a, b in ((x[:, 0], y), (x[:, 1], y), (x[:, 0], x[:, 1]))
    )
    expected = (first - second * between) / np.sqrt((1 - second**2) * (1 - between**2))
    assert partial_rank_correlations(x, y)[0] == pytest.approx(expected)


def test_many_inputs_are_minus_the_scaled_inverse_of_the_correlations() -> None:
    x = RNG.normal(size=(60, 5)) @ RNG.normal(size=(5, 5))
    y = x @ np.arange(5) + RNG.normal(size=60)
    inverse = np.linalg.inv(spearmanr(np.column_stack([x, y])).statistic)
    expected = -inverse[:5, 5] / np.sqrt(np.diag(inverse)[:5] * inverse[5, 5])
    np.testing.assert_allclose(partial_rank_correlations(x, y), expected)


def test_only_the_order_counts_and_a_mirrored_input_changes_its_sign() -> None:
    x = RNG.uniform(1, 2, size=(25, 3))
    y = x @ [1, -1, 0.1]
    bent = np.column_stack([np.exp(x[:, 0]), -x[:, 1], np.log(x[:, 2])])
    plain = partial_rank_correlations(x, y)
    np.testing.assert_allclose(partial_rank_correlations(bent, y**3), plain * [1, -1, 1])


def test_nothing_where_an_input_does_not_vary_or_follows_from_the_others() -> None:
    x = RNG.normal(size=(20, 3))
    x[:, 2] = 7
    y = x[:, 0] + x[:, 1]
    assert np.isnan(partial_rank_correlations(x, y)).tolist() == [False, False, True]
    x[:, 2] = 3 * x[:, 0]
    assert np.isnan(partial_rank_correlations(x, y)).tolist() == [True, False, True]
    assert np.isnan(partial_rank_correlations(x, np.zeros(20))).all()


def test_nothing_with_too_few_points() -> None:
    assert np.isnan(partial_rank_correlations(RNG.normal(size=(4, 3)), np.arange(4.0))).all()
    assert np.isnan(chance_limit(4, 3))


def test_chance_stays_below_the_limit_in_95_percent() -> None:
    found = [
        partial_rank_correlations(RNG.normal(size=(20, 3)), RNG.normal(size=20)) for _ in range(700)
    ]
    assert (np.abs(found) > chance_limit(20, 3)).mean() == pytest.approx(0.05, abs=0.02)
