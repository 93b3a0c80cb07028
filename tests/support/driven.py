"""The command ``bordersim`` in a process of its own, which a test may ask to end."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from shipped import ROOT


@contextmanager
def driven(*arguments: object, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """Start the command in a process group of its own, as a terminal does, and leave none of it.

    ``environment`` holds variables beside those of this process.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "sim", *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "PYTHONWARNINGS": "error", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=_mind_signals,
    )
    with process:
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def wait_for_a_run(process: subprocess.Popen[str], total: int) -> None:
    """Wait until the bar of a command says that some of its runs have ended.

    It does so on a terminal only, or with ``FORCE_COLOR``. Where the command ends before, so does
    the wait.
    """
    assert process.stderr is not None
    said = ""
    while not re.search(rf"[1-9]\d*/{total}\b", said) and (more := process.stderr.read(80)):
        said = said[-200:] + more


def wait_until(happened: Callable[[], bool]) -> None:
    """Wait until something has happened, for a minute at most."""
    patience = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < patience
        time.sleep(0.02)


def _mind_signals() -> None:
    """Undo what nohup and a shell's background jobs do: a request to end is not ignored."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
