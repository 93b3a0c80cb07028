"""What is in a folder of results, as ``bordersim run``, ``compare`` or ``sweep`` wrote it."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import pandas as pd

from sim.experiment.paired_statistics import PairedStatistics
from sim.experiment.sweep.loader import Plan
from sim.scenario.schema import Scenario
from sim.view.report.manifest import CompareManifest, Manifest, RunManifest, SweepManifest
from sim.view.report.reading import damaged

STATISTICS = tuple(field.name for field in fields(PairedStatistics))
"""Columns of a table of differences."""


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
        informed: the table of a check of the calibration; None: there is none in the folder.
        inputs: the files that were read, without the figures.
    """

    path: Path
    manifest: Manifest
    scenarios: Sequence[ScenarioFile]
    figures: Sequence[Path]
    informed: pd.DataFrame | None
    inputs: Sequence[Path]


@dataclass(frozen=True, kw_only=True)
class ComparisonFolder(Results):
    """A comparison: ``differences.csv`` and ``outcomes.csv``."""

    manifest: CompareManifest
    differences: pd.DataFrame
    outcomes: pd.DataFrame

    @property
    def others(self) -> list[str]:
        """The policies that are compared with the baseline."""
        names = [policy.name for policy in self.manifest.policies]
        return [name for name in names if name != self.manifest.baseline]

    def statistics(self, policy: str, outcome: str) -> PairedStatistics:
        """Return what the pairs tell about the difference of an outcome.

        Raises:
            FolderError: the table has no such row.
        """
        of = self.differences
        rows = of[(of["policy"] == policy) & (of["outcome"] == outcome)]
        if len(rows) != 1:
            raise damaged(self.path / "differences.csv", f"no row of {policy} and {outcome}")
        numbers = {name: float(rows[name].iloc[0]) for name in STATISTICS if name != "pairs"}
        return PairedStatistics(pairs=int(rows["pairs"].iloc[0]), **numbers)


@dataclass(frozen=True, kw_only=True)
class SweepFolder(Results):
    """A sweep: ``summary.csv``, and the plan that ``sweep.yaml`` describes.

    With a scenario discovery there is ``boxes.csv`` too. The plan has no worlds at its points: they
    are not needed to tell what was found there.
    """

    manifest: SweepManifest
    summary: pd.DataFrame
    plan: Plan
    boxes: pd.DataFrame | None


@dataclass(frozen=True, kw_only=True)
class RunFolder(Results):
    """Runs of one scenario: ``outcomes_summary.csv`` and ``series_quantiles.csv``.

    With an ensemble there is ``parameters.csv`` too.
    """

    manifest: RunManifest
    summary: pd.DataFrame
    series: pd.DataFrame
    parameters: pd.DataFrame | None
