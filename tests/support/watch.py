"""Watches what Python opens, runs and connects to, by its audit events."""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

_READS = ("open", "os.listdir", "os.scandir")
_HARM = (
    *("os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "os.forkpty"),
    *("subprocess.Popen", "socket.connect", "socket.bind", "socket.getaddrinfo", "urllib.Request"),
    *("os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.truncate"),
    *("os.chmod", "os.chown", "shutil.rmtree", "shutil.copyfile", "shutil.move"),
    *("ctypes.dlopen", "pickle.find_class", "exec", "compile", "import", "tempfile.mkstemp"),
)
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

_watching: list[tuple[tuple[str, ...], list[str]]] = []
"""Folders that may be read, and what was done beyond that; at most one watch at a time."""


@contextmanager
def watched(folders: Sequence[Path]) -> Iterator[list[str]]:
    """Yield a list that fills with whatever is done besides reading below ``folders``.

    What is imported late would be taken for harm: do once what is watched before.
    """
    _install()
    seen: list[str] = []
    _watching.append((tuple(os.path.realpath(folder) for folder in folders), seen))
    try:
        yield seen
    finally:
        _watching.pop()


@cache
def _install() -> None:
    sys.addaudithook(_hook)


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if not _watching:
        return
    folders, seen = _watching[-1]
    if event in _HARM:
        seen.append(f"{event} {str(arguments)[:200]}")
    elif event in _READS and not isinstance(arguments[0], int):
        # Looking at the path opens nothing, so it raises no event of its own.
        path = os.path.realpath(os.fsdecode(arguments[0]))
        if event == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITING:
            seen.append(f"written: {path}")
        elif not any(path == folder or path.startswith(folder + os.sep) for folder in folders):
            seen.append(f"read: {path}")
