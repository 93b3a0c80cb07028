"""``bordersim status``."""

import json
from pathlib import Path

import click

from sim.cli import options
from sim.cli.kept_runs import ASKED, opened_to_read
from sim.experiment.fingerprint import model_fingerprint

_NAMED = 3


@click.command()
@options.folder
@options.as_json
def status(folder: Path, as_json: bool) -> None:
    """Show how many runs FOLDER holds, and how many failed."""
    with opened_to_read(folder) as (path, store):
        asked = json.loads(store.meta.get(ASKED, "{}"))
        # Beside an open store lies the log of what is not yet in its place.
        files = [path, path.with_name(f"{path.name}-wal")]
        said = {
            "store": str(path),
            "finished": len(store),
            "wanted": asked.get("runs"),
            "failed": len(store.failures()),
            "command": asked.get("command"),
            "megabytes": round(sum(f.stat().st_size for f in files if f.exists()) / 1e6, 1),
            "same_model": store.meta["model"] == model_fingerprint(),
        }
    if as_json:
        click.echo(json.dumps(said))
        return
    wanted = f"{said['wanted']:,} wanted, " if asked else ""
    click.echo(f"{path}: {said['finished']:,} runs done, {wanted}{said['megabytes']} MB")
    if asked:
        names = list(dict.fromkeys(reversed(asked["names"].values())))
        more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
        click.echo(f"  scenarios: {', '.join(names[:_NAMED])}{more}")
        click.echo(f"  last command: {said['command']}")
    if said["failed"]:
        click.echo(f"  {said['failed']:,} runs failed; bordersim inspect {folder} says why")
    if not said["same_model"]:
        click.echo("  made by another version of the model: it cannot be added to")
