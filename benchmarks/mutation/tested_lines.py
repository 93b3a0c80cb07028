"""Which test runs which lines, and for how long: measured once, kept beside the verdicts."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import coverage
import pytest

_Lines = dict[str, list[int]]
"""Line numbers by file, relative to the root of the checkout."""


@dataclass(frozen=True)
class MeasuredTest:
    """What one test did.

    Attributes:
        name: as pytest names it.
        seconds: CPU seconds, with those of its fixtures.
        lines: lines that it ran, by file.
    """

    name: str
    seconds: float
    lines: dict[str, frozenset[int]]


class LineMeter:
    """A pytest plugin that writes down a JSON object a test.

    Args:
        root: folder of the checkout.
        packages: whose lines count.
        out: the file that is written.
    """

    def __init__(self, root: Path, packages: list[str], out: Path) -> None:
        self._root = root
        self._coverage = coverage.Coverage(data_file=None, source=packages, config_file=False)
        quiet = ["no-data-collected", "module-not-measured", "module-not-imported"]
        self._coverage.set_option("run:disable_warnings", quiet)
        self._out = out
        self._shared: dict[str, _Lines] = {}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Iterator[None]:
        """Measure fixtures; those of a module serve all tests that follow in its file."""
        shared = self._shared.setdefault(item.nodeid.partition("::")[0], {})
        begun = time.process_time()
        self._coverage.start()
        try:
            return (yield)
        finally:
            for path, lines in self._stopped().items():
                shared[path] = sorted({*shared.get(path, []), *lines})
            item.stash[_SETUP] = time.process_time() - begun

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        """Measure the test itself; one that fails without a fault tells nothing and is left out."""
        begun = time.process_time()
        self._coverage.start()
        try:
            yield
        finally:
            lines = self._stopped()
        for path, more in self._shared[item.nodeid.partition("::")[0]].items():
            lines[path] = sorted({*lines.get(path, []), *more})
        seconds = time.process_time() - begun + item.stash[_SETUP]
        entry = {"name": item.nodeid, "seconds": round(seconds, 3), "lines": lines}
        with self._out.open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry) + "\n")

    def _stopped(self) -> _Lines:
        self._coverage.stop()
        data = self._coverage.get_data()
        lines = {
            str(Path(path).relative_to(self._root)): sorted(data.lines(path) or [])
            for path in data.measured_files()
        }
        self._coverage.erase()
        return lines


_SETUP = pytest.StashKey[float]()


def read_measured(path: Path) -> list[MeasuredTest]:
    """Return the tests in a file that a ``LineMeter`` wrote, the last word on each."""
    entries = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    tests = {
        entry["name"]: MeasuredTest(
            entry["name"],
            entry["seconds"],
            {file: frozenset(lines) for file, lines in entry["lines"].items()},
        )
        for entry in entries
    }
    return list(tests.values())
