"""Who sets out: as many parties as there are, however they are drawn."""

from typing import Any

import numpy as np
import pytest
from random_scenarios import a_world, scenario_of

from sim.world.draws import Draws, Stream
from sim.world.setting_out import _party_sizes, _party_times, people_per_day


class Alike:
    """Draws that are always the same."""

    def __init__(self, value: float) -> None:
        self._value = value

    def uniform(self, stream: Stream, units: Any, ordinals: int = 0) -> Any:
        return np.full(len(units), self._value)


def travellers(pool: int, mean: float = 1.0) -> Any:
    world = a_world(travellers__pool=pool, travellers__party_size={"mean": mean})
    return scenario_of(world).travellers


def test_parties_who_all_leave_early_are_all_made_though_few_were_expected():
    intention = np.full(30, 2.0)
    eager: Any = Alike(1 - 1e-9)
    times = _party_times(travellers(3000), intention, eager)
    assert len(times) == 3000
    assert (np.diff(times) >= 0).all()
    late: Any = Alike(1e-9)
    assert len(_party_times(travellers(3000), intention, late)) < 10


def test_leaving_follows_the_intention_of_each_day():
    """Thresholds of a large pool are spread evenly, so days have as many as was intended."""
    intention = np.array([10.0, 0.0, 40.0, 10.0])
    times = _party_times(travellers(10**7, mean=2.0), intention * 1000, Draws(3))
    by_day = np.histogram(times, bins=range(5))[0]
    assert by_day == pytest.approx(intention * 500, abs=4 * np.sqrt(20_000) + 1)
    assert by_day[1] == 0


def test_without_a_pool_nobody_sets_out():
    assert len(_party_times(travellers(0), np.full(30, 5.0), Draws(1))) == 0


def test_who_travels_alone_is_a_party_of_one():
    assert _party_sizes(1.0, np.arange(4), Draws(1)).tolist() == [1, 1, 1, 1]
    assert _party_sizes(9.0, np.arange(5000), Draws(1)).mean() == pytest.approx(9, abs=0.2)


def test_demand_by_table_is_that_of_midday_and_linear_in_between():
    days = [("2020-03-02", 10), ("2020-03-06", 30)]
    demand = {"kind": "table", "per_day": [{"date": date, "count": n} for date, n in days]}
    scenario = scenario_of(a_world(travellers__demand=demand))
    per_day = people_per_day(scenario.travellers.demand, scenario.calendar)
    assert per_day[:7] == pytest.approx([10, 10, 15, 20, 25, 30, 30])
