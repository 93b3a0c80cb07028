"""Fits of the same counts from other root seeds: how far do the edges of the bands move?

    bordersim calibrate --seed 2 --out results/seed_2
    python -m calibration.repeated results/seed_2/ensemble.csv

Two ensembles of one posterior differ by chance as well; how much is found by drawing ensembles
from both together, ladder by ladder. The table goes to ``calibration/repeated.csv``.
"""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd

from calibration.coverage_scores import SCORED
from calibration.targets_file import read_targets
from sim.experiment.campaign import run_members_of
from sim.experiment.ensemble import Ensemble, read_ensemble
from sim.experiment.replicates import Replicates
from sim.scenario.loader import load_scenario
from sim.scenario.schema import Scenario
from sim.shipped import shipped_ensembles, shipped_scenarios
from sim.world.draws import FloatArray

SHIPPED_REPEATED = Path(__file__).with_name("repeated.csv")

_EDGES = (0.05, 0.95)

_DRAWS, _SEED = 400, 0


def movement(first: FloatArray, second: FloatArray) -> float:
    """Return how far the edges of the 90 % band move, relative to its width.

    Moves and widths are added up over days, so that days on which little happens count little.

    Args:
        first: a daily series of every member of an ensemble, shape (members, days).
        second: the same of another ensemble.
    """
    edges = [np.quantile(of, _EDGES, axis=0) for of in (first, second)]
    width = float(np.mean([high - low for low, high in edges], axis=0).sum())
    return float(np.abs(edges[0] - edges[1]).mean(axis=0).sum()) / width if width else 0.0


def by_chance(first: FloatArray, second: FloatArray, ladders: int) -> FloatArray:
    """Return the movement between ensembles drawn from both together, shape (draws,).

    Whole ladders are drawn, because the pairs of a ladder depend on each other (a cluster
    bootstrap: Davison and Hinkley 1997, Bootstrap Methods and their Application, section 3.8).

    Args:
        first: a daily series of every member, shape (members, days); the members of a ladder are
            ``ladders`` apart.
        second: the same of another ensemble with as many members.
        ladders: of each ensemble.
    """
    rng = np.random.default_rng(_SEED)
    days = first.shape[1]
    pooled = np.concatenate([of.reshape(-1, ladders, days) for of in (first, second)], axis=1)

    def drawn() -> FloatArray:
        chosen = pooled[:, rng.integers(2 * ladders, size=ladders)]
        return chosen.reshape(-1, days)

    return np.array([movement(drawn(), drawn()) for _ in range(_DRAWS)])


def repeated_table(first: Replicates, second: Replicates, place: str, ladders: int) -> pd.DataFrame:
    """Return how far the bands of two ensembles are apart, one row per series.

    Args:
        first: runs of an ensemble.
        second: runs of another one with as many members.
        place: whose series.
        ladders: of each fit; every ladder has as many members.

    Returns:
        ``series``, ``members`` of each ensemble, ``movement``, and what chance alone gives:
        ``chance_median`` and ``chance_q95``.
    """
    rows = []
    for name in SCORED:
        one, other = (of.series(name, place).astype(np.float64) for of in (first, second))
        chance = by_chance(one, other, ladders)
        rows.append(
            {
                "series": name,
                "members": len(one),
                "movement": movement(one, other),
                "chance_median": float(np.median(chance)),
                "chance_q95": float(np.quantile(chance, 0.95)),
            }
        )
    return pd.DataFrame(rows).round(4)


def _runs_of(scenario: Scenario, ensemble: Ensemble, workers: int) -> Replicates:
    return run_members_of(scenario, ensemble.as_fitted(scenario), workers=workers)


def main() -> None:
    """Run both ensembles and write the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("ensemble", type=Path, help="of the other fit")
    parser.add_argument("--workers", type=int, default=0, help="processes; 0: one per core")
    parser.add_argument("--out", type=Path, default=SHIPPED_REPEATED)
    options = parser.parse_args()
    scenario = load_scenario(shipped_scenarios() / "baseline.yaml")
    shipped = read_ensemble(shipped_ensembles()["articles_2020"])
    other = read_ensemble(options.ensemble)
    ladders = int(shipped.provenance["ladders"])
    if (len(other.members), other.provenance["ladders"]) != (len(shipped.members), ladders):
        parser.error(
            f"{options.ensemble}: {len(other.members)} pairs; a fit of as many pairs and ladders "
            f"as the shipped one is needed ({len(shipped.members)} and {ladders})"
        )
    first, second = (_runs_of(scenario, of, options.workers) for of in (shipped, other))
    table = repeated_table(first, second, read_targets().region, ladders)
    table.to_csv(options.out, index=False, lineterminator="\n")
    print(table.to_string(index=False))


if __name__ == "__main__":
    main()
