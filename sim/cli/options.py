"""Arguments and options that several commands have, and what is done with their values."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from pydantic_core import PydanticCustomError

from sim.exits import Refused
from sim.experiment.members import MembersRefused
from sim.scenario.quantities import parse_money
from sim.scenario.reading.settings import setting_path


def _only_one(ctx: click.Context, _: click.Parameter, ensemble: str | None) -> str | None:
    """Return the ensemble, if no setting names another one that it would undo."""
    settings = ctx.params.get("settings", ())
    if ensemble is not None and "ensemble" in map(setting_path, settings):
        raise Refused("--ensemble: an ensemble is set already, by --set ensemble=...; choose one")
    return ensemble


folder = click.argument("folder", type=click.Path(path_type=Path))
file = click.argument("file", type=click.Path(path_type=Path))
files = click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
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
willingness_to_pay = click.option(
    "--willingness-to-pay",
    default="100000 CNY",
    show_default=True,
    help="For an averted infection: an assumption.",
)
out_of_sweep = click.option(
    "--out", type=click.Path(path_type=Path), help="As for sweep. [default: results/NAME]"
)
as_json = click.option(
    "--json", "as_json", is_flag=True, help="Print the results as JSON lines and nothing else."
)


def results_folder(out: Path | None, *default: str) -> Path:
    """Return the folder for results: the one asked for, or ``results/...``."""
    return Path("results", *default) if out is None else out


@contextmanager
def options_refused() -> Iterator[None]:
    """Refuse an option that asks for runs that are not available.

    Raises:
        Refused: the context raises ``MembersRefused``.
    """
    try:
        yield
    except MembersRefused as error:
        option = f"--{error.argument}: " if error.argument else ""
        raise Refused(f"{option}{error.reason}") from error


def read_willingness_to_pay(text: str) -> float:
    """Return the CNY in a text such as ``100000 CNY``.

    Raises:
        Refused: it is no amount of money.
    """
    try:
        return parse_money(text)
    except PydanticCustomError as error:
        raise Refused(f"--willingness-to-pay: {error.message()} (got {text!r})") from error
