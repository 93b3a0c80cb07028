"""The hospital outbreak: its chain, its laws, and the mean number whom the patient infects."""

import numpy as np
import pytest
from random_scenarios import finished, scenario_of
from rules import entries_of
from towns import disease, infectious_days, town

from sim.world.codes import NEVER, Register, Stage
from sim.world.outcomes import outcomes_of


def an_outbreak(*, hazard=0.05, people=40, neighbour_hazard=5.0, **changes):
    world = town(
        people=100_000,
        days=50,
        infected_at_start=0,
        community_hazard_per_day=0.1,
        household_sizes=[0.4, 0.6],
        household_hazard_per_day=0.1,
    )
    world["disease"] = disease(asymptomatic_share=0.2)
    world["hospital_outbreak"] = {
        "town": "east",
        "arrives": "2020-03-05",
        "infected_before": "3 d",
        "neighbour_hazard_per_day": neighbour_hazard,
        "admitted_after": "9 d",
        "hospitals": [
            {"stay": "3 d", "people": people, "hazard_per_day": hazard},
            {"stay": "7 d", "people": people, "hazard_per_day": hazard},
        ],
        **changes,
    }
    world["policies"] = {
        "symptomatic_testing": {"east": 0.9},
        "contact_tracing": {"east": 0.5},
        "laboratory_capacity": 500,
    }
    return world


def members_of(model, number):
    """Return everybody on a ward, without the patient."""
    members = model.world.wards[number].members
    return np.array([entry.person for entry in entries_of(model.world, members)])


def infected_through(infector, patient):
    """Return everybody whose chain of infection leads through the patient, without them."""
    through, last = [], [patient]
    while len(last):
        last = np.flatnonzero(np.isin(infector, last))
        through += last.tolist()
    return through


def test_the_chain_leads_from_the_arrival_through_a_neighbour_to_the_wards():
    sizes = []
    for seed in range(12):
        model = finished(scenario_of(an_outbreak()), seed)
        people, outbreak = model.people, model.hospital_outbreak
        assert outbreak.patient is not None
        assert people.infector[outbreak.patient] == outbreak.arrival
        through = infected_through(people.infector, outbreak.patient)
        sizes.append(len(through))
        assert outcomes_of(model)["hospital_outbreak_size"] == len(through)
        # The patient infects only in hospital, from admission until the first case is known.
        own = np.flatnonzero(people.infector == outbreak.patient)
        times = people.infected_at[own]
        at_home = times < model.world.run[0].outbreak_admitted
        assert (times[~at_home] <= people.first_positive_at[outbreak.patient]).all()
    assert np.mean(sizes) > 5


def test_after_the_first_case_everybody_infected_on_the_wards_is_isolated():
    detected = 0
    for seed in range(8):
        model = finished(scenario_of(an_outbreak(hazard=0.3)), seed)
        people, outbreak = model.people, model.hospital_outbreak
        detected_at = outbreak.record.detected_at
        if detected_at == NEVER:
            continue
        detected += 1
        wards = np.unique([*members_of(model, 0), *members_of(model, 1), outbreak.patient])
        infected = wards[people.infected_at[wards] < detected_at]
        out = np.minimum(people.isolated_at[infected], people.first_positive_at[infected])
        assert (out <= detected_at + 2.0 + 1e-9).all()
        assert (people.register[outbreak.patient] != Register.NONE) or (
            people.stage[outbreak.patient] == Stage.CONTACT
        )
    assert detected >= 5


def test_no_infected_neighbour_no_outbreak():
    model = finished(scenario_of(an_outbreak(neighbour_hazard=0.0)))
    assert model.hospital_outbreak.patient is None
    assert outcomes_of(model)["hospital_outbreak_size"] == 0


def test_the_arrival_is_not_a_local_case_and_never_has_symptoms():
    model = finished(scenario_of(an_outbreak()))
    arrival = model.hospital_outbreak.arrival
    assert not model.people.local[arrival]
    assert model.people.onset_at[arrival] == NEVER


@pytest.mark.slow
@pytest.mark.parametrize("hazard", [0.01, 0.05])
def test_the_mean_number_whom_the_patient_infects_is_recovered(hazard):
    """Every ward member escapes with probability exp(-hazard times the patient's days)."""
    expected, seen = [], []
    for seed in range(60):
        world = an_outbreak(hazard=hazard, people=30)
        world["policies"] = {}
        model = finished(scenario_of(world), seed)
        people, outbreak = model.people, model.hospital_outbreak
        ward = model.world.wards[0]
        days = infectious_days(model, outbreak.patient, ward.comes, ward.leaves)
        expected.append(30 * -np.expm1(-hazard * days))
        rows = members_of(model, 0)
        mine = people.infector[rows] == outbreak.patient
        seen.append((mine & (people.infected_at[rows] < ward.leaves)).sum())
    error = np.sqrt(np.sum(expected)) / len(expected)
    assert abs(np.mean(seen) - np.mean(expected)) < 4 * error
