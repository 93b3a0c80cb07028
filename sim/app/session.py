"""One user: the policy at hand, those that are pinned, and the thread that answers for them."""

import json
import logging
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from functools import partial, reduce
from pathlib import Path
from threading import Condition, Thread
from typing import Any

import numpy as np

from sim.app.answers import Answer
from sim.app.engine import Engine, NoRuns
from sim.app.fair_pool import Turn
from sim.app.policy_file import Policy, new_policy, read_policy
from sim.experiment.executors import Cancelled
from sim.experiment.members import MembersRefused
from sim.experiment.policy_choice import Decision, Frontier
from sim.experiment.run_folder import write_text
from sim.experiment.run_store import StoreRefused
from sim.scenario.reading.errors import ScenarioError

MOST_PINS = 6
_MOST_ANSWERS = 8
"""Kept in memory: the policy at hand, the pinned ones and the one before."""

_LOG = logging.getLogger(__name__)

Tell = Callable[[dict[str, Any]], None]
"""Takes an event for a page."""


def frontier_of(answers: Sequence[Answer]) -> Frontier | None:
    """Return the efficient frontier of a baseline and policies, from the pairs that all have.

    Args:
        answers: for each policy, at least one.

    Returns:
        The frontier, the baseline first; None: no pair is in all answers.
    """
    places = reduce(np.intersect1d, [of.places for of in answers])
    if not places.size:
        return None
    both = [np.stack([of.costs, of.infections])[:, :, np.isin(of.places, places)] for of in answers]
    costs, infections = np.stack([both[0][:, 0], *(of[:, 1] for of in both)], axis=1)
    return Decision(costs, infections).frontier()


def pin_of(policy: Policy) -> dict[str, Any]:
    """Return what a page is told of a pinned policy."""
    return {
        "name": policy.scenario.name,
        "text": policy.text,
        "digest": policy.digest,
        "base_digest": policy.base.digest,
    }


class PinRefused(ValueError):
    """A policy cannot be pinned; the message says why."""


class Session:
    """A user's policies.

    Args:
        engine: what answers.
        path: file that keeps the texts; whatever ends the server, it is whole.
    """

    def __init__(self, engine: Engine, path: Path) -> None:
        self._engine = engine
        self._path = path
        self._turn = Turn(engine.pool)
        self._changed = Condition()
        self._pages: list[Tell] = []
        self._answers: OrderedDict[str, Answer] = OrderedDict()
        self._failed: dict[str, str] = {}
        self._closed = False
        self.policy, self.pins = self._read()
        self._thread = Thread(target=self._work, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the work, and wait until it has ended."""
        with self._changed:
            self._end()
        self._thread.join()

    def end_unwatched(self) -> bool:
        """Let the work end if no page is open, and return whether none is."""
        with self._changed:
            if self._pages:
                return False
            self._end()
            return True

    def _end(self) -> None:
        self._closed = True
        self._turn.begin()
        self._changed.notify_all()

    def watch(self, tell: Tell) -> bool:
        """Tell a page what is known, and from now on everything new.

        Returns:
            Whether it will be told; not if the session has been ended meanwhile.
        """
        with self._changed:
            if self._closed:
                return False
            self._pages.append(tell)
            for event in self._everything():
                tell(event)
            self._changed.notify_all()
            return True

    def leave(self, tell: Tell) -> None:
        """Forget a page; with the last one the work ends."""
        with self._changed:
            self._pages.remove(tell)
            if not self._pages:
                self._turn.begin()

    def change(self, policy: Policy) -> None:
        """Make a policy the one at hand; what was calculated for another one ends.

        If it has failed, it is tried again.

        Raises:
            OSError: it cannot be kept on the disk; nothing changes.
        """
        with self._changed:
            self._save(policy, self.pins)
            self.policy = policy
            self._failed.pop(policy.digest, None)
            self._turn.begin()
            self._tell(self._at_hand())
            for event in self._known(policy):
                self._tell(event)
            self._changed.notify_all()

    def pin(self, policy: Policy) -> None:
        """Pin a policy; one of the same name is replaced. If it has failed, it is tried again.

        Raises:
            PinRefused: there are as many as there may be.
            OSError: it cannot be kept on the disk; nothing changes.
        """
        with self._changed:
            pins = {pin.scenario.name: pin for pin in self.pins} | {policy.scenario.name: policy}
            if len(pins) > MOST_PINS:
                raise PinRefused(f"{MOST_PINS} policies are pinned; take one out first")
            self._failed.pop(policy.digest, None)
            self._pin_only(list(pins.values()))

    def unpin(self, name: str) -> None:
        """Take out the pinned policy of a name, if there is one.

        Raises:
            OSError: that cannot be kept on the disk; nothing changes.
        """
        with self._changed:
            self._pin_only([pin for pin in self.pins if pin.scenario.name != name])

    def answer(self, policy: Policy) -> Answer | None:
        """Return the last answer for a policy, if there is one."""
        return self._answers.get(policy.digest)

    def _pin_only(self, pins: Sequence[Policy]) -> None:
        self._save(self.policy, pins)
        self.pins = pins
        self._tell(self._pinned())
        self._tell(self._plane())
        self._changed.notify_all()

    def _save(self, policy: Policy, pins: Sequence[Policy]) -> None:
        data = {"text": policy.text, "pins": [pin.text for pin in pins]}
        write_text(self._path, json.dumps(data, indent=1) + "\n")

    def _read(self) -> tuple[Policy, Sequence[Policy]]:
        """Return what the file keeps, of which what no longer can be read is left out."""
        base = self._engine.base
        try:
            data = json.loads(self._path.read_text("utf-8"))
            text, *pinned = map(str, (data["text"], *data["pins"][:MOST_PINS]))
        except (OSError, ValueError, KeyError, TypeError):
            text, pinned = new_policy(base), []
        pins = [policy for policy in map(self._readable, pinned) if policy is not None]
        return self._readable(text) or read_policy(new_policy(base), base), pins

    def _readable(self, text: str) -> Policy | None:
        """Return the policy in a kept text, if it still is one on this baseline."""
        try:
            return read_policy(text, self._engine.base)
        except ScenarioError as error:
            _LOG.warning("a kept policy is left out: %s", error)
            return None

    def _work(self) -> None:
        while True:
            with self._changed:
                while (policy := self._next()) is None and not self._closed:
                    self._changed.wait()
                if policy is None or self._closed:
                    return
            try:
                self._engine.calculate(
                    policy,
                    self._turn,
                    partial(self._keep, policy),
                    partial(self._is_unwanted, policy),
                )
            except Cancelled:
                continue
            except (MembersRefused, NoRuns, StoreRefused) as error:
                self._fail(policy, str(error))
            except Exception as error:
                # The page has to say it, and the next change may be one that works.
                _LOG.exception("a policy could not be calculated")
                self._fail(policy, f"{type(error).__name__}: {error}")

    def _is_unwanted(self, policy: Policy) -> bool:
        """Tell whether work on a policy is to end: nobody is there, or another one is urgent."""
        if self._closed or not self._pages:
            return True
        if policy.digest == self.policy.digest:
            return False
        return not self._is_pinned(policy) or not self._is_done(self.policy)

    def _is_pinned(self, policy: Policy) -> bool:
        return policy.digest in [pin.digest for pin in self.pins]

    def _is_done(self, policy: Policy) -> bool:
        known = self._answers.get(policy.digest)
        done = known is not None and known.page["is_last"]
        return done or policy.digest in self._failed

    def _next(self) -> Policy | None:
        """Return what is to be calculated: the policy at hand first."""
        if not self._pages:
            return None
        return next((of for of in (self.policy, *self.pins) if not self._is_done(of)), None)

    def _keep(self, policy: Policy, answer: Answer) -> None:
        with self._changed:
            self._answers[policy.digest] = answer
            self._answers.move_to_end(policy.digest)
            wanted = {policy.digest for policy in (self.policy, *self.pins)}
            for digest in list(self._answers):
                if len(self._answers) > _MOST_ANSWERS and digest not in wanted:
                    del self._answers[digest]
            for event in self._known(policy):
                self._tell(event)
            if self._is_pinned(policy):
                self._tell(self._plane())

    def _fail(self, policy: Policy, reason: str) -> None:
        with self._changed:
            if len(self._failed) > _MOST_ANSWERS:
                self._failed.clear()
            self._failed[policy.digest] = reason
            self._tell({"event": "failed", "digest": policy.digest, "reason": reason})

    def _everything(self) -> Iterator[dict[str, Any]]:
        """Yield what a page is told that has just been opened."""
        yield self._at_hand()
        yield self._pinned()
        for policy in (self.policy, *self.pins):
            yield from self._known(policy)
        yield self._plane()

    def _at_hand(self) -> dict[str, Any]:
        return {"event": "at_hand", "digest": self.policy.digest}

    def _pinned(self) -> dict[str, Any]:
        return {"event": "pins", "pins": [pin_of(pin) for pin in self.pins]}

    def _known(self, policy: Policy) -> Iterator[dict[str, Any]]:
        """Yield the answer for a policy, if there is one, and why it failed, if it has."""
        digest = policy.digest
        if digest in self._answers:
            yield {"event": "answer", "digest": digest, "answer": self._answers[digest].page}
        if digest in self._failed:
            yield {"event": "failed", "digest": digest, "reason": self._failed[digest]}

    def _plane(self) -> dict[str, Any]:
        """Return where the pinned policies stand on the cost plane, against one baseline.

        Those that assume another world than the first, or have fewer pairs so far, have no place.
        """
        known = [(pin, self._answers[pin.digest]) for pin in self.pins
                 if pin.digest in self._answers]  # fmt: skip
        alike = [
            (pin, of)
            for pin, of in known
            if pin.base.digest == known[0][0].base.digest and of.asked == known[0][1].asked
        ]
        standings: dict[str, str] = {}
        path: list[str] = []
        if alike and (frontier := frontier_of([of for _, of in alike])) is not None:
            digests = ["baseline", *(pin.digest for pin, _ in alike)]
            standings = dict(zip(digests, map(str, frontier.standings), strict=True))
            path = [digests[policy] for policy in frontier.path]
        return {"event": "plane", "standings": standings, "frontier": path}

    def _tell(self, event: dict[str, Any]) -> None:
        for page in self._pages:
            page(event)
