"""Quantiles of the distributions that a scenario may name, at their extremes."""

import numpy as np
import pytest
from random_scenarios import a_world, finished, scenario_of
from rules import quantiles_of
from scipy import stats

from sim.scenario.distributions import LogNormal, Weibull
from sim.world.informants import poisson_quantile

EDGES = np.array([2.0**-54, 0.5, 1 - 2.0**-53])


@pytest.mark.rules
@pytest.mark.parametrize(
    "distribution",
    [
        LogNormal(kind="lognormal", mu=1e6, sigma=1e6),
        Weibull(kind="weibull", shape=1e-6, scale="3660 d"),
        Weibull(kind="weibull", shape=1e6, scale="1 d"),
    ],
)
def test_the_heaviest_tails_have_times_that_are_numbers(distribution):
    times = quantiles_of(distribution, EDGES)
    assert np.isfinite(times).all()
    assert (np.diff(times) >= 0).all()


@pytest.mark.rules
@pytest.mark.parametrize("mean", [2e5, 1e9])
@pytest.mark.parametrize("u", [1e-6, 0.5, 0.999])
def test_large_poisson_numbers_are_nearly_normal(mean, u):
    assert poisson_quantile(mean, u) == pytest.approx(stats.poisson.ppf(u, mean), rel=1e-4)


def test_uncertain_times_of_hospitals_and_towns_are_drawn_once_a_run():
    def hospital_stays(sd, seed):
        mu = {"kind": "normal", "mean": 0.5, "sd": sd}
        times = {"kind": "lognormal", "mu": mu, "sigma": 0.0}
        world = a_world(registers={"hospital_stay": times})
        world["staging"] = {"junction": {"connection": times}}
        people = finished(scenario_of(world), seed).people
        closed = people.closed_at < np.inf
        return people.closed_at[closed] - people.confirmed_at[closed]

    assert hospital_stays(1e-6, 1) == pytest.approx(np.exp(0.5), abs=1e-3)
    stays = [hospital_stays(0.2, seed) for seed in range(4)]
    assert all(stay == pytest.approx(stay[0], rel=1e-4) for stay in stays)
    assert len({round(float(stay[0]), 6) for stay in stays}) == 4
