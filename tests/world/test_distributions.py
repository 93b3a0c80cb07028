"""Distributions of the scenario against the closed forms of a library."""

from typing import Any

import numpy as np
import pytest
from pydantic import TypeAdapter
from rules import quantiles_of
from scipy import stats

from sim.scenario.distributions import Distribution, Uncertain
from sim.world.building.distributions import gamma_through, mean_of, sampled
from sim.world.building.parameters import Parameter, drawn
from sim.world.draws import Draws, Stream
from sim.world.informants import poisson_quantile

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


@pytest.mark.rules
@pytest.mark.parametrize(("given", "known"), KNOWN, ids=lambda one: str(one)[10:20])
def test_quantiles_are_those_of_the_distribution(given, known):
    ours = distribution(given)
    np.testing.assert_allclose(quantiles_of(ours, SHARES), known.ppf(SHARES), rtol=1e-4)


@pytest.mark.parametrize(("given", "known"), KNOWN, ids=lambda one: str(one)[10:20])
def test_means_are_those_of_the_distribution(given, known):
    assert mean_of(distribution(given)) == pytest.approx(known.mean())


@pytest.mark.rules
def test_a_fixed_time_is_always_the_same():
    ours = distribution({"kind": "fixed", "value": "36 h"})
    assert quantiles_of(ours, SHARES).tolist() == [1.5] * len(SHARES)


def test_the_means_of_the_other_distributions():
    fixed = {"kind": "fixed", "value": "36 h"}
    assert mean_of(distribution(fixed)) == 1.5
    # Quantiles are linear: each piece has the mean of its ends.
    table = {"kind": "table", "shares": [0, 0.4, 1], "times": ["1 d", "3 d", "9 d"]}
    assert mean_of(distribution(table)) == pytest.approx(0.4 * 2 + 0.6 * 6)
    # Of max(x - 3, 0), where x has the shape 2: the integral of its tail from 3 on.
    moved = {"kind": "gamma", "shape": 2.0, "rate": 1.0, "shift": "-3 d"}
    assert mean_of(distribution(moved)) == pytest.approx(5 * np.exp(-3))
    through = {"kind": "gamma_quantiles", "shares": [0.5, 0.975], "times": ["5 d", "12 d"]}
    shape, rate = gamma_through((0.5, 0.975), (5.0, 12.0))
    assert mean_of(distribution(through)) == shape / rate


@pytest.mark.rules
def test_a_gamma_distribution_has_the_quantiles_that_it_was_given():
    given = {"kind": "gamma_quantiles", "shares": [0.5, 0.975], "times": ["5 d", "12 d"]}
    ours = quantiles_of(distribution(given), [0.5, 0.975])
    np.testing.assert_allclose(ours, [5, 12], rtol=1e-4)


@pytest.mark.rules
def test_a_time_that_a_shift_moves_below_zero_is_zero():
    moved = {"kind": "gamma", "shape": 2.0, "rate": 1.0, "shift": "-3 d"}
    whole = quantiles_of(distribution({**moved, "shift": "0 d"}), SHARES)
    assert (whole < 3).any() and (whole > 3).any()
    np.testing.assert_allclose(quantiles_of(distribution(moved), SHARES), np.maximum(whole - 3, 0))


@pytest.mark.rules
def test_a_table_of_quantiles_is_linear_in_between():
    given = {"kind": "table", "shares": [0, 0.4, 1], "times": ["1 d", "3 d", "9 d"]}
    ours = quantiles_of(distribution(given), [0.0, 0.2, 0.4, 0.7, 1.0])
    assert ours == pytest.approx([1, 2, 3, 6, 9])


@pytest.mark.rules
@pytest.mark.parametrize("mean", [0.0, 0.3, 2.0, 40.0, 700.0])
def test_poisson_quantiles_are_exact(mean):
    shares = [0.0, 1e-9, 0.1, 0.5, 0.9, 1 - 1e-9]
    ours = [poisson_quantile(mean, u) for u in shares]
    assert ours == [0, *stats.poisson(mean).ppf(shares[1:]).astype(int).tolist()]


@pytest.mark.parametrize(
    ("given", "known"),
    [
        ({"kind": "normal", "mean": 3, "sd": 0.5}, stats.norm(3, 0.5)),
        ({"kind": "beta", "a": 2, "b": 5}, stats.beta(2, 5)),
        ({"kind": "loguniform", "low": 0.1, "high": 10}, stats.loguniform(0.1, 10)),
    ],
)
def test_an_uncertain_number_is_drawn_at_its_quantile(given, known):
    value: Any = TypeAdapter(Uncertain).validate_python(given)
    draws = Draws(9)
    u = draws.uniform(Stream.PARAMETER, np.array([3], dtype=np.uint64), Parameter.CONNECTION)[0]
    assert drawn(value, draws, Parameter.CONNECTION, 3) == pytest.approx(known.ppf(u))


def test_a_certain_number_is_not_drawn():
    assert drawn(2.5, Draws(1), Parameter.INCUBATION) == 2.5


def test_a_distribution_gets_numbers_for_its_uncertain_parameters():
    mu = {"kind": "normal", "mean": 1, "sd": 1}
    uncertain = distribution({"kind": "lognormal", "mu": mu, "sigma": 1})
    with pytest.raises(TypeError, match="unknown distribution"):
        mean_of(uncertain)
    one, other = (sampled(uncertain, Draws(seed), Parameter.LEAD) for seed in (1, 2))
    assert one.mu != other.mu and one.sigma == other.sigma == 1
    assert mean_of(one) == pytest.approx(np.exp(one.mu + 0.5))


def test_a_draw_may_lie_outside_what_a_file_may_say():
    mu = {"kind": "normal", "mean": -1e6, "sd": 1}
    uncertain = distribution({"kind": "lognormal", "mu": mu, "sigma": 1})
    drawn_mus = [sampled(uncertain, Draws(seed), Parameter.LEAD).mu for seed in range(8)]
    assert min(drawn_mus) < -1e6 < max(drawn_mus)
