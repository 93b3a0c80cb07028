"""What ``bordersim status``, ``inspect`` and ``export`` do once their arguments are understood."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import click
import pandas as pd

from sim.exits import DONE, Refused
from sim.experiment.campaign import PURPOSE, STORE
from sim.experiment.fingerprint import model_fingerprint
from sim.experiment.kept_run import unpacked
from sim.experiment.run_folder import write_csv
from sim.experiment.run_store import RunStore, StoreRefused

_AT_ONCE = 1000
"""Runs of a table that is written piece by piece."""

_SHOWN = 20


def run_status(folder: Path, as_json: bool) -> int:
    """Say how much of the work of a folder is done.

    Raises:
        Refused: there is no store in it, or it cannot be read.
    """
    with _opened(folder) as (path, store):
        failures = store.failures()
        status = {
            "store": str(path),
            "finished": len(store),
            "failed": len(failures),
            "megabytes": round(_bytes(path) / 1e6, 1),
            "same_model": store.meta["model"] == model_fingerprint(),
        }
    if as_json:
        click.echo(json.dumps(status))
        return DONE
    click.echo(f"{path}: {status['finished']:,} runs, {status['megabytes']} MB")
    if failures:
        click.echo(f"  {len(failures):,} runs failed; bordersim inspect {folder} says why")
    if not status["same_model"]:
        click.echo("  made by another version of the model: it cannot be added to")
    return DONE


def _bytes(path: Path) -> int:
    """Return the size of a store, with the log of what is not yet in its place."""
    log = path.with_name(f"{path.name}-wal")
    return sum(file.stat().st_size for file in (path, log) if file.exists())


def run_inspect(folder: Path, as_json: bool) -> int:
    """Show what a store holds: versions, runs by scenario, and failures with their reasons.

    Raises:
        Refused: there is no store, or it cannot be read.
    """
    with _opened(folder) as (path, store):
        meta, failures = store.meta, store.failures()
        keys = store.keys()
    by_scenario = Counter(key.scenario for key in keys)
    if as_json:
        failed = [{**key._asdict(), "reason": failure.reason} for key, failure in failures.items()]
        click.echo(json.dumps({**meta, "runs": dict(by_scenario), "failures": failed}))
        return DONE
    click.echo(f"{path}: {meta['purpose']}")
    click.echo(f"  format {meta['format']}, model {meta['model']} (now {model_fingerprint()})")
    for scenario, runs in islice(by_scenario.most_common(), _SHOWN):
        click.echo(f"  scenario {scenario}: {runs:,} runs")
    if len(by_scenario) > _SHOWN:
        click.echo(f"  ... and {len(by_scenario) - _SHOWN:,} scenarios more; --json shows all")
    for key, failure in islice(failures.items(), _SHOWN):
        click.echo(f"  failed: scenario {key.scenario}, seed {key.seed}: {failure.reason}")
    if len(failures) > _SHOWN:
        click.echo(f"  ... and {len(failures) - _SHOWN:,} failures more; --json shows all")
    return DONE


def run_export(folder: Path, out: Path) -> int:
    """Write the outcomes of all runs of a store as CSV or Parquet, a row a run.

    Raises:
        Refused: there is no such store, the ending of the file is unknown, or what writes
            Parquet is not installed.
    """
    if out.suffix not in (".csv", ".parquet"):
        raise Refused(f"{out}: unknown ending [allowed: .csv, .parquet]")
    with _opened(folder) as (path, store):
        if store.meta["purpose"] != PURPOSE:
            raise Refused(f"{path} holds no runs of a comparison or a sweep")
        try:
            if out.suffix == ".csv":
                write_csv(out, _tables(store))
            else:
                _write_parquet(out, pd.concat(_tables(store), ignore_index=True))
        except OSError as error:
            raise Refused(f"cannot write {out}: {error.strerror}") from error
        click.echo(f"{len(store):,} runs: {out}")
    return DONE


def _tables(store: RunStore) -> Iterator[pd.DataFrame]:
    keys = iter(store.keys())
    while part := list(islice(keys, _AT_ONCE)):
        rows = []
        for key in part:
            arrays = store.get(key)
            assert arrays is not None
            rows.append({**key._asdict(), **unpacked(arrays).outcomes})
        yield pd.DataFrame(rows)


def _write_parquet(out: Path, table: pd.DataFrame) -> None:
    try:
        table.to_parquet(out, index=False)
    except ImportError as error:
        raise Refused("Parquet needs the extra: pip install 'bordersim[parquet]'") from error


@contextmanager
def _opened(folder: Path) -> Iterator[tuple[Path, RunStore]]:
    """Yield the path and the store of a folder, or of a file itself."""
    path = folder / STORE if folder.is_dir() else folder
    try:
        with RunStore.open(path, purpose=None) as store:
            yield path, store
    except StoreRefused as error:
        raise Refused(str(error)) from error
