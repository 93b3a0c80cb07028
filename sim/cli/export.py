"""``bordersim export``: outcomes of a store as one table, or tables of a folder as a workbook."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import click
import pandas as pd

from sim.cli import options
from sim.cli.kept_runs import opened_to_read
from sim.exits import Refused
from sim.experiment.campaign import PURPOSE
from sim.experiment.kept_run import OUTCOMES_ONLY, outcomes_in
from sim.experiment.run_folder import write_bytes, write_csv
from sim.experiment.run_store import RunStore

_AT_ONCE = 1000
"""Runs of a table that is written piece by piece."""


@click.command()
@options.folder
@click.argument("out", type=click.Path(path_type=Path))
def export(folder: Path, out: Path) -> None:
    """Write the outcomes or all tables in FOLDER to one file.

    OUT.csv and OUT.parquet get all outcomes that the store of FOLDER keeps, one row per run.
    OUT.xlsx gets one sheet per table of FOLDER, and a sheet README that explains them.
    """
    if out.suffix == ".xlsx":
        _export_workbook(folder, out)
    elif out.suffix in (".csv", ".parquet"):
        _export_outcomes(folder, out)
    else:
        raise Refused(f"{out}: unknown ending [allowed: .csv, .parquet, .xlsx]")


def _export_outcomes(folder: Path, out: Path) -> None:
    with opened_to_read(folder) as (path, store):
        if store.meta["purpose"] != PURPOSE:
            raise Refused(f"{path} holds no runs of scenarios")
        if not len(store):
            raise Refused(f"{path} holds no finished runs: there is nothing to export")
        if out.suffix == ".csv":
            write_csv(out, _tables(store))
        else:
            try:
                pd.concat(_tables(store), ignore_index=True).to_parquet(out, index=False)
            except ImportError as error:
                raise Refused(
                    "Parquet needs the extra: pip install 'bordersim[parquet]'"
                ) from error
        click.echo(f"{len(store):,} runs: {out}")


def _tables(store: RunStore) -> Iterator[pd.DataFrame]:
    keys = iter(store.keys())
    while part := list(islice(keys, _AT_ONCE)):
        rows = []
        for key in part:
            arrays = store.get(key, OUTCOMES_ONLY)
            assert arrays is not None
            rows.append({**key._asdict(), **outcomes_in(arrays)})
        yield pd.DataFrame(rows)


def _export_workbook(folder: Path, out: Path) -> None:
    tables = {path.stem: path for path in sorted(folder.glob("*.csv"))}
    if not tables:
        raise Refused(f"{folder}: there is no table to export")
    try:
        from sim.experiment.workbook import workbook_of
    except ImportError as error:
        raise Refused("Excel files need the extra: pip install 'bordersim[xlsx]'") from error
    content, left_out = workbook_of(tables)
    write_bytes(out, content)
    for name in left_out:
        click.echo(f"{tables[name]} has more rows than a sheet can hold: left out", err=True)
    click.echo(f"{len(tables) - len(left_out)} tables: {out}")
