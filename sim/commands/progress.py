"""Progress bars of long work, on the error stream.

The model is compiled before a bar of runs is shown: the line that says so would stand inside it.
"""

import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from sim.world.compilation import compile_once


def progress_of_runs() -> Progress:
    """Return bars that count runs."""
    compile_once()
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("runs"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )


class _Bars:
    """Bars that are shown as long as the context lasts."""

    def __init__(self, bars: Progress) -> None:
        self._bars = bars

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._bars.stop()


class RunsProgress(_Bars):
    """A bar that counts runs, with their rate, the time left, and how many failed.

    Args:
        done: runs that were there before.
        total: runs that there will be.
    """

    def __init__(self, done: int, total: int) -> None:
        compile_once()
        super().__init__(
            Progress(
                TextColumn("runs"),
                BarColumn(),
                MofNCompleteColumn(),
                TextColumn("{task.fields[rate]}"),
                TimeElapsedColumn(),
                TextColumn("left"),
                TimeRemainingColumn(),
                TextColumn("{task.fields[failures]}", style="red"),
                console=Console(stderr=True),
            )
        )
        self._task = self._bars.add_task("runs", completed=done, total=total, rate="", failures="")
        self._ended, self._failed, self._began = 0, 0, time.monotonic()

    def advance(self, runs: int, failed: int) -> None:
        """Say that ``runs`` more have ended, of which some failed."""
        self._ended += runs
        self._failed += failed
        seconds = max(time.monotonic() - self._began, 1e-3)
        self._bars.update(
            self._task,
            advance=runs,
            rate=f"{self._ended / seconds:.0f} a second",
            failures=f"{self._failed} failed" if self._failed else "",
        )


class StageProgress(_Bars):
    """A bar for each stage of some work, in the order in which the stages begin."""

    def __init__(self) -> None:
        super().__init__(
            Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeElapsedColumn(),
                TextColumn("left"),
                TimeRemainingColumn(),
                console=Console(stderr=True),
            )
        )
        self._tasks: dict[str, TaskID] = {}

    def report(self, stage: str, done: int, total: int) -> None:
        """Say how much of a stage is done."""
        if stage not in self._tasks:
            self._tasks[stage] = self._bars.add_task(stage, completed=done, total=total)
        self._bars.update(self._tasks[stage], completed=done, total=total)
