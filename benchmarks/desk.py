"""``python -m benchmarks.desk``: how soon the policy desk answers, seen in a real browser.

Times are wall seconds and CPU seconds of the server with its processes: on a machine that is busy
with something else only the latter mean anything. ``--pictures`` draws those of the docs.
"""

import os
import sys
import tempfile
import threading
import time
from pathlib import Path

import click
import psutil

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT / "tests" / "support"))

import chromium  # noqa: E402
from desk_server import TOKEN, Client, desk  # noqa: E402

_PAIRS = 300
_USERS = 10
_END = '[data-bar="staging_quarantine vladivostok 0"] [data-end="from"]'
_PINNED = ("no_lockdown", "cheaper_package", "rewards_tripled", "closure_week_earlier")


def cpu_seconds(program: str) -> float:
    """Return the CPU seconds of this process and all below it but those of a program."""
    here = psutil.Process()
    of = [here.cpu_times()]
    for process in here.children(recursive=True):
        try:
            if program not in process.name():
                of.append(process.cpu_times())
        except psutil.Error:
            continue
    return float(sum(times.user + times.system for times in of))


def after_a_drag(browser: chromium.Chromium, days: int) -> dict[int, tuple[float, float]]:
    """Drag the begin of a quarantine; return wall and CPU seconds until 20 pairs, and all."""
    pixels = browser.value_of("document.querySelector('.days .track').clientWidth / 78")
    before = browser.value_of("document.getElementById('answer').dataset.digest")
    wall, cpu = time.perf_counter(), cpu_seconds("chrom")
    browser.drag(_END, days * pixels)
    found = {}
    for pairs in (20, _PAIRS):
        browser.wait_for(
            f"(({{digest, pairs}}) => digest !== '{before}' && pairs >= {pairs})"
            "(document.getElementById('answer').dataset)",
            600,
        )
        found[pairs] = time.perf_counter() - wall, cpu_seconds("chrom") - cpu
    return found


def first_answers(port: int) -> list[float]:
    """Return the seconds until ten users who change something at once have a first answer."""
    clients = [Client(port) for _ in range(_USERS)]
    barrier = threading.Barrier(_USERS)
    seconds = [0.0] * _USERS

    def use(number: int, client: Client) -> None:
        _, start = client.post("start")
        change = {
            "kind": "lever",
            "lever": "port_closures",
            "name": "suifenhe_port",
            "periods": [{"from": f"2020-04-{number + 10}"}],
        }
        with client.events() as following:
            barrier.wait()
            begun = time.perf_counter()
            _, shown = client.post("change", text=start["empty"], changes=[change])
            while following()["digest"] != shown["digest"]:
                pass
            seconds[number] = time.perf_counter() - begun

    threads = [threading.Thread(target=use, args=of) for of in enumerate(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(seconds)


def draw_pictures(browser: chromium.Chromium, port: int, folder: Path) -> None:
    """Write the pictures of the docs: the page, pins, and a phone."""
    for name in _PINNED:
        browser.value_of(
            "(() => { const of = document.getElementById('library'); "
            f"of.value = '{name}'; of.dispatchEvent(new Event('change')); }})()"
        )
        browser.wait_for(f"document.getElementById('name').value === '{name}'")
        browser.value_of("document.getElementById('pin').click()")
        browser.wait_for("document.getElementById('pin').textContent === 'Pinned'")
    browser.wait_for("document.querySelectorAll('#forest circle').length === 4", 600)
    browser.wait_for("document.querySelectorAll('#plane path').length === 5", 600)
    for name, width, at in (
        ("desk", 1280, "header"),
        ("desk_pins", 1280, "#pins-title"),
        ("desk_phone", 390, "header"),
    ):
        browser.open(f"http://127.0.0.1:{port}/?token={TOKEN}", width)
        browser.wait_for(f"document.getElementById('answer')?.dataset.pairs >= {_PAIRS}", 600)
        browser.wait_for("document.querySelectorAll('#plane path').length === 5", 600)
        browser.wait_for("document.querySelector('#flows').textContent.includes('orange')", 600)
        browser.value_of(f"document.querySelector('{at}').scrollIntoView()")
        time.sleep(0.3)
        browser.screenshot(folder / f"{name}.png")


@click.command()
@click.option("--pictures", type=click.Path(path_type=Path), help="Folder for pictures.")
@click.option("--repetitions", default=5, show_default=True)
def main(pictures: Path | None, repetitions: int) -> None:
    """Time the policy desk, or draw the pictures of its page in the docs."""
    program = chromium.found()
    if program is None:
        raise click.ClickException("no Chromium is found")
    with (
        tempfile.TemporaryDirectory() as name,
        desk(ROOT / "scenarios" / "baseline.yaml", Path(name) / "desk", replicates=_PAIRS) as port,
        chromium.Chromium(program, Path(name) / "profile") as browser,
    ):
        browser.open(f"http://127.0.0.1:{port}/?token={TOKEN}", 1280)
        browser.wait_for(f"document.getElementById('answer')?.dataset.pairs >= {_PAIRS}", 900)
        if pictures is not None:
            draw_pictures(browser, port, pictures)
            return
        load = os.getloadavg()[0]
        click.echo(f"processors {os.cpu_count()}, load average before {load:.1f}")
        for number in range(repetitions):
            found = after_a_drag(browser, -1 - number % 2)
            for pairs, (wall, cpu) in found.items():
                click.echo(
                    f"drag {number + 1}: {pairs:3} pairs after {wall:.2f} s, {cpu:.2f} CPU s"
                )
        cpu = cpu_seconds("chrom")
        seconds = first_answers(port)
        click.echo(
            f"{_USERS} users at once: first answers after {seconds[0]:.1f} to {seconds[-1]:.1f} s"
            f" ({cpu_seconds('chrom') - cpu:.1f} CPU s in all)"
        )


if __name__ == "__main__":
    main()
