"""Commands about scenario files: run them, check them, copy those that are shipped."""

import sys
from pathlib import Path

import click

from sim.cli import options
from sim.cli.reading import load_all, load_studies, refuse_equal_names
from sim.exits import Refused


@click.command()
@options.files
@click.option(
    "--replicates",
    type=click.IntRange(1, 1_000_000),
    help="Runs of each scenario.  [default: all pairs of the ensemble; 50 without one]",
)
@options.seed
@options.ensemble
@options.workers
@options.settings
@options.strict
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
    strict: bool,
    out: Path | None,
    linelist: bool,
) -> None:
    """Simulate scenarios, each with the same parameters and seeds.

    The results of one file are written to the folder itself, those of several to a folder each,
    with a figure that compares them. What a publication prints of a scenario is shown beside what
    the scenario gives, unless --set makes it another one.
    """
    from sim.commands.members import options_refused
    from sim.commands.run import RunRequest, run_all
    from sim.experiment.members import Choice, members_of

    scenarios = load_all(files, settings, strict=strict)
    refuse_equal_names(scenarios)
    # With other settings it is another study.
    studies = {} if settings else load_studies(files, settings, scenarios)
    names = [scenario.name for scenario in scenarios]
    out = options.results_folder(out, *(names if len(names) == 1 else ()))
    folders = [out] if len(names) == 1 else [out / name for name in names]
    choice = Choice(replicates, seed, ensemble)
    with options_refused():
        members = [members_of(scenario, choice) for scenario in scenarios]
    request = RunRequest(scenarios, folders, out, members, workers, linelist, studies)
    sys.exit(run_all(request))


@click.command()
@options.files
@options.settings
@options.strict
def validate(files: tuple[Path, ...], settings: tuple[str, ...], strict: bool) -> None:
    """Check scenario files and report every problem.

    Fields that have no effect on a run are warned about.
    """
    scenarios = load_all(files, settings, strict=strict)
    load_studies(files, settings, scenarios)
    for path, scenario in zip(files, scenarios, strict=True):
        calendar = scenario.calendar
        click.echo(
            f"{path}: valid: {scenario.name}, {calendar.start} to {calendar.end} "
            f"({calendar.days} days), digest {scenario.digest}"
        )


@click.command()
def schema() -> None:
    """Print the JSON Schema of scenario files, for editors."""
    import json

    from sim.scenario.json_schema import scenario_schema

    click.echo(json.dumps(scenario_schema(), indent=2))


@click.command()
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
