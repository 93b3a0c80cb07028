"""The emulator: closed forms that it must find."""

import numpy as np
import pytest

from calibration.emulator import _fitted, _weights


def test_a_quadratic_relation_is_learnt_with_its_residual():
    rng = np.random.default_rng(1)
    scores = rng.standard_normal((6000, 3))
    expected = 1 + scores[:, :1] * [2.0, 0.5] + scores[:, 1:2] ** 2 * [0.0, 0.3]
    noise = rng.multivariate_normal([0, 0], [[0.04, 0.02], [0.02, 0.09]], 6000)
    emulator = _fitted(scores, expected + noise, np.ones(6000))
    np.testing.assert_allclose(emulator.covariance, [[0.04, 0.02], [0.02, 0.09]], atol=0.006)
    np.testing.assert_allclose(emulator.mean(scores[:50]), expected[:50], atol=0.05)
    assert emulator.explained[0] == pytest.approx(1 - 0.04 / (4 + 0.04), abs=0.003)


def test_its_posterior_is_that_of_a_linear_gaussian_model():
    """y = H z + e with z ~ N(0, I): the posterior is normal with known mean and variance."""
    rng = np.random.default_rng(2)
    slopes = np.array([[1.0, 0.0], [0.5, 0.8], [0.0, 0.3], [0.0, 0.0]])
    scores = rng.standard_normal((5000, 4))
    summaries = scores @ slopes + 0.3 * rng.standard_normal((5000, 2))
    emulator = _fitted(scores, summaries, np.ones(5000))
    observed, noise = np.array([0.7, -1.0]), np.array([0.2, 0.1])
    draws = emulator.posterior((observed, observed), noise, 4000, rng)
    precision = np.linalg.inv(0.09 * np.eye(2) + np.diag(noise**2))
    covariance = np.linalg.inv(np.eye(4) + slopes @ precision @ slopes.T)
    mean = covariance @ slopes @ precision @ observed
    np.testing.assert_allclose(draws.mean(axis=0), mean, atol=0.08)
    np.testing.assert_allclose(np.cov(draws.T), covariance, atol=0.08)


def test_what_lies_inside_an_interval_is_drawn_like_the_prior():
    """y = z + e and y above 0: where the line is far below, all scores agree."""
    rng = np.random.default_rng(3)
    scores = rng.standard_normal((5000, 1))
    emulator = _fitted(scores, scores + 0.1 * rng.standard_normal((5000, 1)), np.ones(5000))
    noise = np.array([0.1])
    free = emulator.posterior((np.array([-9.0]), np.array([np.inf])), noise, 3000, rng)
    assert abs(free.mean()) < 0.08
    assert free.std() == pytest.approx(1, abs=0.08)
    above = emulator.posterior((np.array([1.0]), np.array([np.inf])), noise, 3000, rng)
    assert (above > 0.5).mean() > 0.99
    assert above.max() > 2
    between = emulator.posterior((np.array([1.0]), np.array([1.5])), noise, 3000, rng)
    assert ((between > 0.5) & (between < 2)).mean() > 0.99


def test_a_count_that_never_varies_has_nothing_to_explain():
    scores = np.random.default_rng(4).standard_normal((100, 2))
    with np.errstate(all="raise"):
        emulator = _fitted(scores, np.full((100, 1), np.log(5)), np.ones(100))
    assert emulator.explained.tolist() == [0.0]


def test_if_no_run_is_near_those_farther_away_count():
    near, far = np.full((50, 2), 0.1), np.full((50, 2), 40.0)
    assert _weights(near) == pytest.approx(np.exp(-1.5 * (0.1 / 0.7) ** 2))
    assert 2 <= _weights(far).sum() < 50
    # One that is near among them weighs more than all others.
    both = _weights(np.vstack([near[:3], far]))
    assert both[:3].min() > 100 * both[3:].sum()
