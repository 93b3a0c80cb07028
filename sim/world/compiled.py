"""How the rules of the world are compiled: the one place that knows numba.

A rule is a plain function of scalars and records. numba compiles it; with ``NUMBA_DISABLE_JIT=1``
the same source runs as it stands, with the same results, and a debugger can step through it.
"""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
import numpy as np

from sim.world.code_cache import code_folder

F = TypeVar("F", bound=Callable[..., Any])

ENTRIES: list[Any] = []
"""All rules that Python calls, as numba's dispatchers."""


def compiled(function: F) -> F:
    """Compile a rule that only other rules call."""
    if numba.config.DISABLE_JIT:
        return function
    # Nobody calls it from Python or C: without wrappers there is a third less to compile.
    return cast(F, numba.njit(no_cpython_wrapper=True, no_cfunc_wrapper=True)(function))


def entry(function: F) -> F:
    """Compile a rule that Python calls, and keep its code on disk."""
    if numba.config.DISABLE_JIT:
        return _as_it_stands(function)
    rule = _kept_on_disk(function) or numba.njit(nogil=True)(function)
    ENTRIES.append(rule)
    return cast(F, rule)


def _kept_on_disk(function: Callable[..., Any]) -> Any:
    """Return the rule with its code kept in our folder, or None where that cannot be."""
    folder = code_folder()
    if folder is None:
        return None
    before, numba.config.CACHE_DIR = numba.config.CACHE_DIR, str(folder)
    try:
        rule = numba.njit(nogil=True, cache=True)(function)
    except (OSError, RuntimeError):
        return None
    finally:
        numba.config.CACHE_DIR = before
    # Where it cannot write, numba goes to a folder that knows nothing of edits of other files.
    return rule if Path(rule.stats.cache_path).is_relative_to(folder) else None


def _as_it_stands(function: F) -> F:
    """Return the function with the arithmetic of compiled code, where whole numbers wrap."""

    @wraps(function)
    def run(*args: Any) -> Any:
        with np.errstate(over="ignore"):
            return function(*args)

    return cast(F, run)
