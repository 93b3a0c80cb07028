"""Where the time of warm runs goes, by module and function of the project.

Time in libraries is charged to the project's function that called them, through any number of
library functions in between and in proportion to the time spent for each caller.
"""

import cProfile
import pstats
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sim import __file__ as _sim_file

_PROJECT = Path(_sim_file).parent

Function = tuple[str, int, str]
"""File, line and name, as the profiler knows a function."""

Shares = dict[Function, float]
"""Shares of project functions, which add up to one."""

ELSEWHERE: Function = ("elsewhere", 0, "")


def profile_seconds(run: Callable[[], object]) -> Shares:
    """Return the profiled seconds that each function of the project is charged with."""
    profiler = cProfile.Profile()
    profiler.runcall(run)
    stats = pstats.Stats(profiler).stats  # type: ignore[attr-defined]
    shares: dict[Function, Shares] = {}
    seconds: defaultdict[Function, float] = defaultdict(float)
    for function, (_, _, own, _, callers) in stats.items():
        if _is_ours(function):
            seconds[function] += own
            continue
        # Time of a function outside the project, by caller: (calls, calls, own, cumulative).
        for caller, (_, _, own_for_caller, _) in callers.items():
            for charged, share in _shares_of(caller, stats, shares).items():
                seconds[charged] += own_for_caller * share
    return dict(seconds)


def module_of(function: Function) -> str:
    """Return the module of a function of the project, such as ``world/towns``."""
    if function == ELSEWHERE:
        return ELSEWHERE[0]
    return Path(function[0]).relative_to(_PROJECT).with_suffix("").as_posix()


def _is_ours(function: Function) -> bool:
    return function[0].startswith(str(_PROJECT))


def _shares_of(
    function: Function, stats: dict[Function, Any], known: dict[Function, Shares]
) -> Shares:
    """Return on whose behalf ``function`` runs."""
    if _is_ours(function):
        return {function: 1.0}
    if function in known:
        return known[function]
    known[function] = {ELSEWHERE: 1.0}  # stands while a circle of library functions is followed
    callers = stats[function][4]
    total = sum(cumulative for *_, cumulative in callers.values())
    if total > 0:
        shares: defaultdict[Function, float] = defaultdict(float)
        for caller, (*_, cumulative) in callers.items():
            for charged, share in _shares_of(caller, stats, known).items():
                shares[charged] += share * cumulative / total
        known[function] = dict(shares)
    return known[function]
