"""Reads a folder of results, as ``bordersim run``, ``compare`` or ``sweep`` wrote it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from sim.experiment.outcome_registry import FIRST, OUTCOMES
from sim.experiment.paired_outcomes import PairedOutcomes
from sim.experiment.sweep.loader import Plan, read_sweep
from sim.experiment.sweep.points import factors_of, points_of
from sim.scenario.loader import read_scenario
from sim.scenario.reading.errors import ScenarioError
from sim.scenario.schema import Scenario

_ALWAYS = ("command", "started", "finished", "seconds", "versions", "machine", "failures")
_KINDS = {
    "baseline": ("policies", "pairs", "pairs_asked_for"),
    "sweep": ("policies", "points"),
    "scenario": ("scenario_digest", "runs", "seeds_requested", "seeds_finished", "interrupted"),
}
"""What manifests say of a comparison, a sweep and a run, by the entry that each alone has."""
_EXTRAS = ("parameters.csv", "boxes.csv", "calibration/parameters.csv")
"""Tables that need not be in a folder."""
_TEXTS = ("policy", "outcome", "meaning", "verdict", "limits")
"""Columns that are kept as they are written; a policy may be called none."""


class FolderError(Exception):
    """A folder cannot be reported on; the message says which file is to blame and why."""


@dataclass(frozen=True)
class ScenarioFile:
    """A scenario that was run.

    Attributes:
        path: its file.
        text: what stands in it.
        scenario: the same, read.
        digest: what the manifest says it was when it was run.
    """

    path: Path
    text: str
    scenario: Scenario
    digest: str


@dataclass(frozen=True, kw_only=True)
class Results:
    """What every folder of results has.

    Attributes:
        path: the folder.
        manifest: how the results came about.
        scenarios: what was run, the baseline first.
        figures: the SVG files.
        extras: the tables that need not be there, by the name of their file.
    """

    path: Path
    manifest: dict[str, Any]
    scenarios: Sequence[ScenarioFile]
    figures: Sequence[Path]
    extras: dict[str, pd.DataFrame]


@dataclass(frozen=True, kw_only=True)
class ComparisonFolder(Results):
    """A comparison: the outcomes of its pairs."""

    paired: PairedOutcomes


@dataclass(frozen=True, kw_only=True)
class SweepFolder(Results):
    """A sweep: ``summary.csv``, and the plan of ``sweep.yaml`` without the worlds at its points."""

    summary: pd.DataFrame
    plan: Plan


@dataclass(frozen=True, kw_only=True)
class RunFolder(Results):
    """Runs of one scenario: one row per run, one column per outcome."""

    outcomes: pd.DataFrame


def read_folder(folder: Path) -> ComparisonFolder | SweepFolder | RunFolder:
    """Return what is in a folder of results.

    Raises:
        FolderError: it is none, or a file in it is missing or damaged.
    """
    if not (folder / "manifest.json").is_file():
        within = [str(path.parent) for path in sorted(folder.glob("*/manifest.json"))[:3]]
        hint = f"; perhaps {' or '.join(within)}" if within else ""
        raise FolderError(f"{folder}: no folder of results: manifest.json is missing{hint}")
    name = "manifest.json"
    try:
        manifest = json.loads((folder / name).read_text("utf-8"))
        kind = next(kind for kind in _KINDS if kind in manifest)
        if missing := [key for key in (*_ALWAYS, *_KINDS[kind]) if key not in manifest]:
            raise ValueError(f"no {missing[0]}")
        extras = {}
        for name in _EXTRAS:
            if (folder / name).is_file():
                extras[name] = _read_table(folder / name)
        name = {"sweep": "summary.csv"}.get(kind, "outcomes.csv")
        table = _read_table(folder / name)
        common = {"path": folder, "manifest": manifest, "extras": extras}
        common["figures"] = sorted(folder.glob("*.svg"))
        if kind == "baseline":
            return _comparison(common, table)
        return _sweep(common, table) if kind == "sweep" else _run(common, table)
    except StopIteration as error:
        raise FolderError(f"{folder / name}: of no run, comparison or sweep") from error
    except FileNotFoundError as error:
        raise FolderError(f"{error.filename}: the file is missing") from error
    except ScenarioError as error:
        raise FolderError(f"{folder}: this version cannot read what was run:\n{error}") from error
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise FolderError(f"{folder / name}: the file is damaged: {error}") from error


def _comparison(common: dict[str, Any], table: pd.DataFrame) -> ComparisonFolder:
    manifest = common["manifest"]
    if not manifest["pairs"]:
        raise FolderError(f"{common['path']}: no pair of runs has finished: nothing to report")
    policies = sorted(manifest["policies"], key=lambda of: of["name"] != manifest["baseline"])
    names = [of["name"] for of in policies]
    tables = [_outcomes(table[table["policy"] == name]) for name in names]
    if any(len(of) != manifest["pairs"] for of in tables):
        raise ValueError(f"not {manifest['pairs']} pairs of every policy")
    return ComparisonFolder(
        **common, scenarios=_scenarios(common, policies), paired=PairedOutcomes(names, tables)
    )


def _sweep(common: dict[str, Any], summary: pd.DataFrame) -> SweepFolder:
    path = common["path"] / "sweep.yaml"
    scenarios = _scenarios(common, common["manifest"]["policies"])
    path.stat()
    sweep = read_sweep(path)
    factors = factors_of(sweep)
    plan = Plan(
        sweep, path, factors, points_of(sweep, factors), [of.scenario for of in scenarios], [], []
    )
    if len(plan.points) != common["manifest"]["points"]:
        raise FolderError(f"{path}: not the sweep that was run: {len(plan.points)} points")
    if not (summary["point"] >= 0).any():
        raise FolderError(f"{common['path']}: no point has a finished run: nothing to report")
    summary = summary[summary["outcome"].isin(OUTCOMES)]
    return SweepFolder(**common, scenarios=scenarios, summary=summary, plan=plan)


def _run(common: dict[str, Any], table: pd.DataFrame) -> RunFolder:
    manifest = common["manifest"]
    if not len(table):
        raise FolderError(f"{common['path']}: no run has finished: nothing to report")
    file = _scenario(common["path"] / "scenario.yaml", manifest["scenario_digest"])
    return RunFolder(**common, scenarios=[file], outcomes=_outcomes(table))


def _outcomes(table: pd.DataFrame) -> pd.DataFrame:
    """Return a column for every outcome of this version, one row per run, numbered from 0."""
    if missing := [name for name in FIRST if name not in table]:
        raise ValueError(f"no column {missing[0]}")
    return table.reindex(columns=list(OUTCOMES)).reset_index(drop=True)


def _scenarios(common: dict[str, Any], policies: Sequence[dict[str, str]]) -> list[ScenarioFile]:
    # Names of a manifest never become paths: they are looked up among the files that are there.
    there = {path.stem: path for path in (common["path"] / "scenarios").glob("*.yaml")}
    for policy in policies:
        if policy["name"] not in there:
            raise FolderError(f"{common['path']}/scenarios: no file of {policy['name']}")
    return [_scenario(there[of["name"]], of["digest"]) for of in policies]


def _scenario(path: Path, digest: str) -> ScenarioFile:
    try:
        return ScenarioFile(path, path.read_text("utf-8"), read_scenario(path)[0], digest)
    except UnicodeDecodeError as error:
        raise FolderError(f"{path}: the file is damaged: {error}") from error


def _read_table(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, converters=dict.fromkeys(_TEXTS, str))
