"""Parameters of a scenario as numbers with names, so that many sets of them can be run."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from pydantic import BaseModel, ValidationError

from sim.scenario.former_names import FORMER_NAMES
from sim.scenario.schema import Scenario
from sim.scenario.swab_time import SwabTime
from sim.scenario.timeline import Timeline

Parameters = Mapping[str, float]
"""Values by path, such as ``source.exposure`` or ``laboratory.throughput[0].value``; times are
days and money is yuan, as inside a ``Scenario``."""

_INDEX = re.compile(r"\[([0-9]{1,6})\]")


def with_parameters(scenario: Scenario, parameters: Parameters) -> Scenario:
    """Return ``scenario`` with the values of ``parameters`` in their places.

    The values are not checked against their ranges, because this happens once a run; see
    ``check_parameters``.

    Raises:
        KeyError: a path leads nowhere; the message names it.
    """
    changes: _Changes = {}
    for path, value in parameters.items():
        *above, last = steps(path)
        inner: Any = changes
        for step in above:
            inner = inner.setdefault(step, {})
            if isinstance(inner, _Value):  # a number, below which there is nothing
                raise _nothing_at(last, _Value(path, value))
        inner[last] = _Value(path, value)
    changed = _replaced(scenario, changes)
    assert isinstance(changed, Scenario)
    return changed


def value_at(scenario: Scenario, path: str) -> float | None:
    """Return the number at ``path``, or None if the scenario has none there.

    Whole numbers, which count people and the like, are none: no fit could vary them.
    """
    node = node_at(scenario, path)
    if isinstance(node, SwabTime):
        return node.days
    return node if isinstance(node, float) else None


def node_at(scenario: Scenario, path: str) -> Any:
    """Return what is at ``path``, of a timeline its entries; None if nothing is there."""
    node: Any = scenario
    for step in steps(path):
        if isinstance(node, BaseModel):
            node = getattr(node, str(step)) if step in type(node).model_fields else None
        elif isinstance(node, dict):
            node = node.get(step)
        elif isinstance(node, tuple) and isinstance(step, int) and step < len(node):
            node = node[step]
        else:
            return None
        node = node.root if isinstance(node, Timeline) else node
    return node


def check_parameters(scenario: Scenario, parameters: Parameters) -> None:
    """Make sure that a scenario with ``parameters`` is one that a file could describe.

    Raises:
        KeyError: a path leads nowhere.
        pydantic.ValidationError: a value is outside the range of its field.
    """
    Scenario.model_validate(with_parameters(scenario, parameters).to_data())


def why_refused(scenario: Scenario, parameters: Parameters) -> str:
    """Return why a scenario cannot have ``parameters``, or ``""`` if it can.

    Raises:
        KeyError: a path leads nowhere.
    """
    try:
        check_parameters(scenario, parameters)
    except ValidationError as error:
        return str(error.errors()[0]["msg"])
    except ValueError as error:
        return str(error)
    return ""


def world_digest(scenario: Scenario) -> str:
    """Return a short fingerprint of what decides the runs of ``scenario``, whatever its name."""
    return unnamed(scenario).digest


def unnamed(scenario: Scenario) -> Scenario:
    """Return ``scenario`` without its names and what only decides which pairs are run."""
    changes = {"name": "unnamed", "question": "", "ensemble": None, "set_by_hand": None}
    return scenario.model_copy(update=changes)


def parameters_digest(parameters: Parameters) -> str:
    """Return a short fingerprint of names and values, whatever their order."""
    canonical = json.dumps({name: float(value) for name, value in sorted(parameters.items())})
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class _Value:
    """A new value, and the whole path to it."""

    path: str
    value: float


_Changes = dict[str | int, Any]
"""New values by the next step of their paths: a ``_Value``, or the changes below that step."""


@lru_cache(maxsize=1024)
def steps(path: str) -> tuple[str | int, ...]:
    """Return the names and numbers that a path goes through."""
    through: list[str | int] = []
    for name in path.split("."):
        through.append(_INDEX.sub("", name))
        through += [int(index) for index in _INDEX.findall(name)]
    return tuple(through)


def _replaced(node: Any, changes: _Changes | _Value) -> Any:
    """Return a copy of ``node`` with new values; every part of it is copied once."""
    if isinstance(changes, _Value):
        return replace(node, days=changes.value) if isinstance(node, SwabTime) else changes.value
    if isinstance(node, Timeline):
        return node.model_copy(update={"root": _replaced(node.root, changes)})
    if isinstance(node, tuple):
        inside = list(node)
        for step, below in changes.items():
            if not isinstance(step, int) or step >= len(inside):
                raise _nothing_at(step, below)
            inside[step] = _replaced(inside[step], below)
        return tuple(inside)
    update = {}
    for step, below in changes.items():
        if isinstance(node, dict) and step in node:
            update[step] = _replaced(node[step], below)
        elif isinstance(node, BaseModel) and step in type(node).model_fields:
            update[step] = _replaced(getattr(node, str(step)), below)
        else:
            raise _nothing_at(step, below)
    return {**node, **update} if isinstance(node, dict) else node.model_copy(update=update)


def _nothing_at(step: str | int, below: _Changes | _Value) -> KeyError:
    while not isinstance(below, _Value):
        below = next(iter(below.values()))
    new = FORMER_NAMES.get(str(step))
    hint = f"; it is now called {new!r}" if new else ""
    return KeyError(f"the scenario has no {below.path!r}: nothing is called {step!r} there{hint}")
