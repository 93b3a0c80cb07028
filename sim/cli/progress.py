"""The progress display of all long work, on the error stream: one bar for each stage."""

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


class StageProgress(Progress):
    """Bars that are shown as long as the context lasts, in the order in which stages begin."""

    def __init__(self) -> None:
        super().__init__(
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
        self._stages: dict[str, TaskID] = {}

    def report(self, stage: str, done: int, total: int, failed: int = 0) -> None:
        """Say how much of a stage is done, and how much of that has failed."""
        if stage not in self._stages:
            self._stages[stage] = self.add_task(
                stage, completed=done, total=total, rate="", failed=""
            )
        number = self._stages[stage]
        speed = self.tasks[number].speed
        self.update(
            number,
            completed=done,
            total=total,
            rate=f"{speed:.0f} a second" if speed else "",
            failed=f"{failed} failed" if failed else "",
        )
