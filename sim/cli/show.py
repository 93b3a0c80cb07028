"""The command that draws the corridor of a scenario file."""

from pathlib import Path

import click

from sim.cli import options
from sim.cli.reading import load_all
from sim.exits import Refused

_KINDS = (".png", ".svg", ".pdf")


@click.command()
@options.file
@options.settings
@options.out("Picture to write: .png, .svg or .pdf.", "NAME_corridor.png")
def show(file: Path, settings: tuple[str, ...], out: Path | None) -> None:
    """Draw the corridor of a scenario file.

    It shows places, legs, ports, quarantine and towns. Nothing is run; the same picture with
    numbers of people is one of the figures of a run.
    """
    (scenario,) = load_all([file], settings, strict=False)
    out = out or Path(f"{scenario.name}_corridor.png")
    if out.suffix not in _KINDS:
        raise Refused(f"--out: {out} is not a picture [allowed: {', '.join(_KINDS)}]")
    # Only now: what draws takes a second to load.
    from sim.view.corridor import draw_corridor
    from sim.view.style import save

    save(draw_corridor(scenario), out.parent, out.stem, [out.suffix[1:]])
    click.echo(f"corridor: {out}")
