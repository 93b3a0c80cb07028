"""Tasks for other processes, which import them from here; some end their process."""

import os
import sys
import threading
import time
from pathlib import Path

GUILTY = 3
"""The task that ends its process."""


def squared(number: int) -> int:
    return number * number


def ends_its_process(number: int) -> int:
    if number == GUILTY:
        os._exit(1)
    return number * number


def ends_its_process_at_first(task: tuple[int, Path]) -> int:
    """End the process unless the file of the task is there already."""
    number, folder = task
    begun = folder / str(number)
    if number == GUILTY and not begun.exists():
        begun.touch()
        os._exit(1)
    return number * number


def raises(number: int) -> int:
    if number == GUILTY:
        raise ArithmeticError("nothing adds up")
    return number * number


def cannot_be_pickled(number: int) -> object:
    return lambda: number


def waits(task: tuple[int, Path]) -> int:
    """Say in a file that the task has begun, and wait for the file that lets it go on."""
    number, folder = task
    (folder / f"begun_{number}").touch()
    wait_for(folder / "go")
    return number * number


def wait_for(path: Path) -> None:
    patience = time.monotonic() + 60
    while not path.exists() and time.monotonic() < patience:
        time.sleep(0.01)
    assert path.exists()


def ends_while_it_answers(task: tuple[int, Path]) -> bytes:
    """Answer at such length that the answer is under way when the process ends, the first time."""
    number, folder = task
    if number != GUILTY:
        return b""
    wait_for(folder / "go")
    if not (folder / "ended").exists():
        threading.Timer(0.3, end_and_say_so, [folder / "ended"]).start()
    return bytes(10**7)


def end_and_say_so(path: Path) -> None:
    path.touch()
    os._exit(1)


def never_begins(*arguments: object) -> None:
    os._exit(1)


def has_the_model(number: int) -> bool:
    return "sim.world.model" in sys.modules
