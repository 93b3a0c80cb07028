"""Synthetic coverage: does the fit find what made the data, and is it as sure as it may be?

Histories drawn from the priors (those of the observed order of size) are turned into counts with
reporting noise; the fit sees only these, and its intervals are held against the truth. A script:

    python -m calibration.coverage --sets 100 --workers 2
    python -m calibration.coverage --sets 100 --empty-days

What is done is kept and not done again; the table goes to ``calibration/coverage.csv``. The second
command only tells on how many of the days that are scored nothing happens: an interval that begins
and ends at nought covers such a day, whatever its share is meant to be.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from itertools import islice
from pathlib import Path

import numpy as np
import pandas as pd

from calibration.emulator import Emulator
from calibration.fit import Budget, fit_from
from calibration.observation import Observation
from calibration.priors import read_priors
from calibration.reference_runs import ReferenceRuns, plausible_points, run_reference
from calibration.targets import Targets
from calibration.targets_file import read_targets
from calibration.traveller_side import SEEDS, Point, TravellerSide
from calibration.work import Workplace
from sim.experiment.run_store import Arrays, RunKey, RunStore
from sim.scenario.loader import load_scenario
from sim.shipped import shipped_scenarios
from sim.world.draws import FloatArray, IntArray

SHIPPED_COVERAGE = Path(__file__).with_name("coverage.csv")

_STAGE = 6
"""Tells random numbers of one root seed apart."""

_ORDER_OF_SIZE = 2.0
"""The last cumulative count of a synthetic epidemic is within this factor of the observed one."""

_IN_VAIN = 5_000
"""Histories in a row of another order of size, after which no more are tried."""

FIRST_DAY = 14
"""Days before it are left out: there is nothing to predict."""

SCHEMES = ("emulator", "best_of_seeds", "hybrid")
"""Compared: the emulator's posterior with fresh seeds, with the best of some seeds, and chains."""

SCORED = (
    "imported_confirmed_cumulative",
    "imported_carriers_stock",
    "imported_first_positives",
    "entrants_cumulative",
    "entrants_infected_cumulative",
)
"""Series whose predictions are scored, of the place that the last target describes."""

SHARES = ((0.25, 0.75), (0.05, 0.95))


@dataclass(frozen=True)
class Truth:
    """A synthetic epidemic.

    Attributes:
        point: what made it.
        counts: its history, shape (columns, days).
        side: the model, held against what was reported of it.
    """

    point: Point
    counts: IntArray
    side: TravellerSide


def truths(side: TravellerSide, emulator: Emulator, targets: Targets, root: int) -> Iterator[Truth]:
    """Yield synthetic epidemics of the observed order of size, with what is reported of them."""
    of_size = side.columns.index(_largest(side))
    observed = _observed_size(side)
    rng = np.random.default_rng([root, _STAGE])
    in_vain = 0
    for point in plausible_points(side, emulator, root + _STAGE):
        counts = side.history(point)
        if abs(np.log(max(counts[of_size, -1], 1) / observed)) > np.log(_ORDER_OF_SIZE):
            in_vain += 1
            if in_vain == _IN_VAIN:
                raise ValueError(
                    f"none of {_IN_VAIN:,} histories in a row is of the observed order of size"
                )
            continue
        in_vain = 0
        sums = side.sums(counts, side.observation.pieces)
        noise = np.array([targets.reporting_noise.sd(value) for value in sums.tolist()])
        reported = np.maximum(np.rint(rng.normal(sums, noise)), 0.0)
        observation = side.observation.of_counts(reported, targets.reporting_noise)
        yield Truth(point, counts, side.observing(observation))


def score(truth: Truth, reference: ReferenceRuns, budget: Budget, root: int) -> FloatArray:
    """Fit a synthetic epidemic and hold the intervals of every scheme against the truth.

    Returns:
        Shape (schemes, quantities, 3): share of days on which the truth is inside the 50 % and
        the 90 % interval, and mean width of the latter; see ``quantities``.
    """
    side = truth.side
    fitted = fit_from(side, reference, root, budget, Workplace())
    rng = np.random.default_rng([root, _STAGE + 1])
    seeds = rng.integers(SEEDS, size=len(fitted.reference)).tolist()
    fresh = [
        side.history(Point(scores, seed))
        for scores, seed in zip(fitted.reference, seeds, strict=True)
    ]
    parts = (
        (fitted.reference, np.stack(fresh)),
        *(
            (np.stack([of.point.scores for of in states]), np.stack([of.counts for of in states]))
            for states in (fitted.starts, fitted.pairs)
        ),
    )
    return np.stack([_scores_of(truth, scores, counts) for scores, counts in parts])


def quantities(side: TravellerSide) -> list[str]:
    """Return the names of what is scored: parameters, series, and the total of a target's day."""
    return [*(prior.path for prior in side.priors), *SCORED, "total"]


def _scores_of(truth: Truth, scores: FloatArray, counts: IntArray) -> FloatArray:
    side = truth.side
    rows = [_inside(truth.point.scores[i], scores[:, i]) for i in range(scores.shape[1])]
    place, _ = _largest(side)
    size = float(truth.counts[side.columns.index(_largest(side)), -1])
    days = scored_days(side)
    for series in SCORED:
        column = side.columns.index((place, series))
        final = size if series.startswith("imported") else float(truth.counts[column, -1])
        by_day = [_inside(truth.counts[column, day], counts[:, column, day]) for day in days]
        rows.append(np.mean(by_day, axis=0) / [1.0, 1.0, final])
    column, day = side.columns.index(_largest(side)), middle_day(side)
    total = float(truth.counts[column, day])
    rows.append(_inside(total, counts[:, column, day]) / np.array([1.0, 1.0, total]))
    return np.stack(rows)


def _inside(truth: float, draws: FloatArray | IntArray) -> FloatArray:
    """Return whether the truth is in the 50 % and the 90 % interval, and the latter's width.

    Quantiles are those of Weibull, k / (n + 1), whose intervals cover as they should however
    few the draws are.
    """
    bounds = [np.quantile(draws, shares, method="weibull") for shares in SHARES]
    covered = [float(low <= truth <= high) for low, high in bounds]
    return np.array([*covered, bounds[1][1] - bounds[1][0]])


def scored_days(side: TravellerSide) -> list[int]:
    """Return the days whose counts are scored."""
    days = range(FIRST_DAY, side.observation.days)
    return [day for day in days if day not in target_days(side)]


def empty_days(side: TravellerSide, made: Sequence[Truth]) -> dict[str, float]:
    """Return the share of the scored days on which the true count is nought, by series."""
    place, _ = _largest(side)
    days = scored_days(side)
    return {
        series: float(
            np.mean([of.counts[side.columns.index((place, series)), days] == 0 for of in made])
        )
        for series in SCORED
    }


def target_days(side: TravellerSide) -> set[int]:
    """Return the days that a target describes."""
    return {term.day for piece in side.observation.pieces for term in piece.terms}


def middle_day(side: TravellerSide) -> int:
    """Return the last day but one that a target describes."""
    return sorted(target_days(side))[-2]


def _largest(side: TravellerSide) -> tuple[str, str]:
    """Return the column of the cumulative count of the last target's place."""
    return side.observation.pieces[-1].terms[0].column[0], SCORED[0]


def _observed_size(side: TravellerSide) -> float:
    """Return the last cumulative count that was observed, from the pieces that make it up."""
    place, _ = _largest(side)
    new, cumulative = "imported_confirmed_new", SCORED[0]
    return sum(
        piece.low
        for piece in side.observation.pieces
        if all(term.column in {(place, new), (place, cumulative)} for term in piece.terms)
    )


def _one_set(
    reference: ReferenceRuns, budget: Budget, digest: str, task: tuple[int, Truth]
) -> dict[RunKey, Arrays]:
    number, truth = task
    scores = score(truth, reference, budget, root=1_000 + number)
    return {_key(truth.side, digest, number): {"scores": scores, "truth": truth.point.scores}}


def _key(side: TravellerSide, digest: str, number: int) -> RunKey:
    return RunKey(side.digest, digest, f"data set {number}")


def _emulated(side: TravellerSide, budget: Budget, at: Workplace) -> tuple[ReferenceRuns, Emulator]:
    reference = run_reference(side, 1, budget.runs, at)
    return reference, Emulator.of(side, reference.scores, reference.counts)


def run_coverage(
    side: TravellerSide, targets: Targets, sets: int, budget: Budget, at: Workplace
) -> pd.DataFrame:
    """Return the scores of ``sets`` synthetic epidemics, a row a set, scheme and quantity."""
    reference, emulator = _emulated(side, budget, at)
    said = [
        asdict(budget),
        [asdict(piece) for piece in side.observation.pieces],
        [prior.model_dump(mode="json") for prior in side.priors],
    ]
    digest = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]
    keys = [_key(side, digest, number) for number in range(sets)]
    there = at.get(keys)
    wanted = (
        (number, truth)
        for number, truth in zip(range(sets), truths(side, emulator, targets, 1), strict=False)
        if keys[number] not in there
    )
    work = partial(_one_set, reference, budget, digest)
    for results in at.do("data sets", work, wanted, done=len(there), total=sets):
        there |= results
    rows = [
        {
            "data_set": number,
            "scheme": scheme,
            "quantity": quantity,
            "inside_50": there[key]["scores"][i, j, 0],
            "inside_90": there[key]["scores"][i, j, 1],
            "width_90": there[key]["scores"][i, j, 2],
        }
        for number, key in enumerate(keys)
        for i, scheme in enumerate(SCHEMES)
        for j, quantity in enumerate(quantities(side))
    ]
    return pd.DataFrame(rows).round(4)


def shipped_side() -> TravellerSide:
    """Return the travellers' side of the shipped case, held against the articles."""
    scenario = load_scenario(shipped_scenarios() / "baseline.yaml")
    observation = Observation(read_targets(), scenario.calendar)
    return TravellerSide(scenario, read_priors().fitted, observation)


def main() -> None:
    """Run the study and write its table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sets", type=int, default=100, help="synthetic epidemics")
    parser.add_argument("--members", type=int, default=40, help="pairs of each fit")
    parser.add_argument("--runs", type=int, default=8000, help="reference runs, shared by all")
    parser.add_argument("--workers", type=int, default=0, help="processes; 0: one a core")
    parser.add_argument("--store", type=Path, default=Path("results/coverage.sqlite"))
    parser.add_argument("--out", type=Path, default=SHIPPED_COVERAGE)
    parser.add_argument("--empty-days", action="store_true", help="only count days of nothing")
    options = parser.parse_args()
    side, targets = shipped_side(), read_targets()
    options.store.parent.mkdir(parents=True, exist_ok=True)

    def report(stage: str, done: int, total: int) -> None:
        print(f"\r{stage}: {done} of {total}   ", end="", file=sys.stderr)

    with RunStore.open(options.store, purpose="coverage") as store:
        at = Workplace(store, options.workers, on_progress=report)
        budget = Budget(options.runs, options.members)
        if options.empty_days:
            _, emulator = _emulated(side, budget, at)
            made = list(islice(truths(side, emulator, targets, 1), options.sets))
            for series, share in empty_days(side, made).items():
                print(f"{series}: nought on {share:.0%} of the scored days")
            return
        table = run_coverage(side, targets, options.sets, budget, at)
    table.to_csv(options.out, index=False, lineterminator="\n")
    print(f"\n{options.out}", file=sys.stderr)


if __name__ == "__main__":
    main()
