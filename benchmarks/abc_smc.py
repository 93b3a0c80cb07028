"""Another method on the same counts: ABC-SMC with adaptive populations, by pyABC.

    python -m pip install pyabc            # in an environment of its own: it is not a dependency
    python -m benchmarks.abc_smc --runs 30000

The same model, priors, summary statistics and reporting noise as ``bordersim calibrate``, and
fresh random numbers for every run, as the method has it; once with the library's normal kernel,
once with its local one. The last populations and the shipped ensemble are described in the same
way, one row per method. The distance is the root of the sum of squared misses, in standard
deviations of the reporting noise: with six summary statistics and nothing but that noise, its
median would be 2.3.
"""

import argparse
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.timing import cpu_seconds_of_all
from calibration.check import scores_of
from calibration.coverage_scores import FIRST_DAY, SCORED
from calibration.simulator import SEEDS, Point, Simulator
from calibration.synthetic import shipped_case
from calibration.targets_file import read_targets
from sim.experiment.ensemble import read_ensemble
from sim.shipped import shipped_ensembles
from sim.world.draws import FloatArray, IntArray

_KERNELS = {"normal kernel": "MultivariateNormalTransition", "local kernel": "LocalTransition"}

_TOLERANCE = 2.3
"""ABC-SMC ends early if it comes down to this distance."""


@dataclass(frozen=True)
class Sample:
    """What a method believes after the counts.

    Attributes:
        weights: of the histories, adding up to 1, shape (histories,).
        distances: from the counts, shape (histories,).
        counts: shape (histories, columns, days).
    """

    weights: FloatArray
    distances: FloatArray
    counts: IntArray


class Model:
    """The model as pyABC calls it: parameters in, numbers out."""

    def __init__(self, simulator: Simulator) -> None:
        self.simulator = simulator

    def __call__(self, parameters: Any) -> dict[str, Any]:
        """Run the model once with a seed of its own."""
        scores = np.array([parameters[f"p{i}"] for i in range(len(self.simulator.priors))])
        # pyABC forks: without fresh entropy all processes would draw the same seeds.
        seed = int(np.random.default_rng().integers(SEEDS))
        counts = self.simulator.history(Point(scores, seed))
        return {"misses": self.simulator.misses(counts), "counts": counts}


def distance(simulated: dict[str, Any], observed: dict[str, Any]) -> float:
    """Return the root of the sum of squared misses, in standard deviations of the noise."""
    return float(np.sqrt(np.square(simulated["misses"]).sum()))


def by_smc(
    simulator: Simulator, kernel: str, runs: int, population: int, workers: int
) -> tuple[Sample, int]:
    """Return the last population of ABC-SMC, and how often the model was run.

    If the weights of a population underflow, pyABC gives up, and the one before it is returned.

    Args:
        simulator: the model, compared with the counts.
        kernel: ``MultivariateNormalTransition`` or another transition of pyABC.
        runs: at most so many, but for those of the last population.
        population: particles.
        workers: processes.
    """
    import pyabc

    numbers = range(len(simulator.priors))
    prior = pyabc.Distribution(**{f"p{i}": pyabc.RV("norm", 0, 1) for i in numbers})
    abc = pyabc.ABCSMC(
        Model(simulator),
        prior,
        distance,
        population_size=population,
        transitions=getattr(pyabc, kernel)(),
        sampler=pyabc.sampler.MulticoreEvalParallelSampler(n_procs=workers),
    )
    with tempfile.TemporaryDirectory() as folder:
        none = np.zeros(len(simulator.observation.statistics))
        abc.new(f"sqlite:///{folder}/abc.db", {"misses": none})
        try:
            history = abc.run(max_total_nr_simulations=runs, minimum_epsilon=_TOLERANCE)
        except AssertionError as error:
            print(f"{kernel}: {error}")
            history = abc.history
        weights, statistics = history.get_weighted_sum_stats()
        done = int(history.total_nr_simulations)
        print(history.get_all_populations()[["t", "epsilon", "samples"]].to_string(index=False))
    counts = np.stack([of["counts"] for of in statistics])
    weights = np.asarray(weights) / np.sum(weights)
    return Sample(weights, _distances(simulator, counts), counts), done


def by_chains(simulator: Simulator) -> Sample:
    """Return the shipped ensemble."""
    ensemble = read_ensemble(shipped_ensembles()["articles_2020"])
    members, scores = ensemble.members, scores_of(ensemble, simulator.priors)
    counts = np.stack(
        [
            simulator.history(Point(of, member.seed, member.seed_overrides))
            for of, member in zip(scores, members, strict=True)
        ]
    )
    return Sample(np.full(len(members), 1 / len(members)), _distances(simulator, counts), counts)


def _distances(simulator: Simulator, counts: IntArray) -> FloatArray:
    distances: FloatArray = np.sqrt(np.square(simulator.misses(counts)).sum(axis=-1))
    return distances


def described(simulator: Simulator, sample: Sample) -> dict[str, float]:
    """Return size and distance of a sample, and the widths of its 90 % bands.

    Widths are means over days from the first one that coverage looks at, relative to the last value
    of the median (to that of cases for the series of imported cases).
    """
    region = read_targets().region
    weights = sample.weights

    def quantiles(values: FloatArray) -> FloatArray:
        found: FloatArray = np.quantile(
            values, [0.05, 0.5, 0.95], axis=0, weights=weights, method="inverted_cdf"
        )
        return found

    row = {
        "histories": len(weights),
        "effective": float(1 / np.square(weights).sum()),
        "median_distance": float(quantiles(sample.distances)[1]),
    }
    cases = quantiles(sample.counts[:, simulator.columns.index((region, SCORED[0])), -1])[1]
    for name in SCORED:
        column = simulator.columns.index((region, name))
        of = sample.counts[:, column, FIRST_DAY:].astype(np.float64)
        low, median, high = quantiles(of)
        final = cases if name.startswith("imported") else median[-1]
        row[f"width_{name}"] = float((high - low).mean() / final)
    return row


def main() -> None:
    """Run pyABC until the budget is used up, and write a row for it and one for the chains."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=30_000)
    parser.add_argument("--population", type=int, default=300)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--out", type=Path, default=Path(__file__).with_name("abc_smc.csv"))
    options = parser.parse_args()
    simulator = shipped_case().simulator
    rows: list[dict[str, str | float]] = []
    for name, kernel in _KERNELS.items():
        before = cpu_seconds_of_all()
        sample, runs = by_smc(simulator, kernel, options.runs, options.population, options.workers)
        minutes = (cpu_seconds_of_all() - before) / 60
        row = {"runs": runs, "cpu_minutes": minutes, **described(simulator, sample)}
        rows.append({"method": f"ABC-SMC, {name}", **row})
    rows.append({"method": "chains (shipped)", **described(simulator, by_chains(simulator))})
    options.out.parent.mkdir(parents=True, exist_ok=True)
    table = pd.DataFrame(rows).round(4)
    table.to_csv(options.out, index=False, lineterminator="\n")
    print(table.T.to_string(header=False))


if __name__ == "__main__":
    main()
