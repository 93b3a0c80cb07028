"""Arguments and options that several commands have."""

from collections.abc import Callable
from pathlib import Path

import click
from click.decorators import FC

from sim.exits import Refused
from sim.scenario.reading.settings import setting_path

PATH = click.Path(path_type=Path)
RESULTS = "Folder for the results, and for the runs that need not be done again."


def _only_one(ctx: click.Context, _: click.Parameter, ensemble: str | None) -> str | None:
    """Return the ensemble, if no setting names another one that it would undo."""
    settings = ctx.params.get("settings", ())
    if ensemble is not None and "ensemble" in map(setting_path, settings):
        raise Refused("--ensemble: an ensemble is set already, by --set ensemble=...; choose one")
    return ensemble


def out(what: str, default: str) -> Callable[[FC], FC]:
    """Return the option that says where results go."""
    return click.option("--out", type=PATH, help=f"{what}  [default: {default}]")


folder = click.argument("folder", type=PATH)
file = click.argument("file", type=PATH)
files = click.argument("files", nargs=-1, required=True, type=PATH)
seed = click.option(
    "--seed",
    type=click.IntRange(0, 2**62),
    help="Without an ensemble: seed of the first run; the next runs count up.  [default: 1]",
)
ensemble = click.option(
    "--ensemble",
    metavar="FILE",
    callback=_only_one,
    help="Fitted pairs of parameters and seeds to run; 'none' for seeds alone.  "
    "[default: the ensemble that the scenario names]",
)
workers = click.option(
    "--workers", default=0, type=click.IntRange(0, 1024), help="Processes. [default: one per core]"
)
executor = click.option(
    "--executor",
    metavar="ADDRESS",
    help="Where to run instead of processes: dask://HOST:PORT of a Dask scheduler, or dask for "
    "Dask workers on this machine, as many as --workers.",
)
settings = click.option(
    "--set",
    "settings",
    multiple=True,
    is_eager=True,  # known when --ensemble is looked at
    metavar="PATH=VALUE",
    help="Override a value in every file, e.g. policies.quarantine_stay='21 d'. Repeatable.",
)
strict = click.option(
    "--strict",
    is_flag=True,
    help="Refuse what has no effect on a run, instead of warning.",
)
out_of_sweep = out("As for sweep.", "results/NAME")
as_json = click.option(
    "--json", "as_json", is_flag=True, help="Print the results as JSON lines and nothing else."
)
