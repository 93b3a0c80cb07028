"""Worker processes that many users share: those who wait for a first answer are served first."""

import contextlib
import heapq
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future
from itertools import count
from threading import Condition, Thread
from typing import Any

from sim.experiment.executors import CHANCES
from sim.experiment.worker_process import WorkerEnded, WorkerProcess

_AT_A_TIME = 4
"""Tasks of one user that follow each other: a first answer, and one scenario to unpack."""

Task = tuple[Callable[..., Any], tuple[Any, ...]]


class FairPool:
    """Processes, each with a thread that gives it the most urgent task.

    Args:
        workers: processes.
    """

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self._waiting: list[tuple[int, int, Future[Any], Task]] = []
        self._numbers = count()
        self._changed = Condition()
        self._closed = False
        self._threads = [Thread(target=self._serve, daemon=True) for _ in range(workers)]
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """End the processes, after the tasks that they are at; what waits is cancelled."""
        with self._changed:
            self._closed = True
            for _, _, future, _ in self._waiting:
                future.cancel()
            self._waiting.clear()
            self._changed.notify_all()
        for thread in self._threads:
            thread.join()

    def add(self, rank: int, future: Future[Any], task: Task) -> None:
        """Put a task among those that wait; the lowest ``rank`` is served first."""
        with self._changed:
            if self._closed:
                future.cancel()
                return
            heapq.heappush(self._waiting, (rank, next(self._numbers), future, task))
            self._changed.notify()

    def _next(self) -> tuple[Future[Any], Task] | None:
        with self._changed:
            while not self._waiting and not self._closed:
                self._changed.wait()
            if self._closed:
                return None
            _, _, future, task = heapq.heappop(self._waiting)
            return future, task

    def _serve(self) -> None:
        worker: WorkerProcess[Task, Any] | None = None
        while (waiting := self._next()) is not None:
            future, task = waiting
            if not future.set_running_or_notify_cancel():
                continue
            for _ in range(CHANCES):
                worker = worker or _started()
                if worker is None:
                    continue
                try:
                    worker.give(task)
                    future.set_result(worker.take())
                except WorkerEnded:
                    worker.stop()
                    worker = None
                    continue
                except Exception as error:
                    future.set_exception(error)
                break
            else:
                future.set_exception(BrokenExecutor("a worker process ended three times"))
        if worker is not None:
            worker.stop()


def _started() -> WorkerProcess[Task, Any] | None:
    worker = WorkerProcess[Task, Any](_call)
    if worker.is_ready():
        return worker
    with contextlib.suppress(Exception):
        worker.stop()
    return None


def _call(task: Task) -> Any:
    function, arguments = task
    return function(*arguments)


class Turn(Executor):
    """The door of one user to the pool.

    The more tasks someone has had since ``begin``, the later the next ones come: of several users
    each has a first answer before anyone has a finer one.

    Args:
        pool: where tasks are done.
        first: rank of the first task; a high one is for what nobody waits for.
    """

    def __init__(self, pool: FairPool, first: int = 0) -> None:
        self._pool = pool
        self._first = first
        self._ranks = count(first)

    @property
    def in_flight(self) -> int:
        """Tasks that should wait or run at one time, so that no process is idle."""
        return self._pool.workers + 2

    def begin(self) -> None:
        """Begin anew: the next task is a first one."""
        self._ranks = count(self._first)

    def submit(self, function: Any, /, *arguments: Any, **named: Any) -> Future[Any]:
        """Put ``function(*arguments)`` among the tasks that wait."""
        if named:
            raise TypeError("a task has no named arguments")
        future: Future[Any] = Future()
        self._pool.add(next(self._ranks) // _AT_A_TIME, future, (function, arguments))
        return future
