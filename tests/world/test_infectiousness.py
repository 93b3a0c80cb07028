"""Infectiousness as a density, a table, or constant between a beginning and an end."""

from typing import Any

import numpy as np
import pytest
from random_scenarios import a_world, finished, scenario_of
from scipy import stats

from sim.scenario.disease import DensityTable
from sim.scenario.distributions import LogNormal
from sim.world.building.infectiousness import Profile
from sim.world.codes import NEVER
from sim.world.natural_history import infectiousness_in


def before(profile: Profile, days: Any) -> Any:
    """Return the share of infectiousness before ``days``, shape as given."""
    times = profile.first + np.arange(len(profile.shares)) / profile.per_day
    return np.interp(days, times, profile.shares)


SEIR = {
    "name": "SEIR",
    "incubation": {"kind": "fixed", "value": "4 d"},
    "asymptomatic_share": 0.4,
    "symptoms_last": {"kind": "exponential", "mean": "5 d"},
    "asymptomatic_lasts": {"kind": "fixed", "value": "2 d"},
    "infectiousness": {
        "since": "infection",
        "profile": {
            "kind": "constant",
            "latent": {"kind": "exponential", "mean": "3 d"},
            "lasts": {"kind": "gamma_moments", "mean": "5 d", "variance": 5},
            "asymptomatic_lasts": {"kind": "fixed", "value": "6 d"},
        },
    },
}


def around_onset(**profile: object) -> dict[str, object]:
    lead, lasts = {"kind": "fixed", "value": "2 d"}, {"kind": "fixed", "value": "7 d"}
    infectiousness = {
        "since": "onset",
        "profile": {"kind": "constant", "lead": lead, "lasts": lasts, **profile},
    }
    return {**SEIR, "infectiousness": infectiousness}


def test_a_log_normal_density_is_that_of_scipy():
    profile = Profile(LogNormal(kind="lognormal", mu=1.5, sigma=0.5), (0.01, 0.99))
    law = stats.lognorm(s=0.5, scale=np.exp(1.5))
    days = np.linspace(0.1, 20, 200)
    assert before(profile, days) == pytest.approx(law.cdf(days), abs=1e-5)
    assert profile.begins == pytest.approx(law.ppf(0.01))
    assert profile.ends == pytest.approx(law.ppf(0.99))
    assert profile.peak_density == pytest.approx(law.pdf(np.exp(1.5 - 0.25)))


def test_a_table_is_a_density_with_an_area_of_one():
    """A triangle from day 1 over day 3 to day 6."""
    table = DensityTable(kind="table", times=("1 d", "3 d", "6 d"), density=(0, 8, 0))
    profile = Profile(table, (0.0, 1.0))
    law = stats.triang(c=0.4, loc=1, scale=5)
    days = np.linspace(-1, 8, 100)
    assert before(profile, days) == pytest.approx(law.cdf(days), abs=1e-6)
    assert (profile.begins, profile.ends) == pytest.approx((1, 6), abs=1e-6)
    assert profile.peak_density == pytest.approx(law.pdf(3))
    cut = Profile(table, (0.1, 0.75))
    assert (cut.begins, cut.ends) == pytest.approx(law.ppf([0.1, 0.75]), abs=1e-6)


def test_constant_infectiousness_has_the_periods_that_the_file_gives():
    model = finished(scenario_of(a_world(disease=SEIR, source__exposure=300)))
    people = model.people
    rows = people.infected.nonzero()[0]
    assert len(rows) > 500
    latent = people.infectious_from[rows] - people.infected_at[rows]
    lasts = people.infectious_until[rows] - people.infectious_from[rows]
    silent = people.asymptomatic[rows]
    assert stats.kstest(latent, stats.expon(scale=3).cdf).pvalue > 1e-4
    assert stats.kstest(lasts[~silent], stats.gamma(5, scale=1).cdf).pvalue > 1e-4
    assert lasts[silent] == pytest.approx(6)
    ill = people.symptoms_end_at[rows] - people.infected_at[rows] - 4
    assert stats.kstest(ill[~silent], stats.expon(scale=5).cdf).pvalue > 1e-4
    assert ill[silent] == pytest.approx(2)


@pytest.mark.rules
def test_the_total_of_constant_infectiousness_is_in_proportion_to_how_long_it_lasts():
    model = finished(scenario_of(a_world(disease=SEIR)))
    people = model.people
    rows = people.infected.nonzero()[0]
    everybody = [model.world.people[row] for row in rows]
    total = sum(infectiousness_in(model.world, one, -NEVER, NEVER) for one in everybody)
    lasts = people.infectious_until[rows] - people.infectious_from[rows]
    assert total == pytest.approx((people.infectivity[rows] * lasts / 5).sum())
    half = people.infectious_from[rows] + lasts / 2
    later = [
        infectiousness_in(model.world, *one, NEVER) for one in zip(everybody, half, strict=True)
    ]
    assert sum(later) == pytest.approx(total / 2)


def test_it_begins_before_onset_but_never_before_infection():
    model = finished(scenario_of(a_world(disease=around_onset())))
    people = model.people
    rows = people.infected.nonzero()[0]
    assert people.infectious_from[rows] == pytest.approx(people.infected_at[rows] + 2)
    assert people.infectious_until[rows] == pytest.approx(people.infected_at[rows] + 11)
    early = around_onset(lead={"kind": "fixed", "value": "9 d"})
    people = finished(scenario_of(a_world(disease=early))).people
    rows = people.infected.nonzero()[0]
    assert (people.infectious_from[rows] == people.infected_at[rows]).all()


def test_a_latent_time_moves_the_beginning_and_the_end():
    fixed = {"kind": "fixed", "value": "3 d"}
    model = finished(
        scenario_of(a_world(disease=around_onset(latent=fixed, lead=fixed, lasts=fixed)))
    )
    people = model.people
    rows = people.infected.nonzero()[0]
    assert len(rows) > 100
    since = people.infected_at[rows] + people.incubation[rows]
    assert people.infectious_from[rows] == pytest.approx(since)
    assert people.infectious_until[rows] == pytest.approx(since + 6)
    assert model.world.run[0].peak_density == pytest.approx(1 / 6)
