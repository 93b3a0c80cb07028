"""``bordersim calibrate --check``: compares an ensemble with priors and counts."""

from collections.abc import Mapping
from pathlib import Path

import click
import pandas as pd

from calibration.check import NOT_FITTED, present, scores_of
from calibration.check_work import check_work, predicted_work
from calibration.question import Question
from sim.cli.kept_runs import ENSEMBLE, opened_fit
from sim.cli.output import print_as_json, print_tables
from sim.exits import DONE, SOME_FAILED, Refused
from sim.experiment.ensemble import Ensemble, read_ensemble
from sim.experiment.members import named_ensemble
from sim.experiment.run_folder import write_csv
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
from sim.view.style import save_all


def check_fit(question: Question, out: Path, workers: int, *, as_json: bool) -> int:
    """Compare the ensemble with priors and counts, fit without each day, write and print all.

    Args:
        question: what was fitted to what.
        out: folder of the fit and of the results.
        workers: processes, 0 for one per core.
        as_json: print the rows of all tables as JSON lines instead of texts.

    Returns:
        The exit code.

    Raises:
        Refused: there is no ensemble of this fit.
        EnsembleError: the ensemble cannot be used.
    """
    ensemble = _ensemble(question, out)
    scenario, targets, priors = question.scenario, question.targets, question.priors
    members = ensemble.as_fitted(scenario)
    click.echo(predicted_work(question, members, workers), err=True)
    with opened_fit(question, out, workers) as (store, at):
        replicates, tables = check_work(question, ensemble, members, store, at)
    figures = {
        "fit": draw_fit(replicates, targets),
        "prior_and_posterior": draw_prior_and_posterior(
            tables["parameters"], scores_of(ensemble, present(ensemble, priors))
        ),
        "left_out": draw_left_out(tables["left_out"]),
        "undetected": draw_undetected(tables["undetected"], replicates, targets.region),
    }
    for name, table in tables.items():
        write_csv(out / f"{name}.csv", [table.round(6)])
    save_all(figures, out)
    if as_json:
        for name, table in tables.items():
            print_as_json(pd.concat([pd.Series(name, table.index, name="table"), table], axis=1))
    else:
        _print(tables, ensemble, {prior.path: prior.label for prior in priors.parameters})
        click.echo(f"tables and figures: {out}")
    for failure in replicates.failures:
        click.echo(f"failed: {scenario.name}, seed {failure.seed}: {failure.reason}", err=True)
    return SOME_FAILED if replicates.failures else DONE


def _ensemble(question: Question, out: Path) -> Ensemble:
    """Return the ensemble in the folder of the results, or else that of the scenario.

    Raises:
        Refused: there is none, or it was fitted to something else.
    """
    own = out / ENSEMBLE
    path = own if own.exists() else named_ensemble(question.scenario)
    if path is None:
        raise Refused(
            f"{own}: there is no ensemble to check; run bordersim calibrate without --check first"
        )
    ensemble = read_ensemble(path)
    if path == own and ensemble.provenance.get("fitted_digest") != question.simulator.digest:
        raise Refused(
            f"{path} was fitted to another scenario, other priors or other days of counts; name "
            "the same file, --targets, --priors and --set as for the fit"
        )
    return ensemble


def _print(
    tables: Mapping[str, pd.DataFrame], ensemble: Ensemble, meanings: Mapping[str, str]
) -> None:
    """Print all tables in words."""
    said = (
        parameters_words(tables["parameters"]),
        targets_words(tables["targets"]),
        left_out_words(tables["left_out"]),
        trade_offs_words(tables["trade_offs"], meanings),
        undetected_words(tables["undetected"]),
    )
    print_tables([words.for_terminal() for words in said], width=140)
    if kept := int((tables["parameters"]["verdict"] == NOT_FITTED).sum()):
        click.echo(
            f"{kept} more parameters keep their prior, as no count informs them: parameters.csv"
        )
    click.echo(f"budget: {budget_line(ensemble.provenance)}")
    if tables["left_out"].empty:
        click.echo("no day was left out: only one has counts, and nothing else is to be fitted to")
