"""What a reader has to keep in mind: failures, too few pairs, assumptions."""

import math
from collections import Counter
from collections.abc import Iterator

from sim.experiment.comparison import UNITS
from sim.experiment.fingerprint import model_fingerprint
from sim.experiment.sweep.schema import Grid
from sim.scenario.costs import UnitCosts
from sim.view.policy_words import words
from sim.view.report.answers import COST, MAIN, is_doubtful
from sim.view.report.folder import ComparisonFolder, Results, RunFolder, SweepFolder
from sim.view.report.sweep_answers import shown_outcomes
from sim.view.report.wording import amount, count
from sim.view.sweep_heat_map import title_of_outcome

_LARGE = 0.5
"""Share of a mean difference from which on its Monte Carlo error is called large."""
_FEW = 20
"""Runs below which the ends of a 90 % interval are hardly more than the outermost runs."""
_NAMED = 3
"""Reasons of failed runs, and lists of names, that are written out."""


def warnings_of(folder: Results) -> list[str]:
    """Return what a reader has to keep in mind, a sentence or two each."""
    return [
        *_failures(folder),
        *_specific(folder),
        *_prices(folder),
        *_parameters(folder),
        *_provenance(folder),
    ]


def _failures(folder: Results) -> Iterator[str]:
    failures = folder.manifest.failures
    if failures:
        reasons = Counter(failure.reason for failure in failures).most_common(_NAMED)
        why = "; ".join(f"{reason} ({number})" for reason, number in reasons)
        yield (
            f"{count(len(failures), 'run')} failed and are left out, in a comparison with the "
            f"whole pair: {why}. If runs fail where things go badly, what is left looks too good."
        )


def _specific(folder: Results) -> Iterator[str]:
    if isinstance(folder, ComparisonFolder):
        yield from _of_comparison(folder)
    elif isinstance(folder, SweepFolder):
        yield from _of_sweep(folder)
    elif isinstance(folder, RunFolder):
        yield from _of_run(folder)


def _of_comparison(folder: ComparisonFolder) -> Iterator[str]:
    if folder.manifest.pairs < _FEW:
        yield _few(count(folder.manifest.pairs, "pair"))
    for policy in folder.others:
        rough = []
        for outcome in MAIN:
            of = folder.statistics(policy, outcome)
            error = of.mean_half_width_95
            if of.equal < 1 and not error < _LARGE * abs(of.mean):
                known = amount(outcome, error) if math.isfinite(error) else "any number"
                title = title_of_outcome(outcome)
                rough.append(f"{title}: {amount(outcome, of.mean)} ± {known}")
        if rough:
            yield (
                f"Few pairs for {words(policy)}: the Monte Carlo error of the mean difference (95 "
                f"% interval) is large against it. {'; '.join(rough)}. More pairs make it smaller."
            )
    for policy in folder.others:
        doubtful = [
            title_of_outcome(outcome)
            for outcome in UNITS
            if is_doubtful(folder.statistics(policy, outcome))
        ]
        if doubtful:
            yield f"Cannot be told from nought under {words(policy)}: {'; '.join(doubtful)}."


def _of_sweep(folder: SweepFolder) -> Iterator[str]:
    plan, of = folder.plan, folder.summary
    rows = of[(of["point"] >= 0) & of["outcome"].isin(shown_outcomes(folder))]
    if rows["runs"].min() < _FEW:
        yield _few(count(int(rows["runs"].min()), "run"), " at a point")
    missing = len(plan.points) * len(plan.policies) - len(rows[["policy", "point"]].value_counts())
    if missing:
        yield f"{count(missing, 'point')} without a finished run are missing everywhere."
    if len(plan.policies) > 1 or "difference_q05" not in rows:
        return
    unsure = rows[(rows["difference_q05"] <= 0) & (rows["difference_q95"] >= 0)]
    for outcome, of_outcome in unsure.groupby("outcome", sort=False):
        yield (
            f"{title_of_outcome(str(outcome))}: at {len(of_outcome)} of "
            f"{count(len(plan.points), 'point')} the middle 90 % of the differences from the world "
            "as its file says include nought."
        )
    if not isinstance(plan.sweep.design, Grid):
        yield "The points are a sample of the ranges: between them nothing was run."


def _of_run(folder: RunFolder) -> Iterator[str]:
    finished = len(folder.manifest.seeds_finished)
    if folder.manifest.interrupted:
        asked = count(len(folder.manifest.seeds_requested), "run")
        yield f"The runs were interrupted: {finished} of {asked} have finished."
    if finished < _FEW:
        yield _few(count(finished, "run"))


def _few(what: str, where: str = "") -> str:
    return f"There are only {what}{where}: the ends of 90 % intervals are hardly known."


def _prices(folder: Results) -> Iterator[str]:
    if any(file.scenario.costs != UnitCosts() for file in folder.scenarios):
        yield (
            f"{title_of_outcome(COST)}: unit costs are assumptions, named in the scenario files. "
            "They say nothing of lives or years of health."
        )


def _parameters(folder: Results) -> Iterator[str]:
    if folder.informed is not None:
        hardly = folder.informed[folder.informed["verdict"] == "hardly informed"]
        if len(hardly):
            yield (
                f"The data do not inform {count(len(hardly), 'parameter')}, so that the runs use "
                f"what was believed before: {'; '.join(hardly['meaning'])}."
            )


def _provenance(folder: Results) -> Iterator[str]:
    if folder.manifest.model and folder.manifest.model != model_fingerprint():
        yield (
            "The model has changed since these runs: the same command would now give other "
            "numbers. What it was then is in the provenance."
        )
    for file in folder.scenarios:
        if file.scenario.digest != file.digest:
            yield f"{file.path.name} is no longer the scenario that was run: its digest differs."

