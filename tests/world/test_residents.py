"""Towns behind the border against closed forms, and what policies do to them run by run."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_scenarios import finished, scenario_of
from rules import town_of
from scipy.optimize import brentq
from towns import days_at_peak, disease, town

from sim import BorderModel
from sim.world.codes import NEVER, Register, Stage
from sim.world.households import members, shuffled


def final_size(r: float, seeds: float) -> float:
    """Return the share ever infected in a well-mixed town (Kermack and McKendrick 1927)."""
    return brentq(lambda z: z - 1 + (1 - seeds) * np.exp(-r * z), 1e-9, 1 - 1e-12)


SLOW = {"kind": "weibull", "shape": 2.8, "scale": "5.7 d"}
AT_ONCE = {"kind": "weibull", "shape": 1.0, "scale": "1.5 d"}
"""Half of the infectiousness falls into the first day."""


def infectious(profile: dict[str, object]) -> dict[str, object]:
    """Return infectiousness from infection on, with hardly any of it cut away."""
    return {"since": "infection", "profile": profile, "window": [0.0, 0.9999]}


@pytest.mark.parametrize("profile", [SLOW, AT_ONCE])
@pytest.mark.parametrize("r", [0.7, 1.3, 2.0, 3.5])
def test_a_well_mixed_town_has_the_analytic_final_size(r, profile):
    world, people = town(community_hazard_per_day=1.0), 20_000
    world["disease"] = disease(infectiousness=infectious(profile))
    per_hazard = days_at_peak(BorderModel(scenario_of(world), seed=0))
    world["residents"]["east"]["community_hazard_per_day"] = r / per_hazard
    sizes = [finished(scenario_of(world), seed).people.infected.sum() / people for seed in range(8)]
    expected = final_size(r, seeds=20 / people)
    error = np.std(sizes, ddof=1) / np.sqrt(len(sizes))
    assert abs(np.mean(sizes) - expected) < 4 * error + 1e-4


def test_a_town_half_of_which_is_infected_at_start_has_the_analytic_final_size():
    # Who is infected at the start takes no place in the order in which the community infects.
    world, people = town(people=4000, infected_at_start=2000, community_hazard_per_day=1.0), 4000
    per_hazard = days_at_peak(BorderModel(scenario_of(world), seed=0))
    world["residents"]["east"]["community_hazard_per_day"] = 1.0 / per_hazard
    sizes = [finished(scenario_of(world), seed).people.infected.sum() / people for seed in range(8)]
    error = np.std(sizes, ddof=1) / np.sqrt(len(sizes))
    assert abs(np.mean(sizes) - final_size(1.0, seeds=0.5)) < 4 * error


@pytest.mark.parametrize("profile", [SLOW, AT_ONCE])
def test_chains_of_infection_in_households_have_the_analytic_size(profile):
    world = town(
        people=600_000,
        days=40,
        infected_at_start=12_000,
        household_sizes=[0.0, 0.0, 1.0],
        household_hazard_per_day=0.6,
    )
    world["disease"] = disease(infectiousness=infectious(profile))
    model = finished(scenario_of(world))
    people = model.people
    seeds = np.flatnonzero(people.infected_at == 0.0)
    houses, of_seeds = np.unique(people.household[seeds], return_counts=True)
    alone = houses[of_seeds == 1]
    infected = np.isin(people.household[people.infected], alone).sum() - len(alone)
    escapes = np.exp(-0.6 * days_at_peak(model))
    # One infected at first; two more, one or none in the end (Reed and Frost).
    none, one = escapes**2, 2 * (1 - escapes) * escapes**2
    both = 1 - none - one
    expected, variance = one + 2 * both, one + 4 * both - (one + 2 * both) ** 2
    assert abs(infected / len(alone) - expected) < 4 * np.sqrt(variance / len(alone))


def test_the_household_secondary_attack_rate_is_recovered():
    world = town(
        people=300_000,
        days=40,
        infected_at_start=3000,
        household_sizes=[0.0, 1.0],
        household_hazard_per_day=0.2,
    )
    model = finished(scenario_of(world))
    infected = int(model.people.infected.sum()) - 3000
    # Both members of a household may be among the seeds.
    expected = 3000 * (1 - 3000 / 300_000) * (1 - np.exp(-0.2 * days_at_peak(model)))
    assert abs(infected - expected) < 4 * np.sqrt(expected)


def test_offspring_mean_and_dispersion_are_recovered():
    world = town(people=10_000_000, days=60, infected_at_start=4000, community_hazard_per_day=0.2)
    world["disease"] = disease(offspring_dispersion=0.3)
    model = finished(scenario_of(world))
    people = model.people
    seeds = np.flatnonzero(people.infected_at == 0.0)
    offspring = np.bincount(people.infector[people.infector >= 0], minlength=people.size)[seeds]
    mean = 0.2 * days_at_peak(model)
    assert len(seeds) == 4000
    assert abs(offspring.mean() - mean) < 4 * np.sqrt((mean + mean**2 / 0.3) / 4000)
    k = offspring.mean() ** 2 / (offspring.var() - offspring.mean())
    assert 0.22 < k < 0.4


def test_ten_million_residents_are_not_made():
    model = finished(scenario_of(town(people=10_000_000, days=60, community_hazard_per_day=0.3)))
    assert model.people.infected.sum() <= model.people.size < 1.5 * model.people.infected.sum()


def order_of(people: int, seed: int) -> list[int]:
    """Return the residents of a town in their random order."""
    world, community = town_of(people, [1.0], seed)
    return [shuffled(world, community, number) for number in range(people)]


@pytest.mark.rules
@given(st.integers(1, 500), st.integers(0, 2**40))
@settings(max_examples=30, deadline=None)
def test_the_random_order_of_residents_is_a_permutation(people, seed):
    assert sorted(order_of(people, seed)) == list(range(people))


@pytest.mark.rules
def test_the_random_order_depends_on_the_seed_and_is_no_order():
    order = order_of(1000, 5)
    assert order == order_of(1000, 5) != order_of(1000, 6)
    assert abs(np.corrcoef(order, np.arange(1000))[0, 1]) < 0.15


@pytest.mark.rules
@given(st.lists(st.integers(1, 9), min_size=1, max_size=6), st.integers(1, 5000))
@settings(max_examples=40, deadline=None)
def test_households_share_out_all_residents(weights, people):
    world, community = town_of(people, np.array(weights) / sum(weights))
    place = 0
    while place < people:
        first, after = members(world, community, place)
        assert first == place < after <= people
        assert {members(world, community, one) for one in range(first, after)} == {(first, after)}
        place = after


@pytest.mark.rules
def test_households_have_the_sizes_asked_for():
    world, community = town_of(100_000, [0.2, 0.5, 0.3])
    sizes, place = [], 0
    while place < 100_000:
        first, place = members(world, community, place)
        sizes.append(place - first)
    np.testing.assert_allclose(
        np.bincount(sizes[:-1])[1:] / len(sizes), [0.2, 0.5, 0.3], atol=0.002
    )


def outbreak(**policies):
    world = town(
        people=5000,
        days=60,
        infected_at_start=10,
        household_sizes=[0.3, 0.3, 0.4],
        community_hazard_per_day=0.5,
        household_hazard_per_day=0.2,
    )
    world["policies"] = {name: {"east": share} for name, share in policies.items()}
    return world


@pytest.mark.parametrize("seed", range(6))
def test_a_stricter_lockdown_never_raises_the_force_of_infection(seed):
    hazards = [
        finished(scenario_of(outbreak(lockdown=share)), seed).residents["east"].record.hazard
        for share in (0.0, 0.3, 0.6, 1.0)
    ]
    assert hazards == sorted(hazards, reverse=True)
    assert hazards[-1] == 0


def test_tracing_and_testing_find_and_isolate():
    def infections(**policies):
        models = [finished(scenario_of(outbreak(**policies)), seed) for seed in range(5)]
        for model in models:
            people = model.people
            found = people.first_positive_at < NEVER
            contacts = people.isolated_at < NEVER
            # Anyone who is out of contact infects nobody any more.
            by = people.infector
            victims = np.flatnonzero(by >= 0)
            until = np.minimum(people.first_positive_at, people.isolated_at)[by[victims]]
            assert (people.infected_at[victims] <= until).all()
            assert (people.register[found] != Register.NONE).all()
            assert (people.infected_at[contacts] < people.isolated_at[contacts]).all()
            assert set(people.stage[contacts].tolist()) <= {
                Stage.CONTACT,
                Stage.ISOLATED,
                Stage.RELEASED,
            }
        return np.mean([model.people.infected.sum() for model in models])

    nothing, tested = infections(), infections(symptomatic_testing=0.8)
    traced = infections(symptomatic_testing=0.8, contact_tracing=0.8)
    assert traced < tested < nothing


def test_restricted_houses_spread_less():
    policies = {"symptomatic_testing": 1.0}
    free, restricted = (
        finished(scenario_of(outbreak(**policies, house_restrictions=share)), 3)
        for share in (0.0, 1.0)
    )
    assert restricted.residents["east"].record.hazard < free.residents["east"].record.hazard


def test_local_cases_are_counted_apart_from_imported_ones():
    model = finished(scenario_of(outbreak(symptomatic_testing=1.0)))
    series = model.datacollector.get_model_vars_dataframe()
    found = int((model.people.first_positive_at < model.day).sum())
    assert found > 10
    assert series["east.local_first_positives"].sum() == found
    assert series["east.imported_first_positives"].sum() == 0
    assert series["region.local_confirmed_cumulative"].iloc[-1] > 0
