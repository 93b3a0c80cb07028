"""``python -m benchmarks.threads``: the same runs in this process, in two others, in two threads.

Also shows which share of a run is compiled code, in which threads do not wait for each other.
"""

import cProfile
import pstats
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from benchmarks.contest import load_baseline
from benchmarks.timing import cpu_seconds_of_all
from sim.experiment.campaign import run_members_of
from sim.experiment.ensemble import Member
from sim.experiment.members import Choice, members_of
from sim.experiment.replicates import simulate
from sim.scenario.schema import Scenario
from sim.world.compiled import ENTRIES

WORKERS, REPETITIONS = 2, 3


def main() -> None:
    """Print seconds on the clock and of the processors, in turns: the machine may not be idle."""
    baseline = load_baseline()
    members = members_of(baseline, Choice()).members
    simulate(baseline, members[0])
    print(f"{len(members)} runs; compiled share of a run {compiled_share(baseline, members):.2f}")
    for repetition in range(REPETITIONS):
        first = " (first time)" if repetition == 0 else ""
        _time("this process", baseline, members)
        _time(f"{WORKERS} processes{first}", baseline, members, workers=WORKERS)
        with ThreadPoolExecutor(WORKERS) as threads:
            _time(f"{WORKERS} threads", baseline, members, executor=threads)


def compiled_share(scenario: Scenario, members: Any) -> float:
    """Return the share of compiled rules in the CPU time of runs; profiling slows only the rest."""
    some = members[:50]
    profiler = cProfile.Profile(time.process_time)
    profiler.runcall(_run, scenario, some)
    rules = {(rule.py_func.__module__, rule.py_func.__name__) for rule in ENTRIES}
    files = {sys.modules[module].__file__: module for module, _ in rules}
    stats = pstats.Stats(profiler).stats  # type: ignore[attr-defined]
    compiled = sum(
        own
        for (file, _, name), (_, _, own, _, _) in stats.items()
        if (files.get(file), name) in rules
    )
    began = time.process_time()
    _run(scenario, some)
    return float(compiled / (time.process_time() - began))


def _run(scenario: Scenario, members: list[Member]) -> None:
    for member in members:
        simulate(scenario, member)


def _time(name: str, scenario: Scenario, members: Any, **where: Any) -> None:
    clock, cpu = time.perf_counter(), cpu_seconds_of_all()
    run_members_of(scenario, members, **where)
    clock, cpu = time.perf_counter() - clock, cpu_seconds_of_all() - cpu
    print(f"{name:26} {clock:6.2f} s on the clock {cpu:6.2f} s of the processors")


if __name__ == "__main__":
    main()
