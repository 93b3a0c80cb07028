"""Who sets out: as many parties as there are, however they are drawn."""

import datetime as dt
from typing import Any

import numpy as np
import pytest
from random_scenarios import a_world, finished, scenario_of
from shipped import BASELINE

from sim.scenario.checks import check_scenario
from sim.scenario.loader import load_scenario
from sim.scenario.schema import Scenario
from sim.world.draws import Draws, Stream
from sim.world.model import BorderModel
from sim.world.port_choice import PortChoice
from sim.world.setting_out import (
    PoolRunsOut,
    party_keys,
    party_sizes,
    people_per_day,
    times_by_hazard,
    times_by_table,
    who_sets_out,
)


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
    times = times_by_hazard(travellers(3000), intention, eager)
    assert len(times) == 3000
    assert (np.diff(times) >= 0).all()
    late: Any = Alike(1e-9)
    assert len(times_by_hazard(travellers(3000), intention, late)) < 10


def test_leaving_follows_the_intention_of_each_day():
    """Thresholds of a large pool are spread evenly, so days have as many as was intended."""
    intention = np.array([10.0, 0.0, 40.0, 10.0])
    times = times_by_hazard(travellers(10**7, mean=2.0), intention * 1000, Draws(3))
    by_day = np.histogram(times, bins=range(5))[0]
    assert by_day == pytest.approx(intention * 500, abs=4 * np.sqrt(20_000) + 1)
    assert by_day[1] == 0


def test_without_a_pool_nobody_sets_out():
    assert len(times_by_hazard(travellers(0), np.full(30, 5.0), Draws(1))) == 0


def test_who_travels_alone_is_a_party_of_one():
    assert party_sizes(1.0, np.arange(4), Draws(1)).tolist() == [1, 1, 1, 1]
    assert party_sizes(9.0, np.arange(5000), Draws(1)).mean() == pytest.approx(9, abs=0.2)


def test_demand_by_table_is_that_of_midday_and_linear_in_between():
    days = [("2020-03-02", 10), ("2020-03-06", 30)]
    demand = {"kind": "table", "per_day": [{"date": date, "count": n} for date, n in days]}
    scenario = scenario_of(a_world(travellers__demand=demand))
    per_day = people_per_day(scenario.travellers.demand, scenario.calendar)
    assert per_day[:7] == pytest.approx([10, 10, 15, 20, 25, 30, 30])


def table(count: float) -> dict[str, Any]:
    return {"kind": "table", "per_day": [{"date": "2020-03-02", "count": count}]}


@pytest.mark.parametrize("mean", [1, 2, 6])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_as_many_set_out_by_table_as_it_says_though_the_pool_is_nearly_used_up(mean, seed):
    """The issue's case: 138,000 of a pool of 140,000, of whom a hazard sends 88,000."""
    per_day = np.full(30, 4600.0)
    times = times_by_table(mean, per_day, Draws(seed))
    people = party_sizes(mean, np.arange(len(times)), Draws(seed))
    assert people.sum() == pytest.approx(138_000, abs=64)
    assert (np.diff(times) >= 0).all()
    by_day = np.histogram(times, bins=range(31), weights=people)[0]
    assert by_day == pytest.approx(per_day, abs=64)


def test_a_table_that_sends_nobody_on_some_days_sends_the_others_on_the_others():
    per_day = np.array([10.0, 0.0, 40.0, 10.0])
    times = times_by_table(1, per_day, Draws(3))
    assert np.histogram(times, bins=range(5))[0] == pytest.approx(per_day, abs=1)


def test_the_same_parties_leave_in_the_same_order_under_another_table():
    fewer, more = (times_by_table(2, np.full(30, n), Draws(5)) for n in (3.0, 6.0))
    assert (more[: len(fewer)] < fewer).all()


def test_a_table_that_the_pool_cannot_satisfy_is_refused_by_the_file_and_by_a_run():
    enough = {"travellers__demand": table(10), "travellers__party_size": {"mean": 1}}
    scenario = scenario_of(a_world(**enough, travellers__pool=300))
    assert not list(check_scenario(scenario))
    few = Scenario.model_validate(a_world(**enough, travellers__pool=299))
    (finding,) = check_scenario(few)
    assert finding.loc == ("travellers", "pool")
    assert finding.allowed.startswith("at least 300")
    choice = PortChoice({"east_port": 1.0, "west_port": 1.0}, Draws(1))
    with pytest.raises(PoolRunsOut, match="the table sends 300 people, and the pool has 299"):
        who_sets_out(few, choice, Draws(1))


def test_as_many_people_set_out_in_a_run_as_the_table_says():
    world = a_world(
        travellers__demand=table(20), travellers__pool=700, policies={}, travellers__party_size={}
    )
    world["travellers"]["party_size"] = {"mean": 1}
    assert finished(scenario_of(world)).people.travellers == pytest.approx(600, abs=1)


WEIGHTS = {"east": 2.0, "north": 0.0, "west": 1.0}


def test_ports_are_chosen_in_proportion_to_their_weights():
    chosen = PortChoice(WEIGHTS, Draws(1)).of(party_keys(np.arange(30_000)))
    assert np.bincount(chosen, minlength=3) == pytest.approx([20_000, 0, 10_000], abs=400)


def test_another_port_moves_only_those_who_go_there():
    parties = party_keys(np.arange(5000))
    before = np.array(list(WEIGHTS))[PortChoice(WEIGHTS, Draws(1)).of(parties)]
    more = {"a_new_one": 0.5, **WEIGHTS}
    after = np.array(list(more))[PortChoice(more, Draws(1)).of(parties)]
    moved = before != after
    assert 0 < moved.sum() < len(parties) / 4
    assert (after[moved] == "a_new_one").all()


def test_who_cannot_have_the_first_choice_takes_the_next_one_in_proportion():
    choice = PortChoice({"east": 2.0, "north": 1.0, "west": 1.0}, Draws(1))
    parties = party_keys(np.arange(30_000))
    at_east = parties[choice.of(parties) == 0]
    others = choice.of(at_east, among=[1, 2])
    assert np.bincount(others, minlength=3) == pytest.approx(
        [0, len(at_east) / 2, len(at_east) / 2], rel=0.05
    )
    assert (choice.of(parties, among=[2]) == 2).all()


def test_where_no_port_to_be_had_has_a_weight_all_count_alike():
    choice = PortChoice({"east": 1.0, "north": 0.0, "west": 0.0}, Draws(1))
    chosen = choice.of(party_keys(np.arange(10_000)), among=[1, 2])
    assert np.bincount(chosen, minlength=3) == pytest.approx([0, 5000, 5000], abs=250)


@pytest.mark.parametrize("announced", ["", ", announced: 2020-03-27"])
def test_nobody_goes_on_travelling_to_a_port_that_is_visibly_shut(announced):
    """The natural way to write a closure has the effect of the announced one, but for the rush."""
    closure = f"{{suifenhe_port: [{{from: 2020-03-31{announced}}}]}}"
    shut = load_scenario(BASELINE, [f"policies.port_closures={closure}"])
    for seed in range(3):
        model = BorderModel(shut, seed)
        others = BorderModel(load_scenario(BASELINE), seed)
        day = shut.calendar.day_of(dt.date(2020, 3, 31))
        late, usual = ((m.people.set_out_at >= day).sum() for m in (model, others))
        assert usual > 500
        assert late < 0.1 * usual
