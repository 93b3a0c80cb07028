"""Replicates of a scenario: the same world under many seeds."""

import traceback
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace

import numpy as np

from sim.experiment.class_identity import PLAIN_TRAVELLERS, Travellers
from sim.experiment.ensemble import Member
from sim.experiment.executors import Lost, run_tasks
from sim.experiment.parameters import with_parameters
from sim.experiment.sent_scenario import SentScenario
from sim.scenario.schema import Scenario
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

BATCH = 5
"""Runs a task: few enough that little is lost by a kill, enough that sending costs little."""


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

    def total_series(self, name: str) -> IntArray:
        """Return a daily series of all regions together, of all runs, shape (runs, days).

        Raises:
            KeyError: there is no such series.
        """
        column, regions = series_index(name), region_indices(self.scenario)
        return np.stack([result.series[:, column, regions].sum(axis=1) for result in self.results])

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


def region_indices(scenario: Scenario) -> list[int]:
    """Return the numbers of the places in ``Result.series`` that are part of no other."""
    return [
        place_index(scenario, name)
        for name, place in scenario.places.items()
        if place.part_of is None
    ]


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


def with_line_lists(
    replicates: Replicates,
    *,
    workers: int = 1,
    travellers: Travellers = PLAIN_TRAVELLERS,
    executor: Executor | None = None,
) -> Replicates:
    """Return the same runs with their line lists and transmissions: they are run once more.

    Args:
        replicates: finished runs.
        workers: processes; 1 runs here, 0 takes one a processor.
        travellers: of every run.
        executor: where to run instead, any ``concurrent.futures.Executor``.

    Raises:
        RuntimeError: a run failed this time.
    """
    sent = SentScenario(replicates.scenario)
    members = [replicates.members[result.seed] for result in replicates.results]
    tasks = [(sent, members[i : i + BATCH], travellers) for i in range(0, len(members), BATCH)]
    if len(tasks) < 2 and executor is None:
        workers = 1
    results = list[Result]()
    for _, done in run_tasks(_listed, tasks, workers=workers, executor=executor):
        failed = [done] if isinstance(done, Lost) else [f for f in done if isinstance(f, Failure)]
        if isinstance(done, Lost) or failed:
            raise RuntimeError(f"no line list of a run that had finished: {failed[0].reason}")
        results += [result for result in done if isinstance(result, Result)]
    return replace(replicates, results=sorted(results, key=lambda result: result.seed))


def _listed(task: tuple[SentScenario, Sequence[Member], Travellers]) -> list[Result | Failure]:
    sent, members, travellers = task
    return run_members(sent.scenario, members, travellers=travellers, with_line_list=True)
