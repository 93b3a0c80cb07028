"""Compile all rules once, for this machine: ``python -m sim.world.compilation``.

``make setup`` does it, as does the first command that simulates. It takes a minute, and says so on
the error stream. Afterwards code is read from the disk, and nothing is compiled.
"""

import inspect
import sys
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Any, get_origin, get_type_hints

import numba

from sim.world.code_cache import code_folder, is_empty, is_finished, mark_as_finished
from sim.world.compiled import ENTRIES
from sim.world.interruptions import interruptions_wait
from sim.world.records import Rows, row_type
from sim.world.reference import WORLD
from sim.world.state import Floats, Ints, IntTable, World

_TYPES: dict[Any, Any] = {
    World: WORLD,
    int: numba.int64,
    float: numba.float64,
    bool: numba.boolean,
    Floats: numba.float64[::1],
    Ints: numba.int64[::1],
    IntTable: numba.int64[:, ::1],
}
"""What numba calls the arguments of rules."""

_MESSAGE = "Compiling the model for this machine (once, about a minute)"
_MESSAGE_UNKEPT = (
    "Compiling the model (about a minute, each time: there is no folder to keep it in; "
    "name one in BORDERSIM_CACHE_DIR)"
)

_lock = Lock()
_ready: list[Any] = []
"""The rules whose code is in memory."""


def compile_once() -> None:
    """Compile what is not on the disk, so that other processes find it there.

    To be called before a progress bar is shown: what is said meanwhile would end up inside it.
    """
    if not is_finished():
        load_rules()


def load_rules() -> None:
    """Bring the code of all rules into memory: from the disk, or else it is compiled."""
    if len(_ready) == len(ENTRIES) and _ready:
        return
    _import_all()
    with _lock:
        missing = ENTRIES[len(_ready) :]
        if not missing:
            return
        told = _Told(len(missing), at_once=is_empty())
        kept = True
        for rule in missing:
            with interruptions_wait():
                kept = _load(rule, signature_of(rule)) and kept
            told.loaded(compiled=bool(rule.stats.cache_misses))
        told.end()
        _ready.extend(missing)
    if kept:
        mark_as_finished()


def signature_of(rule: Any) -> tuple[Any, ...]:
    """Return numba's types of the arguments of a rule, from its annotations."""
    hints = get_type_hints(rule.py_func, include_extras=True)
    return tuple(_type_of(hints[name]) for name in inspect.signature(rule.py_func).parameters)


def _type_of(hint: Any) -> Any:
    if get_origin(hint) is Rows:
        return numba.from_dtype(row_type(hint))[::1]
    return _TYPES[hint]


def _import_all() -> None:
    # They import this module.
    import sim.world.model
    import sim.world.tally  # noqa: F401


def _load(rule: Any, signature: tuple[Any, ...]) -> bool:
    """Load or compile a rule, and return whether its code is on the disk.

    Of numba's dispatcher this uses ``compile``, ``signatures`` and ``stats``.
    """
    try:
        rule.compile(signature)
    except Exception:
        # With a signature it is compiled, and only could not be kept: there is no room.
        if not rule.signatures:
            # What is on the disk cannot be read.
            _forget(rule)
            return _load_again(rule, signature)
        return False
    return rule.stats.cache_path is not None


def _load_again(rule: Any, signature: tuple[Any, ...]) -> bool:
    try:
        rule.compile(signature)
    except OSError:
        if not rule.signatures:
            raise
        return False
    return True


def _forget(rule: Any) -> None:
    """Remove from the disk what there is of a rule."""
    for path in Path(rule.stats.cache_path or "").glob(f"*.{rule.py_func.__qualname__}-*.nb?"):
        with suppress(OSError):
            path.unlink()


class _Told:
    """The line that says what is happening, on the error stream; on a terminal it counts."""

    def __init__(self, total: int, at_once: bool) -> None:
        self._total, self._done, self._begun = total, 0, False
        if at_once:
            self._show()

    def loaded(self, compiled: bool) -> None:
        """Say that one more rule is there; nothing as long as none had to be compiled."""
        self._done += 1
        if compiled or self._begun:
            self._show()

    def _show(self) -> None:
        if sys.stderr is None:
            return
        line = _MESSAGE if code_folder() else _MESSAGE_UNKEPT
        if sys.stderr.isatty():
            counted = f"\r{line}: {self._done} of {self._total} rules"
            print(counted, end="", file=sys.stderr, flush=True)
        elif not self._begun:
            print(line, file=sys.stderr, flush=True)
        self._begun = True

    def end(self) -> None:
        """Leave the line."""
        if self._begun and sys.stderr is not None and sys.stderr.isatty():
            print(file=sys.stderr)


if __name__ == "__main__":
    compile_once()
