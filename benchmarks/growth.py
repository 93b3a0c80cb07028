"""How cost grows with the travellers: as many seats, tests, beds and entrants a day for each."""

import resource
import statistics
import subprocess
import sys
import time
from typing import Any

from benchmarks.contest import BASELINE, Check, corridor_of
from benchmarks.timing import cpu_seconds
from sim.experiment.ensemble import Member
from sim.experiment.replicates import simulate
from sim.scenario.loader import load_scenario
from sim.scenario.quantities import MOST_PEOPLE
from sim.scenario.schema import Scenario
from sim.world.model import BorderModel

FACTORS = (1, 4, 16, 64)
_REPETITIONS = 5
_NEARLY = 0.95
"""Of the people whom a run can follow: how many set out is a matter of chance."""
_LIMITS = ("port_capacity", "laboratory_capacity", "site_beds", "hospital_beds")
"""The levers that are a number of people or tests."""


def scaled(factor: int) -> Scenario:
    """Return the corridor of the baseline with ``factor`` times as many people, all with room."""
    # More vehicles, not larger ones: in those everybody would infect more people than before.
    corridor = corridor_of(load_scenario(BASELINE, ["ensemble=null"]))
    travellers, demand = corridor.travellers, corridor.travellers.demand
    more = demand.model_copy(update={"ceiling": demand.ceiling * factor})
    legs = {
        name: leg.model_copy(update={"departures_per_day": leg.departures_per_day * factor})
        for name, leg in corridor.legs.items()
    }
    limits = {name: _times(getattr(corridor.policies, name), factor) for name in _LIMITS}
    return corridor.model_copy(
        update={
            "travellers": travellers.model_copy(
                update={"pool": travellers.pool * factor, "demand": more}
            ),
            "legs": legs,
            "policies": corridor.policies.model_copy(update=limits),
        }
    )


def _times(lever: Any, factor: int) -> Any:
    if lever is None:
        return None
    if isinstance(lever, dict):
        return {name: _times(timeline, factor) for name, timeline in lever.items()}
    entries = [entry.model_copy(update={"value": entry.value * factor}) for entry in lever.root]
    return lever.model_copy(update={"root": entries})


def growth_checks() -> list[Check]:
    """Return the cost of a traveller under more and more of them, and that of 1.9 million."""
    per_traveller = {factor: _cost_of_a_traveller(factor) for factor in FACTORS}
    alone = per_traveller.pop(1)
    return [
        *(
            Check(f"cost of a traveller, {factor} times as many / as many", cost / alone, "x", 1.1)
            for factor, cost in per_traveller.items()
        ),
        *_nearly_too_many(),
    ]


def _cost_of_a_traveller(factor: int) -> float:
    scenario = scaled(factor)
    simulate(scenario, Member(1))
    seconds = [
        cpu_seconds(lambda seed=seed: simulate(scenario, Member(seed)))
        for seed in range(1, 1 + _REPETITIONS)
    ]
    return statistics.median(seconds) / BorderModel(scenario, 1).people.travellers


def _nearly_too_many() -> list[Check]:
    """Return what a run with 1.9 million travellers takes, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.growth"], capture_output=True, check=True, text=True
    )
    seconds, gibibytes = map(float, done.stdout.split())
    return [
        Check("1.9 million travellers", seconds, "CPU s", 15),
        Check("1.9 million travellers, peak memory", gibibytes, "GiB", 3),
    ]


def main() -> None:
    """Print CPU seconds and peak memory in GiB of a run with 1.9 million travellers."""
    simulate(scaled(1), Member(1))
    few = BorderModel(scaled(1), 1).people.travellers
    scenario = scaled(int(_NEARLY * MOST_PEOPLE / few))
    began = time.process_time()
    simulate(scenario, Member(1))
    seconds = time.process_time() - began
    print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20)


if __name__ == "__main__":
    main()
