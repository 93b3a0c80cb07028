"""Random users of the policy desk, who keep account of what they were promised."""

import hashlib
import http.client
import json
import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).parents[1] / "tests" / "support"))

from desk_server import JSON, Client

_NAMES = [f"policy_{number}" for number in range(8)]
"""More than may be pinned, so that pins are replaced and refused too."""
_WRONG = ("banana", "-5", "2020-13-45", "1e400", "[", "0 d", "{a: 1}", "'", "999999999999", "!!x y")
_WRONG_CHANGES: Sequence[dict[str, Any]] = (
    {},
    {"kind": "lever", "lever": "no_such_lever", "name": "", "periods": []},
    {"kind": "lever", "lever": "port_closures", "name": "nowhere", "periods": [{}]},
    {"kind": "assumption", "path": "no.such.path", "value": 1},
    {"kind": "assumption", "path": "costs.test", "value": "many"},
    {"kind": "name", "name": "Not A Name", "question": ""},
)
_REFUSALS = (400, 409, 422)
_PATIENCE = 300.0
"""Seconds within which the last pairs of a policy are there, when many calculate at once."""
_MOST_ALIKE = 3
"""Faults that begin with the same words and are printed."""
_SAMPLES = 8
"""Answers of a user that are kept to be recomputed."""


@dataclass
class Shown:
    """An answer that a page was sent."""

    digest: str
    answer: dict[str, Any]


@dataclass
class Account:
    """What all users did and saw.

    Attributes:
        is_up: whether the server is there; cleared before it is killed.
        lives: how often it has been started.
        faults: sentences.
        counts: of actions and events.
        texts: every text that a server acknowledged, and that of its baseline, by digest.
        ending: set when users should stop.
    """

    is_up: threading.Event = field(default_factory=threading.Event)
    lives: int = 0
    faults: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    texts: dict[str, tuple[str, str]] = field(default_factory=dict)
    ending: threading.Event = field(default_factory=threading.Event)

    def fault(self, sentence: str) -> None:
        """Take down a fault."""
        self.faults.append(sentence)
        if sum(of[:40] == sentence[:40] for of in self.faults) <= _MOST_ALIKE:
            print(f"FAULT: {sentence}", flush=True)


class Gone(Exception):
    """The server was killed during a request."""


class Page:
    """An open page: a thread that reads its events until it is closed."""

    def __init__(self, client: Client, tell: Callable[[dict[str, Any]], None]) -> None:
        self._client, self._tell = client, tell
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    @property
    def is_open(self) -> bool:
        """Whether events are still read."""
        return self._thread.is_alive()

    def close(self) -> None:
        """Close it; the server sends something at least every few seconds."""
        self._closing.set()
        self._thread.join(60)

    def _read(self) -> None:
        # A server that is killed ends the page, which its user opens again.
        with suppress(OSError, http.client.HTTPException), self._client.lines(60) as lines:
            for event in lines:
                if event is not None:
                    self._tell(event)
                if self._closing.is_set():
                    return


class User(threading.Thread):
    """Somebody who does one thing after the other.

    Args:
        number: seed of what they do.
        port: of the server.
        token: that lets them in.
        account: where faults and counts go.
    """

    def __init__(self, number: int, port: int, token: str, account: Account) -> None:
        super().__init__(daemon=True)
        self._random = random.Random(number)
        self._port, self._token, self._account = port, token, account
        self._number = number
        self._heard: dict[str, Shown] = {}
        self._failed: set[str] = set()
        self._seen = 0
        self.samples: list[Shown] = []

    def run(self) -> None:
        """Use the desk until the end; a fault of ours ends the user, and is one of the soak."""
        try:
            self._begin()
            while not self._account.ending.is_set():
                with suppress(Gone):
                    self._act()
                self._account.ending.wait(self._random.expovariate(1.5))
            self._page.close()
        except Exception as error:
            self._account.fault(f"user {self._number} stopped: {type(error).__name__}: {error}")
            raise

    def _begin(self) -> None:
        """Come as somebody new, without anything pinned."""
        while True:
            self._account.is_up.wait()
            try:
                self._client = Client(self._port, self._token)
                break
            except (OSError, http.client.HTTPException):
                self._after_lost_connection(self._account.lives)
        self._page = Page(self._client, self._hear)
        self._life = self._account.lives
        self._has_changed = False
        self._pins: dict[str, str] = {}
        self._maybe_pins: list[dict[str, str]] = []
        self._maybe_texts: list[str] = []
        start = self._start()
        self._empty = start["empty"]

    # What a user does.

    def _act(self) -> None:
        if self._life != self._account.lives:
            self._come_back()
        (action,) = self._random.choices(
            [
                self._change, self._change_wrongly, self._burst, self._wait_for_all_pairs,
                self._rename, self._assume, self._pin, self._unpin, self._start_anew, self._take,
                self._look_at_corridor, self._reopen, self._leave_for_good,
            ],
            [30, 12, 8, 12, 6, 3, 10, 5, 4, 3, 3, 5, 0.3],
        )  # fmt: skip
        self._account.counts[action.__name__.strip("_")] += 1
        action()

    def _change(self) -> None:
        row = self._random.choice(self._shown["rows"])
        self._send_change(self._lever(row, self._random_periods(row)))

    def _change_wrongly(self) -> None:
        row = self._random.choice(self._shown["rows"])
        field = self._random.choice([*row["fields"], {"key": "from"}, {"key": "no_such_field"}])
        wrong = self._lever(row, [{"value": "1", field["key"]: self._random.choice(_WRONG)}])
        changes = [self._random.choice([wrong, wrong, *_WRONG_CHANGES])]
        text = self._random.choice(["extends: /etc/passwd\nname: x\n", "[1, 2", "a: &a [*a]", ""])
        if self._random.random() < 0.2:
            status, _ = self._post("change", text=text, changes=[])
            if status not in _REFUSALS:
                self._account.fault(f"the text {text!r} is answered with {status}")
        else:
            self._send_change(*changes)

    def _burst(self) -> None:
        row = self._random.choice(self._shown["rows"])
        for _ in range(self._random.randint(3, 8)):
            self._send_change(self._lever(row, self._random_periods(row)))

    def _wait_for_all_pairs(self) -> None:
        """Wait, and expect that the answer of the policy at hand comes."""
        digest, begun = self._shown["digest"], time.monotonic()
        while not (digest in self._heard and self._heard[digest].answer["is_last"]):
            if digest in self._failed or self._account.ending.is_set():
                return
            if self._life != self._account.lives or not self._account.is_up.is_set():
                return
            if not self._page.is_open:
                self._page = Page(self._client, self._hear)
            if time.monotonic() - begun > _PATIENCE:
                self._account.fault(
                    f"no last answer within {_PATIENCE:.0f} s for the policy\n{self._shown['text']}"
                )
                return
            time.sleep(0.05)
        self._account.counts["waited to the end"] += 1

    def _rename(self) -> None:
        self._send_change(
            {"kind": "name", "name": self._random.choice(_NAMES), "question": "What if?"}
        )

    def _assume(self) -> None:
        row = self._random.choice(self._shown["assumptions"])
        value = self._random.choice([None, row["median"], row["low"], row["high"]])
        self._send_change({"kind": "assumption", "path": row["path"], "value": value})

    def _start_anew(self) -> None:
        self._send_change(text=self._empty)

    def _pin(self) -> None:
        name, text = self._shown["name"], self._shown["text"]
        self._send_pins({**self._pins, name: text}, text=text)

    def _unpin(self) -> None:
        if self._pins:
            name = self._random.choice(list(self._pins))
            rest = {key: text for key, text in self._pins.items() if key != name}
            self._send_pins(rest, unpin=name)

    def _take(self) -> None:
        kind = self._random.choice(["page", "tables", "report", "figures"])
        texts = list(self._pins.values()) or [self._shown["text"]]
        status, content = self._post("take", kind=kind, texts=texts)
        self._account.counts[f"take: {status}"] += 1
        if status == 200 and not content:
            self._account.fault(f"the {kind} that was taken away is empty")

    def _look_at_corridor(self) -> None:
        self._post("corridor", text=self._shown["text"])

    def _reopen(self) -> None:
        self._page.close()
        self._account.ending.wait(self._random.uniform(0, 5))
        self._page = Page(self._client, self._hear)
        self._check_kept("a page was closed and opened")

    def _leave_for_good(self) -> None:
        self._page.close()
        self._begin()

    # What a user expects.

    def _come_back(self) -> None:
        self._life = self._account.lives
        self._page.close()
        self._page = Page(self._client, self._hear)
        self._check_kept("the server was killed")
        self._account.counts["pins there after a kill"] += len(self._pins)

    def _start(self) -> dict[str, Any]:
        status, start = self._post("start")
        if status != 200:
            raise RuntimeError(f"start is answered with {status}: {start}")
        self._know(start)
        return start

    def _check_kept(self, event: str) -> None:
        before = self._shown["text"]
        if self._is_unknown():
            if self._pins or self._has_changed:
                self._account.fault(f"after {event} a user with pins or changes is unknown")
            self._account.counts["came as someone new after a kill"] += 1
            self._page.close()
            self._begin()
            return
        start = self._start()
        pins = {pin["name"]: pin["text"] for pin in start["pins"]}
        if pins not in (self._pins, *self._maybe_pins):
            self._account.fault(
                f"after {event} {sorted(pins)} are pinned, and not {sorted(self._pins)}, "
                "or not with the same texts"
            )
        if start["text"] not in (before, *self._maybe_texts):
            self._account.fault(f"after {event} the policy at hand is another one:\n{before}")
        self._pins = pins
        self._maybe_pins.clear()
        self._maybe_texts.clear()

    def _is_unknown(self) -> bool:
        """Tell whether the server keeps nothing of this user, who has to reload the page."""
        status, _ = self._post("change", text=self._empty, only_look=True)
        return status == 409

    def _hear(self, event: dict[str, Any]) -> None:
        """Keep what a page is told, and a random sample of all answers to recompute."""
        if event["event"] == "failed":
            self._failed.add(event["digest"])
            self._account.counts[f"failed: {event['reason'][:100]}"] += 1
        if event["event"] != "answer":
            return
        shown = Shown(event["digest"], event["answer"])
        if len(self._heard) > 50:
            self._heard.pop(next(iter(self._heard)))
        self._heard[shown.digest] = shown
        self._seen += 1
        self._account.counts["answers"] += 1
        if len(self.samples) < _SAMPLES:
            self.samples.append(shown)
        elif (place := self._random.randrange(self._seen)) < _SAMPLES:
            self.samples[place] = shown

    # How it is said.

    def _lever(self, row: dict[str, Any], periods: Any) -> dict[str, Any]:
        return {"kind": "lever", "lever": row["lever"], "name": row["name"], "periods": periods}

    def _random_periods(self, row: dict[str, Any]) -> list[dict[str, str]] | None:
        """Return periods as a page would send them; some of them are valid, and some are not."""
        periods = [dict(period["fields"]) for period in row["periods"]]
        what = self._random.random()
        if what < 0.1:
            return None
        if what < 0.2 or not periods:
            added = {of["key"]: self._random_value(of) for of in row["fields"]}
            if row["dates"]:
                added |= {"from": self._random_day(), "until": ""}
            return [*periods, added]
        period = self._random.choice(periods)
        days = [key for key in ("from", "until", "announced") if period.get(key)]
        if what < 0.3:
            periods.remove(period)
        elif days and what < 0.7:
            key = self._random.choice(days)
            moved = date.fromisoformat(period[key]) + timedelta(self._random.randint(-9, 9))
            period[key] = moved.isoformat()
        elif row["fields"]:
            of = self._random.choice(row["fields"])
            period[of["key"]] = self._random_value(of)
        return periods

    def _random_value(self, of: dict[str, Any]) -> str:
        if of["type"] == "date":
            return self._random.choice(["", self._random_day()])
        if of["type"] in ("number", "integer"):
            low, high = of.get("low", 0), of.get("high", 500)
            number = low + (high - low) * self._random.random()
            return str(round(number) if of["type"] == "integer" else round(number, 3))
        return self._random.choice([of["example"], "3 d", "7 d", "14 d", "2000 CNY", "1 d, 5 d"])

    def _random_day(self) -> str:
        calendar = self._calendar
        first, last = (date.fromisoformat(calendar[key]) for key in ("start", "end"))
        return (first + timedelta(self._random.randint(0, (last - first).days))).isoformat()

    def _send_change(self, *changes: dict[str, Any], text: str | None = None) -> None:
        text = self._shown["text"] if text is None else text
        try:
            status, shown = self._post("change", text=text, changes=list(changes))
        except Gone:
            # Whether it came through is not known; only looking at it says what it would be.
            self._maybe_texts.append(self._looked_at(text, changes))
            raise
        self._account.counts[f"change: {status}"] += 1
        if status == 200:
            self._has_changed = True
            self._know(shown)

    def _looked_at(self, text: str, changes: Sequence[dict[str, Any]]) -> str:
        self._account.is_up.wait()
        status, shown = self._post("change", text=text, changes=list(changes), only_look=True)
        if status != 200:
            return text
        self._account.texts[shown["digest"]] = (shown["text"], shown["base_text"])
        return str(shown["text"])

    def _send_pins(self, expected: dict[str, str], **asked: str) -> None:
        try:
            status, answer = self._post("pins", **asked)
        except Gone:
            self._maybe_pins.append(expected)
            raise
        self._account.counts[f"pins: {status}"] += 1
        pins = {pin["name"]: pin["text"] for pin in answer["pins"]} if status == 200 else self._pins
        if pins != (expected if status == 200 else self._pins):
            self._account.fault(f"pins are {sorted(pins)}, and not {sorted(expected)}")
        self._pins = pins

    def _know(self, shown: dict[str, Any]) -> None:
        self._shown = shown
        self._calendar = shown["calendar"]
        if shown["digest"] != hashlib.sha256(shown["text"].encode()).hexdigest()[:16]:
            self._account.fault(f"the digest is not that of the text\n{shown['text']}")
        self._account.texts[shown["digest"]] = (shown["text"], shown["base_text"])
        for pin in shown.get("pins", ()):
            self._account.texts.setdefault(pin["digest"], (pin["text"], ""))

    def _post(self, name: str, **asked: Any) -> tuple[int, Any]:
        life = self._account.lives
        try:
            response, content = self._client.ask("POST", f"/api/{name}", json.dumps(asked), JSON)
        except (OSError, http.client.HTTPException) as error:
            self._after_lost_connection(life)
            raise Gone from error
        if response.status >= 500:
            self._account.fault(f"/api/{name} is answered with {response.status}: {asked}")
        elif response.status not in (200, *_REFUSALS):
            self._account.fault(
                f"/api/{name} is answered with {response.status}: {content[:200]!r}"
            )
        try:
            return response.status, json.loads(content)
        except ValueError:
            return response.status, content

    def _after_lost_connection(self, life: int) -> None:
        if self._account.is_up.is_set() and self._account.lives == life:
            self._account.fault("the server dropped a connection, and nobody had killed it")
            time.sleep(1)
        self._account.is_up.wait()
