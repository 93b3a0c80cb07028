"""Worker processes that many users share: those who wait for a first answer are served first."""

import heapq
import logging
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future
from dataclasses import dataclass, field
from itertools import count
from threading import Condition, Lock, Thread
from typing import Any

from sim.experiment.executors import CHANCES, Cancelled
from sim.experiment.worker_process import WorkerEnded, WorkerProcess

_AT_A_TIME = 4
"""Tasks of one user that follow each other: a first answer, and one scenario to unpack."""

_STARTING = Lock()
"""Held while a process is started: what it inherits is set for all of this one."""

_LOG = logging.getLogger(__name__)

Task = tuple[Callable[..., Any], tuple[Any, ...]]


@dataclass(order=True)
class _Waiting:
    """A task that waits, of whom it is and what is told its end."""

    rank: int
    number: int
    turn: "Turn" = field(compare=False)
    task: Task = field(compare=False)
    future: Future[Any] = field(compare=False, default_factory=Future)

    def give_up(self) -> None:
        if self.future.set_running_or_notify_cancel():
            self.future.set_exception(Cancelled())


class FairPool:
    """Processes, each with a thread that gives it the most urgent task.

    Args:
        workers: processes.
    """

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self._waiting: list[_Waiting] = []
        self._numbers = count()
        self._changed = Condition()
        self._closed = False
        self._threads = [Thread(target=self._serve, daemon=True) for _ in range(workers)]
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """End the processes, after the tasks that they are at; what waits is ``Cancelled``."""
        with self._changed:
            self._closed = True
            while self._waiting:
                self._waiting.pop().give_up()
            self._changed.notify_all()
        for thread in self._threads:
            thread.join()

    def add(self, turn: "Turn", rank: int, task: Task) -> Future[Any]:
        """Put a task among those that wait; the lowest ``rank`` is served first."""
        waiting = _Waiting(rank, next(self._numbers), turn, task)
        with self._changed:
            if self._closed:
                waiting.give_up()
            else:
                heapq.heappush(self._waiting, waiting)
                self._changed.notify()
        return waiting.future

    def give_up(self, turn: "Turn") -> None:
        """Let the tasks of a user that wait end as ``Cancelled``."""
        with self._changed:
            for waiting in self._waiting:
                if waiting.turn is turn:
                    waiting.give_up()
            self._waiting = [of for of in self._waiting if of.turn is not turn]
            heapq.heapify(self._waiting)

    def _next(self) -> _Waiting | None:
        with self._changed:
            while not self._waiting and not self._closed:
                self._changed.wait()
            if self._closed:
                return None
            return heapq.heappop(self._waiting)

    def _serve(self) -> None:
        worker: WorkerProcess[Task, Any] | None = None
        while (waiting := self._next()) is not None:
            future = waiting.future
            if not future.set_running_or_notify_cancel():
                continue
            for _ in range(CHANCES):
                worker = worker or _started()
                if worker is None:
                    continue
                try:
                    worker.give(waiting.task)
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
    """Return a new process, or None if there is none."""
    try:
        with _STARTING:
            worker: WorkerProcess[Task, Any] = WorkerProcess(_call)
        if worker.is_ready():
            return worker
        worker.stop()
    except (OSError, KeyError):
        _LOG.exception("a worker process could not be started")
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
        """Begin anew: what waits is given up, and the next task is a first one."""
        self._pool.give_up(self)
        self._ranks = count(self._first)

    def submit(self, function: Any, /, *arguments: Any, **named: Any) -> Future[Any]:
        """Put ``function(*arguments)`` among the tasks that wait."""
        if named:
            raise TypeError("a task has no named arguments")
        return self._pool.add(self, next(self._ranks) // _AT_A_TIME, (function, arguments))
