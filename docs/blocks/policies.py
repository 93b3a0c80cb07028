"""The library of policies: its files, and what each policy changes."""

from pathlib import Path

import numpy as np
import yaml

from docs.blocks.markdown import code, number, table
from docs.blocks.marked import write_pages
from sim.experiment.campaign import run_members_of
from sim.experiment.members import Choice, members_of
from sim.experiment.replicates import Replicates
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
    paths = sorted(library(), key=lambda path: (path.stem == "cheaper_package", path.stem))
    head = ["scenario", "people who entered", "crossed unseen", "residents infected",
            "community infections", "mean change (95 % confidence interval)",
            "cost, million CNY", "mean change"]  # fmt: skip
    changed = (_row(of, _changes(of, base)) for of in map(_run, paths))
    return table(head, [_row(base, ("", "")), *changed])


def _run(path: Path) -> Replicates:
    """Run a scenario with the first pairs of its ensemble."""
    scenario = load_scenario(path)
    members = members_of(scenario, Choice(replicates=RUNS)).members
    return run_members_of(scenario, members, workers=0)


def _row(of: Replicates, changes: tuple[str, str]) -> list[str]:
    *counts, cost = (float(np.median(of.outcome(name))) for name in SHOWN)
    cells = [*map(number, counts), changes[0], number(cost / _MILLION), changes[1]]
    return [code(of.scenario.name), *cells]


def _changes(of: Replicates, base: Replicates) -> tuple[str, str]:
    infections, cost = (of.outcome(name) - base.outcome(name) for name in SHOWN[-2:])
    error = _Z * infections.std(ddof=1) / np.sqrt(RUNS)
    mean, low, high = (_signed(infections.mean() + side * error) for side in (0, -1, 1))
    return f"{mean} ({low} to {high})", _signed(cost.mean() / _MILLION)


def _signed(value: float) -> str:
    return f"{'+' if value > 0 else ''}{number(value)}"
