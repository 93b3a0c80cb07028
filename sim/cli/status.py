"""``bordersim status``."""

import json
from pathlib import Path

import click

from sim.cli import options
from sim.cli.export import opened_to_read
from sim.experiment.fingerprint import model_fingerprint


@click.command()
@options.folder
@options.as_json
def status(folder: Path, as_json: bool) -> None:
    """Show how many runs FOLDER holds, and how many failed."""
    with opened_to_read(folder) as (path, store):
        # Beside an open store lies the log of what is not yet in its place.
        files = [path, path.with_name(f"{path.name}-wal")]
        said = {
            "store": str(path),
            "finished": len(store),
            "failed": len(store.failures()),
            "megabytes": round(sum(f.stat().st_size for f in files if f.exists()) / 1e6, 1),
            "same_model": store.meta["model"] == model_fingerprint(),
        }
    if as_json:
        click.echo(json.dumps(said))
        return
    click.echo(f"{path}: {said['finished']:,} runs, {said['megabytes']} MB")
    if said["failed"]:
        click.echo(f"  {said['failed']:,} runs failed; bordersim inspect {folder} says why")
    if not said["same_model"]:
        click.echo("  made by another version of the model: it cannot be added to")
