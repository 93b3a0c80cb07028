"""What was run, where every number comes from, and what a reader has to keep in mind."""

import shlex
from collections import Counter
from collections.abc import Iterator

from sim.experiment.fingerprint import model_fingerprint
from sim.experiment.sweep.schema import Grid
from sim.scenario.costs import UnitCosts
from sim.view.outcome_words import title_of_outcome
from sim.view.report.folder import ComparisonFolder, Results, RunFolder, SweepFolder
from sim.view.sweep.words import level_words
from sim.view.words import count, listed, words

Fact = tuple[str, str]
"""What is said of what."""

_DESIGNS = {
    "latin_hypercube": "a Latin hypercube",
    "sobol": "a Sobol sequence",
    "saltelli": "samples for Sobol indices",
}
_SEEDS = 20
"""Seeds that are written out."""
_FEW = 20
"""Runs below which the ends of intervals are hardly more than the outermost runs."""
_NAMED = 3
"""Reasons of failed runs that are written out."""


def what_ran(folder: Results) -> list[Fact]:
    """Return what was run."""
    manifest = folder.manifest
    if isinstance(folder, ComparisonFolder):
        wanted = [
            f"± {half_width:,g} in {title_of_outcome(outcome)}"
            for outcome, half_width in manifest.get("until_precision", {}).items()
        ]
        facts = [
            ("Policies", listed([words(name) for name in folder.paired.names])),
            (
                "Pairs of runs",
                f"{manifest['pairs']:,} of {manifest['pairs_asked_for']:,} asked for, with the "
                "same parameters and random numbers under every policy",
            ),
            ("Precision asked for", listed(wanted) if wanted else "none: all pairs were run"),
        ]
    elif isinstance(folder, SweepFolder):
        facts = _sweep(folder)
    else:
        finished, asked = manifest["seeds_finished"], manifest["seeds_requested"]
        facts = [("Runs", f"{len(finished):,} of {len(asked):,} asked for")]
    return [*facts, ("Parameters and seeds", _parameters_and_seeds(folder))]


def _parameters_and_seeds(folder: Results) -> str:
    """Return what the runs of all policies have in common, then what only some of them have."""
    if isinstance(folder, RunFolder):
        return str(folder.manifest["runs"])
    policies_with: dict[str, dict[str, list[str]]] = {}
    for policy in folder.manifest["policies"]:
        common, _, rest = policy["runs"].partition("; ")
        policies_with.setdefault(common, {}).setdefault(rest, []).append(words(policy["name"]))
    said = []
    for common, rests in policies_with.items():
        said.append(common)
        said += [f"in {listed(names)}, {rest}" for rest, names in rests.items() if rest]
    return "; ".join(said)


def _sweep(folder: SweepFolder) -> list[Fact]:
    sweep, factors = folder.plan.sweep, folder.plan.factors
    every = "every level with every other" if len(factors) > 1 else "every level"
    kind = every if isinstance(sweep.design, Grid) else _DESIGNS[sweep.design.kind]
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
        ("Runs", f"{count(sweep.replicates, 'run')} at each point"),
    ]


def provenance(folder: Results) -> list[Fact]:
    """Return how the results came about."""
    manifest = folder.manifest
    facts = [
        ("Command", shlex.join(manifest["command"])),
        ("Started", manifest["started"]),
        ("Finished", f"{manifest['finished']}, after {manifest['seconds']:,g} s"),
        ("Model", manifest.get("model") or "not recorded"),
        ("Versions", ", ".join(f"{name} {of}" for name, of in manifest["versions"].items())),
        ("Machine", " ".join(manifest["machine"].values())),
        ("Scenarios by digest", listed([f"{of.path.stem} {of.digest}" for of in folder.scenarios])),
    ]
    if isinstance(folder, RunFolder):
        seeds = manifest["seeds_finished"]
        more = f" and {len(seeds) - _SEEDS:,} more" if len(seeds) > _SEEDS else ""
        facts.append(("Seeds", ", ".join(map(str, seeds[:_SEEDS])) + more))
    return facts


def cautions(folder: Results) -> Iterator[tuple[str, list[str]]]:
    """Yield what a reader has to keep in mind, the gravest first: a text, and what it concerns."""
    manifest = folder.manifest
    if failures := manifest["failures"]:
        reasons = Counter(failure["reason"] for failure in failures).most_common(_NAMED)
        yield (
            f"{count(len(failures), 'run')} failed and {'is' if len(failures) == 1 else 'are'} "
            "left out, from a comparison with the whole pair. If runs fail where things go badly, "
            "what is left looks too good. The most frequent reasons:",
            [f"{reason} ({count(number, 'run')})" for reason, number in reasons],
        )
    if manifest.get("interrupted"):
        yield "The runs were interrupted before all that were asked for had finished.", []
    runs = _runs(folder)
    if runs < _FEW:
        yield f"There are only {count(runs, 'run')}: the ends of intervals are hardly known.", []
    if isinstance(folder, SweepFolder):
        finished = folder.summary[folder.summary["point"] >= 0]
        points = len(folder.plan.points) * len(folder.plan.policies)
        if missing := points - len(finished[["policy", "point"]].drop_duplicates()):
            yield f"{missing:,} of {count(points, 'point')} have no finished run.", []
        if not isinstance(folder.plan.sweep.design, Grid):
            yield "The points are a sample of the ranges: between them nothing was run.", []
    if any(file.scenario.costs != UnitCosts() for file in folder.scenarios):
        yield (
            "Unit costs are assumptions; they are in the scenario files. Costs say nothing about "
            "lives or years of health.",
            [],
        )
    yield from _calibration(folder)
    if manifest.get("model") and manifest["model"] != model_fingerprint():
        yield (
            "The model has changed since these runs: the same command may now give other "
            "numbers. The fingerprint of the model that was run is in the provenance.",
            [],
        )
    changed = [file.path.name for file in folder.scenarios if file.scenario.digest != file.digest]
    if changed:
        yield "These files are no longer what was run: their digests differ.", changed


def _runs(folder: Results) -> int:
    """Return how many runs there are, or pairs of them; of a sweep at the point with fewest."""
    if isinstance(folder, ComparisonFolder):
        return folder.paired.pairs
    if isinstance(folder, SweepFolder):
        return int(folder.summary["runs"].min())
    assert isinstance(folder, RunFolder)
    return len(folder.outcomes)


def _calibration(folder: Results) -> Iterator[tuple[str, list[str]]]:
    informed = folder.extras.get("calibration/parameters.csv")
    if informed is not None:
        hardly = informed[informed["verdict"] == "hardly informed"]
        if len(hardly):
            yield (
                f"The data do not inform {count(len(hardly), 'parameter')}: the runs use what was "
                "believed before:",
                list(hardly["meaning"]),
            )
