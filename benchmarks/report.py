"""The tables that the benchmarks print."""

import platform
from collections import defaultdict
from collections.abc import Sequence
from importlib.metadata import version

from rich.console import Console
from rich.table import Table

from benchmarks.contest import Check, Contest, checks_of
from benchmarks.covasim_run import covasim_version
from benchmarks.profiling import Shares, module_of

_LONGEST = 20


def print_versions(console: Console) -> None:
    """Print what the numbers were measured with."""
    libraries = [("Mesa", "mesa"), ("NumPy", "numpy"), ("SciPy", "scipy")]
    parts = [f"{name} {version(package)}" for name, package in libraries]
    console.print(f"Python {platform.python_version()}, {', '.join(parts)}, {platform.machine()}")


def print_contest(console: Console, contest: Contest) -> None:
    """Print CPU seconds of every contestant, and goals beside measured values."""
    runs = _table("CPU seconds a run", "", "runs", "fastest", "median")
    runs.add_row("bordersim, baseline, first run (cold)", "1", "", f"{contest.cold:.3f}")
    for contestant in contest.contestants:
        times = f"{contestant.fastest:.3f}", f"{contestant.median:.3f}"
        runs.add_row(contestant.name, str(len(contestant.seconds)), *times)
    console.print(runs)
    if contest.covasim is None:
        console.print("Covasim is not installed: left out (pip install 'bordersim\\[bench]').")
    else:
        console.print(f"Covasim {covasim_version()}, compiled before it is timed.")
    print_checks(console, "Goals (of medians)", checks_of(contest))


def print_checks(console: Console, title: str, checks: Sequence[Check]) -> None:
    """Print what was measured beside its goals."""
    goals = _table(title, "", "measured", "goal", "")
    for check in checks:
        goals.add_row(check.name, f"{check.value:.3g} {check.unit}", *_goal(check))
    console.print(goals)


def print_start_up(console: Console, seconds: dict[str, float | None]) -> None:
    """Print the CPU seconds of fresh processes."""
    table = _table("Start of a process, CPU seconds", "", "fastest")
    for name, value in seconds.items():
        table.add_row(name, "failed" if value is None else f"{value:.3f}")
    console.print(table)


def print_profile(console: Console, seconds: Shares) -> None:
    """Print where the time goes, by module and by function."""
    total = sum(seconds.values())
    by_module: defaultdict[str, float] = defaultdict(float)
    for function, spent in seconds.items():
        by_module[module_of(function)] += spent
    modules = _table("Time by module", "module", "percent")
    for module, spent in sorted(by_module.items(), key=lambda item: -item[1]):
        if spent >= total / 1000:
            modules.add_row(module, f"{100 * spent / total:.1f}")
    console.print(modules)
    functions = _table("Time by function, libraries included", "function", "percent")
    longest = sorted(seconds.items(), key=lambda item: -item[1])[:_LONGEST]
    for function, spent in longest:
        functions.add_row(f"{module_of(function)}: {function[2]}", f"{100 * spent / total:.1f}")
    console.print(functions)


def print_memory(console: Console, peaks: dict[str, float]) -> None:
    """Print peak memory after each of several runs in one process."""
    table = _table("Peak memory of the process", "after", "MiB")
    for runs, peak in peaks.items():
        table.add_row(runs, f"{peak:.1f}")
    console.print(table)


def _goal(check: Check) -> tuple[str, str]:
    if check.goal is None:
        return "", ""
    bound = "at most" if check.at_most else "at least"
    return f"{bound} {check.goal:g} {check.unit}", "met" if check.met else "missed"


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left")
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if number else "left")
    return table
