"""What was run, and where every number comes from."""

import hashlib
import shlex
from pathlib import Path

from sim.experiment.sweep.schema import Grid
from sim.view.outcome_words import title_of_outcome
from sim.view.policy_words import words
from sim.view.report.folder import ComparisonFolder, Results, RunFolder, SweepFolder
from sim.view.report.html_table import HtmlTable, plain
from sim.view.report.wording import count, listed
from sim.view.sweep.words import level_words

Fact = tuple[str, str]
"""What is said of what."""

_DESIGNS = {
    "latin_hypercube": "a Latin hypercube",
    "sobol": "a Sobol sequence",
    "saltelli": "samples for Sobol indices",
}
_SEEDS = 20
"""Seeds that are written out."""


def what_ran(folder: Results) -> list[Fact]:
    """Return what was run."""
    if isinstance(folder, ComparisonFolder):
        return _comparison(folder)
    if isinstance(folder, SweepFolder):
        return _sweep(folder)
    assert isinstance(folder, RunFolder)
    finished, asked = len(folder.manifest.seeds_finished), len(folder.manifest.seeds_requested)
    return [
        ("Scenario", words(folder.manifest.scenario)),
        ("Runs", f"{finished:,} of {asked:,} asked for"),
        ("Parameters and seeds", folder.manifest.runs),
    ]


def _comparison(folder: ComparisonFolder) -> list[Fact]:
    manifest = folder.manifest
    precision = [
        f"± {half_width:,g} in {title_of_outcome(outcome)}"
        for outcome, half_width in manifest.until_precision.items()
    ]
    return [
        ("Baseline", words(manifest.baseline)),
        ("Policies", listed([words(policy) for policy in folder.others])),
        (
            "Pairs",
            f"{manifest.pairs:,} of {manifest.pairs_asked_for:,} asked for: the same parameters "
            "and the same chance under every policy",
        ),
        ("Parameters and seeds", listed(_notes(folder))),
        ("Precision asked for", listed(precision) if precision else "none: all pairs were run"),
    ]


def _sweep(folder: SweepFolder) -> list[Fact]:
    sweep, factors = folder.plan.sweep, folder.plan.factors
    design = sweep.design
    every = "every level with every other" if len(factors) > 1 else "every level"
    kind = every if isinstance(design, Grid) else _DESIGNS[design.kind]
    varied = [
        f"{factor.label} ({level_words(factor.levels[0])} to {level_words(factor.levels[-1])})"
        if factor.is_scale
        else f"{factor.label} ({count(len(factor.levels), 'level')})"
        for factor in factors
    ]
    return [
        ("Varied", listed(varied)),
        ("Points", f"{len(folder.plan.points):,}: {kind}"),
        ("Policies", listed([words(policy.name) for policy in folder.plan.policies])),
        ("Runs", f"{count(sweep.replicates, 'run')} a point"),
        ("Parameters and seeds", listed(_notes(folder))),
        ("Differences", f"from {words(folder.plan.policies[0].name)} as its file says, in pairs"),
    ]


def _notes(folder: ComparisonFolder | SweepFolder) -> list[str]:
    return list(dict.fromkeys(policy.runs for policy in folder.manifest.policies))


def provenance(folder: Results) -> list[Fact]:
    """Return how the results came about."""
    manifest = folder.manifest
    facts = [
        ("Command", shlex.join(manifest.command)),
        ("Started", manifest.started),
        ("Finished", f"{manifest.finished}, after {manifest.seconds:,g} s"),
        ("Model", manifest.model or "not recorded"),
        ("Versions", ", ".join(f"{name} {of}" for name, of in manifest.versions.items())),
        ("Machine", " ".join(manifest.machine.values())),
    ]
    if isinstance(folder, RunFolder):
        seeds = folder.manifest.seeds_finished
        shown = ", ".join(map(str, seeds[:_SEEDS]))
        more = f" and {len(seeds) - _SEEDS:,} more" if len(seeds) > _SEEDS else ""
        facts.append(("Seeds", f"{shown}{more}"))
    return facts


def inputs(folder: Results) -> HtmlTable:
    """Return the files that the report was made of, with their digests."""
    digests = {file.path: file.digest for file in folder.scenarios}
    rows = [
        (
            path.relative_to(folder.path).as_posix(),
            plain([_sha256(path), digests.get(path, "")]),
        )
        for path in [*folder.inputs, *digests, *folder.figures]
    ]
    return HtmlTable(
        "Files that this page was made of. The digest of a scenario is what the manifest says was "
        "run; it does not depend on how the file is written.",
        ["File", "SHA-256 (first 16 digits)", "Digest of the scenario"],
        rows,
    )


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]
