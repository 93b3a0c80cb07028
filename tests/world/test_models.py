"""How models are made, by hand and in batches of Mesa, how agents are numbered and all is freed."""

import gc
import inspect
import warnings
import weakref

import mesa
import numpy as np
import pytest
from random_scenarios import SHUT, a_world, finished, scenario_of

from sim import BorderModel


@pytest.fixture(scope="module")
def scenario():
    return scenario_of(a_world(policies__port_closures=SHUT))


@pytest.mark.parametrize("wrapped", [False, True], ids=["bare", "in a list"])
def test_mesa_runs_batches(scenario, wrapped):
    scenarios = [scenario] if wrapped else scenario
    with warnings.catch_warnings():
        # Mesa's own progress bar and argument names change between versions.
        warnings.simplefilter("ignore")
        rows = mesa.batch_run(
            BorderModel,
            {"scenario": scenarios, "seed": [1, 2]}
            if mesa.__version__.startswith("3.3")
            else {"scenario": scenarios},
            number_processes=1,
            data_collection_period=-1,
            display_progress=False,
            **({} if mesa.__version__.startswith("3.3") else {"rng": [1, 2]}),
        )
    ours = [finished(scenario, seed) for seed in (1, 2)]
    for row, model in zip(rows, ours, strict=True):
        table = model.datacollector.get_model_vars_dataframe()
        name = "region.entrants_cumulative"
        assert row[name] == table[name].iloc[-1]


class Derived(BorderModel):
    """A model of a user."""

    def __init__(self, scenario, seed=None):
        super().__init__(scenario, seed)


@pytest.mark.parametrize("model", [BorderModel, Derived])
def test_seeds_are_never_lost_in_silence(scenario, model):
    """Newer versions of Mesa overwrite a parameter of that name."""
    seeds = {"scenario": scenario, "seed": [1, 2]}
    if "rng" in inspect.signature(mesa.batch_run).parameters:
        with pytest.warns(UserWarning, match=r"no seed.*rng=\[1, 2\]"):
            mesa.batch_run(model, seeds, display_progress=False)
        mesa.batch_run(model, {"scenario": scenario}, rng=[1, 2], display_progress=False)
    else:
        rows = mesa.batch_run(model, seeds, display_progress=False)
        assert [row["seed"] for row in rows] == [1, 2]
    BorderModel(scenario, seed=None)


def test_a_batch_of_something_else_says_what_to_write():
    with pytest.raises(TypeError, match="load_scenario"):
        mesa.batch_run(BorderModel, {"scenario": "two_ports.yaml"}, display_progress=False)


def test_a_scenario_is_one_value(scenario):
    with pytest.raises(TypeError, match="model_dump"):
        iter(scenario)


def test_without_a_seed_every_model_is_another_one(scenario):
    one, other = BorderModel(scenario), BorderModel(scenario)
    assert one.seed != other.seed
    again = BorderModel(scenario, seed=one.seed)
    np.testing.assert_array_equal(one.people.set_out_at, again.people.set_out_at)


class Inspector(mesa.Agent):
    """An agent that a user adds to the model."""


def stepped(scenario, days):
    model = BorderModel(scenario, seed=1)
    for _ in range(days):
        model.step()
    return model


def with_an_agent_of_the_user(scenario):
    model = stepped(scenario, 1)
    Inspector(model)
    return model


def with_agents_looked_at(scenario):
    model = stepped(scenario, 1)
    assert len(list(model.agents)) > 100
    model.travellers.do(lambda one: one.journey)
    return model


@pytest.mark.parametrize(
    "make",
    [
        finished,
        BorderModel,
        lambda scenario: stepped(scenario, 3),
        with_an_agent_of_the_user,
        with_agents_looked_at,
    ],
    ids=["finished", "never stepped", "stepped a few days", "agent of the user", "looked at"],
)
def test_a_dropped_model_is_freed(scenario, make):
    model = make(scenario)
    seen = [weakref.ref(kept) for kept in (model, model.world, model.world.people)]
    del model
    gc.collect()
    assert [gone() for gone in seen] == [None] * 3


def test_a_model_that_cannot_be_made_is_freed(scenario, monkeypatch):
    seen = []

    def fails(model, *_):
        seen.append(weakref.ref(model))
        raise ValueError("no towns")

    monkeypatch.setattr(BorderModel, "_create_institutions", fails)
    with pytest.raises(ValueError, match="no towns"):
        BorderModel(scenario, seed=1)
    gc.collect()
    assert [gone() for gone in seen] == [None]


def test_every_agent_has_an_id_of_its_own(scenario):
    model = finished(scenario)
    Inspector(model)
    ids = [agent.unique_id for agent in model.agents]
    assert len(set(ids)) == len(ids) > model.people.travellers
    assert [agent.unique_id for agent in model.everybody] == list(range(model.people.size))


def test_ids_depend_on_no_other_model(scenario):
    one, other = stepped(scenario, 1), stepped(scenario, 1)
    assert [a.unique_id for a in one.agents] == [a.unique_id for a in other.agents]


def test_a_table_of_agents_unstacks(scenario):
    model = BorderModel(scenario, seed=1)
    collector = mesa.DataCollector(agent_reporters={"kind": lambda agent: type(agent).__name__})
    for _ in range(3):
        model.step()
        collector.collect(model)
    table = collector.get_agent_vars_dataframe()["kind"].unstack()
    assert len(table) == 3
    assert set(table.iloc[0]) == {type(agent).__name__ for agent in model.agents}


def test_a_run_that_has_ended_has_no_next_day(scenario):
    model = finished(scenario)
    with pytest.raises(RuntimeError, match=f"ended after {scenario.calendar.days} days"):
        model.step()


WRONG_ARGUMENTS = {
    "path": ({"scenario": "scenarios/baseline.yaml"}, TypeError, "load_scenario"),
    "tuple": ({"scenario": ("name", "x")}, TypeError, "scenario: .*Scenario.*got a tuple"),
    "list": ({"scenario": []}, TypeError, "got a list"),
    "negative seed": ({"seed": -5}, ValueError, r"seed: .*0 to 2\^63 - 1.*\(got -5\)"),
    "huge seed": ({"seed": 2**63}, ValueError, "seed"),
    "nan": ({"seed": float("nan")}, TypeError, "seed: .*whole number"),
    "half": ({"seed": 1.5}, TypeError, "seed: .*whole number"),
    "float": ({"seed": 1.0}, TypeError, "seed: .*whole number"),
    "text": ({"seed": "1"}, TypeError, "seed: .*whole number"),
    "truth": ({"seed": True}, TypeError, "seed: .*whole number"),
    "seeds": ({"seed": [1, 2]}, TypeError, "seed: .*whole number"),
    "other class": ({"traveller_class": int}, TypeError, "traveller_class: .*subclass"),
    "object": ({"traveller_class": 7}, TypeError, "traveller_class: .*subclass"),
    "name": ({"traveller_class": "Stubborn"}, TypeError, "traveller_class: .*subclass"),
}


@pytest.mark.parametrize("wrong", WRONG_ARGUMENTS.values(), ids=WRONG_ARGUMENTS)
def test_wrong_arguments_are_refused(scenario, wrong):
    arguments, error, message = wrong
    with pytest.raises(error, match=message):
        BorderModel(**{"scenario": scenario, **arguments})


def test_a_seed_may_be_a_number_of_numpy(scenario):
    one, other = BorderModel(scenario, seed=np.int64(4)), BorderModel(scenario, seed=4)
    assert type(one.seed) is int
    np.testing.assert_array_equal(one.people.set_out_at, other.people.set_out_at)
