"""Override single values of a document (``--set`` on the command line)."""

import copy
import dataclasses
import re
from collections.abc import Sequence
from typing import Any

from sim.scenario.presets import preset_content
from sim.scenario.reading.errors import SETTING, Loc, Problem, ScenarioError, dotted
from sim.scenario.reading.strict_yaml import MAX_DEPTH, Document, Mark, parse_value
from sim.scenario.reading.yaml_text import yaml_text

_MARK = Mark(SETTING, 1, 1)
_STEP = re.compile(r"([\w-]+)((?:\[[0-9]{1,6}\])*)")


def apply_settings(document: Document, settings: Sequence[str]) -> Document:
    """Return a copy of ``document`` with ``path=value`` settings applied in their order.

    A path such as ``policies.quarantine_stay[0].value`` names the value to replace; missing
    mappings on the way are created, and a named preset is expanded.

    Raises:
        ScenarioError: a setting cannot be read, or its path does not exist; contains the
            problems of all settings.
        TypeError: the settings are a single string instead of a sequence.
    """
    if isinstance(settings, str):
        raise TypeError(f"settings: a list of texts is needed, such as [{settings!r}]")
    changed = dataclasses.replace(
        document, data=copy.deepcopy(document.data), marks=dict(document.marks)
    )
    problems: list[Problem] = []
    for setting in settings:
        try:
            _apply(changed, setting)
        except ScenarioError as error:
            problems.extend(error.problems)
    if problems:
        raise ScenarioError(problems)
    return changed


def setting_of(path: str, value: Any) -> str:
    """Return the setting ``path=value`` for a value as read from a file."""
    text = yaml_text([value], default_flow_style=True, width=float("inf"))
    return f"{path}={text.strip().removeprefix('[').removesuffix(']')}"


def setting_path(setting: str) -> str:
    """Return the path of a setting ``path=value``."""
    return setting.partition("=")[0].strip()


def _apply(document: Document, setting: str) -> None:
    path, equals, text = setting.partition("=")
    if not equals:
        raise _error("", "a setting needs a '='", allowed="path=value", got=setting)
    loc = parse_path(path.strip())
    value = _parse(text, loc)
    holder = _holder(document, loc)
    holder[loc[-1]] = value
    for place in [place for place in document.marks if place[: len(loc)] == loc]:
        del document.marks[place]
    for length in range(1, len(loc) + 1):
        document.marks.setdefault(loc[:length], _MARK)
    _mark_below(document, loc, value)


def parse_path(path: str) -> Loc:
    """Return the steps of a path such as ``policies.quarantine_stay[0].value``.

    Raises:
        ScenarioError: it is not a path, or has too many steps.
    """
    loc: list[str | int] = []
    for step in path.split("."):
        match = _STEP.fullmatch(step)
        if match is None:
            raise _error(
                "", "not a path to a field", allowed="names and indexes such as a.b[0].c", got=path
            )
        loc.append(match[1])
        loc.extend(int(index) for index in re.findall("[0-9]+", match[2]))
    if len(loc) > MAX_DEPTH:
        raise _error("", f"a path of more than {MAX_DEPTH} steps", got=path)
    return tuple(loc)


def _parse(text: str, loc: Loc) -> Any:
    try:
        return parse_value(text, _MARK.file)
    except ScenarioError as error:
        raise ScenarioError(
            Problem(
                _MARK.file,
                _MARK.line,
                _MARK.column,
                dotted(loc),
                f"the value cannot be read: {problem.message}",
                got=text,
            )
            for problem in error.problems
        ) from error


def _holder(document: Document, loc: Loc) -> Any:
    """Return the mapping or list that holds the last step of ``loc``, creating mappings."""
    value: Any = document.data
    for length, step in enumerate(loc[:-1]):
        _require_step(value, loc[:length], step)
        if isinstance(value, dict) and value.get(step) is None and isinstance(loc[length + 1], str):
            value[step] = {}
        holder = value
        value = holder.get(step) if isinstance(holder, dict) else holder[step]
        if isinstance(value, str) and (content := preset_content(value)) is not None:
            # Settings inside a preset change an expanded copy.
            holder[step] = value = content
            _mark_below(document, loc[: length + 1], content)
    _require_step(value, loc[:-1], loc[-1])
    return value


def _require_step(value: Any, loc: Loc, step: str | int) -> None:
    """Refuse a step that does not exist in the value at ``loc``."""
    field = dotted((*loc, step))
    here = dotted(loc) or "the scenario"
    if isinstance(value, dict):
        if isinstance(step, int):
            raise _error(field, f"{here} is a mapping, not a list", allowed="names of its fields")
    elif isinstance(value, list):
        allowed = f"[0] to [{len(value) - 1}]" if value else "nothing: the list is empty"
        if isinstance(step, str):
            raise _error(field, f"{here} is a list and needs an index", allowed=allowed)
        if step >= len(value):
            raise _error(field, f"{here} has no entry of that index", allowed=allowed)
    else:
        raise _error(field, f"{here} is a single value and has nothing inside it", got=str(value))


def _mark_below(document: Document, loc: Loc, value: Any) -> None:
    """Assign the location of the setting to everything inside a new value."""
    if isinstance(value, dict):
        steps = list(value.items())
    elif isinstance(value, list):
        steps = list(enumerate(value))
    else:
        return
    for step, inner in steps:
        document.marks[(*loc, step)] = _MARK
        _mark_below(document, (*loc, step), inner)


def _error(field: str, message: str, *, allowed: str = "", got: str = "") -> ScenarioError:
    return ScenarioError(
        [Problem(_MARK.file, _MARK.line, _MARK.column, field, message, allowed, got)]
    )
