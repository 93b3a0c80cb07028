"""Synthetic coverage: does the fit find what made the data, and is it as sure as it may be?

Synthetic epidemics (``calibration.synthetic``) are fitted from what is reported of them, by both
stages of the fit, and the truth is ranked among the fitted pairs. A script:

    python -m calibration.coverage --sets 200 --workers 2

What is done is kept and not done again. ``calibration/coverage.csv`` has scores by data set, scheme
and quantity, ``calibration/coverage_ranks.csv`` histograms of the ranks among the pairs of the fit.
"""

import argparse
import hashlib
import json
import sys
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from calibration.coverage_scores import (
    PARAMETERS,
    SCORES,
    Draws,
    Quantity,
    draws_of,
    quantities,
    scores_of,
)
from calibration.fit import Budget, Fit, fit_from
from calibration.fitted import ensemble_of
from calibration.local_chains import LocalSchedule
from calibration.local_fit import fit_local_from
from calibration.ranks import BINS
from calibration.reference_runs import ReferenceRuns, run_reference
from calibration.simulator import SEEDS, Point
from calibration.stages import Stage, generator
from calibration.synthetic import Case, Truth, shipped_case, truths
from calibration.task_runner import TaskRunner
from sim.experiment.run_store import Arrays, RunKey, RunStore

SHIPPED_COVERAGE = Path(__file__).with_name("coverage.csv")
SHIPPED_RANKS = Path(__file__).with_name("coverage_ranks.csv")

SCHEMES = ("emulator", "best_of_seeds", "hybrid")
"""Compared: the emulator's posterior with fresh seeds, with the best of some seeds, and chains.

Only chains have a local side, and so the local quantities.
"""

CHAINS = SCHEMES[-1]

RANK_COLUMNS = tuple(f"from_{100 * bin_ // BINS:02d}" for bin_ in range(BINS))
"""Columns of a histogram of ranks, by the lower end of each bin in percent."""


@dataclass(frozen=True)
class StudyBudget:
    """What the study may cost.

    Attributes:
        sets: synthetic epidemics.
        fit: the first stage of each; all pairs of its ladders are members.
        local: the second stage of each.
    """

    sets: int
    fit: Budget
    local: LocalSchedule = field(default_factory=LocalSchedule)


@dataclass(frozen=True)
class Coverage:
    """What the study found.

    Attributes:
        scores: one row per data set, scheme and quantity (parameters: of the chains alone):
            ``data_set``, ``scheme``, ``quantity``, ``group`` (the quantity, or ``PARAMETERS`` or
            ``LOCAL_PARAMETERS``), ``mean_rank``, ``inside_50``, ``inside_90`` and ``width_90``.
        ranks: of the chains, one row per data set and group: ``data_set``, ``group``, and how many
            ranks are in each bin.
    """

    scores: pd.DataFrame
    ranks: pd.DataFrame


def score(
    case: Case, truth: Truth, reference: ReferenceRuns, budget: StudyBudget, root: int
) -> Arrays:
    """Fit a synthetic epidemic and rank the truth among what every scheme predicts.

    Returns:
        ``scores``: shape (schemes, quantities, 4): mean rank over days, shares of ranks inside the
        50 % and the 90 % interval, mean width of the latter; nan for what a scheme does not
        predict. ``ranks``: of the chains, shape (quantities, bins). See ``quantities``.
    """
    fitted = fit_from(truth.simulator, reference, root, budget.fit, TaskRunner())
    rng = generator(root, Stage.FRESH)
    seeds = rng.integers(SEEDS, size=len(fitted.reference)).tolist()
    fresh = [
        truth.simulator.history(Point(scores, seed))
        for scores, seed in zip(fitted.reference, seeds, strict=True)
    ]
    starts = fitted.starts
    drawn = (
        draws_of(case, fitted.reference, np.stack(fresh)),
        draws_of(
            case,
            np.stack([state.point.scores for state in starts]),
            np.stack([state.counts for state in starts]),
        ),
        _pairs(case, truth, fitted, budget, root),
    )
    scored = [scores_of(case, truth, of, root) for of in drawn]
    return {"scores": np.stack([scores for scores, _ in scored]), "ranks": scored[-1][1]}


def _pairs(case: Case, truth: Truth, fitted: Fit, budget: StudyBudget, root: int) -> Draws:
    """Return the pairs of a fit, whole histories if there is a local side.

    The last pairs of the ladders are ranked, because ladders do not depend on each other.
    """
    scores = np.stack([pair.point.scores for pair in fitted.pairs])
    if truth.local is None:
        counts = np.stack([pair.counts for pair in fitted.pairs])
        columns = case.simulator.columns
    else:
        runs = budget.fit.runs
        ensemble = ensemble_of(fitted, case.scenario, case.priors, root, runs)
        local = fit_local_from(truth.local.simulator, ensemble, root, TaskRunner(), budget.local)
        counts = np.stack([history.counts for history in local.histories])
        of_local = np.stack([history.state.scores for history in local.histories])
        scores = np.concatenate([scores, of_local], axis=1)
        columns = truth.local.simulator.columns
    by_column = {column: counts[:, i] for i, column in enumerate(columns)}
    return Draws(scores, by_column, fitted.ladders)


def run_coverage(case: Case, budget: StudyBudget, at: TaskRunner) -> Coverage:
    """Return scores and ranks of synthetic epidemics.

    Raises:
        ValueError: the members of a fit are not all pairs of its ladders.
        WorkLost: a worker process was killed again and again; what is done is kept.
    """
    if budget.fit.members != budget.fit.ladders * budget.fit.schedule.kept:
        raise ValueError(
            f"members: not a multiple of {budget.fit.schedule.kept}, pairs of a ladder"
        )
    reference = run_reference(case.simulator, 1, budget.fit.runs, at)
    digest = _digest(case, budget)
    keys = [_key(case, digest, number) for number in range(budget.sets)]
    there = at.get(keys)
    wanted = (
        (number, truth)
        for number, truth in zip(range(budget.sets), truths(case, 1), strict=False)
        if keys[number] not in there
    )
    work = partial(_one_set, case, reference, budget, digest)
    for results in at.map("data sets", work, wanted, done=len(there), total=budget.sets):
        there |= results
    return _tables(quantities(case), [there[key] for key in keys])


def _one_set(
    case: Case,
    reference: ReferenceRuns,
    budget: StudyBudget,
    digest: str,
    task: tuple[int, Truth],
) -> dict[RunKey, Arrays]:
    number, truth = task
    scored = score(case, truth, reference, budget, root=1_000 + number)
    return {_key(case, digest, number): scored}


def _digest(case: Case, budget: StudyBudget) -> str:
    """Return a fingerprint of everything that decides the scores, but how many sets there are."""
    local = case.local
    said = [
        asdict(budget.fit),
        [asdict(statistic) for statistic in case.simulator.observation.statistics],
        case.priors.model_dump(mode="json"),
        None if local is None else [local.digest, asdict(budget.local)],
        [asdict(statistic) for statistic in local.observation.statistics] if local else [],
    ]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]


def _key(case: Case, digest: str, number: int) -> RunKey:
    return RunKey(case.simulator.digest, digest, f"data set {number}")


def _tables(of: list[Quantity], done: list[Arrays]) -> Coverage:
    scores = [
        {
            "data_set": number,
            "scheme": scheme,
            "quantity": quantity.name,
            "group": quantity.group,
            **dict(zip(SCORES, arrays["scores"][i, j].tolist(), strict=True)),
        }
        for number, arrays in enumerate(done)
        for i, scheme in enumerate(SCHEMES)
        for j, quantity in enumerate(of)
        if np.isfinite(arrays["scores"][i, j, 0])
        # Of the other schemes parameters are not told one by one, which would double the file.
        and (scheme == CHAINS or quantity.group != PARAMETERS)
    ]
    groups = list(dict.fromkeys(quantity.group for quantity in of))
    ranks = []
    for number, arrays in enumerate(done):
        for group in groups:
            of_group = [j for j, quantity in enumerate(of) if quantity.group == group]
            counts = arrays["ranks"][of_group].sum(axis=0).tolist()
            row = dict(zip(RANK_COLUMNS, counts, strict=True))
            ranks.append({"data_set": number, "group": group, **row})
    return Coverage(pd.DataFrame(scores).round(4), pd.DataFrame(ranks))


def main() -> None:
    """Run the study and write its tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sets", type=int, default=200, help="synthetic epidemics")
    parser.add_argument("--ladders", type=int, default=6, help="ladders of each fit, 3 pairs each")
    parser.add_argument("--runs", type=int, default=8000, help="reference runs, shared by all")
    parser.add_argument("--local-runs", type=int, default=600, help="local reference runs of each")
    parser.add_argument("--workers", type=int, default=0, help="processes; 0: one per core")
    parser.add_argument("--store", type=Path, default=Path("results/coverage.sqlite"))
    parser.add_argument("--out", type=Path, default=SHIPPED_COVERAGE, help="table of scores")
    parser.add_argument("--ranks", type=Path, default=SHIPPED_RANKS, help="histograms of ranks")
    options = parser.parse_args()
    case = shipped_case()
    options.store.parent.mkdir(parents=True, exist_ok=True)

    def report(stage: str, done: int, total: int) -> None:
        print(f"\r{stage}: {done} of {total}   ", end="", file=sys.stderr)

    schedule = Budget().schedule
    fit = Budget(options.runs, options.ladders * schedule.kept, schedule)
    budget = StudyBudget(options.sets, fit, LocalSchedule(runs=options.local_runs))
    with RunStore.open(options.store, purpose="coverage") as store:
        found = run_coverage(case, budget, TaskRunner(store, options.workers, on_progress=report))
    for table, path in ((found.scores, options.out), (found.ranks, options.ranks)):
        table.to_csv(path, index=False, lineterminator="\n")
    print(f"\n{options.out}\n{options.ranks}", file=sys.stderr)


if __name__ == "__main__":
    main()
