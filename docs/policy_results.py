"""``python -m docs.policy_results``: run the policy library and put the numbers into its page.

Not part of the checks, because it takes some minutes. Every scenario is compared with the baseline
under the same pairs of parameters and seeds.
"""

import sys
from pathlib import Path

import numpy as np

from docs.blocks.markdown import code, table
from docs.blocks.marked import write_pages
from docs.blocks.policy_library import library
from sim.experiment.campaign import run_members_of
from sim.experiment.members import Choice, members_of
from sim.experiment.replicates import Replicates
from sim.scenario.loader import load_scenario
from sim.shipped import shipped_scenarios
from sim.world.draws import FloatArray

RUNS = 60
_MILLION = 1e6
_Z = 1.96


def results_block() -> str:
    """Return medians of the baseline, and what each scenario changes."""
    base = _run(shipped_scenarios() / "baseline.yaml")
    last = "cheaper_package"
    paths = sorted(library(), key=lambda path: (path.stem == last, path.stem))
    changed = map(_run, paths)
    rows = [_medians(base), *(_changes(of, base) for of in changed)]
    head = [
        "scenario",
        "people who entered",
        "crossed unseen",
        "residents infected",
        "community infections",
        "mean change (95 % confidence interval)",
        "cost, million CNY",
        "mean change",
    ]
    return table(head, rows)


def _run(path: Path) -> Replicates:
    """Run a scenario with the first pairs of its ensemble."""
    scenario = load_scenario(path)
    members = members_of(scenario, Choice(replicates=RUNS)).members
    return run_members_of(scenario, members, workers=0)


def _medians(of: Replicates) -> list[str]:
    entered, unseen, local, in_community, cost = (
        float(np.median(of.outcome(name)))
        for name in (
            "entrants",
            "illegal_entered",
            "local_infections",
            "community_infections",
            "cost_cny",
        )
    )
    counts = [f"{count:,.0f}" for count in (entered, unseen, local, in_community)]
    return [code(of.scenario.name), *counts, "", f"{cost / _MILLION:,.1f}", ""]


def _changes(changed: Replicates, base: Replicates) -> list[str]:
    row = _medians(changed)
    row[5] = _mean(changed.outcome("community_infections") - base.outcome("community_infections"))
    cost = (changed.outcome("cost_cny") - base.outcome("cost_cny")).mean() / _MILLION
    row[7] = _signed(cost)
    return row


def _mean(differences: FloatArray) -> str:
    mean = differences.mean()
    error = _Z * differences.std(ddof=1) / np.sqrt(len(differences))
    return f"{_signed(mean)} ({_signed(mean - error)} to {_signed(mean + error)})"


def _signed(number: float) -> str:
    text = f"{number:+,.1f}"
    return "0.0" if text in ("+0.0", "-0.0") else text


def main() -> int:
    """Fill the page and return the exit code."""
    write_pages("policies", {"results": results_block})
    return 0


if __name__ == "__main__":
    sys.exit(main())
