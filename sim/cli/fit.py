"""The command that fits a scenario to counts."""

import shlex
import sys
from pathlib import Path

import click
from click.core import ParameterSource

from sim.cli import options
from sim.cli.reading import load_all, read_of


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option(
    "--targets", type=click.Path(path_type=Path), help="Counts. [default: those of the articles]"
)
@click.option(
    "--priors", type=click.Path(path_type=Path), help="What is known before. [default: shipped]"
)
@click.option(
    "--runs",
    default=8000,
    show_default=True,
    type=click.IntRange(300, 10_000_000),
    help="Reference runs, a third of them from the priors alone.",
)
@click.option(
    "--members",
    default=1050,
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
    help="Fit nothing: hold the ensemble in the folder, or the shipped one, against priors and "
    "counts, and fit without each day of the counts in turn.",
)
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
) -> None:
    """Fit a scenario to reported counts.

    Without FILE, the shipped scenario is fitted. Writes an ensemble of parameters and random
    numbers that agree with the counts. An interrupted fit resumes with the same command.
    """
    from calibration.fit import Budget
    from calibration.ladders import Schedule
    from calibration.priors import SHIPPED_PRIORS, read_priors
    from calibration.targets_file import SHIPPED_TARGETS, targets_of
    from sim.commands.calibrate import CalibrateRequest, run_calibrate
    from sim.commands.check import run_check
    from sim.scenario.reading.strict_yaml import read_document
    from sim.shipped import shipped_scenarios

    (scenario,) = load_all([file or shipped_scenarios() / "baseline.yaml"], settings, strict=strict)
    document = read_of(lambda path, _: read_document(path), targets or SHIPPED_TARGETS, scenario)
    folder = options.results_folder(out, scenario.name, "calibration")
    request = CalibrateRequest(
        scenario,
        read_of(lambda _, of: targets_of(document, of), targets or SHIPPED_TARGETS, scenario),
        document,
        read_of(read_priors, priors or SHIPPED_PRIORS, scenario),
        folder,
        Budget(runs, members, Schedule()),
        seed,
        workers,
        _check_command(click.get_current_context(), folder),
    )
    sys.exit(run_check(request) if check else run_calibrate(request))


def _check_command(context: click.Context, folder: Path) -> str:
    """Return the command that checks the fit which this one makes, with the same options."""
    words = ["bordersim", "calibrate"]
    for parameter in context.command.params:
        name = parameter.name or ""
        source = context.get_parameter_source(name)
        if name in ("out", "check") or source is not ParameterSource.COMMANDLINE:
            continue
        values = context.params[name]
        for value in values if isinstance(values, tuple) else [values]:
            option = [] if isinstance(parameter, click.Argument) else [parameter.opts[0]]
            words += [*option, str(value)]
    return shlex.join([*words, "--out", str(folder), "--check"])
