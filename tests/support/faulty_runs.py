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

    def sometimes(scenario, member, **arguments):
        if when(scenario, member.seed):
            raise ArithmeticError("nothing adds up")
        return simulate(scenario, member, **arguments)

    monkeypatch.setattr(replicates, "simulate", sometimes)


def interrupt_after(monkeypatch: pytest.MonkeyPatch, runs: int) -> None:
    """Let the user interrupt the run after the first ``runs``."""
    simulate = replicates.simulate
    begun = []

    def until_interrupted(scenario, member, **arguments):
        begun.append(member)
        if len(begun) > runs:
            raise KeyboardInterrupt
        return simulate(scenario, member, **arguments)

    monkeypatch.setattr(replicates, "simulate", until_interrupted)
