"""Comparisons and sweeps from Python and notebooks."""

import tempfile
import warnings
import weakref
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from contextlib import ExitStack
from pathlib import Path
from typing import TypeVar

from sim.experiment.campaign import PURPOSE, STORE, Campaign, Variant
from sim.experiment.comparison import Comparison
from sim.experiment.ensemble import Ensemble, Member, seeds_only
from sim.experiment.run_store import RunStore
from sim.experiment.sweep.loader import load_sweep
from sim.experiment.sweep.results import SweepResults, variants_of
from sim.scenario.reading.errors import ScenarioWarning
from sim.scenario.schema import Scenario

T = TypeVar("T", Comparison, SweepResults)


def compare(
    scenarios: Sequence[Scenario],
    *,
    replicates: int | None = None,
    ensemble: Ensemble | None = None,
    folder: Path | None = None,
    workers: int = 1,
    executor: Executor | None = None,
    on_progress: Callable[[int, int], None] = lambda runs, failed: None,
) -> Comparison:
    """Run policies on the same pairs of parameters and random numbers, and compare them.

    Args:
        scenarios: the policies, the one that the others are compared with first.
        replicates: number of pairs; None takes all of the ensemble, or 50 seeds without one.
        ensemble: fitted pairs, from ``read_ensemble``; None runs seeds from 1 on.
        folder: keeps the runs there, so that they are not done again; None keeps them as long
            as the result.
        workers: processes; 1 runs here, 0 takes one a processor.
        executor: where to run instead, any ``concurrent.futures.Executor``.
        on_progress: called with the number of runs that have ended, and how many failed.

    Raises:
        EnsembleError: the ensemble does not fit a scenario.
        StoreRefused: the store in the folder cannot be used.
        KeyboardInterrupt: by the user; what had ended is kept in the folder.
    """
    variants = [
        Variant(scenario.name, scenario, _members(scenario, ensemble, replicates, []))
        for scenario in scenarios
    ]
    return _run(variants, Comparison, folder, workers, executor, on_progress)


def sweep(
    path: str | Path,
    *,
    replicates: int | None = None,
    ensemble: Ensemble | None = None,
    folder: Path | None = None,
    workers: int = 1,
    executor: Executor | None = None,
    on_progress: Callable[[int, int], None] = lambda runs, failed: None,
) -> SweepResults:
    """Run the sweep in a file; arguments and errors are those of ``compare``.

    Args:
        path: the sweep file.
        replicates: pairs at every point; None takes as many as the file says.
        ensemble: see ``compare``; and so on.
        folder: see ``compare``.
        workers: see ``compare``.
        executor: see ``compare``.
        on_progress: see ``compare``.

    Raises:
        ScenarioError: carries the problems of the file and of the scenarios at its points.

    Warns:
        ScenarioWarning: something is varied without any effect.
    """
    plan = load_sweep(path)
    for problem in plan.warnings:
        warnings.warn(ScenarioWarning(problem), stacklevel=2)
    pairs = replicates or plan.sweep.replicates
    members = [_members(policy, ensemble, pairs, plan.paths) for policy in plan.policies]

    def results_of(campaign: Campaign) -> SweepResults:
        return SweepResults(plan, campaign)

    return _run(variants_of(plan, members), results_of, folder, workers, executor, on_progress)


def _members(
    scenario: Scenario, ensemble: Ensemble | None, replicates: int | None, varied: Sequence[str]
) -> list[Member]:
    if ensemble is None:
        return seeds_only(1, 50 if replicates is None else replicates)
    return ensemble.for_scenario(scenario, varied)[:replicates]


def _run(
    variants: Sequence[Variant],
    results_of: Callable[[Campaign], T],
    folder: Path | None,
    workers: int,
    executor: Executor | None,
    on_progress: Callable[[int, int], None],
) -> T:
    """Return the results of the runs; the store stays open as long as they are used."""
    with ExitStack() as opened:
        if folder is None:
            folder = Path(opened.enter_context(tempfile.TemporaryDirectory()))
        folder.mkdir(parents=True, exist_ok=True)
        store = opened.enter_context(RunStore.open(folder / STORE, purpose=PURPOSE))
        campaign = Campaign(variants, store)
        campaign.run(workers=workers, executor=executor, on_progress=on_progress)
        results = results_of(campaign)
        weakref.finalize(results, opened.pop_all().close)
        return results
