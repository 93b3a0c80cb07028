"""One mutant on trial: a forked process in which the tests that run its lines are run."""

import contextlib
import json
import os
import resource
import select
import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import pytest

from benchmarks.mutation.mutants import Mutant

_MEMORY = 4 * 2**30
"""Bytes of addresses: a mutant that asks for more has failed."""

_LOOPS = 15.0
"""CPU seconds that a mutant may take beyond what its tests take without it; then it hangs."""

_STUCK = 900.0
"""Seconds until a mutant that waits, and uses no processor, hangs."""

_UNKNOWN_TEST = "unknown test"

QUIET = [
    *("-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:cov"),
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),
]
"""Options of pytest. What is imported once, before tests are collected, it warns of."""


@dataclass(frozen=True)
class Verdict:
    """What became of a mutant.

    Attributes:
        killed: a test failed, or it hung.
        by: the first test that failed; "time" if it hung, "import" if it could not be imported,
            "crash" if its process ended.
        seconds: how long that took.
    """

    killed: bool
    by: str
    seconds: float


class _FirstFailure:
    """A pytest plugin that remembers the first test that failed."""

    def __init__(self) -> None:
        self.name = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and not self.name:
            self.name = report.nodeid

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed and not self.name:
            self.name = "import"


def tried(mutant: Mutant | None, copy: Path, tests: Sequence[str], expected: float) -> Verdict:
    """Run ``tests`` against a mutant until one fails.

    Args:
        mutant: the fault, which is written into the copy and taken out again; None for none.
        copy: a copy of the checkout that may be changed, and is the present folder.
        tests: their names, in the order in which they are run.
        expected: CPU seconds that all of them take without a fault.
    """
    if not tests:  # pytest would run all that it finds
        return Verdict(killed=False, by="", seconds=0.0)
    begun, limit = time.monotonic(), expected + _LOOPS
    if mutant is None:
        by = _killer(tests, limit)
    else:
        path = copy / mutant.path
        original = path.read_text("utf-8")
        path.write_text(mutant.source, "utf-8")
        # Byte code of another mutant of the same second and size would be taken for this one's.
        os.utime(path, (mutant.number, mutant.number))
        try:
            by = _killer(tests, limit)
        finally:
            path.write_text(original, "utf-8")
    return Verdict(by != "", by, round(time.monotonic() - begun, 2))


def _killer(tests: Sequence[str], cpu_seconds: float) -> str:
    """Return what fails first in a process of its own, or nothing."""
    answers, answer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(answers)
        _run_and_answer(tests, answer, int(cpu_seconds))
    os.close(answer)
    said = b""
    if select.select([answers], [], [], _STUCK)[0]:
        said = os.read(answers, 1 << 16)
    os.close(answers)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    by = str(json.loads(said)) if said else "time"
    if by == _UNKNOWN_TEST:
        raise click.ClickException("a test that was measured is no longer there: measure again")
    return by


def _run_and_answer(tests: Sequence[str], answer: int, cpu_seconds: int) -> None:
    os.setpgid(0, 0)
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 5))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    silence = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(silence, stream)
    failure = _FirstFailure()
    try:
        code = pytest.main([*QUIET, "--hypothesis-seed=0", *tests], plugins=[failure])
    except BaseException:
        code = pytest.ExitCode.INTERNAL_ERROR
    by = failure.name
    if code and not by:
        by = _UNKNOWN_TEST if code == pytest.ExitCode.USAGE_ERROR else "crash"
    os.write(answer, json.dumps(by).encode())
    os._exit(0)
