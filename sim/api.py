"""Runs, comparisons and sweeps from Python and notebooks, as the commands of the same names do."""

import warnings
import weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from sim.api_results import ComparisonResult, RunResult, SweepResult
from sim.experiment.arguments import (
    check_machines,
    checked_choice,
    checked_members,
    loadable,
    tell_failures,
    travellers_of,
)
from sim.experiment.campaign import PURPOSE, STORE, Campaign, Variant, run_members_of
from sim.experiment.class_identity import Travellers
from sim.experiment.ensemble import Ensemble, Member
from sim.experiment.members import Choice, members_of, paired_members_of
from sim.experiment.replicates import with_line_lists
from sim.experiment.run_store import RunStore
from sim.experiment.same_runs import same_policies
from sim.experiment.sweep.loader import load_sweep
from sim.experiment.sweep.members import members_of_sweep, refuse_too_many
from sim.experiment.sweep.results import same_at_points, variants_of
from sim.scenario.loader import load_scenario
from sim.scenario.reading.errors import ScenarioWarning, closest
from sim.scenario.schema import Scenario
from sim.shipped import shipped_scenarios
from sim.world.arguments import checked_scenario, described
from sim.world.travellers import Traveller

ScenarioLike = Scenario | str | Path
"""A scenario, the path of its file, or the name of a shipped one, such as ``no_reward``."""

T = TypeVar("T", bound=ComparisonResult | SweepResult)


def run(
    scenario: ScenarioLike,
    *,
    replicates: int | None = None,
    seed: int | None = None,
    ensemble: Ensemble | str | Path | None = None,
    members: Sequence[Member] | None = None,
    folder: str | Path | None = None,
    workers: int = 1,
    traveller_class: type[Traveller] = Traveller,
    with_line_list: bool = False,
    executor: Executor | None = None,
    on_progress: Callable[[int], None] = lambda runs: None,
) -> RunResult:
    """Run one scenario many times and return all results, as ``bordersim run`` does.

    Two scenarios run with the same seeds are paired: they differ only through what the scenarios
    change. The result depends neither on ``workers`` nor on the order in which runs end.

    Args:
        scenario: what to run: a scenario, its file, or the name of a shipped one.
        replicates: number of runs; None takes all pairs of the ensemble, or 50 seeds without one.
        seed: without an ensemble: seed of the first run, the next runs count up; None is 1.
        ensemble: fitted pairs of parameters and seeds, from ``read_ensemble``, or their file;
            ``none`` for seeds alone; None for the ensemble that the scenario names.
        members: parameters and random numbers of every run, instead of all these.
        folder: keeps the runs there, so that they are not done again; None keeps them in the
            result alone.
        workers: processes; 1 runs here, 0 takes one per processor.
        traveller_class: subclass of ``Traveller`` whose ``decide`` is asked for stranded people.
            Runs that are kept are those of one version of it, with all that it refers to.
        with_line_list: add the line list and the transmissions of every run, which is done twice
            for that.
        executor: where to run instead, any ``concurrent.futures.Executor``.
        on_progress: called with the number of runs that have just ended.

    Returns:
        All finished runs. A run that raises is kept as a failure, with a warning; after Ctrl-C
        ``interrupted`` is set and the runs that had ended are there.

    Raises:
        TypeError: an argument is of the wrong type, worker processes cannot load the class, or
            it cannot be distinguished from others in a folder.
        ValueError: an argument is out of range, or the ensemble cannot be used.
        ScenarioError: the file of the scenario has problems.
        StoreRefused: the store in the folder cannot be used.
        RuntimeError: every run failed.
    """
    scenario = _scenario_of(scenario)
    check_machines(workers, executor)
    choice = checked_choice(replicates, seed, ensemble)
    travellers = travellers_of(traveller_class, folder)
    if members is None:
        members = members_of(scenario, choice).members
    elif choice != Choice():
        raise ValueError("members: replicates, seed and ensemble have no effect beside them")
    else:
        members = checked_members(scenario, members)
    with loadable(travellers), _opened(folder) as store:
        done = run_members_of(
            scenario,
            members,
            workers=workers,
            travellers=travellers,
            executor=executor,
            store=store,
            on_progress=on_progress,
        )
        if with_line_list and not done.interrupted:
            done = with_line_lists(done, workers=workers, travellers=travellers, executor=executor)
    if not done.interrupted:
        reasons = [f"seed {failure.seed}: {failure.reason}" for failure in done.failures]
        tell_failures(reasons, len(done.results))
    return RunResult(**vars(done))


def compare(
    scenarios: Sequence[ScenarioLike],
    *,
    replicates: int | None = None,
    seed: int | None = None,
    ensemble: Ensemble | str | Path | None = None,
    folder: str | Path | None = None,
    workers: int = 1,
    traveller_class: type[Traveller] = Traveller,
    executor: Executor | None = None,
    on_progress: Callable[[int, int], None] = lambda runs, failed: None,
) -> ComparisonResult:
    """Run policies on the same pairs of parameters and random numbers, and compare them.

    The pairs are those of ``bordersim compare``. Runs that fail are left out with a warning.

    Args:
        scenarios: the policies, the one that the others are compared with first: scenarios, their
            files, or names of shipped ones, such as ``["baseline", "no_reward"]``.
        replicates: number of pairs; None takes all of the ensemble, or 50 seeds without one.
        seed: see ``run``.
        ensemble: see ``run``.
        folder: see ``run``; None keeps the runs as long as the result.
        workers: see ``run``.
        traveller_class: see ``run``.
        executor: see ``run``.
        on_progress: called with the number of runs that have ended, and how many failed.

    Raises:
        TypeError: an argument is of the wrong type, worker processes cannot load the class, or
            it cannot be distinguished from others in a folder.
        ValueError: an argument is out of range, two scenarios have one name, or the scenarios do
            not run the same pairs.
        ScenarioError: the file of a scenario has problems.
        RuntimeError: no pair of runs has finished.
        StoreRefused: the store in the folder cannot be used.
        KeyboardInterrupt: by the user; what had ended is kept in the folder.

    Warns:
        UserWarning: two scenarios have the same runs under different names.
    """
    if isinstance(scenarios, str | Path | Scenario) or not hasattr(scenarios, "__iter__"):
        raise TypeError(
            f"scenarios: a list of Scenario is needed (got {described(scenarios)}); for one "
            "scenario, use run"
        )
    policies = [_scenario_of(scenario) for scenario in scenarios]
    if not policies:
        raise ValueError("scenarios: there are none")
    choice = checked_choice(replicates, seed, ensemble, least=2)
    members = paired_members_of(policies, choice)
    variants = [
        Variant(scenario.name, scenario, runs.members)
        for scenario, runs in zip(policies, members, strict=True)
    ]
    _warn_of_same_policies(same_policies(variants))
    travellers = travellers_of(traveller_class, folder)
    comparison = _run(
        variants, ComparisonResult, folder, workers, travellers, executor, on_progress
    )
    finished = comparison.campaign.progress().finished if comparison.pairs else 0
    tell_failures(_reasons(comparison.campaign), finished, "pair of runs")
    return comparison


def sweep(
    path: str | Path,
    *,
    settings: Sequence[str] = (),
    replicates: int | None = None,
    ensemble: Ensemble | str | Path | None = None,
    folder: str | Path | None = None,
    workers: int = 1,
    traveller_class: type[Traveller] = Traveller,
    executor: Executor | None = None,
    on_progress: Callable[[int, int], None] = lambda runs, failed: None,
) -> SweepResult:
    """Run the sweep in a file; arguments and errors are those of ``compare``.

    Args:
        path: the sweep file, or the name of a shipped one, such as ``quarantine_and_tests``.
        settings: changes of all its scenarios, such as ``["policies.quarantine_stay=14 d"]``.
        replicates: pairs at every point; None takes as many as the file says.
        ensemble: see ``run``; None takes that of the file, or the one that each scenario
            names.
        folder: see ``compare``.
        workers: see ``run``.
        traveller_class: see ``run``.
        executor: see ``run``.
        on_progress: see ``compare``.

    Raises:
        ScenarioError: carries the problems of the file, of the settings, and of the scenarios at
            its points.

    Warns:
        ScenarioWarning: something is varied without any effect.
        UserWarning: two policies are the same at every point.
    """
    if not isinstance(path, str | Path):
        raise TypeError(f"path: that of a sweep file is needed (got {described(path)})")
    choice = checked_choice(replicates, None, ensemble)
    travellers = travellers_of(traveller_class, folder)
    plan = load_sweep(_file_of(path, "sweeps/*.yaml"), settings)
    for problem in plan.warnings:
        warnings.warn(ScenarioWarning(problem), stacklevel=2)
    if choice.replicates is not None:
        asked = plan.sweep.model_copy(update={"replicates": choice.replicates})
        plan = replace(plan, sweep=asked)
    refuse_too_many(plan)
    members = [runs.members for runs in members_of_sweep(plan, choice.ensemble)]

    def results_of(campaign: Campaign) -> SweepResult:
        return SweepResult(plan, campaign)

    variants = variants_of(plan, members)
    _warn_of_same_policies(same_at_points(plan, variants))
    results = _run(variants, results_of, folder, workers, travellers, executor, on_progress)
    tell_failures(_reasons(results.campaign), results.campaign.progress().finished)
    return results


def _scenario_of(given: Any) -> Scenario:
    """Return a scenario itself, or the one in a file, or a shipped one by its name."""
    if isinstance(given, str | Path):
        given = load_scenario(_file_of(given, "*.yaml", "studies/*.yaml"))
    return checked_scenario(given)


def _file_of(given: str | Path, *shipped: str) -> Path:
    """Return the file at a path, or the shipped one of that name.

    Raises:
        ValueError: there is neither.
    """
    path = Path(given)
    if path.suffix or path.exists() or isinstance(given, Path):
        return path
    files = {file.stem: file for part in shipped for file in shipped_scenarios().glob(part)}
    if given not in files:
        near = closest(given, list(files))
        hint = f"did you mean {near!r}?" if near else f"there are {', '.join(sorted(files))}"
        raise ValueError(f"neither a file nor shipped under that name: {given!r}; {hint}")
    return files[given]


def _warn_of_same_policies(same: Iterable[str]) -> None:
    for sentence in same:
        warnings.warn(sentence, stacklevel=3)


def _run(
    variants: Sequence[Variant],
    results_of: Callable[[Campaign], T],
    folder: str | Path | None,
    workers: int,
    travellers: Travellers,
    executor: Executor | None,
    on_progress: Callable[[int, int], None],
) -> T:
    """Return the results of the runs; the store stays open as long as they are used."""
    check_machines(workers, executor)
    with ExitStack() as opened:
        store = opened.enter_context(_opened(folder))
        campaign = Campaign(variants, store, travellers)
        with loadable(travellers):
            campaign.run(workers=workers, executor=executor, on_progress=on_progress)
        results = results_of(campaign)
        weakref.finalize(results, opened.pop_all().close)
        return results


@contextmanager
def _opened(folder: str | Path | None) -> Iterator[RunStore]:
    """Yield the store in a folder, which is made, or one that ends with its results."""
    if folder is None:
        with RunStore.temporary() as store:
            yield store
        return
    if not isinstance(folder, str | Path):
        raise TypeError(f"folder: a path is needed (got {described(folder)})")
    Path(folder).mkdir(parents=True, exist_ok=True)
    with RunStore.open(Path(folder) / STORE, purpose=PURPOSE) as store:
        yield store


def _reasons(campaign: Campaign) -> list[str]:
    """Return why runs failed, each with what was run."""
    return [
        f"{variant.name}, seed {member.seed}: {failure.reason}"
        for variant, member, failure in campaign.failures()
    ]
