"""Covasim with as many agents, over as many days."""

from importlib.metadata import version
from importlib.util import find_spec
from typing import Any

from sim.scenario.schema import Scenario

_INFECTED_AT_FIRST = 350


def covasim_version() -> str | None:
    """Return the version of Covasim, None if it is not installed."""
    return version("covasim") if find_spec("covasim") else None


def run_covasim(scenario: Scenario, seed: int) -> Any:
    """Run Covasim's default population of the size of the pool and return the simulation."""
    return _run(
        pop_size=scenario.travellers.pool,
        pop_infected=_INFECTED_AT_FIRST,
        start_day=scenario.calendar.start.isoformat(),
        n_days=scenario.calendar.days,
        rand_seed=seed,
    )


def warm_up_covasim() -> None:
    """Import and compile Covasim with a small run, so that neither is timed."""
    _run(pop_size=1000, n_days=5)


def _run(**parameters: Any) -> Any:
    import covasim

    simulation = covasim.Sim(verbose=0, **parameters)
    simulation.run()
    return simulation
