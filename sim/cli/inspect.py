"""``bordersim inspect``."""

import json
from collections import Counter
from pathlib import Path

import click

from sim.cli import options
from sim.cli.kept_runs import ASKED, opened_to_read
from sim.experiment.fingerprint import model_fingerprint

_SHOWN = 20


@click.command()
@options.folder
@options.as_json
def inspect(folder: Path, as_json: bool) -> None:
    """Show what the store in FOLDER holds, and why runs failed."""
    with opened_to_read(folder) as (path, store):
        meta, failures, keys = store.meta, store.failures(), store.keys()
    asked = json.loads(meta.pop(ASKED, "{}"))
    by_scenario = Counter(key.scenario for key in keys)
    if as_json:
        failed = [{**key._asdict(), "reason": failure.reason} for key, failure in failures.items()]
        said = {**meta, ASKED: asked, "runs": dict(by_scenario), "failures": failed}
        click.echo(json.dumps(said))
        return
    names = asked.get("names", {})

    def name_of(scenario: str) -> str:
        return names.get(scenario) or f"scenario {scenario}, not of the last command"

    click.echo(f"{path}: {meta['purpose']}")
    if asked:
        click.echo(f"  last command: {asked['command']}")
    if meta["model"] != (now := model_fingerprint()):
        click.echo(f"  made by another version of the model ({meta['model']}, now {now})")
    in_order = dict.fromkeys([*reversed(names), *by_scenario])
    counts = [f"{name_of(of)}: {by_scenario[of]:,} runs" for of in in_order if of in by_scenario]
    _print_first(counts)
    of_failures = ((name_of(key.scenario), key.seed, of.reason) for key, of in failures.items())
    _print_first([f"failed: {name}, seed {seed}: {why}" for name, seed, why in of_failures])


def _print_first(lines: list[str]) -> None:
    for line in lines[:_SHOWN]:
        click.echo(f"  {line}")
    if len(lines) > _SHOWN:
        click.echo(f"  ... and {len(lines) - _SHOWN:,} more; --json shows all")
