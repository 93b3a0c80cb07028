"""Worlds in which nobody travels and one town has residents."""

from typing import Any

import numpy as np
from random_scenarios import a_world

from sim.world.building.infectiousness import profile_of
from sim.world.model import BorderModel


def town(people: int = 20_000, days: int = 300, **changes: Any) -> dict[str, Any]:
    """Return a world in which nobody travels and one town has residents."""
    east = {"people": people, "infected_at_start": 20, **changes}
    return a_world(
        calendar={"start": "2020-03-01", "end": str(np.datetime64("2020-03-01") + days)},
        travellers__pool=0,
        residents={"east": east},
        policies={},
        disease=disease(),
    )


def disease(**changes: Any) -> dict[str, Any]:
    """Return a disease of which everybody is equally infectious."""
    return {
        "name": "plain",
        "incubation": {"kind": "lognormal", "mu": 1.621, "sigma": 0.418},
        "infectiousness": {
            "since": "infection",
            "profile": {"kind": "weibull", "shape": 2.8, "scale": "5.7 d"},
        },
        "asymptomatic_share": 0.0,
        **changes,
    }


def infectious_days(model: BorderModel, row: int, since: float, until: float) -> float:
    """Return a person's infectiousness between two times as days at the average peak."""
    of, people = model.scenario.disease.infectiousness, model.people
    profile = profile_of(of.profile, of.window, model.draws)
    zero = people.infected_at[row] + (people.incubation[row] if of.since == "onset" else 0)
    ends = np.clip([since, until], people.infectious_from[row], people.infectious_until[row])
    nodes = (ends - zero - profile.first) * profile.per_day
    shares = np.interp(nodes, np.arange(len(profile.shares)), profile.shares)
    return float(people.infectivity[row] * np.diff(shares)[0] / profile.peak_density)


def days_at_peak(model: BorderModel) -> float:
    """Return the infectiousness of one person as days at the peak."""
    infectiousness = model.scenario.disease.infectiousness
    low, high = infectiousness.window
    profile = profile_of(infectiousness.profile, infectiousness.window, model.draws)
    return (high - low) / profile.peak_density
