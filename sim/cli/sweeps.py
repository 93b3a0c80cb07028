"""Commands about sweep files."""

import sys
from pathlib import Path

import click

from sim.cli import options
from sim.cli.reading import load_finished_sweep, load_sweep_file

_out_of_sweep = click.option(
    "--out", type=click.Path(path_type=Path), help="As for sweep. [default: results/NAME]"
)


@click.command()
@options.file
@options.ensemble
@options.workers
@options.executor
@options.settings
@options.strict
@click.option(
    "--dry-run",
    "dry",
    is_flag=True,
    help="Check everything, and say how many runs there are, how long they take and how much "
    "disk; run nothing.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Folder for the results, and for the runs that need not be done again. "
    "[default: results/NAME]",
)
@options.as_json
def sweep(
    file: Path,
    ensemble: str | None,
    workers: int,
    executor: str | None,
    settings: tuple[str, ...],
    strict: bool,
    dry: bool,
    out: Path | None,
    as_json: bool,
) -> None:
    """Run a scenario at many values of what a sweep file varies.

    An interrupted sweep resumes with the same command, and a point that is added to the file
    costs only its own runs.
    """
    from sim.commands.campaign import Machines
    from sim.commands.sweep import SweepRequest, run_sweep

    machines = Machines(workers, executor)
    plan = load_sweep_file(file, settings, strict=strict)
    folder = options.results_folder(out, plan.sweep.name)
    sys.exit(run_sweep(SweepRequest(plan, ensemble, folder, machines, dry, as_json)))


@click.command()
@options.file
@options.ensemble
@options.settings
@_out_of_sweep
@options.as_json
def sensitivity(
    file: Path,
    ensemble: str | None,
    settings: tuple[str, ...],
    out: Path | None,
    as_json: bool,
) -> None:
    """Show which factors of a finished sweep matter."""
    from sim.commands.finished_sweep import FinishedSweep
    from sim.commands.sensitivity import run_sensitivity

    plan = load_finished_sweep(file, settings)
    folder = options.results_folder(out, plan.sweep.name)
    sys.exit(run_sensitivity(FinishedSweep(plan, ensemble, folder, as_json)))


@click.command()
@options.file
@click.option("--policy", metavar="NAME", help="What is judged.  [default: the first of the sweep]")
@click.option(
    "--against",
    metavar="NAME",
    help="What it is compared with, pair by pair.  [default: the second]",
)
@click.option(
    "--where",
    default="net_benefit > 0",
    show_default=True,
    metavar="CONDITION",
    help="Which experiments are of interest: OUTCOME < NUMBER or OUTCOME > NUMBER, of the "
    "difference between both policies.",
)
@options.worth
@options.ensemble
@options.settings
@_out_of_sweep
@options.as_json
def discover(
    file: Path,
    policy: str | None,
    against: str | None,
    where: str,
    worth: str,
    ensemble: str | None,
    settings: tuple[str, ...],
    out: Path | None,
    as_json: bool,
) -> None:
    """Find conditions under which one policy outperforms another.

    Reads the finished sweep in FILE and runs nothing. The conditions are limits of what is varied
    and of fitted parameters, found by the patient rule induction method (PRIM).
    """
    from sim.commands.discover import DiscoverRequest, read_where, run_discover
    from sim.commands.finished_sweep import FinishedSweep
    from sim.commands.worth import read_worth

    condition, money = read_where(where), read_worth(worth)
    plan = load_finished_sweep(file, settings)
    folder = options.results_folder(out, plan.sweep.name)
    finished = FinishedSweep(plan, ensemble, folder, as_json)
    sys.exit(run_discover(DiscoverRequest(finished, policy, against, condition, money)))
