"""A page of Mesa's SolaraViz: ``solara run`` in a process of its own, and a browser that steps."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chromium import Chromium
from shipped import ROOT

PAGE = ROOT / "docs" / "examples" / "solara_page.py"


@contextmanager
def served_page(log: Path) -> Iterator[str]:
    """Yield the address of the example, served until the context ends; ``log`` is what is said."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "solara", "run", str(PAGE), "--port", str(port), "--no-open"]
    with log.open("w") as said:
        process = subprocess.Popen(command, cwd=ROOT, stdout=said, stderr=said)
    try:
        end = time.monotonic() + 180
        while True:
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < end, "Solara does not start"
            try:
                socket.create_connection(("127.0.0.1", port), 5).close()
                break
            except OSError:
                time.sleep(0.2)
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        process.wait()


def wait_until_day(browser: Chromium, condition: str) -> None:
    """Wait until the day of the page is as said, such as ``=== 3``; Mesa calls it step or time."""
    day = "Number(/(?:Step|Time): ([0-9]+)/.exec(document.body.innerText)?.[1] ?? -1)"
    browser.wait_for(f"{day} {condition}", 180)


def press_button(browser: Chromium, words: str) -> None:
    """Press the button with these words."""
    browser.value_of(
        "[...document.querySelectorAll('button')]"
        f".find(of => of.innerText.trim().toLowerCase() === '{words}').click()"
    )


def wait_for_plots(browser: Chromium, number: int) -> None:
    """Wait until so many plots are drawn."""
    browser.wait_for(f"document.querySelectorAll('.vue-grid-item img').length === {number}")
