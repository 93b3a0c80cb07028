"""The line list of a run: its times, however far from the calendar."""

import datetime as dt

import numpy as np
import pytest
from random_scenarios import a_world, finished, scenario_of

from sim.world.line_list import line_list, transmissions

START = dt.datetime(2020, 3, 1)
INFECTED_LONG_AGO = {
    "disease": {
        "name": "of an implausible incubation",
        "incubation": {
            "kind": "lognormal",
            "mu": 1.6,
            "sigma": {"kind": "normal", "mean": 20.0, "sd": 20.0},
        },
        "infectiousness": {
            "since": "onset",
            "profile": {"kind": "gamma", "shape": 2, "rate": 1, "shift": "-2 d"},
        },
        "asymptomatic_share": 0,
        "onset_to_severe": {"kind": "exponential", "mean": "3 d"},
    },
    "source": {"kind": "cohort", "timing": {"kind": "course"}},
    "travellers__demand": {"kind": "cohort", "people": 400, "date": "2020-03-02"},
}


@pytest.fixture(scope="module")
def model():
    return finished(scenario_of(a_world()))


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (-1e6, "day -1000000"),
        (-1e6 + 0.5, "day -1000000"),
        (1e7 + 0.5, "day 10000000"),
        (-1e300, f"day {int(-1e300)}"),
        (1e308, f"day {int(1e308)}"),
        (0.0, "2020-03-01T00:00"),
        (-1.5, "2020-02-28T12:00"),
        ((dt.datetime(1, 1, 1) - START) / dt.timedelta(1), "0001-01-01T00:00"),
        ((dt.datetime(1, 1, 1) - START) / dt.timedelta(1) - 1, "day -737485"),
        ((dt.datetime(9999, 12, 31) - START) / dt.timedelta(1), "9999-12-31T00:00"),
        ((dt.datetime(9999, 12, 31) - START) / dt.timedelta(1) + 1.5, "day 2914575"),
        (np.inf, ""),
    ],
)
def test_a_time_is_a_date_where_there_are_dates(model, day, text):
    people = model.people
    row = int(people.infected.nonzero()[0][0])
    before = people.onset_at[row]
    people.onset_at[row] = day
    columns = line_list(model)
    assert columns["onset"][columns["person"].index(row)] == text
    people.onset_at[row] = before


def test_a_list_of_people_infected_a_million_days_ago_can_be_written():
    model = finished(scenario_of(a_world(**INFECTED_LONG_AGO)))
    assert model.people.infected_at.min() < -900_000
    infected = line_list(model)["infected"]
    assert any(time.startswith("day -") for time in infected)
    assert any(time.startswith("20") for time in infected)
    assert len(transmissions(model)["time"]) == (model.people.infector >= 0).sum()
