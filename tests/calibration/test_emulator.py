"""The emulator: closed forms that it must find."""

import numpy as np
import pytest

from calibration.emulator import _fitted


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
