"""Long work in parts: each is done once, kept, and never done again."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import TypeVar

from sim.experiment.executors import Lost, run_tasks
from sim.experiment.run_store import Arrays, RunKey, RunStore

T = TypeVar("T")


class WorkLost(RuntimeError):
    """A part of the work could not be brought to its end; the message says why."""


@dataclass(frozen=True)
class TaskRunner:
    """Runs tasks and keeps their results.

    Attributes:
        store: what is done already, and where results go; None keeps nothing.
        workers: processes; see ``run_tasks``.
        executor: where to run instead.
        on_progress: called with the name of the stage, how much of it is done, and how much
            there is.
    """

    store: RunStore | None = None
    workers: int = 1
    executor: Executor | None = None
    on_progress: Callable[[str, int, int], None] = lambda stage, done, total: None

    def get(self, keys: Iterable[RunKey]) -> dict[RunKey, Arrays]:
        """Return what is there already of ``keys``."""
        if self.store is None:
            return {}
        found = {key: self.store.get(key) for key in keys}
        return {key: arrays for key, arrays in found.items() if arrays is not None}

    def map(
        self,
        stage: str,
        function: Callable[[T], dict[RunKey, Arrays]],
        tasks: Iterable[T],
        *,
        done: int,
        total: int,
    ) -> Iterator[dict[RunKey, Arrays]]:
        """Do every task, keep its results, and yield them as they come.

        Args:
            stage: name of the stage, for the progress.
            function: returns what is to be kept, by key.
            tasks: what is missing.
            done: results that were there before.
            total: results that there will be.

        Raises:
            WorkLost: a task could not be brought to its end.
        """
        self.on_progress(stage, done, total)
        for _, result in run_tasks(function, tasks, workers=self.workers, executor=self.executor):
            if isinstance(result, Lost):
                raise WorkLost(result.reason)
            if self.store is not None:
                self.store.put(result)
            done += len(result)
            self.on_progress(stage, done, total)
            yield result

    def finished(
        self,
        stage: str,
        function: Callable[[list[T]], dict[RunKey, Arrays]],
        tasks: Mapping[RunKey, T],
        *,
        batch: int,
        before: int = 0,
        total: int | None = None,
    ) -> dict[RunKey, Arrays]:
        """Return the results of all tasks: those in the store, and the others once they are done.

        Args:
            stage: name of the stage, for the progress.
            function: returns the results of some tasks, by key.
            tasks: by the key of their result.
            batch: tasks that are given to ``function`` together, at most.
            before: results of the stage that other calls have.
            total: results of the whole stage; none: this is the only call.

        Raises:
            WorkLost: a task could not be brought to its end.
        """
        there = self.get(tasks)
        missing = [task for key, task in tasks.items() if key not in there]
        batches = [missing[i : i + batch] for i in range(0, len(missing), batch)]
        total = len(tasks) if total is None else total
        for results in self.map(stage, function, batches, done=before + len(there), total=total):
            there |= results
        return there
