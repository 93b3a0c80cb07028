"""``bordersim init``."""

import shutil
from pathlib import Path

import click

from sim.exits import Refused
from sim.shipped import shipped_scenarios


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--force", is_flag=True, help="Replace files that are already there.")
def init(folder: Path, force: bool) -> None:
    """Copy the shipped scenarios to FOLDER."""
    source = shipped_scenarios()
    files = sorted(path.relative_to(source) for path in source.rglob("*") if path.is_file())
    there = [str(path) for path in files if (folder / path).exists()]
    if there and not force:
        raise Refused(f"{folder} already has {', '.join(there)}; use --force to replace them")
    for path in files:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / path, folder / path)
    click.echo(f"{len(files)} files in {folder}")
    click.echo(f"next: bordersim run {folder / 'baseline.yaml'}")
