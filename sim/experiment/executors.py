"""One interface to processes and clusters: results come out in whatever order tasks end."""

import os
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future
from concurrent.futures import wait as wait_for_futures
from dataclasses import dataclass
from itertools import chain, islice
from multiprocessing.connection import wait as wait_for_connections
from typing import Any, TypeVar

from sim.experiment.worker_process import WorkerEnded, WorkerProcess

T = TypeVar("T")
R = TypeVar("R")

IN_FLIGHT = 256
"""Tasks that wait or run at one time, on an executor whose size is not known."""

CHANCES = 3
"""Times that a task is begun, if a process ends during it."""


class NoWorkers(RuntimeError):
    """Worker processes end before they can do anything."""


class Cancelled(Exception):
    """Nobody wants the rest of the work; an executor may set it as the exception of a task."""


@dataclass(frozen=True)
class Lost:
    """What there is instead of the result of a task that could not be brought to its end.

    Attributes:
        reason: why, in one line.
    """

    reason: str


_ENDED_WORKERS = Lost("a worker process ended three times; too little memory, or it was killed")
_BROKEN_EXECUTOR = Lost("the executor broke; too little memory, or its workers were killed")


def worker_count(workers: int) -> int:
    """Return the number of processes that ``workers`` asks for; 0 is one per processor."""
    return workers or os.cpu_count() or 1


def run_tasks(
    function: Callable[[T], R],
    tasks: Iterable[T],
    *,
    workers: int = 1,
    executor: Executor | None = None,
    in_flight: int = IN_FLIGHT,
) -> Iterator[tuple[T, R | Lost]]:
    """Yield every task with its result as it ends, in whatever order.

    An interruption, or closing the iterator, cancels what waits and does not wait for what runs.

    Args:
        function: what to do with a task; other processes must be able to import it.
        tasks: are read as there is room for them, and can be pickled.
        workers: processes; 1 runs here, 0 takes one per processor. There are never more than tasks.
            If one is killed its task is done again, when all others have ended.
        executor: where to run instead, any ``concurrent.futures.Executor``. It is neither shut
            down nor, if it breaks, reopened.
        in_flight: tasks that wait or run on the ``executor`` at one time.

    Yields:
        A task and its result. ``Lost`` stands for the result of a task during which a worker
        process ended three times, and of every task that a broken ``executor`` did not end.

    Raises:
        NoWorkers: worker processes end before they can do anything.
        Cancelled: the ``executor`` gave a task up.
        Exception: that of ``function``.
    """
    if executor is not None:
        yield from _on_executor(executor, function, iter(tasks), in_flight)
    elif worker_count(workers) == 1:
        for task in tasks:
            yield task, function(task)
    else:
        yield from _on_own_processes(worker_count(workers), function, iter(tasks))


def _on_executor(
    executor: Executor, function: Callable[[T], R], tasks: Iterator[T], in_flight: int
) -> Iterator[tuple[T, R | Lost]]:
    pending: dict[Future[R | _Raised], T] = {}
    try:
        while True:
            for task in islice(tasks, in_flight - len(pending)):
                try:
                    pending[executor.submit(_guarded, function, task)] = task
                except BrokenExecutor:
                    yield task, _BROKEN_EXECUTOR
            if not pending:
                return
            for future in wait_for_futures(pending, return_when=FIRST_COMPLETED).done:
                result = _result_of(future)
                yield pending.pop(future), result
    finally:
        for future in pending:
            future.cancel()


@dataclass(frozen=True)
class _Raised:
    """What the function raised; whatever else a future raises is the fault of the executor."""

    error: Exception


def _guarded(function: Callable[[T], R], task: T) -> R | _Raised:
    try:
        return function(task)
    except Exception as error:
        return _Raised(error)


def _result_of(future: Future[R | _Raised]) -> R | Lost:
    try:
        result: R | _Raised = future.result()
    except BrokenExecutor:
        return _BROKEN_EXECUTOR
    except Cancelled:
        raise
    except Exception as error:
        # Clusters have errors of their own for workers that were killed.
        return Lost(f"the executor gave up: {type(error).__name__}: {error}")
    if isinstance(result, _Raised):
        raise result.error
    return result


def _on_own_processes(
    workers: int, function: Callable[[T], R], tasks: Iterator[T]
) -> Iterator[tuple[T, R | Lost]]:
    for _ in range(CHANCES):
        ended = yield from _until_done(workers, function, tasks)
        # Alone, a task has all the memory.
        tasks, workers = iter(ended), 1
    for task in tasks:
        yield task, _ENDED_WORKERS


def _until_done(
    workers: int, function: Callable[[T], R], tasks: Iterator[T]
) -> Generator[tuple[T, R], None, list[T]]:
    """Yield the result of every task whose process did not end.

    Returns:
        The other tasks.
    """
    first = list(islice(tasks, workers))
    if not first:
        return []
    tasks = chain(first, tasks)
    free = _start(function, len(first))
    busy: dict[Any, tuple[T, WorkerProcess[T, R]]] = {}
    ended: list[T] = []
    try:
        while True:
            for task in islice(tasks, workers - len(busy)):
                worker = free.pop() if free else _start(function, 1).pop()
                busy[worker.connection] = task, worker
                worker.give(task)
            if not busy:
                return ended
            for connection in wait_for_connections(list(busy)):
                task, worker = busy[connection]
                try:
                    result = worker.take()
                except WorkerEnded:
                    worker.stop()
                    del busy[connection]
                    ended.append(task)
                else:
                    del busy[connection]
                    free.append(worker)
                    yield task, result
    finally:
        for worker in [*free, *(worker for _, worker in busy.values())]:
            worker.stop()


def _start(function: Callable[[T], R], count: int) -> list[WorkerProcess[T, R]]:
    """Start ``count`` processes, and return those that are ready, at least one.

    Raises:
        NoWorkers: none is, time and again, and every task would be lost.
    """
    for _ in range(CHANCES):
        started = [WorkerProcess(function) for _ in range(count)]
        ready = [worker for worker in started if worker.is_ready()]
        if ready:
            return ready
    raise NoWorkers(
        "worker processes end as soon as they start; a script that uses them has to be below "
        "'if __name__ == \"__main__\":'"
    )
