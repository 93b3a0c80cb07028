"""CPU seconds of runs that take turns, so that drift of the machine hits all of them alike."""

import gc
import os
import resource
import statistics
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path


@dataclass
class Contestant:
    """Something that is timed several times.

    Attributes:
        name: what the table calls it.
        run: does it once, given a seed.
        repetitions: how often.
        seconds: CPU seconds of the runs so far.
    """

    name: str
    run: Callable[[int], object]
    repetitions: int
    seconds: list[float] = field(default_factory=list)

    @property
    def fastest(self) -> float:
        """CPU seconds of the fastest run."""
        return min(self.seconds)

    @property
    def median(self) -> float:
        """Median CPU seconds."""
        return statistics.median(self.seconds)


def cpu_seconds(run: Callable[[], object]) -> float:
    """Return the CPU seconds of this process that ``run`` takes, garbage of others cleared."""
    gc.collect()
    begun = time.process_time()
    run()
    return time.process_time() - begun


def time_by_turns(contestants: Sequence[Contestant]) -> None:
    """Time all contestants, the repetitions of each spread evenly over all rounds."""
    rounds = max(contestant.repetitions for contestant in contestants)
    for number in range(rounds):
        for contestant in contestants:
            due = (number + 1) * contestant.repetitions // rounds
            if due == len(contestant.seconds):
                continue
            seed = len(contestant.seconds) + 1
            contestant.seconds.append(cpu_seconds(partial(contestant.run, seed)))


def cpu_seconds_of_all() -> float:
    """Return the CPU seconds of this process, its children, and those of theirs that have ended."""
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(of.ru_utime + of.ru_stime for of in both) + _of_living_children()


def _of_living_children() -> float:
    """Return CPU seconds of children that run, such as the one that starts workers on Linux."""
    ticks = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            # Behind the name, which may have anything in it: state, parent, ... and in the 12th to
            # the 15th place the time of the process and of its children that have ended.
            fields = path.read_text("utf-8", "replace").rpartition(")")[2].split()
            if int(fields[1]) == os.getpid():
                ticks += sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def child_cpu_seconds(command: Sequence[str]) -> float | None:
    """Return the CPU seconds of a command as a process of its own, None if it fails."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, capture_output=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        return None
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
