"""``bordersim calibrate``: fit a scenario to reported counts, or check a fit."""

import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

import click
import numpy as np

from calibration.chains import State
from calibration.fit import Budget, stuck
from calibration.ladders import Schedule
from calibration.local_chains import LocalHistory
from calibration.local_fit import local_away
from calibration.priors import SHIPPED_PRIORS, read_priors
from calibration.question import Question, fit_both_stages
from calibration.reach import Missed, Unreachable, described, most_missed
from calibration.simulator import Simulator
from calibration.targets_file import SHIPPED_TARGETS, targets_of
from sim.cli import options
from sim.cli.kept_runs import ENSEMBLE, opened_fit
from sim.cli.output import command_line
from sim.cli.reading import load_all
from sim.exits import Refused
from sim.experiment.campaign import STORE
from sim.experiment.ensemble import write_ensemble
from sim.experiment.run_folder import write_text
from sim.scenario.reading.errors import Problem, ScenarioError
from sim.scenario.reading.strict_yaml import Document, read_document
from sim.shipped import shipped_scenarios
from sim.view.calibration.fit_tables import budget_line


@click.command()
@click.argument("file", required=False, type=options.PATH)
@click.option(
    "--targets",
    default=SHIPPED_TARGETS,
    type=options.PATH,
    help="Counts. [default: those of the articles]",
)
@click.option(
    "--priors",
    default=SHIPPED_PRIORS,
    type=options.PATH,
    help="Priors. [default: shipped]",
)
@click.option(
    "--runs",
    default=Budget.runs,
    show_default=True,
    type=click.IntRange(300, 10_000_000),
    help="Reference runs, a third of them from the priors alone.",
)
@click.option(
    "--members",
    default=Budget.members,
    show_default=True,
    type=click.IntRange(3, 100_000),
    help="Pairs in the ensemble.",
)
@click.option(
    "--seed",
    default=1,
    show_default=True,
    type=click.IntRange(0, 2**62),
    help="Root seed: another one gives another ensemble from the same posterior.",
)
@options.workers
@options.settings
@options.strict
@options.out("Folder for the results.", "results/NAME/calibration")
@click.option(
    "--check",
    is_flag=True,
    help="Fit nothing: compare the ensemble in the folder, or the shipped one, with priors and "
    "counts, and fit without each day of the counts in turn.",
)
@options.as_json
def calibrate(
    file: Path | None,
    targets: Path,
    priors: Path,
    runs: int,
    members: int,
    seed: int,
    workers: int,
    settings: tuple[str, ...],
    strict: bool,
    out: Path | None,
    check: bool,
    as_json: bool,
) -> None:
    """Fit a scenario to reported counts.

    Without FILE, the shipped scenario is fitted. Writes an ensemble of parameters and random
    numbers that agree with the counts. An interrupted fit resumes with the same command.
    """
    if as_json and not check:
        raise Refused("--json: a fit prints no results; use it with --check")
    (scenario,) = load_all([file or shipped_scenarios() / "baseline.yaml"], settings, strict=strict)
    document = read_document(targets)
    question = Question(
        scenario,
        targets_of(document, scenario),
        read_priors(priors, scenario),
        Budget(runs, members, Schedule()),
        seed,
    )
    out = out or Path("results", scenario.name, "calibration")
    if check:
        # Only now: what draws takes a second to load.
        from sim.cli.check_fit import check_fit

        sys.exit(check_fit(question, out, workers, as_json=as_json))
    try:
        with opened_fit(question, out, workers) as (_, at):
            done, ensemble, local = fit_both_stages(question, at)
    except Unreachable as error:
        raise Refused(_unreachable(question, document, out, error.missed)) from error
    path = out / ENSEMBLE
    write_text(path, write_ensemble(ensemble))
    click.echo(f"budget: {budget_line(ensemble.provenance)}")
    click.echo(f"ensemble of {len(ensemble.members):,} pairs: {path}")
    pairs = stuck(done)
    of = f"{len(pairs)} of {len(done.pairs)} pairs"
    _report_away(done.simulator, pairs, f"{of} are farther from the counts")
    if local is not None:
        away = local_away(local)
        of = f"the local side of {len(away)} of {len(local.histories)} pairs"
        _report_away(local.simulator, away, f"{of} ends farther from the local counts")
    click.echo(f"next: {shlex.join([*command_line(), '--check'])}")


def _unreachable(
    question: Question, document: Document, out: Path, missed: Sequence[Missed]
) -> str:
    """Return the counts that the model cannot reach, with their places in the file."""
    numbers = {target.id: number for number, target in enumerate(question.targets.targets)}
    places = [document.marks[("targets", numbers[of.id])] for of in missed]
    problems = [
        Problem(at.file, at.line, at.column, "", of.message)
        for at, of in zip(places, missed, strict=True)
    ]
    return (
        f"{ScenarioError(problems)}\nno ensemble was written; the runs are kept in "
        f"{out / STORE}, and a fit to other counts of the same days uses them again"
    )


def _report_away(
    simulator: Simulator, away: Sequence[State] | Sequence[LocalHistory], farther: str
) -> None:
    """Say which pairs did not come near the counts, and which counts they miss.

    Args:
        simulator: what was fitted.
        away: these pairs.
        farther: how many of how many they are, and from which counts they are farther.
    """
    if not away:
        return
    click.echo(
        f"warning: {farther} than reporting noise explains; they are members of the ensemble all "
        "the same. They miss:",
        err=True,
    )
    counts = np.stack([pair.counts for pair in away])
    for statistic in most_missed(simulator, counts):
        click.echo(f"  {statistic.label}: {described(simulator, statistic, counts)}", err=True)
