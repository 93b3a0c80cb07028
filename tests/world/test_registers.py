"""From a first positive result to a confirmed case: diagnosis, the panel's decision, reviews."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from random_scenarios import a_world, finished, scenario_of, seeds, worlds

from sim.world.codes import NEVER, Register
from sim.world.model import BorderModel

MANY = 2000

in_many_worlds = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)

SEVERE = {"onset_to_severe": {"kind": "exponential", "mean": "2 d"}}
_FOLLOWED = ("infected_at", "infector", "first_positive_at", "registered_in", "tests")
"""What becomes of people before and besides the decision on them."""


def registered(*, rounds: Any = (), disease: Any = None, **registers: Any) -> BorderModel:
    """Return a cohort, all infected and all found by a test a day after entry, after 30 days.

    Nobody is let go from hospital or examined unless it is said otherwise.
    """
    world = a_world(
        travellers={
            "start": "city",
            "pool": MANY,
            "travel_group_size": {"mean": 1},
            "demand": {"kind": "cohort", "people": MANY, "date": "2020-03-02"},
        },
        source={
            "kind": "cohort",
            "timing": {"kind": "uniform", "earliest": "9 d", "latest": "0 d"},
        },
        disease={
            "name": "plain",
            "incubation": {"kind": "uniform", "low": "2 d", "high": "12 d"},
            "infectiousness": {
                "since": "infection",
                "profile": {"kind": "weibull", "shape": 2.8, "scale": "5.7 d"},
            },
            "asymptomatic_share": 0.3,
            **(disease or {}),
        },
        laboratory={"place": "east", "sensitivity": "perfect", "turnaround": "6 h"},
        registers={
            "hospital_stay": {"kind": "fixed", "value": "100 d"},
            "carrier_observation": "100 d",
            **registers,
        },
    )
    for leg in world["legs"].values():
        leg.update(seats=600, departures_per_day=12, on_board={})
    world["staging"] = {}
    world["policies"] = {
        "quarantine_stay": "14 d",
        "quarantine_tests": ["1 d"],
        "review_rounds": list(rounds),
    }
    model = finished(scenario_of(world))
    assert (model.people.first_positive_at < NEVER).sum() > 0.8 * MANY
    return model


def ill_when_registered(model: BorderModel) -> np.ndarray:
    """Return a mask: symptoms began before the first positive result."""
    people = model.people
    return people.onset_at <= people.first_positive_at


def at_once(model: BorderModel) -> np.ndarray:
    """Return a mask: confirmed with the first positive result."""
    people = model.people
    return (people.confirmed_at == people.first_positive_at) & (people.confirmed_at < NEVER)


@pytest.mark.parametrize("share", [0.0, 0.3, 0.8, 1.0])
def test_a_share_of_the_ill_is_diagnosed_when_they_are_registered(share):
    model = registered(symptoms_diagnosed=share)
    ill = ill_when_registered(model) & (model.people.first_positive_at < NEVER)
    assert ill.sum() > 400
    spread = 4 * np.sqrt(ill.sum() * share * (1 - share))
    assert at_once(model)[ill].sum() == pytest.approx(share * ill.sum(), abs=spread)
    assert not at_once(model)[~ill].any()
    # Symptoms that begin in hospital are seen there, whatever is missed on registration.
    later = (model.people.onset_at < 30) & ~ill & (model.people.first_positive_at < NEVER)
    assert later.sum() > 200
    np.testing.assert_array_equal(model.people.confirmed_at[later], model.people.onset_at[later])
    missed = ill & ~at_once(model)
    assert (model.people.register[missed] == Register.CARRIER).all()


def test_severe_illness_is_always_diagnosed():
    model = registered(symptoms_diagnosed=0, decision_delay="2 d", disease=SEVERE)
    people, ill = model.people, ill_when_registered(model)
    found = people.first_positive_at < NEVER
    severe = found & ill & (people.severe_at <= people.first_positive_at)
    assert 50 < severe.sum() < ill.sum() - 50
    np.testing.assert_array_equal(at_once(model), severe)
    missed = found & ill & ~severe & (people.severe_at + 2 < 30)
    assert missed.sum() > 50
    decided_at = people.severe_at[missed] + 2
    np.testing.assert_allclose(people.confirmed_at[missed], decided_at, rtol=0, atol=1e-12)


def test_missed_carriers_can_be_found_by_their_own_examinations():
    model = registered(symptoms_diagnosed=0, findings_per_day=0.1)
    people, missed = model.people, ill_when_registered(model)
    missed &= people.first_positive_at < 8
    waits = people.confirmed_at[missed] - people.first_positive_at[missed]
    share = 1 - np.exp(-0.1 * 20)
    spread = 4 * np.sqrt(share * (1 - share) / missed.sum())
    assert missed.sum() > 400
    assert (waits <= 20).mean() == pytest.approx(share, abs=spread)


def test_the_panel_decides_after_its_delay_on_those_who_fall_ill_in_hospital():
    model = registered(decision_delay="3 d")
    people, ill = model.people, ill_when_registered(model)
    later = (people.first_positive_at < people.onset_at) & (people.onset_at < 27)
    assert later.sum() > 200
    decided_at = people.onset_at[later] + 3
    np.testing.assert_allclose(people.confirmed_at[later], decided_at, rtol=0, atol=1e-12)
    assert at_once(model)[ill & (people.first_positive_at < NEVER)].all()


def test_the_delay_has_its_distribution():
    model = registered(decision_delay={"kind": "exponential", "mean": "2 d"})
    people = model.people
    later = (people.first_positive_at < people.onset_at) & (people.onset_at < 20)
    waits = people.confirmed_at[later] - people.onset_at[later]
    assert later.sum() > 200 and (waits >= 0).all()
    for days in (0.5, 2.0, 5.0):
        share = 1 - np.exp(-days / 2)
        spread = 4 * np.sqrt(share * (1 - share) / later.sum())
        assert (waits <= days).mean() == pytest.approx(share, abs=spread)


def test_observation_goes_on_until_the_panel_has_decided():
    """Without a delay all who fall ill in the four days are confirmed; with one, the same."""
    short = {"carrier_observation": "4 d", "carrier_negatives": 0}
    models = registered(**short), registered(decision_delay="6 d", **short)
    for model, delay in zip(models, (0, 6), strict=True):
        people = model.people
        carriers = (people.first_positive_at < people.onset_at) & (people.first_positive_at < 10)
        shows = carriers & (people.onset_at <= people.first_positive_at + 4)
        assert 100 < shows.sum() < carriers.sum() - 100
        decided_at = people.onset_at[shows] + delay
        np.testing.assert_allclose(people.confirmed_at[shows], decided_at, rtol=0, atol=1e-12)
        released = people.register == Register.CARRIER_RELEASED
        assert released[carriers & ~shows].all() and not released[shows].any()
        until = people.first_positive_at[carriers & ~shows] + 4
        np.testing.assert_array_equal(people.released_at[carriers & ~shows], until)


def test_a_review_decides_at_once_on_those_whose_disease_is_known():
    """It finds nothing in anybody else, and examines all."""
    day = [{"from": "2020-03-10", "until": "2020-03-11", "share": 1}]
    model = registered(decision_delay="20 d", review_findings=0, rounds=day)
    people, noon = model.people, 9.5
    carriers = (people.first_positive_at < noon) & ~ill_when_registered(model)
    known = carriers & (people.onset_at <= noon)
    assert 100 < known.sum() < carriers.sum() - 100
    assert (people.confirmed_at[known] == noon).all() and people.confirmed_at_review[known].all()
    assert not people.confirmed_at_review[~known].any()


NEITHER_ILL_NOR_LATE = {"asymptomatic_share": 1}


def reviewed(first: float, second: float) -> BorderModel:
    """Return carriers without symptoms after rounds on two days, 10 and 14 March."""
    rounds = [
        {"from": "2020-03-10", "until": "2020-03-11", "share": first},
        {"from": "2020-03-14", "until": "2020-03-15", "share": second},
    ]
    return registered(rounds=rounds, review_findings=0.8, disease=NEITHER_ILL_NOR_LATE)


@pytest.mark.parametrize(("first", "second"), [(0.3, 0.9), (0.9, 0.3), (0.0, 1.0)])
def test_every_round_examines_a_share_of_its_own(first, second):
    people = reviewed(first, second).people
    carriers = people.first_positive_at < 9.5
    left, n = 1.0, carriers.sum()
    for noon, share in ((9.5, first), (13.5, second)):
        expected = left * share * 0.8
        spread = 4 * np.sqrt(n * expected * (1 - expected)) + 1e-9
        confirmed = (people.confirmed_at[carriers] == noon).sum()
        assert confirmed == pytest.approx(n * expected, abs=spread)
        left -= expected


def test_a_larger_share_of_a_round_confirms_the_same_people_and_more():
    """Also where the smaller share is zero: the draws of the next round stay as they are."""
    shares = (0.0, 0.2, 0.6, 1.0)
    models = [reviewed(share, 0.5).people for share in shares]
    for fewer, more in pairwise(models):
        assert (more.confirmed_at <= fewer.confirmed_at).all()
        same = more.confirmed_at > 9.5
        np.testing.assert_array_equal(more.confirmed_at[same], fewer.confirmed_at[same])
    assert (models[0].confirmed_at != models[-1].confirmed_at).any()


def pair(world: Any, seed: int, field: str, *values: Any) -> list[Any]:
    """Return the people of worlds that differ in one field of the registers."""
    people = []
    for value in values:
        registers = {**world.get("registers", {}), field: value}
        people.append(finished(scenario_of({**world, "registers": registers}), seed).people)
    for column in _FOLLOWED:
        np.testing.assert_array_equal(*(getattr(of, column) for of in people))
    return people


@given(worlds(), seeds, st.floats(0, 1), st.floats(0, 1))
@in_many_worlds
def test_a_lower_share_diagnosed_only_makes_carriers_of_confirmed_cases(world, seed, one, other):
    low, high = sorted((one, other))
    fewer, more = pair(world, seed, "symptoms_diagnosed", low, high)
    at_registration = [
        (of.confirmed_at == of.first_positive_at) & (of.first_positive_at < NEVER)
        for of in (fewer, more)
    ]
    assert (at_registration[0] <= at_registration[1]).all()
    # The others are where they were: they had no symptoms when they were registered.
    same = at_registration[0] == at_registration[1]
    np.testing.assert_array_equal(fewer.confirmed_at[same], more.confirmed_at[same])
    np.testing.assert_array_equal(fewer.register[same], more.register[same])


@given(worlds(), seeds, st.integers(0, 10), st.integers(1, 10))
@in_many_worlds
def test_a_longer_delay_never_confirms_anybody_earlier_or_infects_anybody(
    world, seed, delay, longer
):
    delays = f"{delay} d", f"{delay + longer} d"
    sooner, later = pair(world, seed, "decision_delay", *delays)
    assert (sooner.confirmed_at <= later.confirmed_at).all()
    at_once = sooner.confirmed_at == sooner.first_positive_at
    np.testing.assert_array_equal(later.confirmed_at[at_once], sooner.confirmed_at[at_once])
    released = [of.register == Register.CARRIER_RELEASED for of in (sooner, later)]
    np.testing.assert_array_equal(*released)
