"""``bordersim inspect``."""

import json
from collections import Counter
from collections.abc import Iterator
from itertools import islice
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
    counts = by_scenario.most_common()
    _print_first((f"{name_of(of)}: {runs:,} runs" for of, runs in counts), len(counts))
    reasons = (
        f"failed: {name_of(key.scenario)}, seed {key.seed}: {failure.reason}"
        for key, failure in failures.items()
    )
    _print_first(reasons, len(failures))


def _print_first(lines: Iterator[str], count: int) -> None:
    for line in islice(lines, _SHOWN):
        click.echo(f"  {line}")
    if count > _SHOWN:
        click.echo(f"  ... and {count - _SHOWN:,} more; --json shows all")
