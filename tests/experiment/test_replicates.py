"""Many runs: paired, independent of workers and order, and never lost."""

import gc
import resource
from concurrent.futures import BrokenExecutor, Executor, ThreadPoolExecutor

import numpy as np
import pytest
from random_scenarios import a_world, scenario_of
from shipped import BASELINE

from sim.api import run
from sim.experiment import replicates as module
from sim.experiment.campaign import run_members_of
from sim.experiment.ensemble import Member, seeds_only
from sim.experiment.replicates import Failure, simulate
from sim.experiment.tables import (
    line_list_table,
    outcomes_table,
    series_quantiles,
    summary_table,
    transmissions_table,
)
from sim.scenario.loader import load_scenario
from sim.world.surveillance import SERIES

SMALL = scenario_of(a_world())


def assert_same(one, other):
    assert [r.seed for r in one.results] == [r.seed for r in other.results]
    for a, b in zip(one.results, other.results, strict=True):
        np.testing.assert_equal(a.outcomes, b.outcomes)
        for table in ("series", "fates", "local"):
            np.testing.assert_array_equal(getattr(a, table), getattr(b, table))


@pytest.mark.slow
@pytest.mark.parametrize("scenario", [SMALL, load_scenario(BASELINE)], ids=["small", "baseline"])
def test_results_do_not_depend_on_the_number_of_workers(scenario):
    few = {"replicates": 12, "seed": 5, "ensemble": "none"}
    here = run(scenario, **few, workers=1)
    assert_same(here, run(scenario, **few, workers=2))


def test_any_executor_will_do():
    here = run(SMALL, replicates=7, seed=5)
    with ThreadPoolExecutor(2) as threads:
        assert_same(here, run(SMALL, replicates=7, seed=5, executor=threads))


def test_results_do_not_depend_on_the_order_of_runs():
    forwards = {seed: simulate(SMALL, Member(seed)) for seed in (1, 2, 3)}
    for seed in (3, 1, 2):
        again = simulate(SMALL, Member(seed))
        np.testing.assert_equal(again.outcomes, forwards[seed].outcomes)
        np.testing.assert_array_equal(again.series, forwards[seed].series)


def test_progress_counts_every_run():
    seen = []
    run(SMALL, replicates=7, on_progress=seen.append)
    assert sum(seen) == 7


def test_a_run_that_fails_does_not_touch_the_others(monkeypatch):
    def sometimes(scenario, member, **arguments):
        if member.seed == 3:
            raise ValueError("a bad day")
        return simulate(scenario, member, **arguments)

    monkeypatch.setattr(module, "simulate", sometimes)
    with pytest.warns(RuntimeWarning, match="1 of 5 runs failed.*seed 3: ValueError: a bad day"):
        done = run(SMALL, replicates=5)
    assert [result.seed for result in done.results] == [1, 2, 4, 5]
    (failure,) = done.failures
    assert (failure.seed, failure.reason) == (3, "ValueError: a bad day")
    assert "a bad day" in failure.details


def test_an_interruption_keeps_what_was_done(monkeypatch):
    def until_interrupted(scenario, member, **arguments):
        if member.seed == 4:
            raise KeyboardInterrupt
        return simulate(scenario, member, **arguments)

    monkeypatch.setattr(module, "simulate", until_interrupted)
    done = run(SMALL, replicates=10)
    assert done.interrupted
    assert [result.seed for result in done.results] == [1, 2, 3]


def test_tables_are_tidy():
    done = run(SMALL, replicates=4, with_line_list=True)
    outcomes = outcomes_table(done)
    assert list(outcomes["seed"]) == [1, 2, 3, 4]
    assert (outcomes["scenario"] == "small_world").all()
    quantiles = series_quantiles(done)
    assert list(quantiles.columns) == [
        "date", "place", "series", "mean", "q05", "q25", "q50", "q75", "q95",
    ]  # fmt: skip
    assert set(quantiles["series"]) <= set(SERIES)
    region = quantiles[(quantiles.place == "region") & (quantiles.series == "entrants_new")]
    np.testing.assert_allclose(region["mean"], done.series("entrants_new", "region").mean(axis=0))
    assert (region["q05"] <= region["q50"]).all()
    people = line_list_table(done)
    assert len(people) == outcomes["infected_travellers"].sum()
    spread = transmissions_table(done)
    assert len(spread) == people["infected_by"].str.isdigit().sum()
    first = spread.iloc[0]
    victim = people[(people.seed == first["seed"]) & (people.person == first["infected"])].iloc[0]
    assert str(first["infector"]) == victim["infected_by"]
    assert first["place"] == victim["infected_in"]
    summary = summary_table(done).set_index("outcome")
    assert summary.loc["entrants", "q50"] == outcomes["entrants"].median()


def test_unknown_series_and_places_are_named():
    done = run(SMALL, replicates=1)
    with pytest.raises(KeyError, match="no series 'deaths'"):
        done.series("deaths", "region")
    with pytest.raises(KeyError, match="no place 'moon'"):
        done.series("entrants_new", "moon")


class Broken(Executor):
    def submit(self, function, /, *arguments):
        raise BrokenExecutor("gone")


def test_runs_that_are_lost_are_failures_and_counted():
    seen = []
    members = seeds_only(1, 7)
    done = run_members_of(SMALL, members, executor=Broken(), on_progress=seen.append)
    assert [failure.seed for failure in done.failures] == list(range(1, 8))
    assert "the executor broke" in done.failures[0].reason
    assert (done.results, done.interrupted, sum(seen)) == ([], False, 7)


def test_a_failure_says_which_seed():
    assert Failure(3, "why", "where").seed == 3


@pytest.mark.slow
def test_memory_does_not_grow_over_50_runs():
    scenario = scenario_of(a_world(calendar__end="2020-03-12"))

    def objects_after(runs):
        for seed in range(runs):
            simulate(scenario, Member(seed))
        gc.collect()
        return len(gc.get_objects())

    # Ten models that stayed alive would be some ten thousand objects.
    first = objects_after(10)
    assert objects_after(10) < first + 500

    def peak_after(runs):
        for seed in range(runs):
            simulate(scenario, Member(seed))
        gc.collect()
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    # The same seeds twice: other seeds may have larger worlds.
    settled = peak_after(50)
    assert peak_after(50) <= settled * 1.02
