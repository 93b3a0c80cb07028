"""The cross-check of towns: its theory, its criterion, and bordersim in a small town."""

import numpy as np
import pytest

from benchmarks.agreement import LARGE, agree, compare, compare_with_law
from benchmarks.exact_outbreak import extinction, final_share, run_reference, size_law
from benchmarks.kept_outbreaks import Outbreaks, kept_outbreaks
from benchmarks.starsim_run import daily_counts, random_contacts, run_starsim, shares_by_age
from benchmarks.town_outbreak import GenerationTime, Outbreak, Setting, run_bordersim, scenario_of

PEOPLE = 800
GENERATION = GenerationTime(scenario_of(Setting(2.0, 5)))


def least(setting: Setting) -> float:
    return LARGE * PEOPLE * final_share(PEOPLE, setting)


def outbreaks(runs: list[Outbreak]) -> Outbreaks:
    return Outbreaks(np.array([of.size for of in runs]), np.array([of.peak for of in runs]))


def reference(setting: Setting, runs: int) -> Outbreaks:
    return outbreaks([run_reference(GENERATION, PEOPLE, setting, seed) for seed in range(runs)])


def bordersim(setting: Setting, runs: int) -> Outbreaks:
    scenario = scenario_of(setting, PEOPLE)
    return outbreaks([run_bordersim(scenario, seed) for seed in range(runs)])


def test_the_exact_law_of_the_final_size_is_that_of_reed_and_frost():
    escapes = np.exp(-1.5 / 3)
    alone, two = escapes**2, 2 * (1 - escapes) * escapes**2
    np.testing.assert_allclose(
        size_law(3, Setting(1.5, 1)), [0, alone, two, 1 - alone - two], atol=1e-12
    )
    np.testing.assert_allclose(size_law(3, Setting(1.5, 3)), [0, 0, 0, 1], atol=1e-12)


@pytest.mark.parametrize("r", [1.5, 2.0, 3.0])
def test_the_exact_law_has_the_limits_of_large_towns(r):
    setting, people = Setting(r, 2), 3000
    law = size_law(people, setting)
    start = int(LARGE * people * final_share(people, setting))
    assert law.sum() == pytest.approx(1, abs=1e-9)
    assert law[:start].sum() == pytest.approx(extinction(setting), abs=0.003)
    large = law[start:] @ np.arange(start, people + 1) / law[start:].sum()
    assert large / people == pytest.approx(final_share(people, setting), abs=0.01)


def test_extinction_with_dispersion_one_is_that_of_geometric_offspring():
    assert extinction(Setting(2.5, 3, dispersion=1.0)) == pytest.approx(1 / 2.5**3)


@pytest.mark.parametrize("setting", [Setting(1.5, 2), Setting(2.0, 5)])
def test_the_simulation_contact_by_contact_has_the_exact_law(setting):
    law = size_law(PEOPLE, setting)
    assert agree([compare_with_law(reference(setting, 250), law, least(setting))])


@pytest.mark.slow
@pytest.mark.parametrize("setting", [Setting(1.5, 2), Setting(2.0, 5)])
def test_bordersim_has_the_exact_law_of_the_final_size(setting):
    law = size_law(PEOPLE, setting)
    assert agree([compare_with_law(bordersim(setting, 60), law, least(setting))])


@pytest.mark.slow
@pytest.mark.parametrize("setting", [Setting(3.0, 20), Setting(2.0, 20, dispersion=0.5)])
def test_bordersim_has_the_sizes_and_peaks_of_the_simulation_contact_by_contact(setting):
    ours, theirs = bordersim(setting, 60), reference(setting, 300)
    assert agree([compare(ours, theirs, least(setting))])


@pytest.mark.slow
def test_a_tenth_more_contacts_are_noticed():
    setting = Setting(2.0, 5)
    law = size_law(PEOPLE, Setting(2.2, 5))
    assert not agree([compare_with_law(reference(setting, 250), law, least(setting))])
    other = reference(Setting(2.2, 5), 250)
    assert not agree([compare(reference(setting, 250), other, least(setting))])


@pytest.mark.parametrize("step", [1.0, 0.5, 0.25])
def test_a_time_step_keeps_all_infectiousness_and_nearly_its_mean_time(step):
    shares = shares_by_age(GENERATION, step)
    assert shares.sum() == pytest.approx(1)
    assert shares[0] == 0 <= shares.min()
    mean = GENERATION.drawn(np.random.default_rng(1), 100_000).mean()
    assert step * (shares @ np.arange(len(shares))) == pytest.approx(mean, abs=0.03)


def test_infections_at_midnight_are_shared_out_between_two_days():
    by_step = np.array([5, 0, 1000, 7, 0, 2, 0])
    daily = daily_counts(by_step, 2, np.random.default_rng(1))
    assert daily.sum() == by_step.sum()
    assert len(daily) == 4
    assert 400 < daily[0] - 5 < 600 and daily[0] + daily[1] == 1012
    np.testing.assert_array_equal(daily[2:], [2, 0])


def test_runs_that_are_kept_are_not_done_again_and_settings_have_their_own_seeds(tmp_path):
    done = []

    def run(seed: int) -> Outbreak:
        done.append(seed)
        return Outbreak(len(done), 10 * len(done))

    setting, other = Setting(2.0, 5), Setting(2.0, 20)
    kept_outbreaks(tmp_path, "some engine", setting, 2, run)
    kept = kept_outbreaks(tmp_path, "some engine", setting, 3, run)
    assert len(done) == 3
    assert kept.sizes.tolist() == [1, 2, 3]
    assert kept_outbreaks(tmp_path, "some engine", setting, 1, run).peaks.tolist() == [10]
    kept_outbreaks(tmp_path, "some engine", other, 3, run)
    assert len(set(done)) == 6


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_starsim_has_the_sizes_and_peaks_of_the_simulation_contact_by_contact():
    pytest.importorskip("starsim")
    setting = Setting(3.0, 20)
    scenario = scenario_of(setting, PEOPLE)
    theirs = outbreaks([run_starsim(scenario, setting, seed, step=0.5) for seed in range(40)])
    assert agree([compare(theirs, reference(setting, 300), least(setting))])


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("evener", "variance"), [(False, 4.0), (True, 3.1)])
def test_contacts_of_starsim_vary_as_at_random_where_nothing_else_is_asked_for(evener, variance):
    ss = pytest.importorskip("starsim")
    contacts = ss.poisson(4.0) if evener else random_contacts(4.0)
    network = ss.RandomNet(n_contacts=contacts, uniform_targets=True, dur=0)
    town = ss.Sim(n_agents=5000, networks=network, dur=ss.days(50), dt=ss.days(1), verbose=0)
    town.init()
    means, variances = [], []
    for _ in range(40):
        town.run_one_step()
        edges = town.networks[0].edges
        of = np.bincount(edges.p1, minlength=5000) + np.bincount(edges.p2, minlength=5000)
        means.append(of.mean())
        variances.append(of.var())
    assert np.mean(means) == pytest.approx(4.0, abs=0.03)
    assert np.mean(variances) == pytest.approx(variance, abs=0.1)
