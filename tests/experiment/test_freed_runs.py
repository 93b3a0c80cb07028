"""The memory of a finished run is free at once, not when the garbage collector comes."""

import gc
import weakref

import numpy as np
import pytest
from random_scenarios import a_world, scenario_of
from small_fit import small_simulator

from calibration import simulator as simulator_module
from sim.experiment import replicates
from sim.experiment.ensemble import Member
from sim.world.model import BorderModel
from sim.world.travellers import Traveller


class Remembered(Traveller):
    """Keeps those who decided."""

    seen: list[Traveller] = []

    def decide(self):
        self.seen.append(self)
        return super().decide()


@pytest.fixture
def worlds(monkeypatch):
    """The worlds of all models that are made, without a garbage collector."""
    made = []

    class Watched(BorderModel):
        def __init__(self, *arguments):
            super().__init__(*arguments)
            made.append(weakref.ref(self.world))

    monkeypatch.setattr(replicates, "BorderModel", Watched)
    monkeypatch.setattr(simulator_module, "BorderModel", Watched)
    gc.collect()
    gc.disable()
    yield made
    gc.enable()


def test_a_run_leaves_nothing_but_its_result(worlds):
    result = replicates.simulate(scenario_of(a_world()), Member(1), with_line_list=True)
    assert result.seed == 1
    assert [world() for world in worlds] == [None]


def test_a_history_of_a_fit_leaves_nothing_but_its_counts(worlds):
    simulator = small_simulator()
    simulator.history(simulator_module.Point(np.zeros(len(simulator.priors)), 1))
    assert [world() for world in worlds] == [None]


def test_travellers_that_their_class_keeps_stay_whole(worlds):
    scenario = scenario_of(a_world())
    replicates.simulate(scenario, Member(1), traveller_class=Remembered)
    assert [world() is None for world in worlds] == [False]
    assert all(traveller.model.day == scenario.calendar.days for traveller in Remembered.seen)
