"""Runs that fail, or that the user interrupts."""

from collections.abc import Callable

import pytest

from sim.experiment import replicates
from sim.scenario.schema import Scenario


def let_runs_fail(
    monkeypatch: pytest.MonkeyPatch,
    when: Callable[[Scenario, int], bool] = lambda scenario, seed: True,
) -> None:
    """Make every run fail for whose scenario and seed ``when`` says so."""
    simulate = replicates.simulate

    def sometimes(scenario, seed, **arguments):
        if when(scenario, seed):
            raise ArithmeticError("nothing adds up")
        return simulate(scenario, seed, **arguments)

    monkeypatch.setattr(replicates, "simulate", sometimes)


def interrupt_after(monkeypatch: pytest.MonkeyPatch, runs: int) -> None:
    """Let the user interrupt the run after the first ``runs``."""
    simulate = replicates.simulate
    begun = []

    def until_interrupted(scenario, seed, **arguments):
        begun.append(seed)
        if len(begun) > runs:
            raise KeyboardInterrupt
        return simulate(scenario, seed, **arguments)

    monkeypatch.setattr(replicates, "simulate", until_interrupted)
