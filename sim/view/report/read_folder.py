"""Reads a folder of results, and refuses it if something in it is missing or damaged."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from sim.experiment.outcome_registry import OUTCOMES
from sim.experiment.sweep.loader import Plan, read_sweep
from sim.experiment.sweep.points import factors_of, points_of
from sim.scenario.loader import read_scenario
from sim.scenario.reading.errors import ScenarioError
from sim.scenario.schema import Scenario
from sim.view.report.folder import (
    STATISTICS,
    ComparisonFolder,
    RunFolder,
    ScenarioFile,
    SweepFolder,
)
from sim.view.report.manifest import CompareManifest, RunManifest, SweepManifest, read_manifest
from sim.view.report.reading import FolderError, damaged, read_table, read_text

_QUANTILES = ("q05", "q25", "q50", "q75", "q95")
_RUNS = ("runs", "runs_with_value")
_SERIES = ("date", "place", "series", "q05", "q50", "q95")
_INFORMED = ("meaning", "verdict")
_DRAWN, _CALIBRATION, _BOXES = "parameters.csv", "calibration/parameters.csv", "boxes.csv"
"""Tables that need not be in a folder."""


def read_folder(folder: Path) -> ComparisonFolder | SweepFolder | RunFolder:
    """Return what is in a folder of results.

    Raises:
        FolderError: it is none, or a file in it is missing or damaged.
    """
    manifest = read_manifest(folder)
    if isinstance(manifest, RunManifest):
        return _run(folder, manifest)
    if isinstance(manifest, SweepManifest):
        return _sweep(folder, manifest)
    return _comparison(folder, manifest)


def _comparison(folder: Path, manifest: CompareManifest) -> ComparisonFolder:
    if not manifest.pairs:
        raise FolderError(f"{folder}: no pair of runs has finished, so there is nothing to report")
    tables = folder / "differences.csv", folder / "outcomes.csv"
    names = "policy", "baseline", "outcome", "unit"
    medians = "median_of_baseline", "median_of_policy"
    differences = read_table(tables[0], (*names, *medians, *STATISTICS), names)
    outcomes = read_table(tables[1], ("policy", "pair"), ("policy",))
    policies = [(policy.name, policy.digest) for policy in manifest.policies]
    policies.sort(key=lambda policy: policy[0] != manifest.baseline)
    return ComparisonFolder(
        path=folder,
        manifest=manifest,
        scenarios=[
            _scenario(folder / "scenarios" / f"{name}.yaml", digest) for name, digest in policies
        ],
        figures=sorted(folder.glob("*.svg")),
        informed=_informed(folder),
        inputs=[folder / "manifest.json", *tables, *_there(folder, _CALIBRATION)],
        differences=_known(differences),
        outcomes=outcomes,
    )


def _sweep(folder: Path, manifest: SweepManifest) -> SweepFolder:
    path, table = folder / "sweep.yaml", folder / "summary.csv"
    scenarios = [
        _scenario(folder / "scenarios" / f"{policy.name}.yaml", policy.digest)
        for policy in manifest.policies
    ]
    plan = _plan(path, [file.scenario for file in scenarios])
    if len(plan.points) != manifest.points:
        raise damaged(path, f"it has {len(plan.points)} points, the manifest {manifest.points}")
    factors = [factor.name for factor in plan.factors]
    words = "policy", *factors, "outcome", "unit"
    if not read_text(table).strip():
        raise FolderError(f"{folder}: no run has finished, so there is nothing to report")
    summary = _known(read_table(table, (*words, "point", *_RUNS, "mean", *_QUANTILES), words))
    known = {point.number: [level.label for level in point.levels] for point in plan.points}
    at_points = summary[summary["point"] >= 0]
    for row in at_points[["point", *factors]].drop_duplicates().itertuples(index=False):
        if known.get(int(row[0])) != list(row[1:]):
            raise damaged(table, f"point {row[0]} is not the one that sweep.yaml describes")
    if not len(at_points):
        raise FolderError(f"{folder}: no point has a finished run, so there is nothing to report")
    return SweepFolder(
        path=folder,
        manifest=manifest,
        scenarios=scenarios,
        figures=sorted(folder.glob("*.svg")),
        informed=_informed(folder),
        inputs=[folder / "manifest.json", path, table, *_there(folder, _CALIBRATION, _BOXES)],
        summary=summary,
        plan=plan,
        boxes=_boxes(folder),
    )


def _boxes(folder: Path) -> pd.DataFrame | None:
    path, words = folder / _BOXES, ("limits", "chosen")
    if not path.is_file():
        return None
    return read_table(path, ("coverage", "density", "mass", *words), words)


def _plan(path: Path, policies: Sequence[Scenario]) -> Plan:
    """Return the plan of a sweep file without the worlds at its points."""
    read_text(path)
    try:
        sweep = read_sweep(path)
    except ScenarioError as error:
        raise damaged(path, str(error)) from error
    factors = factors_of(sweep)
    return Plan(sweep, path, factors, points_of(sweep, factors), policies, [], [])


def _run(folder: Path, manifest: RunManifest) -> RunFolder:
    if not manifest.seeds_finished:
        raise FolderError(f"{folder}: no run has finished, so there is nothing to report")
    tables = folder / "outcomes_summary.csv", folder / "series_quantiles.csv"
    drawn = folder / _DRAWN
    summary = read_table(
        tables[0], ("outcome", "runs_with_value", "q05", "q50", "q95", "mean"), ("outcome",)
    )
    series = read_table(tables[1], _SERIES, ("date", "place", "series"))
    return RunFolder(
        path=folder,
        manifest=manifest,
        scenarios=[_scenario(folder / "scenario.yaml", manifest.scenario_digest)],
        figures=sorted(folder.glob("*.svg")),
        informed=_informed(folder),
        inputs=[folder / "manifest.json", *tables, *_there(folder, _DRAWN, _CALIBRATION)],
        summary=_known(summary),
        series=series,
        parameters=read_table(drawn, ("seed",), ()) if drawn.is_file() else None,
    )


def _scenario(path: Path, digest: str) -> ScenarioFile:
    text = read_text(path)
    try:
        return ScenarioFile(path, text, read_scenario(path)[0], digest)
    except ScenarioError as error:
        raise FolderError(f"{path}: this version cannot read the scenario:\n{error}") from error


def _informed(folder: Path) -> pd.DataFrame | None:
    path = folder / _CALIBRATION
    if not path.is_file():
        return None
    words = "parameter", "meaning", "unit", "verdict", "source"
    return read_table(path, _INFORMED, words)


def _there(folder: Path, *names: str) -> list[Path]:
    return [folder / name for name in names if (folder / name).is_file()]


def _known(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of outcomes that this version knows."""
    return table[table["outcome"].isin(OUTCOMES)]
