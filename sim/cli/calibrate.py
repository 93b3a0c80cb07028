"""``bordersim calibrate``: fit a scenario to reported counts, or check a fit."""

import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

import click
import numpy as np
from click.core import ParameterSource

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
from sim.cli.fit_folder import ENSEMBLE, STORE, in_store
from sim.cli.output import writing_to
from sim.cli.reading import load_all, read_of
from sim.exits import Refused
from sim.experiment.ensemble import write_ensemble
from sim.experiment.run_folder import write_text
from sim.scenario.reading.errors import Problem, ScenarioError
from sim.scenario.reading.strict_yaml import Document, read_document
from sim.shipped import shipped_scenarios
from sim.view.calibration.fit_tables import budget_line


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option(
    "--targets", type=click.Path(path_type=Path), help="Counts. [default: those of the articles]"
)
@click.option("--priors", type=click.Path(path_type=Path), help="Priors. [default: shipped]")
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
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Folder for the results. [default: results/NAME/calibration]",
)
@click.option(
    "--check",
    is_flag=True,
    help="Fit nothing: compare the ensemble in the folder, or the shipped one, with priors and "
    "counts, and fit without each day of the counts in turn.",
)
@options.as_json
def calibrate(
    file: Path | None,
    targets: Path | None,
    priors: Path | None,
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
    document = read_of(lambda path, _: read_document(path), targets or SHIPPED_TARGETS, scenario)
    question = Question(
        scenario,
        read_of(lambda _, of: targets_of(document, of), targets or SHIPPED_TARGETS, scenario),
        read_of(read_priors, priors or SHIPPED_PRIORS, scenario),
        Budget(runs, members, Schedule()),
        seed,
    )
    out = options.results_folder(out, scenario.name, "calibration")
    if check:
        # Only now: what draws takes a second to load.
        from sim.cli.check_fit import check_fit

        sys.exit(check_fit(question, out, workers, as_json=as_json))
    try:
        done, ensemble, local = in_store(
            question, out, workers, lambda store, at: fit_both_stages(question, at)
        )
    except Unreachable as error:
        raise Refused(_unreachable(question, document, out, error.missed)) from error
    path = out / ENSEMBLE
    with writing_to(out):
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
    click.echo(f"next: {_check_command(click.get_current_context(), out)}")


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


def _check_command(context: click.Context, folder: Path) -> str:
    """Return the command that checks the fit which this one makes, with the same options."""
    words = ["bordersim", "calibrate"]
    for parameter in context.command.params:
        name = parameter.name or ""
        source = context.get_parameter_source(name)
        if name in ("out", "check", "as_json") or source is not ParameterSource.COMMANDLINE:
            continue
        values = context.params[name]
        if isinstance(parameter, click.Option) and parameter.is_flag:
            words.append(parameter.opts[0])
            continue
        for value in values if isinstance(values, tuple) else [values]:
            option = [] if isinstance(parameter, click.Argument) else [parameter.opts[0]]
            words += [*option, str(value)]
    return shlex.join([*words, "--out", str(folder), "--check"])
