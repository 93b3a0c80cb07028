"""``python -m benchmarks``: speed, as ratios measured in one run."""

import resource
import sys

import click
from rich.console import Console

from benchmarks.contest import BASELINE, FULL, QUICK, TEN_MILLION, load_baseline, run_contest
from benchmarks.growth import growth_checks
from benchmarks.many_runs import RUNS, many_runs_checks
from benchmarks.profiling import profile_seconds
from benchmarks.report import (
    print_checks,
    print_contest,
    print_memory,
    print_profile,
    print_start_up,
    print_versions,
)
from benchmarks.timing import child_cpu_seconds
from sim.experiment.ensemble import Member
from sim.experiment.replicates import simulate
from sim.scenario.loader import load_scenario

_PROFILED_RUNS = 20
_MEMORY_RUNS = (1, 10, 50, 100, 200)
_START_UPS = {
    "Python alone": ["-c", "pass"],
    "import sim": ["-c", "import sim"],
    "import sim, all that a run needs": ["-c", "import sim; sim.BorderModel, sim.run"],
    "bordersim --help": ["-c", "from sim.cli import main; main(['--help'])"],
}


@click.command()
@click.option("--quick", is_flag=True, help="Fewer repetitions.")
@click.option("--profile", is_flag=True, help="Only show where the time of warm runs goes.")
@click.option("--memory", is_flag=True, help="Only show peak memory over many runs.")
@click.option("--growth", is_flag=True, help="Only show how cost grows with the travellers.")
@click.option("--many", is_flag=True, help="Only time many runs in processes, and a comparison.")
def main(quick: bool, profile: bool, memory: bool, growth: bool, many: bool) -> None:
    """Time bordersim beside a plain Mesa model, Covasim and Starsim, in CPU seconds."""
    console = Console()
    print_versions(console)
    if profile:
        _profile(console)
    if memory:
        _memory(console)
    if growth:
        print_checks(console, "How cost grows", growth_checks())
    if many:
        _many(console, quick)
    if profile or memory or growth or many:
        return
    # No progress bar: it would be drawn by a thread whose CPU time counts too.
    console.print("Timing; this takes some ten minutes.")
    print_contest(console, run_contest(QUICK if quick else FULL))
    print_start_up(console, _start_up_seconds(repetitions=1 if quick else 3))
    print_checks(console, "How cost grows", growth_checks())
    _many(console, quick)


def _many(console: Console, quick: bool) -> None:
    print_checks(console, "Many runs", many_runs_checks(RUNS // 10 if quick else RUNS))


def _profile(console: Console) -> None:
    scenario = load_baseline()
    simulate(scenario, Member(0))
    print_profile(
        console,
        profile_seconds(
            lambda: [simulate(scenario, Member(seed)) for seed in range(_PROFILED_RUNS)]
        ),
    )


def _memory(console: Console) -> None:
    scenario = load_baseline()
    peaks: dict[str, float] = {}
    for run in range(1, max(_MEMORY_RUNS) + 1):
        simulate(scenario, Member(run))
        if run in _MEMORY_RUNS:
            peaks[f"{run} runs"] = _peak_memory()
    simulate(load_scenario(BASELINE, TEN_MILLION), Member(1))
    peaks["one more with ten million residents (goal: at most 2048)"] = _peak_memory()
    print_memory(console, peaks)


def _peak_memory() -> float:
    """Return the peak resident memory of this process in MiB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2**20 if sys.platform == "darwin" else peak / 2**10


def _start_up_seconds(repetitions: int) -> dict[str, float | None]:
    """Return the CPU seconds of fresh processes, the fastest of a few; None for a failure."""
    seconds: dict[str, float | None] = {}
    for name, arguments in _START_UPS.items():
        times = [child_cpu_seconds([sys.executable, *arguments]) for _ in range(repetitions)]
        done = [time for time in times if time is not None]
        seconds[name] = min(done, default=None)
    return seconds


if __name__ == "__main__":
    main()
