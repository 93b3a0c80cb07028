"""Runs that fail, that the user interrupts, or after which something happens."""

from collections.abc import Callable

import pytest

from sim.experiment import replicates
from sim.experiment.run_store import RunStore
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


def then_after_puts(monkeypatch: pytest.MonkeyPatch, then: Callable[[int], object]) -> list[int]:
    """Do something with the number of batches after each that a store has taken.

    Returns:
        The sizes of the batches, as they come.
    """
    put, sizes = RunStore.put, list[int]()

    def put_and_then(store, runs, failed=None):
        put(store, runs, failed)
        sizes.append(len(runs))
        then(len(sizes))

    monkeypatch.setattr(RunStore, "put", put_and_then)
    return sizes
