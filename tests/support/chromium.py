"""A Chromium without a window that is told what to do through its DevTools pipe."""

import base64
import json
import os
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome")
_PATIENCE = 60.0
"""Seconds until an answer is no longer waited for."""
_FLAGS = (
    "--headless",
    "--no-sandbox",  # which is not to be had in a container; the pages are our own
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--remote-debugging-pipe",
)
_HAND_OVER = """
import fcntl, os, sys
ends = [fcntl.fcntl(int(end), fcntl.F_DUPFD, 10) for end in sys.argv[1:3]]
os.dup2(ends[0], 3)
os.dup2(ends[1], 4)
os.execv(sys.argv[3], sys.argv[3:])
"""
"""The browser reads from descriptor 3 and writes to 4."""


def found() -> str | None:
    """Return the path of a Chromium, if there is one."""
    return next(filter(None, map(shutil.which, NAMES)), None)


class Chromium:
    """A browser with one page; ``events`` is what it has told since the page was opened."""

    def __init__(self, program: str, profile: Path) -> None:
        orders, self._orders = os.pipe()
        self._answers, answers = os.pipe()
        hand_over = [sys.executable, "-c", _HAND_OVER, str(orders), str(answers)]
        self._process = subprocess.Popen(
            [*hand_over, program, *_FLAGS, f"--user-data-dir={profile}", "about:blank"],
            pass_fds=(orders, answers),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(orders)
        os.close(answers)
        self.events: list[dict[str, Any]] = []
        self._unread, self._number = b"", 0
        self._session: dict[str, str] = {}

    def __enter__(self) -> "Chromium":
        pages = self.send("Target.getTargets")["targetInfos"]
        (target,) = [page["targetId"] for page in pages if page["type"] == "page"]
        attached = self.send("Target.attachToTarget", targetId=target, flatten=True)
        self._session = {"sessionId": attached["sessionId"]}
        for domain in ("Page", "Network", "Runtime", "Log"):
            self.send(f"{domain}.enable")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.terminate()
        self._process.wait()
        os.close(self._orders)
        os.close(self._answers)

    def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Give an order and return what the browser answers."""
        self._number += 1
        order = {"id": self._number, "method": method, "params": parameters, **self._session}
        os.write(self._orders, json.dumps(order).encode() + b"\0")
        while (message := self._next()).get("id") != self._number:
            self.events.append(message)
        assert "error" not in message, message
        return dict(message["result"])

    def open(self, page: Path | str, width: int, *, dark: bool = False) -> None:
        """Open a file, or what has an address, in a window so many pixels wide."""
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
        self.send("Emulation.setDeviceMetricsOverride", **size)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.send("Emulation.setEmulatedMedia", features=[scheme])
        self.events.clear()
        self.send("Page.navigate", url=page if isinstance(page, str) else page.as_uri())
        while "Page.loadEventFired" not in [event.get("method") for event in self.events]:
            self.events.append(self._next())

    def value_of(self, expression: str) -> Any:
        """Return the value of an expression in the page; a promise is waited for."""
        how = {"awaitPromise": True, "returnByValue": True}
        answer = self.send("Runtime.evaluate", expression=expression, **how)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def wait_for(self, expression: str, seconds: float = _PATIENCE) -> None:
        """Wait until an expression in the page is true."""
        end = time.monotonic() + seconds
        while not self.value_of(f"Boolean({expression})"):
            assert time.monotonic() < end, f"not so in {seconds:.0f} s: {expression}"
            time.sleep(0.03)

    def drag(self, selector: str, right: float) -> None:
        """Drag what a selector finds by so many pixels, with the pointer, in ten moves."""
        x, y = self.value_of(
            f"(({{x, y, width, height}}) => [x + width / 2, y + height / 2])"
            f"((of => (of.scrollIntoView({{block: 'center', behavior: 'instant'}}), "
            f"of.getBoundingClientRect()))(document.querySelector({json.dumps(selector)})))"
        )
        self.send("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)
        self._hold_button("mousePressed", x, y)
        for step in range(1, 11):
            self._hold_button("mouseMoved", x + right * step / 10, y)
        self._hold_button("mouseReleased", x + right, y)

    def _hold_button(self, kind: str, x: float, y: float) -> None:
        how = {"button": "left", "buttons": 1, "clickCount": 1}
        self.send("Input.dispatchMouseEvent", type=kind, x=x, y=y, **how)

    def screenshot(self, path: Path, *, whole: bool = False) -> None:
        """Write what is seen, or the whole page, as a PNG."""
        shot = self.send("Page.captureScreenshot", captureBeyondViewport=whole)
        path.write_bytes(base64.b64decode(shot["data"]))

    def press(self, key: str, code: int) -> None:
        """Press a key, as a user does."""
        for kind in ("rawKeyDown", "keyUp"):
            how = {"key": key, "code": key, "windowsVirtualKeyCode": code}
            self.send("Input.dispatchKeyEvent", type=kind, **how)

    def _next(self) -> dict[str, Any]:
        end = time.monotonic() + _PATIENCE
        while b"\0" not in self._unread:
            left = max(0.0, end - time.monotonic())
            assert select.select([self._answers], [], [], left)[0], "the browser does not answer"
            some = os.read(self._answers, 1 << 20)
            assert some, "the browser has ended"
            self._unread += some
        message, _, self._unread = self._unread.partition(b"\0")
        return dict(json.loads(message))
