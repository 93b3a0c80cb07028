"""Exact results of the shipped scenarios, and their renewal: ``make baselines WHY="..."``.

It says which scenarios have moved, and in what. With a reason it also writes the new record, and a
line with its digest into the changelog; the tests refuse a record that the changelog does not know.
"""

import hashlib
import json
import sys
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path

from sim.experiment.ensemble import Member, read_ensemble
from sim.experiment.replicates import simulate
from sim.scenario.loader import load_scenario
from sim.scenario.schema import Scenario
from sim.scenario.source import CohortDemand
from sim.shipped import shipped_ensembles, shipped_scenarios

ROOT = Path(__file__).parents[2]
RECORD = ROOT / "tests" / "world" / "baselines.json"
CHANGELOG = ROOT / "CHANGELOG.md"

LARGEST_COHORT = 2000
"""Travellers of a study; those of a larger one are as many."""

_NUMBERS = {"series": "<i8", "fates": "<i8", "local": "<i8", "cases": "<f8"}
"""Arrays of a result, as the bytes that are digested."""

Result = Mapping[str, float | str]
Results = Mapping[str, Result]
"""By scenario: every outcome as it is, and a digest of everything else."""


def runs() -> Iterator[tuple[str, Scenario, Member]]:
    """Yield name, scenario and member of every run that is recorded: all but sweeps."""
    folder = shipped_scenarios()
    for path in sorted(folder.rglob("*.yaml")):
        if folder / "sweeps" in path.parents:
            continue
        name, scenario = path.relative_to(folder).as_posix(), load_scenario(path)
        demand = scenario.travellers.demand
        if isinstance(demand, CohortDemand) and demand.people > LARGEST_COHORT:
            sizes = (f"travellers.{of}={LARGEST_COHORT}" for of in ("pool", "demand.people"))
            scenario = load_scenario(path, list(sizes))
        yield name, scenario, Member(1)
        if path.stem == "baseline":
            ensemble = read_ensemble(shipped_ensembles()[scenario.ensemble])
            yield f"{name}, first fitted pair", scenario, ensemble.for_scenario(scenario)[0]


def exact_result(scenario: Scenario, member: Member) -> dict[str, float | str]:
    """Return the outcomes of a run, and digests of its series, fates, origins and cases."""
    result = simulate(scenario, member)
    digests = {
        name: hashlib.sha256(getattr(result, name).astype(kind).tobytes()).hexdigest()[:16]
        for name, kind in _NUMBERS.items()
    }
    return {**result.outcomes, **digests}


def computed() -> Results:
    """Return the results of this program."""
    return {name: exact_result(scenario, member) for name, scenario, member in runs()}


def recorded() -> Results:
    """Return the results of the record."""
    results: Results = json.loads(RECORD.read_text("utf-8"))
    return results


def record_digest() -> str:
    """Return the eight digits by which the changelog names the record."""
    return hashlib.sha256(RECORD.read_text("utf-8").encode()).hexdigest()[:8]


def moved(before: Results, now: Results) -> dict[str, list[str]]:
    """Return the scenarios whose results are not the same to the last bit, and what has moved."""
    changes = {name: ["gone" if name in before else "new"] for name in before.keys() ^ now.keys()}
    for name in sorted(before.keys() & now.keys()):
        if differences := list(_differences(before[name], now[name])):
            changes[name] = differences
    return changes


def _differences(before: Result, now: Result) -> Iterator[str]:
    # Compared as text, so that -0.0 is not 0.0 and a number that became a float shows.
    for what in {**before, **now}:
        old, new = repr(before.get(what)), repr(now.get(what))
        if old != new:
            yield what if what in _NUMBERS else f"{what} {old} -> {new}"


def with_line(changelog: str, line: str) -> str:
    """Return the changelog with one line more under what has changed since the last release."""
    head, title, rest = changelog.partition("## [Unreleased]\n")
    unreleased, release, older = rest.partition("\n## [")
    top, heading = title + unreleased, "### Changed\n\n"
    if heading not in top:
        top = f"{top.rstrip()}\n\n{heading}"
    wrapped = textwrap.fill(line, 105, initial_indent="- ", subsequent_indent="  ")
    return head + top.replace(heading, f"{heading}{wrapped}\n", 1) + release + older


def in_changelog() -> bool:
    """Tell whether the changelog names the record as it is."""
    return f"Baselines {record_digest()}: " in CHANGELOG.read_text("utf-8")


def main(arguments: list[str]) -> int:
    """Show what has moved, write it if there is a reason, and return the exit code."""
    now = computed()
    changes = moved(recorded(), now)
    for name, differences in changes.items():
        print(name, *differences, sep="\n  ")
    reason = " ".join(arguments).strip()
    if not changes and in_changelog():
        print("Nothing has moved.")
    elif not reason:
        print('Not written: say why, with make baselines WHY="..."', file=sys.stderr)
        return 1
    else:
        RECORD.write_text(json.dumps(now, indent=1) + "\n", "utf-8")
        line = f"Baselines {record_digest()}: {reason}"
        CHANGELOG.write_text(with_line(CHANGELOG.read_text("utf-8"), line), "utf-8")
        print("CHANGELOG.md:", line)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
