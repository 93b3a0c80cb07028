"""The text of a policy file, a few lines on a baseline: read strictly, changed, written."""

import copy
import dataclasses
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from sim.scenario.lever_registry import LEVERS
from sim.scenario.loader import scenario_of
from sim.scenario.presets import preset_content
from sim.scenario.quantities import MOST_PEOPLE
from sim.scenario.reading.counts_file import inline_counts
from sim.scenario.reading.errors import SETTING, Problem, ScenarioError
from sim.scenario.reading.extends import laid_over, resolve
from sim.scenario.reading.ordinary_file import FileRefused, read_ordinary
from sim.scenario.reading.strict_yaml import (
    MAX_BYTES,
    Document,
    Mark,
    document_of_text,
    parse_value,
)
from sim.scenario.reading.yaml_text import Inline, OneLine, yaml_text
from sim.scenario.schema import Scenario
from sim.scenario.without_effect.warnings import warnings_of

FILE = "policy.yaml"
"""What problems call the text."""

MOST_PERIODS, MOST_CHARACTERS = 60, 2000
"""Of one lever, and of one value."""

_OF_POLICIES = ("extends", "name", "question", "policies")
"""What a policy has of its own; everything else describes the world, and holds for the baseline."""


@dataclass(frozen=True)
class Base:
    """The file that policies are compared with and extend.

    Attributes:
        path: the file.
        document: what is in it, with what it extends itself and the counts of a file it names.
        scenario: what it describes.
    """

    path: Path
    document: Document
    scenario: Scenario

    @classmethod
    def read(cls, path: Path) -> "Base":
        """Return the baseline in a file.

        Raises:
            ScenarioError: it is not a valid scenario.
        """
        document = inline_counts(resolve(path))
        return cls(path, document, scenario_of(document))

    def library(self) -> dict[str, "Policy"]:
        """Return the policies in the folder of the file, by their names."""
        policies = {}
        for path in sorted(self.path.parent.glob("*.yaml")):
            try:
                policy = read_policy(read_ordinary(path, MAX_BYTES).decode("utf-8-sig"), self)
            except (ScenarioError, FileRefused, UnicodeDecodeError):
                continue  # a baseline, a sweep, or a policy on another baseline
            policies[policy.scenario.name] = policy
        return policies


@dataclass(frozen=True)
class Policy:
    """What the text of a file says.

    Attributes:
        text: of the file.
        own: what the text itself sets.
        scenario: the policy, with all of the baseline that it leaves.
        base: the baseline, in the world that the file assumes.
        warnings: on values without effect.
    """

    text: str
    own: Mapping[str, Any]
    scenario: Scenario
    base: Scenario
    warnings: Sequence[Problem]

    @cached_property
    def digest(self) -> str:
        """Short fingerprint of the text."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:16]

    @property
    def base_text(self) -> str:
        """The file that this one is compared with: of its own if it assumes another world."""
        own = {"extends": self.own["extends"], "name": self.base.name}
        return _written({**own, **_world_of(self.own)})

    @property
    def assumes(self) -> bool:
        """Whether the baseline is another one than the file that the text extends."""
        return bool(_world_of(self.own))


def new_policy(base: Base) -> str:
    """Return the text of a policy that changes nothing yet."""
    name = "my_policy" if base.scenario.name != "my_policy" else "another_policy"
    return _written({"extends": base.path.name, "name": name})


def read_policy(text: str, base: Base) -> Policy:
    """Return the policy in a text.

    No file is opened: the text may extend the baseline only, and may not name a file of counts.
    Nor may it send more people on the way than a run can follow, unless the baseline does.

    Raises:
        ScenarioError: carries every problem found.
    """
    document = document_of_text(text, FILE)
    own = document.data
    if own.get("extends") != base.path.name:
        raise _problem(
            document,
            ("extends",),
            "a policy extends the baseline of this page",
            allowed=f"extends: {base.path.name}",
            got=str(own.get("extends", "")),
        )
    counts = _at(own, ("source", "curve", "counts"))
    if isinstance(counts, str):
        raise _problem(
            document,
            ("source", "curve", "counts"),
            "no file is opened for this page",
            allowed="a list of dates and counts",
            got=counts,
        )
    whole = laid_over(base.document, document)
    scenario = scenario_of(whole)
    if scenario.name == base.scenario.name:
        raise _problem(
            document,
            ("name",),
            "the name of the baseline; a policy has its own",
            got=scenario.name,
        )
    pool = scenario.travellers.pool
    if pool > max(MOST_PEOPLE, base.scenario.travellers.pool):
        raise _problem(
            whole,
            ("travellers", "pool"),
            "more people than one run can follow",
            allowed=f"at most {MOST_PEOPLE:,}",
            got=str(pool),
        )
    world = _world_of(own)
    reference = base.scenario
    if world:
        reference = scenario_of(
            laid_over(base.document, dataclasses.replace(document, data={"extends": "", **world}))
        )
    return Policy(text, own, scenario, reference, _warnings(whole, scenario))


def with_periods(
    policy: Policy, lever: str, name: str, periods: Sequence[Mapping[str, str]] | None
) -> str:
    """Return the text with a lever set otherwise.

    Args:
        policy: what is changed.
        lever: its field.
        name: what it is set for; empty if for all together.
        periods: the texts of the fields of every period, as people write them; None takes the
            lever out of the text, so that it is as in the baseline.

    Raises:
        ScenarioError: a value cannot be read.
        KeyError: there is no such lever.
    """
    of = LEVERS[lever]
    own = copy.deepcopy(dict(policy.own))
    levers = own.setdefault("policies", {})
    if periods is None:
        if of.of:
            levers.get(lever, {}).pop(name, None)
        if not of.of or not levers.get(lever):
            levers.pop(lever, None)
        if not levers:
            del own["policies"]
        return _written(own)
    place = f"policies.{lever}.{name}" if of.of else f"policies.{lever}"
    read = [_period(place, number, texts) for number, texts in enumerate(periods)]
    if lever == "reward_budget":
        value: Any = read[0].get("value") if read else None
    elif len(read) == 1 and list(read[0]) == ["value"]:
        value = read[0]["value"]
    else:
        value = read
    if of.of:
        levers.setdefault(lever, {})[name] = value
    else:
        levers[lever] = value
    return _written(own)


def with_name(policy: Policy, name: str, question: str) -> str:
    """Return the text with another name and question."""
    own = {**policy.own, "name": name, "question": question}
    if not question:
        del own["question"]
    return _written(own)


def with_assumption(policy: Policy, base: Base, path: str, value: Any) -> str:
    """Return the text with a number of the world fixed, for policy and baseline alike.

    Args:
        policy: what is changed.
        base: its baseline.
        path: names with dots between them, such as ``border.informants.b1``.
        value: as a file has it; None no longer fixes it.
    """
    own = copy.deepcopy(dict(policy.own))
    inherited = base.document.data.get("set_by_hand") or []
    by_hand = {*(own.pop("set_by_hand", None) or inherited), path}
    steps = path.split(".")
    *above, last = steps
    holder: Any = own
    below: Any = base.document.data
    for step in above:
        below = below.get(step) if isinstance(below, dict) else None
        if isinstance(below, str):
            # What replaces the name of a preset has to say everything that it says.
            below = preset_content(below)
            holder.setdefault(step, copy.deepcopy(below))
        if isinstance(holder.get(step), str):
            holder[step] = preset_content(holder[step])
        holder = holder.setdefault(step, {})
    if value is None:
        by_hand.discard(path)
        holder.pop(last, None)
        if isinstance(below, dict) and isinstance(_at(base.document.data, above), str):
            holder[last] = below[last]
        _prune(own, above, base.document.data)
    else:
        holder[last] = value
    if by_hand != set(inherited):
        own["set_by_hand"] = sorted(by_hand)
    return _written(own)


def _at(data: Any, steps: Sequence[str]) -> Any:
    for step in steps:
        data = data.get(step) if isinstance(data, dict) else None
    return data


def _prune(own: dict[str, Any], steps: Sequence[str], base: Any) -> None:
    """Take out the mappings on a way that say nothing, or no more than a preset."""
    for length in range(len(steps), 0, -1):
        holder = _at(own, steps[: length - 1])
        preset = _at(base, steps[:length])
        said = holder[steps[length - 1]]
        if not said or (isinstance(preset, str) and said == preset_content(preset)):
            del holder[steps[length - 1]]


def _world_of(own: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in own.items() if key not in _OF_POLICIES}


def _period(place: str, number: int, texts: Mapping[str, str]) -> dict[str, Any]:
    """Return the fields of a period; those that are empty are left out."""
    read = {}
    for key, text in texts.items():
        text = text.strip()
        if not text:
            continue
        try:
            read[key] = parse_value(text, FILE)
        except ScenarioError as error:
            field = f"{place}[{number}].{key}"
            raise ScenarioError(
                dataclasses.replace(
                    problem, field=field, message=f"cannot be read: {problem.message}", got=text
                )
                for problem in error.problems
            ) from error
    return read


def _written(own: Mapping[str, Any]) -> str:
    """Return the text of a file: what identifies it first, periods on a line each."""
    order = [key for key in (*_OF_POLICIES[:3], "set_by_hand") if key in own]
    ordered = {key: _laid_out(own[key]) for key in dict.fromkeys([*order, *own])}
    layout: dict[str, Any] = {"default_flow_style": False, "width": float("inf"), "indent": 2}
    return yaml_text(ordered, allow_unicode=True, **layout)


def _laid_out(value: Any, *, listed: bool = False) -> Any:
    """Return a value whose lists of single values, and mappings in lists, take one line each."""
    if isinstance(value, dict):
        inside = {key: _laid_out(of, listed=listed) for key, of in value.items()}
        return OneLine(inside) if listed else inside
    if isinstance(value, list):
        items = [_laid_out(of, listed=True) for of in value]
        return items if any(isinstance(of, dict) for of in items) else Inline(items)
    return value


def _problem(
    document: Document, loc: tuple[str, ...], message: str, *, allowed: str = "", got: str = ""
) -> ScenarioError:
    mark = document.marks.get(loc, Mark(FILE, 1, 1))
    field = ".".join(loc)
    return ScenarioError([Problem(FILE, mark.line, mark.column, field, message, allowed, got)])


def _warnings(document: Document, scenario: Scenario) -> Sequence[Problem]:
    """Return what has no effect; the text is no file in which to look for more."""
    marks = {
        loc: dataclasses.replace(mark, file=SETTING) if mark.file == FILE else mark
        for loc, mark in document.marks.items()
    }
    return warnings_of(dataclasses.replace(document, marks=marks), scenario)
