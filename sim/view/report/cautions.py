"""What a reader has to keep in mind: failures, too few pairs, assumptions."""

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from sim.experiment.fingerprint import model_fingerprint
from sim.experiment.outcome_registry import COMPARED
from sim.experiment.sweep.schema import Grid
from sim.scenario.costs import UnitCosts
from sim.view.outcome_words import title_of_outcome
from sim.view.policy_words import words
from sim.view.report.answers import MAIN, is_doubtful
from sim.view.report.folder import ComparisonFolder, Results, RunFolder, SweepFolder
from sim.view.report.sweep_answers import shown_outcomes
from sim.view.report.wording import amount, count, sentence_name

_LARGE = 0.5
"""Share of a mean difference from which on its Monte Carlo error is called large."""
_FEW = 20
"""Runs below which the ends of a 90 % interval are hardly more than the outermost runs."""
_NAMED = 3
"""Reasons of failed runs that are written out."""


@dataclass(frozen=True)
class Caution:
    """Something to keep in mind.

    Attributes:
        text: what it is.
        items: what it concerns, one a line.
    """

    text: str
    items: tuple[str, ...] = ()


def cautions_of(folder: Results) -> list[Caution]:
    """Return what a reader has to keep in mind, the gravest first."""
    found = [*_failures(folder)]
    if isinstance(folder, ComparisonFolder):
        found += _of_comparison(folder)
    elif isinstance(folder, SweepFolder):
        found += _of_sweep(folder)
    elif isinstance(folder, RunFolder):
        found += _of_run(folder)
    return [*found, *_assumptions(folder), *_changes(folder)]


def _failures(folder: Results) -> Iterator[Caution]:
    failures = folder.manifest.failures
    if failures:
        reasons = Counter(failure.reason for failure in failures).most_common(_NAMED)
        yield Caution(
            f"{count(len(failures), 'run')} failed and {'is' if len(failures) == 1 else 'are'} "
            "left out, from a comparison with the whole pair. If runs fail where things go badly, "
            "what is left looks too good. The most frequent reasons:",
            tuple(f"{reason} ({count(number, 'run')})" for reason, number in reasons),
        )


def _of_comparison(folder: ComparisonFolder) -> Iterator[Caution]:
    if folder.manifest.pairs < _FEW:
        yield _few(count(folder.manifest.pairs, "pair"))
    rough, doubtful = [], []
    for policy in folder.others:
        for outcome in MAIN:
            of = folder.statistics(policy, outcome)
            if of.equal < 1 and not of.mean_half_width_95 < _LARGE * abs(of.mean):
                mean, error = amount(outcome, of.mean), of.mean_half_width_95
                within = f"± {amount(outcome, error)}" if math.isfinite(error) else "(few pairs)"
                title = title_of_outcome(outcome)
                rough.append(f"{sentence_name(policy)}, {title}: {mean} {within}")
        titles = [
            title_of_outcome(outcome)
            for outcome in COMPARED
            if is_doubtful(folder.statistics(policy, outcome))
        ]
        if titles:
            doubtful.append(f"{sentence_name(policy)}: {'; '.join(titles)}")
    if rough:
        yield Caution(
            "The Monte Carlo error (95 % interval) of these mean differences is large against "
            "them. More pairs make it smaller.",
            tuple(rough),
        )
    if doubtful:
        yield Caution(
            f"With {count(folder.manifest.pairs, 'pair')} the median difference of these outcomes "
            "cannot be told from zero.",
            tuple(doubtful),
        )


def _of_sweep(folder: SweepFolder) -> Iterator[Caution]:
    plan, of = folder.plan, folder.summary
    rows = of[(of["point"] >= 0) & of["outcome"].isin(shown_outcomes(folder))]
    if rows["runs"].min() < _FEW:
        yield _few(count(int(rows["runs"].min()), "run"), " at a point")
    points = len(plan.points) * len(plan.policies)
    if missing := points - len(rows[["policy", "point"]].drop_duplicates()):
        yield Caution(f"{missing:,} of {count(points, 'point')} have no finished run.")
    if "difference_q05" in rows:
        unsure = rows[(rows["difference_q05"] <= 0) & (rows["difference_q95"] >= 0)]
        by_outcome = unsure["outcome"].value_counts(sort=False).items()
        if len(unsure):
            yield Caution(
                f"The middle 90 % of the differences from {words(plan.policies[0].name)} as its "
                "file says include zero here: parameters and random numbers decide its sign.",
                tuple(
                    f"{title_of_outcome(str(outcome))}: {number:,} of {count(points, 'point')}"
                    for outcome, number in by_outcome
                ),
            )
    if not isinstance(plan.sweep.design, Grid):
        yield Caution("The points are a sample of the ranges: between them nothing was run.")


def _of_run(folder: RunFolder) -> Iterator[Caution]:
    finished = len(folder.manifest.seeds_finished)
    if folder.manifest.interrupted:
        asked = count(len(folder.manifest.seeds_requested), "run")
        yield Caution(f"The runs were interrupted: {finished:,} of {asked} have finished.")
    if finished < _FEW:
        yield _few(count(finished, "run"))


def _few(what: str, where: str = "") -> Caution:
    return Caution(f"There are only {what}{where}: the ends of 90 % intervals are hardly known.")


def _assumptions(folder: Results) -> Iterator[Caution]:
    if any(file.scenario.costs != UnitCosts() for file in folder.scenarios):
        yield Caution(
            "Unit costs are assumptions; they stand in the scenario files. Costs say nothing of "
            "lives or years of health."
        )
    if folder.informed is not None:
        hardly = folder.informed[folder.informed["verdict"] == "hardly informed"]
        if len(hardly):
            yield Caution(
                f"The data do not inform {count(len(hardly), 'parameter')}: the runs use what was "
                "believed before:",
                tuple(hardly["meaning"]),
            )


def _changes(folder: Results) -> Iterator[Caution]:
    if folder.manifest.model and folder.manifest.model != model_fingerprint():
        yield Caution(
            "The model has changed since these runs: the same command would now give other "
            "numbers. The fingerprint of the model that was run is in the provenance."
        )
    changed = [file.path.name for file in folder.scenarios if file.scenario.digest != file.digest]
    if changed:
        yield Caution(
            "These files are no longer what was run: their digests differ.", tuple(changed)
        )
