"""The progress display of all long work, on the error stream: one bar for each stage."""

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


class StageProgress:
    """Bars that are shown as long as the context lasts, in the order in which stages begin."""

    def __init__(self) -> None:
        self._bars = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
            TextColumn("{task.fields[failed]}", style="red"),
            console=Console(stderr=True),
        )
        self._tasks: dict[str, tuple[TaskID, int]] = {}

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

    def report(self, stage: str, done: int, total: int, failed: int = 0) -> None:
        """Say how much of a stage is done, and how much of that has failed."""
        if stage not in self._tasks:
            task = self._bars.add_task(stage, completed=done, total=total, rate="", failed="")
            self._tasks[stage] = task, done
        task, before = self._tasks[stage]
        seconds = max(self._bars.tasks[task].elapsed or 0.0, 1e-3)
        self._bars.update(
            task,
            completed=done,
            total=total,
            rate=f"{(done - before) / seconds:.0f} a second" if done > before else "",
            failed=f"{failed} failed" if failed else "",
        )
