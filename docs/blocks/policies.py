"""The library of policies: its files, and what each policy changes."""

from pathlib import Path

import numpy as np
import yaml

from docs.blocks.markdown import code, number, table
from docs.blocks.marked import write_pages
from sim.experiment.members import Choice, members_of
from sim.experiment.replicates import Replicates, run
from sim.scenario.loader import load_scenario
from sim.shipped import shipped_scenarios

RUNS = 60
SHOWN = ("entrants", "illegal_entered", "local_infections", "community_infections", "cost_cny")
_MILLION = 1e6
_Z = 1.96


def library() -> list[Path]:
    """Return the shipped files that extend another one, by name."""
    files = sorted(shipped_scenarios().glob("*.yaml"))
    return [path for path in files if "extends" in yaml.safe_load(path.read_text("utf-8"))]


def library_block() -> str:
    """Return a row for every policy: its file and its question."""
    rows = ([code(f"scenarios/{path.name}"), load_scenario(path).question] for path in library())
    return table(["file", "question"], rows)


def renew() -> None:
    """Run every policy with the same pairs as the baseline, and put the numbers into the page."""
    write_pages("policies", {"results": results_block})


def results_block() -> str:
    """Return medians of the baseline, and what each policy changes."""
    base = _run(shipped_scenarios() / "baseline.yaml")
    last = "cheaper_package"
    paths = sorted(library(), key=lambda path: (path.stem == last, path.stem))
    head = ["scenario", "people who entered", "crossed unseen", "residents infected",
            "community infections", "mean change (95 % confidence interval)",
            "cost, million CNY", "mean change"]  # fmt: skip
    return table(head, [_row(base, base), *(_row(_run(path), base) for path in paths)])


def _run(path: Path) -> Replicates:
    """Run a scenario with the first pairs of its ensemble."""
    scenario = load_scenario(path)
    members = members_of(scenario, Choice(replicates=RUNS)).members
    return run(scenario, members=members, workers=0)


def _row(of: Replicates, base: Replicates) -> list[str]:
    medians = [float(np.median(of.outcome(name))) for name in SHOWN]
    infections, cost = ("", "")
    if of is not base:
        differences = {name: of.outcome(name) - base.outcome(name) for name in SHOWN[-2:]}
        change = differences["community_infections"]
        error = _Z * change.std(ddof=1) / np.sqrt(RUNS)
        mean, low, high = map(
            _signed, (change.mean(), change.mean() - error, change.mean() + error)
        )
        infections = f"{mean} ({low} to {high})"
        cost = _signed(differences["cost_cny"].mean() / _MILLION)
    counts = [*map(number, medians[:-1]), infections, number(medians[-1] / _MILLION), cost]
    return [code(of.scenario.name), *counts]


def _signed(value: float) -> str:
    text = number(value)
    return text if value <= 0 else f"+{text}"
