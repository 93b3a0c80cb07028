"""Comparisons and sweeps from Python and notebooks."""

import tempfile
import warnings
import weakref
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from sim.experiment.arguments import (
    check_machines,
    checked_choice,
    loadable,
    tell_failures,
    travellers_of,
)
from sim.experiment.campaign import PURPOSE, STORE, Campaign, Variant
from sim.experiment.class_identity import Travellers
from sim.experiment.comparison import Comparison
from sim.experiment.ensemble import Ensemble
from sim.experiment.members import paired_members_of
from sim.experiment.run_store import RunStore
from sim.experiment.same_runs import same_policies
from sim.experiment.sweep.loader import load_sweep
from sim.experiment.sweep.members import members_of_sweep, refuse_too_many
from sim.experiment.sweep.results import SweepResults, same_at_points, variants_of
from sim.scenario.reading.errors import ScenarioWarning
from sim.scenario.schema import Scenario
from sim.world.arguments import checked_scenario, described
from sim.world.travellers import Traveller

T = TypeVar("T", Comparison, SweepResults)


def compare(
    scenarios: Sequence[Scenario],
    *,
    replicates: int | None = None,
    seed: int | None = None,
    ensemble: Ensemble | str | Path | None = None,
    folder: str | Path | None = None,
    workers: int = 1,
    traveller_class: type[Traveller] = Traveller,
    executor: Executor | None = None,
    on_progress: Callable[[int, int], None] = lambda runs, failed: None,
) -> Comparison:
    """Run policies on the same pairs of parameters and random numbers, and compare them.

    The pairs are those of ``bordersim compare``. Runs that fail are left out with a warning.

    Args:
        scenarios: the policies, the one that the others are compared with first.
        replicates: number of pairs; None takes all of the ensemble, or 50 seeds without one.
        seed: without an ensemble: seed of the first pair, the next ones count up; None is 1.
        ensemble: fitted pairs, from ``read_ensemble``, or their file; ``none`` for seeds alone;
            None for the ensemble that the scenarios name.
        folder: keeps the runs there, so that they are not done again; None keeps them as long
            as the result.
        workers: processes; 1 runs here, 0 takes one a processor.
        traveller_class: subclass of ``Traveller`` whose ``decide`` is asked for stranded people.
            Runs that are kept are those of one version of it, with all that it refers to.
        executor: where to run instead, any ``concurrent.futures.Executor``.
        on_progress: called with the number of runs that have ended, and how many failed.

    Raises:
        TypeError: an argument is of the wrong type, worker processes cannot load the class, or
            it cannot be told from others in a folder.
        ValueError: an argument is out of range, two scenarios have one name, or the scenarios do
            not run the same pairs.
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
    policies = [checked_scenario(scenario) for scenario in scenarios]
    if not policies:
        raise ValueError("scenarios: there are none")
    _refuse_equal_names(policies)
    choice = checked_choice(replicates, seed, ensemble, least=2)
    members = paired_members_of(policies, choice)
    variants = [
        Variant(scenario.name, scenario, runs.members)
        for scenario, runs in zip(policies, members, strict=True)
    ]
    _warn_of_same_policies(same_policies(variants))
    travellers = travellers_of(traveller_class, folder)
    comparison = _run(variants, Comparison, folder, workers, travellers, executor, on_progress)
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
) -> SweepResults:
    """Run the sweep in a file; arguments and errors are those of ``compare``.

    Args:
        path: the sweep file.
        settings: changes of all its scenarios, such as ``["policies.quarantine_stay=14 d"]``.
        replicates: pairs at every point; None takes as many as the file says.
        ensemble: see ``compare``; None takes that of the file, or the one that each scenario
            names.
        folder: see ``compare``.
        workers: see ``compare``.
        traveller_class: see ``compare``.
        executor: see ``compare``.
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
    plan = load_sweep(path, settings)
    for problem in plan.warnings:
        warnings.warn(ScenarioWarning(problem), stacklevel=2)
    if choice.replicates is not None:
        asked = plan.sweep.model_copy(update={"replicates": choice.replicates})
        plan = replace(plan, sweep=asked)
    refuse_too_many(plan)
    members = [runs.members for runs in members_of_sweep(plan, choice.ensemble)]

    def results_of(campaign: Campaign) -> SweepResults:
        return SweepResults(plan, campaign)

    variants = variants_of(plan, members)
    _warn_of_same_policies(same_at_points(plan, variants))
    results = _run(variants, results_of, folder, workers, travellers, executor, on_progress)
    tell_failures(_reasons(results.campaign), results.campaign.progress().finished)
    return results


def _warn_of_same_policies(same: Iterable[str]) -> None:
    for sentence in same:
        warnings.warn(sentence, stacklevel=3)


def _refuse_equal_names(scenarios: Sequence[Scenario]) -> None:
    """Make sure that tables can tell the scenarios apart.

    Raises:
        ValueError: two have the same name.
    """
    names = [scenario.name for scenario in scenarios]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(
                f"{names.count(name)} scenarios have the name '{name}': each needs its own, for "
                'example load_scenario(path, ["name=shorter_stay", ...])'
            )


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
    if folder is not None and not isinstance(folder, str | Path):
        raise TypeError(f"folder: a path is needed (got {described(folder)})")
    with ExitStack() as opened:
        if folder is None:
            folder = opened.enter_context(tempfile.TemporaryDirectory())
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        store = opened.enter_context(RunStore.open(folder / STORE, purpose=PURPOSE))
        campaign = Campaign(variants, store, travellers)
        with loadable(travellers):
            campaign.run(workers=workers, executor=executor, on_progress=on_progress)
        results = results_of(campaign)
        weakref.finalize(results, opened.pop_all().close)
        return results


def _reasons(campaign: Campaign) -> list[str]:
    """Return why runs failed, each with what was run."""
    return [
        f"{variant.name}, seed {member.seed}: {failure.reason}"
        for variant, member, failure in campaign.failures()
    ]
