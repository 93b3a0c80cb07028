"""What ``bordersim calibrate --check`` does once its arguments are understood."""

import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import click
import numpy as np
import pandas as pd
from rich.console import Console

from calibration.check import (
    NOT_FITTED,
    dates_left_out,
    leave_dates_out,
    left_out_table,
    parameters_table,
    present,
    scores_of,
    smaller_budget,
    targets_table,
    trade_offs,
)
from calibration.traveller_side import Point
from calibration.undetected import PRIOR_RUNS, pairs_outcomes, run_prior, undetected_table
from calibration.work import Workplace
from sim.commands.calibrate import ENSEMBLE, CalibrateRequest, in_store
from sim.commands.members import options_refused
from sim.commands.output import report_failures, writing_to
from sim.exits import DONE, SOME_FAILED, Interrupted, Refused
from sim.experiment.ensemble import Ensemble, EnsembleError, Member, read_ensemble
from sim.experiment.executors import worker_count
from sim.experiment.members import named_ensemble
from sim.experiment.replicates import Replicates, run_all
from sim.experiment.run_folder import write_text
from sim.view.calibration.days_left_out import draw_left_out
from sim.view.calibration.fit_tables import (
    budget_line,
    left_out_words,
    parameters_words,
    targets_words,
    trade_offs_words,
    undetected_words,
)
from sim.view.calibration.fit_to_counts import draw_fit
from sim.view.calibration.never_found import draw_undetected
from sim.view.calibration.prior_and_posterior import draw_prior_and_posterior
from sim.view.figures import save_all


def run_check(request: CalibrateRequest) -> int:
    """Hold the ensemble against priors and counts, fit without each day, write and print all.

    Returns:
        The exit code.

    Raises:
        Refused: the folder, the store in it or the ensemble cannot be used.
        Interrupted: by the user.
        Incomplete: a worker process was killed again and again.
    """
    ensemble = _ensemble(request)
    try:
        members = ensemble.as_fitted(request.scenario)
    except EnsembleError as error:
        raise Refused(str(error)) from error
    scenario, targets, priors = request.scenario, request.targets, request.priors
    click.echo(_announced(request, members), err=True)

    def work(at: Workplace) -> tuple[Replicates, pd.DataFrame, pd.DataFrame]:
        at.on_progress("runs of the ensemble", 0, len(members))
        finished = 0

        def advance(runs: int) -> None:
            nonlocal finished
            finished += runs
            at.on_progress("runs of the ensemble", finished, len(members))

        (replicates,) = run_all(
            [scenario], members=members, workers=at.workers, on_progress=advance
        )
        if replicates.interrupted:
            raise KeyboardInterrupt
        prior = run_prior(scenario, ensemble, priors.parameters, request.seed, at)
        left_out = leave_dates_out(scenario, targets, priors, request.seed, request.budget, at)
        return replicates, prior, left_out_table(left_out, targets, scenario)

    replicates, prior, left_out = in_store(request, work)
    tables = {
        "parameters": parameters_table(ensemble, priors),
        "targets": targets_table(replicates, targets),
        "trade_offs": trade_offs(ensemble, priors),
        "left_out": left_out,
        "undetected": undetected_table(prior, pairs_outcomes(replicates)),
    }
    figures = {
        "fit": draw_fit(replicates, targets),
        "prior_and_posterior": draw_prior_and_posterior(
            tables["parameters"], scores_of(ensemble, present(ensemble, priors))
        ),
        "left_out": draw_left_out(left_out),
        "undetected": draw_undetected(tables["undetected"], replicates, targets.region),
    }
    with writing_to(request.out):
        _write(tables, request.out)
        save_all(figures, request.out)
    _print(tables, ensemble, {prior.path: prior.label for prior in priors.parameters})
    click.echo(f"tables and figures: {request.out}")
    if left_out.empty:
        click.echo("no day was left out: only one has counts, and nothing else is to be fitted to")
    report_failures([(scenario.name, f.seed, f.reason) for f in replicates.failures])
    return SOME_FAILED if replicates.failures else DONE


def _announced(request: CalibrateRequest, members: Sequence[Member]) -> str:
    """Return in a sentence what will be run, and the longest that it may take."""
    began = time.monotonic()
    (first,) = run_all([request.scenario], members=members[:1])
    if first.interrupted:
        raise Interrupted("interrupted: nothing was checked")
    whole = time.monotonic() - began
    days, budget = len(dates_left_out(request.targets)), smaller_budget(request.budget)
    histories = budget.schedule.histories
    side = request.side
    began = time.monotonic()
    side.history(Point(np.zeros(len(side.priors)), request.seed))
    part = time.monotonic() - began
    fits = days * budget.ladders * histories + (budget.runs if days else 0)
    seconds = ((len(members) + PRIOR_RUNS) * whole + fits * part) / worker_count(request.workers)
    of_days = (
        f", {budget.runs:,} reference runs and {days} fits without a day or two ({budget.ladders} "
        f"ladders of {histories} histories)"
        if days
        else ""
    )
    return (
        f"to do: {len(members):,} runs of the ensemble and {PRIOR_RUNS} from the priors{of_days}; "
        f"at most about {_duration(seconds)}, less if some of it is done already"
    )


def _duration(seconds: float) -> str:
    minutes = int(np.ceil(seconds / 60))
    if minutes < 120:
        return f"{minutes} minute{'s' if minutes != 1 else ''}"
    return f"{np.ceil(minutes / 60):.0f} hours"


def _ensemble(request: CalibrateRequest) -> Ensemble:
    """Return the ensemble in the folder of the results, or else that of the scenario.

    Raises:
        Refused: there is none, or it was fitted to something else.
    """
    path: Path | None = request.out / ENSEMBLE
    if path is not None and not path.exists():
        with options_refused():
            path = named_ensemble(request.scenario)
    if path is None:
        raise Refused(
            f"{request.out / ENSEMBLE}: there is no ensemble to check; run bordersim calibrate "
            "without --check first"
        )
    try:
        ensemble = read_ensemble(path)
    except EnsembleError as error:
        raise Refused(str(error)) from error
    of_folder = path == request.out / ENSEMBLE
    if of_folder and ensemble.provenance.get("fitted_digest") != request.side.digest:
        raise Refused(
            f"{path} was fitted to another scenario, other priors or other days of counts; name "
            "the same file, --targets, --priors and --set as for the fit"
        )
    return ensemble


def _write(tables: Mapping[str, pd.DataFrame], folder: Path) -> None:
    for name, table in tables.items():
        text = table.round(6).to_csv(index=False, lineterminator="\n")
        write_text(folder / f"{name}.csv", text)


def _print(
    tables: Mapping[str, pd.DataFrame], ensemble: Ensemble, meanings: Mapping[str, str]
) -> None:
    console = Console(width=None if Console().is_terminal else 140)
    for words in (
        parameters_words(tables["parameters"]),
        targets_words(tables["targets"]),
        left_out_words(tables["left_out"]),
        trade_offs_words(tables["trade_offs"], meanings),
        undetected_words(tables["undetected"]),
    ):
        console.print(words.for_terminal())
    kept = int((tables["parameters"]["verdict"] == NOT_FITTED).sum())
    if kept:
        click.echo(
            f"{kept} more parameters keep their prior, as no count informs them: parameters.csv"
        )
    click.echo(f"budget: {budget_line(ensemble.provenance)}")
