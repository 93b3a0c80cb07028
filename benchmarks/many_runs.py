"""Many runs in processes and with a run store: what that costs beside the runs themselves."""

import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.contest import BASELINE, Check, load_baseline
from benchmarks.timing import cpu_seconds_of_all
from sim.experiment.campaign import PURPOSE, STORE, Campaign, Variant
from sim.experiment.ensemble import seeds_only
from sim.experiment.replicates import simulate
from sim.experiment.run_store import RunStore
from sim.scenario.loader import load_scenario
from sim.scenario.schema import Scenario
from sim.shipped import shipped_scenarios

RUNS, WORKERS = 2000, 2

_POLICIES = (
    "baseline",
    "quarantine_7_days",
    "closure_week_earlier",
    "no_reward",
    "cheaper_package",
)
_PAIRS = 200

_EMPTY = ("travellers.pool=0", "hospital_outbreak=null")
"""Runs that cost little: two processes at work slow each other's runs down by a twentieth, which
would pass for overhead."""


@dataclass(frozen=True)
class Seconds:
    """How long something took.

    Attributes:
        wall: on the clock.
        cpu: of all processors together.
    """

    wall: float
    cpu: float


def many_runs_checks(runs: int) -> list[Check]:
    """Return efficiency and overhead of ``runs`` runs, and the time of a comparison."""
    baseline = load_baseline()
    alone, kept = _alone(baseline, runs), _kept(baseline, runs)
    efficiency = 100 * alone.wall / (WORKERS * kept.wall)
    empty = load_scenario(BASELINE, _EMPTY)
    overhead = 1000 * (_kept(empty, runs).cpu - _alone(empty, runs).cpu) / runs
    pairs = f"{len(_POLICIES) * _PAIRS:,} runs of {len(_POLICIES)} policies"
    return [
        Check(f"efficiency of {WORKERS} processes, {runs:,} runs", efficiency, "%", 90, False),
        Check("CPU time beside a run: store, sending, start", overhead, "ms", 3),
        Check(f"bordersim compare, {pairs}, on the clock", _comparison(), "s", 90),
    ]


def _alone(scenario: Scenario, runs: int) -> Seconds:
    """Do the runs one after the other, and keep nothing."""
    members = seeds_only(1, runs)
    simulate(scenario, members[0])
    wall, cpu = time.perf_counter(), time.process_time()
    for member in members:
        simulate(scenario, member)
    return Seconds(time.perf_counter() - wall, time.process_time() - cpu)


def _kept(scenario: Scenario, runs: int) -> Seconds:
    """Do the same runs in processes, and keep their results in a store."""
    variant = Variant("baseline", scenario, seeds_only(1, runs))
    with tempfile.TemporaryDirectory() as folder:
        wall, cpu = time.perf_counter(), cpu_seconds_of_all()
        with RunStore.open(Path(folder) / STORE, purpose=PURPOSE) as store:
            Campaign([variant], store).run(workers=WORKERS)
        return Seconds(time.perf_counter() - wall, cpu_seconds_of_all() - cpu)


def _comparison() -> float:
    """Return the seconds of a comparison, its start, tables and figures included."""
    files = [str(shipped_scenarios() / f"{name}.yaml") for name in _POLICIES]
    options = ["--replicates", str(_PAIRS), "--workers", str(WORKERS)]
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "sim", "compare", *files, *options, "--out", folder]
        began = time.perf_counter()
        subprocess.run(command, capture_output=True, check=True)
        return time.perf_counter() - began
