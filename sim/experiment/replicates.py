"""Replicates of a scenario: the same world under many seeds, on one process or several."""

import traceback
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np

from sim.experiment.arguments import (
    check_machines,
    checked_choice,
    checked_members,
    loadable,
    tell_failures,
    travellers_of,
)
from sim.experiment.class_identity import PLAIN_TRAVELLERS, Travellers
from sim.experiment.ensemble import Ensemble, Member
from sim.experiment.executors import Lost, run_tasks, worker_count
from sim.experiment.members import Choice, members_of
from sim.experiment.parameters import with_parameters
from sim.experiment.sent_scenario import SentScenario
from sim.scenario.schema import Scenario
from sim.world.arguments import checked_scenario
from sim.world.compilation import compile_once
from sim.world.draws import FloatArray, IntArray
from sim.world.fates import Fate
from sim.world.geography import reporting_places
from sim.world.line_list import line_list, transmissions
from sim.world.model import BorderModel
from sim.world.origins import Origin
from sim.world.outcomes import Result, confirmed_cases, outcomes_of
from sim.world.surveillance import SERIES
from sim.world.tally import sums_of
from sim.world.travellers import Traveller

_BATCH = 5
"""Runs a task: enough that sending a scenario to a process costs little."""


@dataclass(frozen=True)
class Failure:
    """A run that raised an exception, or whose worker process ended.

    Attributes:
        seed: seed of the run.
        reason: the exception in one line.
        details: the traceback, for the manifest; empty if a process ended.
    """

    seed: int
    reason: str
    details: str


@dataclass
class Replicates:
    """Finished runs of one scenario, ordered by seed.

    Attributes:
        scenario: what was run.
        members: parameters and random numbers of every run that was asked for, by seed.
        results: one a finished run.
        failures: one a failed run.
        interrupted: the user stopped before all runs were done.
    """

    scenario: Scenario
    members: Mapping[int, Member] = field(default_factory=dict)
    results: list[Result] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    interrupted: bool = False

    def outcome(self, name: str) -> FloatArray:
        """Return one outcome of all runs, nan where it has no value, shape (runs,)."""
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


def finished_model(
    scenario: Scenario, member: Member, traveller_class: type[Traveller] = Traveller
) -> BorderModel:
    """Return the model after its last day.

    Raises:
        KeyError: the scenario has no such parameter as the member has.
    """
    changed = with_parameters(scenario, member.parameters)
    model = BorderModel(changed, member.seed, member.seed_overrides, traveller_class)
    while model.running:
        model.step()
    return model


def simulate(
    scenario: Scenario,
    member: Member,
    *,
    traveller_class: type[Traveller] = Traveller,
    with_line_list: bool = False,
) -> Result:
    """Run ``scenario`` once and return what is kept of it."""
    model = finished_model(scenario, member, traveller_class)
    sums = sums_of(model)
    result = Result(
        seed=member.seed,
        outcomes=outcomes_of(model, sums),
        series=model.surveillance.series,
        fates=sums.fates_by_entry_day,
        local=sums.local_by_day,
        cases=confirmed_cases(model),
        line_list=line_list(model) if with_line_list else {},
        transmissions=transmissions(model) if with_line_list else {},
    )
    if traveller_class is Traveller:
        # A class of the user's own may keep travellers for later.
        model.free()
    return result


def run(
    scenario: Scenario,
    *,
    replicates: int | None = None,
    seed: int | None = None,
    ensemble: Ensemble | str | Path | None = None,
    members: Sequence[Member] | None = None,
    workers: int = 1,
    traveller_class: type[Traveller] = Traveller,
    with_line_list: bool = False,
    executor: Executor | None = None,
    on_progress: Callable[[int], None] = lambda runs: None,
) -> Replicates:
    """Run ``scenario`` many times and return all results, as ``bordersim run`` does.

    Two scenarios run with the same seeds are paired: they differ only through what the scenarios
    change. The result depends neither on ``workers`` nor on the order in which runs end.

    Args:
        scenario: what to run.
        replicates: number of runs; None takes all pairs of the ensemble, or 50 seeds without one.
        seed: without an ensemble: seed of the first run, the next runs count up; None is 1.
        ensemble: fitted pairs of parameters and seeds, from ``read_ensemble``, or their file;
            ``none`` for seeds alone; None for the ensemble that the scenario names.
        members: parameters and random numbers of every run, instead of all these.
        workers: processes; 1 runs here, 0 takes one a processor.
        traveller_class: subclass of ``Traveller`` whose ``decide`` is asked for stranded people.
        with_line_list: keep the line list and the transmissions of every run.
        executor: where to run instead, any ``concurrent.futures.Executor``.
        on_progress: called with the number of runs that have just ended.

    Returns:
        All finished runs. A run that raises is kept as a failure, with a warning; after Ctrl-C
        ``interrupted`` is set and the runs that had ended are there.

    Raises:
        TypeError: an argument is of the wrong type, or worker processes cannot load the class.
        ValueError: an argument is out of range, or the ensemble cannot be used.
        RuntimeError: every run failed.
    """
    checked_scenario(scenario)
    check_machines(workers, executor)
    choice = checked_choice(replicates, seed, ensemble)
    travellers = travellers_of(traveller_class, folder=None)
    if members is None:
        members = members_of(scenario, choice).members
    elif choice != Choice():
        raise ValueError("members: replicates, seed and ensemble have no effect beside them")
    else:
        members = checked_members(scenario, members)
    with loadable(travellers):
        (done,) = run_all(
            [scenario],
            members=members,
            workers=workers,
            travellers=travellers,
            with_line_list=with_line_list,
            executor=executor,
            on_progress=on_progress,
        )
    if not done.interrupted:
        reasons = [f"seed {failure.seed}: {failure.reason}" for failure in done.failures]
        tell_failures(reasons, len(done.results))
    return done


def run_all(
    scenarios: Sequence[Scenario],
    *,
    members: Sequence[Member],
    workers: int = 1,
    travellers: Travellers = PLAIN_TRAVELLERS,
    with_line_list: bool = False,
    executor: Executor | None = None,
    on_progress: Callable[[int], None] = lambda runs: None,
) -> list[Replicates]:
    """Run each scenario with the same members, one after the other in the same processes.

    Args:
        scenarios: what to run.
        members: parameters and random numbers of every run of a scenario.
        workers: processes; 1 runs here, 0 takes one a processor.
        travellers: of every run.
        with_line_list: keep the line list and the transmissions of every run.
        executor: where to run instead, any ``concurrent.futures.Executor``.
        on_progress: called with the number of runs that have just ended.

    Returns:
        The finished runs of each scenario. A run that raises is kept as a failure; after Ctrl-C
        those that had ended are there, and ``interrupted`` is set of all of them.

    Raises:
        CannotBeSent: worker processes cannot load the class of the travellers.
        OtherClass: they load another version of it.
    """
    # Here, and not in every process.
    compile_once()
    by_seed = {member.seed: member for member in members}
    all_done = [Replicates(scenario, by_seed) for scenario in scenarios]
    # One batch is not worth a process.
    few = len(members) * len(scenarios) <= _BATCH
    here = executor is None and (few or worker_count(workers) == 1)
    # One run at a time, so that progress and Ctrl-C work at that grain too.
    size = 1 if here else _BATCH
    batches = (
        (number, sent, members[i : i + size], travellers)
        for number, sent in enumerate(map(SentScenario, scenarios))
        for i in range(0, len(members), size)
    )
    run_batch = partial(_run_batch, with_line_list)
    try:
        for (number, _, batch, _), outcomes in run_tasks(
            run_batch, batches, workers=1 if here else workers, executor=executor
        ):
            if isinstance(outcomes, Lost):
                outcomes = _failures(batch, outcomes)
            done = all_done[number]
            done.results += [outcome for outcome in outcomes if isinstance(outcome, Result)]
            done.failures += [outcome for outcome in outcomes if isinstance(outcome, Failure)]
            on_progress(len(batch))
    except KeyboardInterrupt:
        for done in all_done:
            done.interrupted = True
    for done in all_done:
        done.results.sort(key=lambda result: result.seed)
        done.failures.sort(key=lambda failure: failure.seed)
    return all_done


def _run_batch(
    with_line_list: bool, task: tuple[int, SentScenario, Sequence[Member], Travellers]
) -> list[Result | Failure]:
    _, sent, members, travellers = task
    return run_members(sent.scenario, members, travellers=travellers, with_line_list=with_line_list)


def run_members(
    scenario: Scenario,
    members: Sequence[Member],
    *,
    travellers: Travellers = PLAIN_TRAVELLERS,
    with_line_list: bool = False,
) -> list[Result | Failure]:
    """Run a few members here; an exception in one run does not touch the others.

    Raises:
        OtherClass: this process has another version of the class of the travellers.
    """
    traveller_class = travellers.checked()
    done: list[Result | Failure] = []
    for member in members:
        try:
            done.append(
                simulate(
                    scenario,
                    member,
                    traveller_class=traveller_class,
                    with_line_list=with_line_list,
                )
            )
        except Exception as error:
            reason = f"{type(error).__name__}: {error}"
            done.append(Failure(member.seed, reason, traceback.format_exc()))
    return done


def _failures(members: Sequence[Member], lost: Lost) -> list[Result | Failure]:
    return [Failure(member.seed, lost.reason, details="") for member in members]
