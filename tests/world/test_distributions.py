"""Distributions of the scenario against the closed forms of a library."""

from typing import Any

import numpy as np
import pytest
from pydantic import TypeAdapter
from scipy import stats

from sim.scenario.distributions import Distribution, Uncertain
from sim.world.quantiles import mean_of, poisson_quantile, quantile_of, settle

SHARES = np.array([1e-6, 0.01, 0.2, 0.5, 0.7, 0.99, 1 - 1e-6])

KNOWN = [
    ({"kind": "uniform", "low": "2 d", "high": "5 d"}, stats.uniform(2, 3)),
    ({"kind": "exponential", "mean": "3 d"}, stats.expon(scale=3)),
    ({"kind": "lognormal", "mu": 1.2, "sigma": 0.4}, stats.lognorm(0.4, scale=np.exp(1.2))),
    (
        {"kind": "gamma", "shape": 2.5, "rate": 0.5, "shift": "1 d"},
        stats.gamma(2.5, 1, scale=2),
    ),
    (
        {"kind": "gamma_moments", "mean": "6 d", "variance": 4},
        stats.gamma(9, scale=2 / 3),
    ),
    ({"kind": "weibull", "shape": 2.8, "scale": "5.7 d"}, stats.weibull_min(2.8, scale=5.7)),
]


def distribution(given: dict[str, Any]) -> Any:
    return TypeAdapter(Distribution).validate_python(given)


@pytest.mark.parametrize(("given", "known"), KNOWN, ids=lambda one: str(one)[10:20])
def test_quantiles_and_means_are_those_of_the_distribution(given, known):
    ours = distribution(given)
    np.testing.assert_allclose(quantile_of(ours)(SHARES), known.ppf(SHARES), rtol=1e-4)
    assert mean_of(ours) == pytest.approx(known.mean(), rel=1e-3)


def test_a_fixed_time_is_always_the_same():
    ours = distribution({"kind": "fixed", "value": "36 h"})
    assert quantile_of(ours)(SHARES).tolist() == [1.5] * len(SHARES)
    assert mean_of(ours) == 1.5


def test_a_gamma_distribution_has_the_quantiles_that_it_was_given():
    given = {"kind": "gamma_quantiles", "shares": [0.5, 0.975], "times": ["5 d", "12 d"]}
    ours = quantile_of(distribution(given))
    np.testing.assert_allclose(ours(np.array([0.5, 0.975])), [5, 12], rtol=1e-4)


def test_a_time_that_a_shift_moves_below_nought_is_nought():
    moved = {"kind": "gamma", "shape": 2.0, "rate": 1.0, "shift": "-3 d"}
    whole = quantile_of(distribution({**moved, "shift": "0 d"}))(SHARES)
    assert (whole < 3).any() and (whole > 3).any()
    np.testing.assert_allclose(quantile_of(distribution(moved))(SHARES), np.maximum(whole - 3, 0))


def test_a_table_of_quantiles_is_linear_in_between():
    given = {"kind": "table", "shares": [0, 0.4, 1], "times": ["1 d", "3 d", "9 d"]}
    ours = quantile_of(distribution(given))
    assert ours(np.array([0.0, 0.2, 0.4, 0.7, 1.0])) == pytest.approx([1, 2, 3, 6, 9])


@pytest.mark.parametrize("mean", [0.0, 0.3, 2.0, 40.0, 700.0])
def test_poisson_quantiles_are_exact(mean):
    shares = [0.0, 1e-9, 0.1, 0.5, 0.9, 1 - 1e-9]
    ours = [poisson_quantile(mean, u) for u in shares]
    assert ours == [0, *stats.poisson(mean).ppf(shares[1:]).astype(int).tolist()]


@pytest.mark.parametrize(
    ("given", "known"),
    [
        (2.5, 2.5),
        ({"kind": "normal", "mean": 3, "sd": 0.5}, stats.norm(3, 0.5).ppf(0.2)),
        ({"kind": "beta", "a": 2, "b": 5}, stats.beta(2, 5).ppf(0.2)),
        ({"kind": "loguniform", "low": 0.1, "high": 10}, stats.loguniform(0.1, 10).ppf(0.2)),
    ],
)
def test_an_uncertain_number_is_drawn_at_its_quantile(given, known):
    value: Any = TypeAdapter(Uncertain).validate_python(given)
    assert settle(value, 0.2) == pytest.approx(known)


def test_a_distribution_of_uncertain_parameters_has_no_quantiles_yet():
    uncertain = {"kind": "lognormal", "mu": {"kind": "normal", "mean": 1, "sd": 1}, "sigma": 1}
    with pytest.raises(TypeError, match="was not drawn"):
        quantile_of(distribution(uncertain))
