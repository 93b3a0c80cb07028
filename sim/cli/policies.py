"""The command that compares policies."""

import sys
from pathlib import Path

import click

from sim.cli import options
from sim.cli.reading import load_all, refuse_equal_names
from sim.exits import Refused


@click.command()
@options.files
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
@options.seed
@options.ensemble
@options.workers
@options.executor
@options.settings
@options.strict
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
@options.as_json
def compare(
    files: tuple[Path, ...],
    baseline: Path | None,
    replicates: int | None,
    seed: int | None,
    ensemble: str | None,
    workers: int,
    executor: str | None,
    settings: tuple[str, ...],
    strict: bool,
    precision: tuple[str, ...],
    out: Path,
    as_json: bool,
) -> None:
    """Compare policies on paired runs.

    Every policy in FILES runs with the same parameters and the same random numbers, so that two
    runs of a pair differ only by what the policies do. An interrupted comparison resumes with the
    same command, and a policy that is added costs only its own runs.
    """
    from sim.commands.campaign import Machines
    from sim.commands.compare import CompareRequest, read_precision, run_compare
    from sim.commands.members import options_refused
    from sim.experiment.campaign import Variant
    from sim.experiment.members import Choice, paired_members_of

    paths = list(files)
    if baseline is not None:
        same = [path for path in paths if path.resolve() == baseline.resolve()]
        paths = [baseline, *(path for path in paths if path not in same)]
    scenarios = load_all(paths, settings, strict=strict)
    refuse_equal_names(scenarios)
    if len(scenarios) < 2:
        raise Refused("a comparison needs two scenarios; for one, use bordersim run")
    with options_refused():
        members = paired_members_of(scenarios, Choice(replicates, seed, ensemble))
    policies = [
        Variant(scenario.name, scenario, runs.members)
        for scenario, runs in zip(scenarios, members, strict=True)
    ]
    wanted = [read_precision(text) for text in precision]
    notes = [runs.note for runs in members]
    machines = Machines(workers, executor)
    sys.exit(run_compare(CompareRequest(policies, notes, out, wanted, machines, as_json)))
