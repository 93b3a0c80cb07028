"""The command ``bordersim``: arguments in, calls out.

Exit codes: 0 done, 1 internal error, 2 input refused, 3 some runs failed (the results of the
others are kept), 130 interrupted.
"""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

import sim
from sim.exits import DONE, INTERNAL, INTERRUPTED, Refused

if TYPE_CHECKING:
    from sim.experiment.sweep.loader import Plan
    from sim.scenario.schema import Scenario


T = TypeVar("T")

_seed = click.option(
    "--seed",
    type=click.IntRange(0, 2**62),
    help="Without an ensemble: seed of the first run; the next runs count up.  [default: 1]",
)
_ensemble = click.option(
    "--ensemble",
    metavar="FILE",
    help="Fitted pairs of parameters and seeds to run; 'none' for seeds alone.  "
    "[default: the ensemble that the scenario names]",
)
_workers = click.option(
    "--workers", default=0, type=click.IntRange(0, 1024), help="Processes. [default: one a core]"
)
_settings = click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="PATH=VALUE",
    help="Change a value of all files, e.g. policies.quarantine_stay='21 d'. Repeatable.",
)
_worth = click.option(
    "--worth",
    default="100000 CNY",
    show_default=True,
    help="What an averted infection is worth: an assumption.",
)
_as_json = click.option(
    "--json", "as_json", is_flag=True, help="Print the results as JSON lines and nothing else."
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(sim.__version__, package_name="bordersim")
@click.option("--debug", is_flag=True, help="Show the traceback of an internal error.")
def cli(debug: bool) -> None:
    """Simulate disease crossing a land border, and compare border policies."""


@cli.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--replicates",
    type=click.IntRange(1, 1_000_000),
    help="Runs of each scenario.  [default: all pairs of the ensemble; 50 without one]",
)
@_seed
@_ensemble
@_workers
@_settings
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Folder for the results. [default: results/NAME; results for several files]",
)
@click.option("--linelist", is_flag=True, help="Also write linelist.csv and transmissions.csv.")
def run(
    files: tuple[Path, ...],
    replicates: int | None,
    seed: int | None,
    ensemble: str | None,
    workers: int,
    settings: tuple[str, ...],
    out: Path | None,
    linelist: bool,
) -> None:
    """Simulate the scenarios in FILES, each under the same parameters and seeds.

    The results of one file are written to the folder itself, those of several to a folder each,
    with a figure that compares them.
    """
    from sim.members import Choice, members_of
    from sim.run_command import RunRequest, run_all

    scenarios = _load_all(files, settings)
    _refuse_equal_names(scenarios)
    names = [scenario.name for scenario in scenarios]
    if out is None:
        out = Path("results") / names[0] if len(names) == 1 else Path("results")
    folders = [out] if len(names) == 1 else [out / name for name in names]
    choice = Choice(replicates, seed, ensemble, settings)
    members = [members_of(scenario, choice) for scenario in scenarios]
    request = RunRequest(scenarios, folders, out, members, workers, linelist)
    sys.exit(run_all(request))


@cli.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--baseline",
    type=click.Path(path_type=Path),
    help="What the others are compared with; may be one of FILES.  [default: the first]",
)
@click.option(
    "--replicates",
    type=click.IntRange(2, 1_000_000),
    help="Pairs of runs.  [default: all pairs of the ensemble; 50 without one]",
)
@_seed
@_ensemble
@_workers
@_settings
@click.option(
    "--until-precision",
    "precision",
    multiple=True,
    metavar="OUTCOME=HALF_WIDTH",
    help="End as soon as the 95 % interval of the mean difference of OUTCOME is so narrow for "
    "every policy, e.g. imported_confirmed=5. Repeatable.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("results/comparison"),
    show_default=True,
    help="Folder for the results, and for the runs that need not be done again.",
)
@_worth
@_as_json
def compare(
    files: tuple[Path, ...],
    baseline: Path | None,
    replicates: int | None,
    seed: int | None,
    ensemble: str | None,
    workers: int,
    settings: tuple[str, ...],
    precision: tuple[str, ...],
    out: Path,
    worth: str,
    as_json: bool,
) -> None:
    """Compare the policies in FILES, each under the same parameters and the same luck.

    What is run is kept in the folder of the results: after an interruption the same command goes
    on, and another policy added to it costs only its own runs.
    """
    from sim.compare_command import CompareRequest, read_precision, run_compare
    from sim.experiment.campaign import Variant
    from sim.members import Choice, paired_members_of
    from sim.worth import read_worth

    paths = list(files)
    if baseline is not None:
        same = [path for path in paths if path.resolve() == baseline.resolve()]
        paths = [baseline, *(path for path in paths if path not in same)]
    scenarios = _load_all(paths, settings)
    _refuse_equal_names(scenarios)
    if len(scenarios) < 2:
        raise Refused("a comparison needs two scenarios; for one, use bordersim run")
    members = paired_members_of(scenarios, Choice(replicates, seed, ensemble, settings))
    policies = [
        Variant(scenario.name, scenario, runs.members)
        for scenario, runs in zip(scenarios, members, strict=True)
    ]
    wanted = [read_precision(text) for text in precision]
    notes = [runs.note for runs in members]
    money = read_worth(worth)
    sys.exit(run_compare(CompareRequest(policies, notes, out, wanted, money, workers, as_json)))


@cli.command()
@click.argument("file", type=click.Path(path_type=Path))
@_ensemble
@_workers
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
@_as_json
def sweep(
    file: Path, ensemble: str | None, workers: int, dry: bool, out: Path | None, as_json: bool
) -> None:
    """Run the sweep in FILE: a scenario at many points of what is varied.

    What is run is kept in the folder of the results: after an interruption the same command goes
    on, and a point that is added to the file costs only its own runs.
    """
    from sim.sweep_command import SweepRequest, run_sweep

    plan = _load_sweep(file)
    folder = Path("results") / plan.sweep.name if out is None else out
    sys.exit(run_sweep(SweepRequest(plan, ensemble, folder, workers, dry, as_json)))


@cli.command()
@click.argument("file", type=click.Path(path_type=Path))
@_ensemble
@click.option(
    "--out", type=click.Path(path_type=Path), help="As for sweep. [default: results/NAME]"
)
@_as_json
def sensitivity(file: Path, ensemble: str | None, out: Path | None, as_json: bool) -> None:
    """Say which factors of the finished sweep in FILE its outcomes depend on; run nothing."""
    from sim.sensitivity_command import run_sensitivity
    from sim.sweep_command import SweepRequest

    plan = _load_sweep(file)
    folder = Path("results") / plan.sweep.name if out is None else out
    sys.exit(run_sensitivity(SweepRequest(plan, ensemble, folder, 1, True, as_json)))


@cli.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@_settings
def validate(files: tuple[Path, ...], settings: tuple[str, ...]) -> None:
    """Check scenario FILES and report everything that is wrong with them."""
    for path, scenario in zip(files, _load_all(files, settings), strict=True):
        calendar = scenario.calendar
        click.echo(
            f"{path}: valid: {scenario.name}, {calendar.start} to {calendar.end} "
            f"({calendar.days} days), digest {scenario.digest}"
        )


@cli.command("break-even")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--replicates",
    default=50,
    show_default=True,
    type=click.IntRange(1, 1_000_000),
    help="Runs of each combination.",
)
@_seed
@_ensemble
@_workers
@_settings
@click.option(
    "--rewards",
    default="0.1,0.3,1,3,10",
    show_default=True,
    help="Sizes of the reward, as multiples of the rewards in the file.",
)
@click.option(
    "--responses",
    default="0,0.25,0.5,1,1.5",
    show_default=True,
    help="Responses of informants, values of border.informants.b1.",
)
@_worth
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Folder for the results. [default: results/NAME/break_even]",
)
def break_even(
    file: Path,
    replicates: int,
    seed: int | None,
    ensemble: str | None,
    workers: int,
    settings: tuple[str, ...],
    rewards: str,
    responses: str,
    worth: str,
    out: Path | None,
) -> None:
    """Ask whether the rewards for informants in FILE pay for themselves.

    Every size of the reward is run with every response of informants, and no reward, each under
    the same seeds.
    """
    from sim.break_even_command import BreakEvenRequest, read_list, run_break_even
    from sim.members import Choice, members_of
    from sim.worth import read_worth

    (scenario,) = _load_all([file], settings)
    members = members_of(scenario, Choice(replicates, seed, ensemble, settings))
    request = BreakEvenRequest(
        scenario,
        read_list(rewards, "--rewards", 0.001, 1000),
        read_list(responses, "--responses", -20, 20),
        read_worth(worth),
        Path("results") / scenario.name / "break_even" if out is None else out,
        members,
        workers,
    )
    sys.exit(run_break_even(request))


@cli.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option(
    "--targets", type=click.Path(path_type=Path), help="Counts. [default: those of the articles]"
)
@click.option(
    "--priors", type=click.Path(path_type=Path), help="What is known before. [default: shipped]"
)
@click.option(
    "--runs",
    default=6000,
    show_default=True,
    type=click.IntRange(300, 10_000_000),
    help="Reference runs, a third of them from the priors alone.",
)
@click.option(
    "--members",
    default=300,
    show_default=True,
    type=click.IntRange(3, 100_000),
    help="Chains, and so pairs in the ensemble.",
)
@click.option(
    "--seed",
    default=1,
    show_default=True,
    type=click.IntRange(0, 2**62),
    help="Root seed: another one gives another ensemble from the same posterior.",
)
@_workers
@_settings
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
    out: Path | None,
    check: bool,
) -> None:
    """Fit the scenario in FILE, the shipped one by default, to counts.

    Writes an ensemble of parameters and random numbers that agree with the counts. What is done
    is kept in the folder of the results: after an interruption the same command goes on.
    """
    from calibration.chains import Schedule
    from calibration.fit import Budget
    from calibration.priors import SHIPPED_PRIORS, read_priors
    from calibration.targets import SHIPPED_TARGETS, read_targets
    from sim.calibrate_command import CalibrateRequest, run_calibrate
    from sim.check_command import run_check
    from sim.shipped import shipped_scenarios

    (scenario,) = _load_all([file or shipped_scenarios() / "baseline.yaml"], settings)
    request = CalibrateRequest(
        scenario,
        _read(read_targets, targets or SHIPPED_TARGETS, scenario),
        _read(read_priors, priors or SHIPPED_PRIORS, scenario),
        Path("results") / scenario.name / "calibration" if out is None else out,
        Budget(runs, members, Schedule()),
        seed,
        workers,
    )
    sys.exit(run_check(request) if check else run_calibrate(request))


_folder = click.argument("folder", type=click.Path(path_type=Path))


@cli.command()
@_folder
@_as_json
def status(folder: Path, as_json: bool) -> None:
    """Say how many runs FOLDER keeps, and how many failed."""
    from sim.store_command import run_status

    sys.exit(run_status(folder, as_json))


@cli.command()
@_folder
@_as_json
def inspect(folder: Path, as_json: bool) -> None:
    """Show what the store in FOLDER holds, and why runs failed."""
    from sim.store_command import run_inspect

    sys.exit(run_inspect(folder, as_json))


@cli.command()
@_folder
@click.argument("out", type=click.Path(path_type=Path))
def export(folder: Path, out: Path) -> None:
    """Write the outcomes of all runs that FOLDER keeps to OUT, a .csv or .parquet file."""
    from sim.store_command import run_export

    sys.exit(run_export(folder, out))


@cli.command()
@_folder
def report(folder: Path) -> None:
    """Write FOLDER/report.html: what a run, comparison or sweep came to, on one page.

    The page is one file that loads nothing: the answer in words, warnings, figures, tables and
    where every number comes from.
    """
    from sim.report_command import run_report

    sys.exit(run_report(folder))


@cli.command()
def schema() -> None:
    """Print the JSON Schema of scenario files, for editors."""
    import json

    from sim.scenario.json_schema import scenario_schema

    click.echo(json.dumps(scenario_schema(), indent=2))


@cli.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--force", is_flag=True, help="Replace files that are already there.")
def init(folder: Path, force: bool) -> None:
    """Copy the shipped scenarios to FOLDER."""
    import shutil

    from sim.shipped import shipped_scenarios

    source = shipped_scenarios()
    files = sorted(path.relative_to(source) for path in source.rglob("*") if path.is_file())
    there = [str(path) for path in files if (folder / path).exists()]
    if there and not force:
        raise Refused(f"{folder} already has {', '.join(there)}; use --force to replace them")
    try:
        for path in files:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source / path, folder / path)
    except OSError as error:
        raise Refused(f"cannot write to {folder}: {error.strerror}") from error
    click.echo(f"{len(files)} files in {folder}")
    click.echo(f"next: bordersim run {folder / 'baseline.yaml'}")


def _load_all(files: Sequence[Path], settings: Sequence[str]) -> "list[Scenario]":
    """Load every file; report the problems of all of them at once."""
    from sim.scenario.loader import load_scenario
    from sim.scenario.reading.errors import Problem, ScenarioError

    scenarios, problems = [], list[Problem]()
    for path in files:
        try:
            scenarios.append(load_scenario(path, settings))
        except ScenarioError as error:
            problems += error.problems
    if problems:
        count = f"{len(problems)} problem{'s' if len(problems) > 1 else ''}"
        raise Refused(f"{ScenarioError(problems)}\n{count} found; nothing was run")
    return scenarios


def _load_sweep(path: Path) -> "Plan":
    from sim.experiment.sweep.loader import load_sweep
    from sim.scenario.reading.errors import ScenarioError

    try:
        return load_sweep(path)
    except ScenarioError as error:
        raise Refused(f"{error}\nnothing was run") from error


def _refuse_equal_names(scenarios: "Sequence[Scenario]") -> None:
    names = [scenario.name for scenario in scenarios]
    for name in names:
        if names.count(name) > 1:
            raise Refused(f"{names.count(name)} files have the name '{name}': each needs its own")


def _read(reader: "Callable[[Path, Scenario], T]", path: Path, scenario: "Scenario") -> T:
    """Read a file of targets or priors of a scenario."""
    from sim.scenario.reading.errors import ScenarioError

    try:
        return reader(path, scenario)
    except ScenarioError as error:
        raise Refused(str(error)) from error


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command and exit with its code."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    try:
        cli.main(arguments, prog_name="bordersim", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        # Whoever read our output has gone; that is their choice.
        sys.stderr.close()
        sys.exit(DONE)
    except Exception as error:
        if "--debug" in arguments:
            raise
        click.echo(
            f"internal error: {type(error).__name__}: {error}\n"
            "This is a bug: please report it with what `bordersim --debug ...` prints.",
            err=True,
        )
        sys.exit(INTERNAL)
