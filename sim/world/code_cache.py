"""Where compiled code is kept between processes.

numba looks only at the file of a function for changes, not at the files of what it calls, and not
at the versions of llvmlite and NumPy. So code is kept in a folder named after all that decides it:
the files that it can come from, the versions, the processor. Another one has another folder.
"""

import ast
import hashlib
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from functools import cache, lru_cache
from importlib.util import resolve_name
from pathlib import Path

import llvmlite
import numba
import numpy as np
from llvmlite import binding

from sim.world.source_text import without_comments

MOST_FOLDERS = 10
"""Folders that are kept, those used last: a checkout that is edited needs a new one each time."""

_SETTINGS = (
    "OPT",
    "CPU_NAME",
    "CPU_FEATURES",
    "ENABLE_AVX",
    "LOOP_VECTORIZE",
    "SLP_VECTORIZE",
    "DISABLE_INTEL_SVML",
    "BOUNDSCHECK",
    "DEBUGINFO_DEFAULT",
    "LLVM_REFPRUNE_PASS",
)
"""Settings of numba that change code."""

_SIM = Path(__file__).parents[1]
_SOURCES = ("scenario", "world")
"""Folders in which code comes from; ``sim.world`` imports from no others."""

_COMPILED = {"sim.world.compiled.compiled", "sim.world.compiled.entry"}
_NAME = re.compile(r"[0-9a-f]{16}")


@cache
def code_folder() -> Path | None:
    """Return the folder of this program's compiled code, or None where none can be written.

    A finished folder that cannot be written to is copied to one that can: numba takes no other.
    """
    if not texts_of(_SIM):
        # Not in files: nothing could tell old code from new.
        return None
    for parent in _parents():
        for mark in _finished(parent):
            if folder := _usable(mark.parent):
                return folder
    name = digest_of(code_texts(_SIM))
    for parent in _parents():
        if is_writable(parent / name):
            _remove_oldest(parent)
            return parent / name
    return None


def is_finished() -> bool:
    """Tell whether all code of this program was compiled once, and kept."""
    folder = code_folder()
    return folder is not None and _mark(folder).exists()


def is_empty() -> bool:
    """Tell whether nothing was ever compiled here of what is needed now."""
    folder = code_folder()
    return folder is None or next(folder.rglob("*.nbi"), None) is None


def mark_as_finished() -> None:
    """Note that the code of this program is in its folder, all of it."""
    folder = code_folder()
    if folder is not None:
        with suppress(OSError):
            _mark(folder).touch()


def is_writable(folder: Path) -> bool:
    """Tell whether a folder is there, or can be made, and files can be made in it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except (OSError, ValueError):
        return False


def texts_of(sim: Path) -> dict[str, str]:
    """Return all source files in which there may be code, by their place in the folder ``sim``."""
    return {
        path.relative_to(sim).as_posix(): path.read_bytes().decode()
        for folder in _SOURCES
        for path in sorted((sim / folder).rglob("*.py"))
    }


def code_texts(sim: Path) -> dict[str, str]:
    """Return the files that compiled code can come from, without comments and docstrings.

    Those are the files with compiled rules, and what they import in turn.
    """
    texts = texts_of(sim)
    modules = {_module(place): place for place in texts}
    imports = {module: _imports(module, texts[place]) for module, place in modules.items()}
    open_ones = [module for module, of in imports.items() if not _COMPILED.isdisjoint(of)]
    reached = set[str]()
    while open_ones:
        module = open_ones.pop()
        if module in modules and module not in reached:
            reached.add(module)
            open_ones += imports[module]
    return {modules[module]: without_comments(texts[modules[module]]) for module in reached}


def digest_of(texts: dict[str, str]) -> str:
    """Return 16 hexadecimal digits of source texts, where they are, and who compiles for what."""
    state = hashlib.sha256(repr((str(_SIM), *_compiler())).encode())
    for place, text in sorted(texts.items()):
        state.update(f"{place}\n{len(text)}\n{text}".encode())
    return state.hexdigest()[:16]


@cache
def _compiler() -> tuple[str, ...]:
    """Return what besides the sources decides compiled code: versions, settings, processor."""
    try:
        features = str(binding.get_host_cpu_features().flatten())
    except RuntimeError:
        features = "unknown"
    settings = [f"{name} {getattr(numba.config, name, None)!r}" for name in _SETTINGS]
    return (
        sys.version,
        numba.__version__,
        llvmlite.__version__,
        np.__version__,
        binding.get_process_triple(),
        binding.get_host_cpu_name(),
        features,
        *settings,
    )


def _module(place: str) -> str:
    return "sim." + place.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


@lru_cache(maxsize=512)
def _imports(module: str, source: str) -> tuple[str, ...]:
    """Return the names of all that a file imports, unless only for types."""
    imported: list[str] = []
    waiting: list[ast.AST] = [ast.parse(source)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            waiting += node.orelse
        elif isinstance(node, ast.Import):
            imported += [name.name for name in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = resolve_name("." * node.level + (node.module or ""), module.rpartition(".")[0])
            imported += [base, *(f"{base}.{name.name}" for name in node.names)]
        else:
            waiting += ast.iter_child_nodes(node)
    return tuple(imported)


def _parents() -> Iterable[Path]:
    """Yield the folders for folders of code, the preferred one first."""
    own = os.environ.get("BORDERSIM_CACHE_DIR")
    if own:
        yield Path(own).absolute() / "bordersim"
    elif of_user := _cache_of_user():
        yield of_user / "bordersim"
    if temporary := _own_temporary_folder():
        yield temporary


def _cache_of_user() -> Path | None:
    of_system = os.environ.get("LOCALAPPDATA" if sys.platform == "win32" else "XDG_CACHE_HOME", "")
    if Path(of_system).is_absolute():
        return Path(of_system)
    try:
        home = Path.home()
    except RuntimeError:
        return None
    return home / {"darwin": "Library/Caches", "win32": "AppData/Local"}.get(sys.platform, ".cache")


def _own_temporary_folder() -> Path | None:
    """Return a folder that nobody else can write to: code that others left there would be run."""
    try:
        parent = Path(tempfile.gettempdir())
        if not hasattr(os, "getuid"):
            return parent / "bordersim"
        folder = parent / f"bordersim-{os.getuid()}"
        folder.mkdir(mode=0o700, exist_ok=True)
        status = folder.lstat()
    except OSError:
        return None
    private = folder.is_dir() and not folder.is_symlink() and not status.st_mode & 0o077
    return folder if private and status.st_uid == os.getuid() else None


@cache
def _written() -> str:
    """Return what tells the sources as they were when they were loaded, comments too."""
    return digest_of(texts_of(_SIM))


def _mark(folder: Path) -> Path:
    """Return the file that says that all code of these sources is in a folder."""
    return folder / f"finished-{_written()}"


def _finished(parent: Path) -> list[Path]:
    try:
        return sorted(parent.glob(f"*/{_mark(parent).name}"))
    except OSError:
        return []


def _usable(folder: Path) -> Path | None:
    """Return a finished folder if it can be written to, or a copy of it that can."""
    if is_writable(folder):
        with suppress(OSError):
            # Says when it was last used.
            os.utime(folder)
        return folder
    parent = _own_temporary_folder()
    if parent is None:
        return None
    copy = parent / folder.name
    try:
        with tempfile.TemporaryDirectory(dir=parent) as work:
            half = Path(work) / folder.name
            for path in folder.rglob("*.nb?"):
                place = half / path.relative_to(folder)
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(path.read_bytes())
            _mark(half).touch()
            half.rename(copy)
    except OSError:
        # Another process may have been quicker.
        return copy if _mark(copy).exists() and is_writable(copy) else None
    return copy


def _remove_oldest(parent: Path) -> None:
    """Remove folders of code that have not been used for longest."""
    try:
        folders = [path for path in parent.iterdir() if _NAME.fullmatch(path.name)]
        folders.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    except OSError:
        return
    for folder in folders[MOST_FOLDERS:]:
        shutil.rmtree(folder, ignore_errors=True)
