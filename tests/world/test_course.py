"""The course of an infection: how much of a person's infectiousness falls between two times."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from full_worlds import screening
from random_scenarios import a_world, finished, scenario_of
from towns import disease, town

from sim import BorderModel
from sim.experiment.outcome_registry import OUTCOMES
from sim.scenario.loader import load_scenario
from sim.world.codes import EXTERNAL, NEVER
from sim.world.natural_history import (
    infect,
    infectious_days,
    infectiousness_before,
    infectiousness_in,
)
from sim.world.outcomes import outcomes_of

DENSITIES = [
    {"kind": "gamma", "shape": 3.0, "rate": 0.5, "shift": "-1 d"},
    {"kind": "weibull", "shape": 2.8, "scale": "5.7 d"},
    {"kind": "lognormal", "mu": 1.4, "sigma": 0.4},
    {"kind": "table", "times": ["-1 d", "2 d", "3 d", "9 d"], "density": [0, 4, 4, 1]},
    {"kind": "constant", "lasts": {"kind": "exponential", "mean": "6 d"}},
]


def infected(
    profile: dict[str, Any],
    since: str,
    window: tuple[float, float] = (0.0, 1.0),
    shortest_latent: str = "0 d",
) -> Any:
    """Return a world of travellers who are all infected on the first day."""
    infectiousness = {
        "since": since,
        "profile": profile,
        "window": window,
        "shortest_latent": shortest_latent,
    }
    few = a_world(disease=disease(infectiousness=infectiousness), travellers__pool=200)
    model = BorderModel(scenario_of(few), seed=3)
    rows = np.arange(model.people.travellers)
    for row in rows:
        infect(model.world, row, 0.0, EXTERNAL, 0)
    return model, rows


def share(model: BorderModel, rows: Any, since: Any, until: Any) -> Any:
    """Return the share of each person's infectiousness between two times, shape (n,)."""
    people = model.world.people
    whole = [
        infectiousness_in(model.world, people[row], begins, ends)
        for row, begins, ends in zip(rows, since, until, strict=True)
    ]
    return np.array(whole) / model.people.infectivity[rows]


def days_at_peak(model: BorderModel, rows: Any, since: Any, until: Any) -> Any:
    """Return each person's infectiousness between two times as days at the average peak."""
    people = model.world.people
    return np.array(
        [
            infectious_days(model.world, people[row], begins, ends)
            for row, begins, ends in zip(rows, since, until, strict=True)
        ]
    )


@pytest.mark.rules
@pytest.mark.parametrize("since", ["infection", "onset"])
@pytest.mark.parametrize("profile", DENSITIES, ids=lambda profile: profile["kind"])
def test_nobody_is_infectious_before_the_shortest_latent_period_is_over(profile, since):
    free, rows = infected(profile, since)
    bound, _ = infected(profile, since, shortest_latent="40 h")
    begins, latest = free.people.infectious_from[rows], bound.people.infectious_from[rows]
    assert (begins < 40 / 24).any()
    np.testing.assert_allclose(latest, np.maximum(begins, 40 / 24), rtol=1e-12)
    assert (bound.people.infectious_until[rows] >= latest).all()
    beginning, end = np.zeros(len(rows)), np.full(len(rows), NEVER)
    assert share(bound, rows, beginning, latest).max() == 0
    # What comes later is as it was: the density is cut, not moved.
    np.testing.assert_array_equal(
        share(bound, rows, beginning, end), share(free, rows, latest, end)
    )


def test_nobody_of_the_shipped_case_infects_on_the_flight_of_the_own_infection():
    people = finished(load_scenario(Path("scenarios/baseline.yaml")), seed=2).people
    infected_by = np.flatnonzero(people.infector >= 0)
    generation = people.infected_at[infected_by] - people.infected_at[people.infector[infected_by]]
    assert len(generation) > 100
    assert generation.min() >= 40 / 24


@pytest.mark.rules
@pytest.mark.parametrize("since", ["infection", "onset"])
@pytest.mark.parametrize("profile", DENSITIES, ids=lambda profile: profile["kind"])
def test_shares_of_infectiousness_add_up_and_are_never_undefined(profile, since):
    model, rows = infected(profile, since, (0.01, 0.98))
    people = model.people
    times = np.array([-NEVER, 0.5, 2.0, 7.5, 11.0, NEVER])[:, None] * np.ones(len(rows))
    parts = [share(model, rows, *pair) for pair in pairwise(times)]
    whole = share(model, rows, times[0], times[-1])
    np.testing.assert_allclose(sum(parts), whole, atol=1e-9)
    assert min(part.min() for part in parts) >= 0
    never = share(model, rows, times[-1], times[-1])
    assert never.tolist() == [0.0] * len(rows)
    begins, ends = people.infectious_from[rows], people.infectious_until[rows]
    assert (share(model, rows, begins, ends) == whole).all()
    # Days at the peak are no more than days.
    if profile["kind"] != "constant":
        days = days_at_peak(model, rows, begins, ends) / people.infectivity[rows]
        assert (days <= ends - begins + 1e-9).all()


@pytest.mark.rules
@pytest.mark.parametrize("profile", DENSITIES[:-1], ids=lambda profile: profile["kind"])
def test_a_window_cuts_off_what_it_says(profile):
    profile = profile | ({"shift": "0 d"} if profile["kind"] == "gamma" else {})
    if profile["kind"] == "table":
        profile = profile | {"times": ["0 d", "2 d", "3 d", "9 d"]}
    model, rows = infected(profile, "infection", (0.1, 0.7))
    inside = share(model, rows, np.zeros(len(rows)), np.full(len(rows), NEVER))
    np.testing.assert_allclose(inside, 0.6, atol=1e-6)


@pytest.mark.rules
@pytest.mark.parametrize("profile", DENSITIES[:-1], ids=lambda profile: profile["kind"])
def test_the_peak_is_the_steepest_rise_of_the_share(profile):
    model, _ = infected(profile, "onset")
    days = np.linspace(-2, 20, 4001)
    before = np.array([infectiousness_before(model.world, day) for day in days])
    peak = model.world.run[0].peak_density
    assert np.gradient(before, days).max() == pytest.approx(peak, rel=1e-3)
    assert before[0] == pytest.approx(0, abs=1e-12)
    assert before[-1] == pytest.approx(1, abs=0.01)


@pytest.mark.rules
def test_constant_infectiousness_is_one_for_a_person_with_the_mean_duration():
    """Total infectiousness is in proportion to its duration, whose mean is that of the scenario."""
    profile = {
        "kind": "constant",
        "latent": {"kind": "fixed", "value": "2 d"},
        "lead": {"kind": "fixed", "value": "12 h"},
        "lasts": {"kind": "exponential", "mean": "6 d"},
    }
    model, rows = infected(profile, "infection")
    people = model.people
    lasted = people.infectious_until[rows] - people.infectious_from[rows]
    assert people.infectious_from[rows] == pytest.approx(1.5)
    whole = share(model, rows, np.zeros(len(rows)), np.full(len(rows), NEVER))
    np.testing.assert_allclose(whole, lasted / 6.5)
    half = days_at_peak(model, rows, np.full(len(rows), 1.5), lasted / 2 + 1.5)
    np.testing.assert_allclose(half, lasted / 2 * people.infectivity[rows])


def test_outcomes_of_constant_infectiousness_are_numbers_while_some_are_in_quarantine():
    model = BorderModel(screening(), seed=2)
    for _ in range(6):
        model.step()
    entered = model.people.crossed_at < NEVER
    assert (model.people.released_at[entered] == NEVER).any()
    outcomes = outcomes_of(model)
    empty = {name for name, value in outcomes.items() if np.isnan(value)}
    assert empty <= {"perceived_detection", "cost_per_crosser_found_cny"}


def test_outcomes_are_numbers_where_nobody_travels():
    outcomes = outcomes_of(finished(scenario_of(town(people=50, days=5, infected_at_start=0))))
    assert all(OUTCOMES[name].empty_without for name, value in outcomes.items() if np.isnan(value))
    assert np.isnan(outcomes["undetected_share"])
    assert np.isnan(outcomes["infectiousness_after_entry_share"])
