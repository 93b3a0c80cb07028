"""Another method on the same fit: ABC-SMC with adaptive populations, by pyABC.

    python -m pip install pyabc            # in an environment of its own: it is not a dependency
    python -m benchmarks.abc_smc --runs 45000 --out results/abc_smc.csv

The same model, priors, pieces and reporting noise as ``bordersim calibrate``; fresh random numbers
for every run, as the method has it. Written: for every particle of the last population its weight,
the pieces, and the series that coverage scores, on the days of the targets.
"""

import argparse
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from calibration.coverage import SCORED
from calibration.observation import Observation
from calibration.priors import read_priors
from calibration.targets import read_targets
from calibration.traveller_side import SEEDS, Point, TravellerSide
from sim.scenario.loader import load_scenario
from sim.shipped import shipped_scenarios


def shipped_side() -> TravellerSide:
    """Return the shipped case, held against the articles."""
    scenario = load_scenario(shipped_scenarios() / "baseline.yaml")
    observation = Observation(read_targets(), scenario.calendar)
    return TravellerSide(scenario, read_priors().fitted, observation)


class Model:
    """The model as pyABC calls it: parameters in, numbers out."""

    def __init__(self, side: TravellerSide) -> None:
        self.side = side

    def __call__(self, parameters: Any) -> dict[str, Any]:
        """Run the model once with a seed of its own."""
        scores = np.array([parameters[f"p{i}"] for i in range(len(self.side.priors))])
        # pyABC forks: without fresh entropy all processes would draw the same seeds.
        seed = int(np.random.default_rng().integers(SEEDS))
        counts = self.side.history(Point(scores, seed))
        return {"misses": self.side.misses(counts), "counts": counts, "seed": seed}


def distance(simulated: dict[str, Any], observed: dict[str, Any]) -> float:
    """Return the root of the sum of squared misses, in standard deviations of the noise."""
    return float(np.sqrt(np.square(simulated["misses"]).sum()))


def main() -> None:
    """Run pyABC until the budget is used up and write the last population."""
    import pyabc

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=45_000)
    parser.add_argument("--population", type=int, default=300)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--out", type=Path, default=Path("results/abc_smc.csv"))
    options = parser.parse_args()
    side = shipped_side()
    prior = pyabc.Distribution(**{f"p{i}": pyabc.RV("norm", 0, 1) for i in range(len(side.priors))})
    abc = pyabc.ABCSMC(
        Model(side),
        prior,
        distance,
        population_size=options.population,
        sampler=pyabc.sampler.MulticoreEvalParallelSampler(n_procs=options.workers),
    )
    with tempfile.TemporaryDirectory() as folder:
        abc.new(f"sqlite:///{folder}/abc.db", {"misses": np.zeros(len(side.observation.pieces))})
        history = abc.run(max_total_nr_simulations=options.runs, minimum_epsilon=2.5)
        table = last_population(side, history)
        print(history.get_all_populations()[["t", "epsilon", "samples"]].to_string(index=False))
    options.out.parent.mkdir(parents=True, exist_ok=True)
    table.to_csv(options.out, index=False, lineterminator="\n")


def last_population(side: TravellerSide, history: Any) -> pd.DataFrame:
    """Return weight, distance and scored series of every particle, a row each."""
    weights, statistics = history.get_weighted_sum_stats()
    place = side.observation.pieces[-1].terms[0].column[0]
    rows = []
    for weight, of in zip(weights, statistics, strict=True):
        row = {"weight": weight, "distance": distance(of, {})}
        for series in SCORED:
            by_day = of["counts"][side.columns.index((place, series))]
            row |= {f"{series}_{day}": int(by_day[day]) for day in range(14, len(by_day))}
        rows.append(row)
    return pd.DataFrame(rows)


if __name__ == "__main__":
    main()
