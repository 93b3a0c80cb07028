"""Replicates of a scenario: the same world under many seeds, on one process or several."""

import contextlib
import multiprocessing
import os
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from itertools import islice

import numpy as np

from sim.scenario.schema import Scenario
from sim.world.bulletin import SERIES
from sim.world.draws import FloatArray, IntArray
from sim.world.fates import Fate
from sim.world.geography import reporting_places
from sim.world.line_list import line_list, transmissions
from sim.world.model import BorderModel
from sim.world.origins import Origin, local_infections_by_day
from sim.world.outcomes import Result, fates_by_entry_day, outcomes_of

_BATCH = 5
"""Runs a task: enough that sending a scenario to a process costs little."""

_IN_FLIGHT = 64
"""Tasks that wait or run at one time."""


@dataclass(frozen=True)
class Failure:
    """A run that raised an exception.

    Attributes:
        seed: seed of the run.
        reason: the exception in one line.
        details: the traceback, for the manifest.
    """

    seed: int
    reason: str
    details: str


@dataclass
class Replicates:
    """Finished runs of one scenario, ordered by seed.

    Attributes:
        scenario: what was run.
        results: one a finished run.
        failures: one a failed run.
        interrupted: the user stopped before all runs were done.
    """

    scenario: Scenario
    results: list[Result] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    interrupted: bool = False

    def outcome(self, name: str) -> FloatArray:
        """Return one outcome of all runs, shape (runs,)."""
        return np.array([result.outcomes[name] for result in self.results], dtype=np.float64)

    def series(self, name: str, place: str) -> IntArray:
        """Return a daily series of all runs, shape (runs, days).

        Raises:
            KeyError: there is no such series or place.
        """
        column = series_index(name), place_index(self.scenario, place)
        return np.stack([result.series[:, column[0], column[1]] for result in self.results])

    def fates(self) -> FloatArray:
        """Return mean infected entrants by day of crossing and fate, shape (days, fates)."""
        if not self.results:
            return np.zeros((self.scenario.calendar.days, len(Fate)))
        mean: FloatArray = np.mean([result.fates for result in self.results], axis=0)
        return mean

    def local_infections(self) -> FloatArray:
        """Return mean infections of residents by day and origin, shape (days, origins)."""
        if not self.results:
            return np.zeros((self.scenario.calendar.days, len(Origin)))
        mean: FloatArray = np.mean([result.local for result in self.results], axis=0)
        return mean


def series_index(name: str) -> int:
    """Return the number of a series in ``Result.series``.

    Raises:
        KeyError: there is no such series.
    """
    if name not in SERIES:
        raise KeyError(f"no series {name!r}; there are {', '.join(SERIES)}")
    return SERIES.index(name)


def place_index(scenario: Scenario, place: str) -> int:
    """Return the number of a place or leg in ``Result.series``.

    Raises:
        KeyError: the scenario has no such place or leg.
    """
    names = reporting_places(scenario)
    if place not in names:
        raise KeyError(f"no place {place!r}; there are {', '.join(names)}")
    return names.index(place)


def finished_model(scenario: Scenario, seed: int) -> BorderModel:
    """Return the model after its last day."""
    model = BorderModel(scenario, seed)
    try:
        while model.running:
            model.step()
    finally:
        model.finish()
    return model


def simulate(scenario: Scenario, seed: int, *, with_line_list: bool = False) -> Result:
    """Run ``scenario`` once and return what is kept of it."""
    model = finished_model(scenario, seed)
    return Result(
        seed=seed,
        outcomes=outcomes_of(model),
        series=model.bulletin.series,
        fates=fates_by_entry_day(model),
        local=local_infections_by_day(model),
        line_list=line_list(model) if with_line_list else {},
        transmissions=transmissions(model) if with_line_list else {},
    )


def run(
    scenario: Scenario,
    *,
    replicates: int = 50,
    seed: int = 1,
    workers: int = 1,
    with_line_list: bool = False,
    executor: Executor | None = None,
    on_progress: Callable[[int], None] = lambda runs: None,
) -> Replicates:
    """Run ``scenario`` under the seeds ``seed``, ``seed + 1``, ... and return all results.

    Two scenarios run with the same seeds are paired: they differ only through what the scenarios
    change. The result depends neither on ``workers`` nor on the order in which runs end.

    Args:
        scenario: what to run.
        replicates: number of runs.
        seed: seed of the first run.
        workers: processes; 1 runs here, 0 takes one a processor.
        with_line_list: keep the line list and the transmissions of every run.
        executor: where to run instead, any ``concurrent.futures.Executor``.
        on_progress: called with the number of runs that have just ended.

    Returns:
        All finished runs. A run that raises is kept as a failure; after Ctrl-C ``interrupted``
        is set and the runs that had ended are there.
    """
    replicates_done = Replicates(scenario)
    seeds = range(seed, seed + replicates)
    batches = [seeds[i : i + _BATCH] for i in range(0, len(seeds), _BATCH)]
    try:
        for done in _all_batches(scenario, batches, workers, with_line_list, executor):
            for outcome in done:
                if isinstance(outcome, Failure):
                    replicates_done.failures.append(outcome)
                else:
                    replicates_done.results.append(outcome)
            on_progress(len(done))
    except KeyboardInterrupt:
        replicates_done.interrupted = True
    replicates_done.results.sort(key=lambda result: result.seed)
    replicates_done.failures.sort(key=lambda failure: failure.seed)
    return replicates_done


def _run_batch(
    scenario: Scenario, seeds: Sequence[int], with_line_list: bool
) -> list[Result | Failure]:
    """Run a few seeds; an exception in one run does not touch the others."""
    done: list[Result | Failure] = []
    for seed in seeds:
        try:
            done.append(simulate(scenario, seed, with_line_list=with_line_list))
        except Exception as error:
            reason = f"{type(error).__name__}: {error}"
            done.append(Failure(seed, reason, traceback.format_exc()))
    return done


def _all_batches(
    scenario: Scenario,
    batches: list[range],
    workers: int,
    with_line_list: bool,
    executor: Executor | None,
) -> Iterator[list[Result | Failure]]:
    """Yield the outcome of every batch as it ends."""
    if executor is not None:
        yield from _on_executor(executor, scenario, batches, with_line_list)
        return
    workers = min(workers or os.cpu_count() or 1, len(batches))
    if workers <= 1:
        # One run at a time, so that progress and Ctrl-C work at that grain too.
        for seeds in batches:
            for seed in seeds:
                yield _run_batch(scenario, [seed], with_line_list)
        return
    # Processes are spawned, not forked: a forked copy of a program with threads may hang.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_ignore_interrupt) as pool:
        try:
            yield from _on_executor(pool, scenario, batches, with_line_list)
        except KeyboardInterrupt:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _on_executor(
    executor: Executor, scenario: Scenario, batches: list[range], with_line_list: bool
) -> Iterator[list[Result | Failure]]:
    """Keep a few batches in flight, so that an interruption leaves little to wait for."""
    waiting = iter(batches)
    pending: dict[Future[list[Result | Failure]], range] = {}
    while True:
        for seeds in islice(waiting, _IN_FLIGHT - len(pending)):
            pending[executor.submit(_run_batch, scenario, seeds, with_line_list)] = seeds
        if not pending:
            return
        finished, _ = wait(pending, return_when=FIRST_COMPLETED)
        for future in finished:
            seeds = pending.pop(future)
            try:
                yield future.result()
            except BrokenProcessPool as error:
                reason = "a worker process ended; too little memory, or it was killed"
                yield [Failure(seed, reason, repr(error)) for seed in seeds]


def _ignore_interrupt() -> None:
    """Leave Ctrl-C to the process that started the workers."""
    import signal

    with contextlib.suppress(ValueError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)
