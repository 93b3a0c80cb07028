"""Published closed forms; the studies as a whole are in ``tests/experiment/test_studies.py``."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from random_scenarios import finished
from scipy import stats
from scipy.special import expit

from sim.scenario.loader import load_scenario
from sim.scenario.presets import read_preset
from sim.scenario.schema import Scenario
from sim.world.assay import sensitivity
from sim.world.building.infectiousness import Profile
from sim.world.building.quarantine import assays_of
from sim.world.building.tables import Tables
from sim.world.outcomes import outcomes_of
from sim.world.records import records
from sim.world.state_of_people import Person

STUDIES = Path(__file__).parents[2] / "scenarios" / "studies"
MANY = 200_000


def study(name: str, people: int, *settings: str) -> Scenario:
    size = (f"travellers.demand.people={people}", f"travellers.pool={people}")
    return load_scenario(STUDIES / f"{name}.yaml", [*size, *settings])


def missed_by_monitoring(days: np.ndarray, mu: np.ndarray, sigma: np.ndarray) -> np.ndarray:
    """Return the share of symptomatic infections with onset after ``days``."""
    return stats.norm.sf((np.log(days) - mu) / sigma)


@pytest.mark.parametrize(("days", "published"), [(7, 2120), (14, 101), (21, 9.5), (28, 1.4)])
def test_lauer_2020_monitoring_misses(days, published):
    """The published means are over the uncertainty of mu and sigma.

    The bootstrap sample itself is not printed; normal errors with the published 95 % intervals
    (mu 1.504 to 1.755, sigma 0.271 to 0.542) come within 4 %.
    """
    z = stats.norm.ppf((np.arange(400) + 0.5) / 400)
    mu = 1.621 + (1.755 - 1.504) / 3.92 * z[:, None]
    sigma = 0.418 + (0.542 - 0.271) / 3.92 * z
    ours = 1e4 * missed_by_monitoring(days, mu, sigma).mean()
    assert ours == pytest.approx(published, rel=0.04)


@pytest.mark.parametrize("days", [7, 14])
def test_monitoring_in_a_simulated_quarantine_misses_what_the_incubation_says(days):
    model = finished(
        study(
            "quilty_2020",
            MANY,
            "calendar.end=2020-02-20",
            "source.timing={kind: uniform, earliest: 0 d}",
            "legs.flight.duration=0 h",
            "disease={name: Lauer, asymptomatic_share: 0, "
            "incubation: {kind: lognormal, mu: 1.621, sigma: 0.418}, infectiousness: "
            "{since: infection, profile: {kind: weibull, shape: 3.277, scale: 6.127 d}}}",
            "policies={quarantine_stay: " + f"{days} d" + "}",
        )
    )
    expected = missed_by_monitoring(np.array(float(days)), 1.621, 0.418)
    error = 4 * np.sqrt(expected / MANY)
    assert outcomes_of(model)["undetected_share"] == pytest.approx(expected, abs=error)


def test_lauer_2020_median_and_975th_percentile_of_incubation():
    quantiles = np.exp(1.621 + 0.418 * stats.norm.ppf([0.5, 0.975]))
    assert quantiles == pytest.approx([5.1, 11.5], abs=0.1)
    assert read_preset("diseases", "covid19_2020")["incubation"] == {
        "kind": "lognormal",
        "mu": 1.621,
        "sigma": 0.418,
    }


def test_infectiousness_is_that_of_he_2020_as_corrected():
    disease = load_scenario(STUDIES.parent / "baseline.yaml").disease
    profile = Profile(disease.infectiousness.profile, disease.infectiousness.window)
    days = profile.first + np.arange(len(profile.shares)) / profile.per_day
    assert np.interp(0.0, days, profile.shares) == pytest.approx(0.44, abs=0.01)
    density = np.gradient(profile.shares, days)
    assert density.max() == pytest.approx(profile.peak_density, rel=1e-4)
    window = np.interp([profile.begins, profile.ends], days, profile.shares)
    assert window == pytest.approx([0.005, 0.995], abs=1e-7)


def seen(scenario: Scenario, days: list[float]) -> np.ndarray:
    """Return the sensitivity of the laboratory's test so many days after infection."""
    tables = Tables()
    assays = assays_of(scenario, tables)
    world = SimpleNamespace(tables=tables.numbers())
    person = records(Person, 1).view(np.recarray)[0]
    person.infected_at = 0.0
    return np.array([sensitivity(world, assays.view(np.recarray)[0], person, day) for day in days])


@pytest.mark.rules
def test_pcr_curves_are_the_published_ones():
    baseline = STUDIES.parent / "baseline.yaml"
    hellewell = load_scenario(baseline)
    assert seen(hellewell, [3.261]) == pytest.approx(expit(1.566))
    assert seen(hellewell, [-0.1, -5.0, -np.inf]).tolist() == [0, 0, 0]
    assert (np.diff(seen(hellewell, [5.0, 10.0, 20.0, 30.0])) < 0).all()
    level = load_scenario(baseline, ["laboratory.sensitivity.b2=0"])
    assert seen(level, [-np.inf, 1.0]) == pytest.approx([0, expit(1.566)])
    kucirka = load_scenario(baseline, ["laboratory.sensitivity=kucirka_2020"])
    missed = [0.977, 0.710, 0.387, 0.248, 0.201, 0.191, 0.221, 0.368, 0.630]
    assert 1 - seen(kucirka, [3, 4, 5, 6, 7, 8, 10, 14, 21]) == pytest.approx(missed)
