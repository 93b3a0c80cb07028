"""bordersim: an agent-based simulator of disease crossing a land border.

``load_scenario`` reads a scenario file, and ``BorderModel`` is one run of it as a Mesa model.
``run`` simulates replicates, ``compare`` runs policies on the same pairs of parameters and random
numbers, and ``sweep`` runs a sweep file, each with the defaults of the command of its name. They
take scenarios, files, or names of shipped scenarios: ``sim.compare(["baseline", "no_reward"])``.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.api import compare, run, sweep
    from sim.experiment.ensemble import read_ensemble
    from sim.scenario.loader import load_scenario
    from sim.scenario.reading.errors import ScenarioError, ScenarioWarning
    from sim.world.codes import Decision
    from sim.world.model import BorderModel
    from sim.world.travellers import Traveller

__all__ = [
    "load_scenario",
    "read_ensemble",
    "BorderModel",
    "run",
    "compare",
    "sweep",
    "Traveller",
    "Decision",
    "ScenarioError",
    "ScenarioWarning",
]
__version__ = "0.1.0"

_HOMES = {
    "load_scenario": "sim.scenario.loader",
    "ScenarioError": "sim.scenario.reading.errors",
    "ScenarioWarning": "sim.scenario.reading.errors",
    "BorderModel": "sim.world.model",
    "run": "sim.api",
    "compare": "sim.api",
    "sweep": "sim.api",
    "read_ensemble": "sim.experiment.ensemble",
    "Traveller": "sim.world.travellers",
    "Decision": "sim.world.codes",
}


def __getattr__(name: str) -> Any:
    # Imported on first use: Mesa and SciPy take a second that `bordersim --help` need not pay.
    if name not in _HOMES:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
