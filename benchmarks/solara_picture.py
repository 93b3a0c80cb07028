"""``python -m benchmarks.solara_picture FOLDER``: the page in SolaraViz as the docs show it.

It needs Solara and a Chromium.
"""

import sys
import tempfile
import time
from pathlib import Path

import click

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT / "tests" / "support"))

import chromium  # noqa: E402
from solara_server import press_button, served_page, wait_for_plots, wait_until_day  # noqa: E402

_DAYS = 40


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
def main(folder: Path) -> None:
    """Write the picture of the example page after some days into a folder."""
    program = chromium.found()
    if program is None:
        raise click.ClickException("no Chromium is found")
    with (
        tempfile.TemporaryDirectory() as name,
        served_page(Path(name) / "log") as address,
        chromium.Chromium(program, Path(name) / "profile") as browser,
    ):
        browser.open(address, 1280)
        wait_until_day(browser, "=== 0")
        for day in range(1, _DAYS + 1):
            press_button(browser, "step")
            wait_until_day(browser, f"=== {day}")
        wait_for_plots(browser, 4)
        time.sleep(1)  # for the last plots to be drawn
        browser.screenshot(folder / "solara.png")


if __name__ == "__main__":
    main()
