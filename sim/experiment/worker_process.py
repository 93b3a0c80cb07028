"""A process that does one task after the other, and of which it is known when it has ended.

``ProcessPoolExecutor`` would do but for this: its processes share two queues, and if one of them is
killed while it writes a result, the program waits for the rest of that result for ever. Here every
process has a pipe of its own, which ends with it.
"""

import contextlib
import multiprocessing
import os
import pickle
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from typing import Any, Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")

_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
"""What libraries of linear algebra read when they are loaded."""


class WorkerEnded(Exception):
    """The process ended before its task."""


class CannotBeSent(TypeError):
    """Another process cannot load a task; the message says what it lacks."""


class WorkerProcess(Generic[T, R]):
    """One process, which ends with the one that started it, after the task that it is at.

    Args:
        function: what to do with a task; the process must be able to import it.

    Attributes:
        connection: has something to be read when a task, or the process, has ended.
    """

    def __init__(self, function: Callable[[T], R]) -> None:
        context = _context()
        self.connection, theirs = context.Pipe()
        self._process = context.Process(target=_work, args=(theirs, function), daemon=True)
        with _ctrl_c_waits(), _one_thread_each():
            self._process.start()
        # Only if nobody else has that end of the pipe, the pipe ends with the process.
        theirs.close()

    def is_ready(self) -> bool:
        """Wait until the process has started, and return whether it has; to be asked once."""
        try:
            self.connection.recv()
        except (EOFError, OSError):
            return False
        return True

    def give(self, task: T) -> None:
        """Let the process begin a task.

        Raises:
            CannotBeSent: the task cannot be pickled.
        """
        # If it has ended, anyone who takes the result is told.
        with contextlib.suppress(OSError):
            try:
                self.connection.send(task)
            except (pickle.PicklingError, AttributeError, TypeError) as error:
                raise CannotBeSent(f"{type(error).__name__}: {error}") from error

    def take(self) -> R:
        """Wait for the result of the task and return it.

        Raises:
            WorkerEnded: there is none, and no task should be given any more.
            CannotBeSent: the process could not load the task.
            Exception: that of the function.
        """
        try:
            result, error = self.connection.recv()
        except (EOFError, OSError) as ended:
            raise WorkerEnded from ended
        if error is not None:
            raise error
        return result  # type: ignore[no-any-return]

    def stop(self) -> None:
        """End the process at once, whatever it is at."""
        self._process.terminate()
        self._process.join()
        self.connection.close()


def _context() -> Any:
    """Return how processes are started: never as copies of this one, whose threads might hang them.

    On Linux they are copies of one that has loaded the model and does nothing else, so that a
    second starts at once and shares most of its memory. Elsewhere such copies are not safe.
    """
    if sys.platform != "linux":
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["sim.experiment.loaded_model"])
    return context


@contextlib.contextmanager
def _ctrl_c_waits() -> Iterator[None]:
    """Hold Ctrl-C back for a moment; a process that is started meanwhile never hears it.

    A terminal sends it to all processes, and one that is at its imports would die of it with a
    traceback on the screen.
    """
    if sys.platform == "win32":
        yield
        return
    # The helper of multiprocessing lets the signal through when it starts, so it starts first.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextlib.contextmanager
def _one_thread_each() -> Iterator[None]:
    """Let linear algebra in a process that is started meanwhile use one thread.

    There is a process for each processor: with threads of their own they wait for one another.
    """
    unset = [name for name in _THREADS if name not in os.environ]
    os.environ.update(dict.fromkeys(unset, "1"))
    try:
        yield
    finally:
        for name in unset:
            os.environ.pop(name, None)  # another thread may have been faster


def _work(connection: Connection, function: Callable[[Any], Any]) -> None:
    # Ctrl-C is left to the process that started this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # The pipe breaks when that process has ended.
    with contextlib.suppress(EOFError, OSError):
        connection.send("ready")
        while True:
            try:
                task = connection.recv()
            except (EOFError, OSError):
                raise
            except Exception as error:
                lacks = f"{type(error).__name__}: {error}"
                connection.send((None, CannotBeSent(lacks)))
                continue
            try:
                connection.send((function(task), None))
            except Exception as error:
                # A traceback does not cross the pipe, but a note does.
                error.add_note(traceback.format_exc())
                connection.send((None, error))
