"""``bordersim inspect``."""

import json
from collections import Counter
from itertools import islice
from pathlib import Path

import click

from sim.cli import options
from sim.cli.export import opened_to_read
from sim.experiment.fingerprint import model_fingerprint

_SHOWN = 20


@click.command()
@options.folder
@options.as_json
def inspect(folder: Path, as_json: bool) -> None:
    """Show what the store in FOLDER holds, and why runs failed."""
    with opened_to_read(folder) as (path, store):
        meta, failures, keys = store.meta, store.failures(), store.keys()
    by_scenario = Counter(key.scenario for key in keys)
    if as_json:
        failed = [{**key._asdict(), "reason": failure.reason} for key, failure in failures.items()]
        click.echo(json.dumps({**meta, "runs": dict(by_scenario), "failures": failed}))
        return
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
