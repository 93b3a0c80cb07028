"""Values in a document that have no effect."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sim.scenario.reading.errors import SETTING, Loc, dotted
from sim.scenario.reading.strict_yaml import Document
from sim.scenario.reading.validation import Finding
from sim.scenario.schema import POLICIES_OF, SECTION_OF, Scenario
from sim.scenario.timeline import Timeline
from sim.scenario.without_effect import fields_without_effect


@dataclass(frozen=True)
class Said:
    """A single value in a document, and why it has no effect.

    Attributes:
        loc: its place in the document.
        field: its place in the scenario; longer if one value represents a timeline.
        finding: why it has no effect.
        outermost: number of steps of ``loc`` that lead to the subject of the finding.
    """

    loc: Loc
    field: Loc
    finding: Finding
    outermost: int

    def lies_in(self, path: str) -> bool:
        """Tell whether it is set by a setting of ``path``, or is a part of that."""
        own = dotted(self.loc)
        return own == path or own.startswith((f"{path}.", f"{path}["))


def said_without_effect(
    document: Document, scenario: Scenario, *, only_settings: bool = False
) -> list[Said]:
    """Return the values in a document that have no effect on a run.

    Default values and measures that are never in force are ignored. Fields that the schema
    requires are ignored in a file, but not in a setting that changes them.

    Args:
        document: content of a file, with settings.
        scenario: the valid scenario of the document.
        only_settings: ignore the content of the file.
    """
    findings, left_out = list(fields_without_effect(scenario)), list(_left_out(document, scenario))
    sections = {finding.loc[:2] for finding in findings}
    inner = {loc[:-1] for loc in document.marks}
    found = list[Said]()
    for loc, mark in document.marks.items():
        if loc in inner or (only_settings and mark.file != SETTING):
            continue
        if (finding := finding_about(loc, left_out)) is not None:
            found.append(Said(loc, loc, finding, len(finding.loc)))
            continue
        if loc[:1] not in sections and loc[:2] not in sections:
            continue  # iterating over a scenario for every value would be slow
        field = _Field.at(loc, document.data, scenario)
        if field is None or (finding := finding_about(field.place, findings)) is None:
            continue
        if mark.file == SETTING or not _is_required(scenario, finding.loc):
            steps = next(n for n, size in enumerate(field.sizes, 1) if size >= len(finding.loc))
            found.append(Said(loc, field.place, finding, steps))
    return found


def finding_about(place: Loc, findings: Sequence[Finding]) -> Finding | None:
    """Return the first finding about the field at ``place`` or a section that contains it."""
    return next((f for f in findings if place[: len(f.loc)] == f.loc), None)


@dataclass(frozen=True)
class _Field:
    """The field of a value in a document.

    Attributes:
        place: its place in the scenario.
        sizes: length of the place after each step in the document.
    """

    place: Loc
    sizes: tuple[int, ...]

    @classmethod
    def at(cls, loc: Loc, data: Any, scenario: Scenario) -> "_Field | None":
        """Return the field of the value at ``loc`` in ``data``; None if it is ignored."""
        value: Any = scenario
        place: Loc = ()
        sizes: tuple[int, ...] = ()
        in_timeline = False
        for step in loc:
            data = data[step]
            inside = _step(value, step)
            if inside is None:  # inside a single value
                return None
            field, value = inside
            if _is_default(field, value):
                return None
            place = (*place, step)
            if isinstance(value, Timeline):
                in_timeline = True
                if not (isinstance(data, list) and all(isinstance(item, dict) for item in data)):
                    place, value = (*place, 0, "value"), value.root[0].value
            sizes = (*sizes, len(place))
        is_nothing = value is None or (in_timeline and not value)
        return None if is_nothing else cls(place, sizes)


def _is_default(field: FieldInfo | None, value: Any) -> bool:
    if field is None or field.is_required():
        return False
    return bool(value == field.get_default(call_default_factory=True))


def _step(value: Any, step: str | int) -> tuple[FieldInfo | None, Any] | None:
    """Return what a step into a part of a scenario leads to, with its field if that is one."""
    if isinstance(value, Timeline):
        value = value.root
    if isinstance(value, BaseModel):
        for name, field in type(value).model_fields.items():
            if step == (field.alias or name):
                return field, getattr(value, name)
        return None
    if isinstance(value, dict):
        return (None, value[step]) if step in value else None
    if isinstance(value, tuple) and isinstance(step, int) and step < len(value):
        return None, value[step]
    return None


def _is_required(scenario: Scenario, loc: Loc) -> bool:
    """Tell whether the schema requires the field at ``loc``."""
    value: Any = scenario
    field: FieldInfo | None = None
    for step in loc:
        inside = _step(value, step)
        if inside is None:
            return False
        field, value = inside
    return field is not None and field.is_required()


def _left_out(document: Document, scenario: Scenario) -> Iterator[Finding]:
    """Yield the parts in ``leave_out`` that the document describes."""
    for index, part in enumerate(scenario.leave_out):
        section = SECTION_OF[part]
        if not document.data.get(section):
            yield Finding(("leave_out", index), f"there is no section '{section}' to leave out")
        yield Finding((section,), f"leave_out leaves out the {part.replace('_', ' ')}")
        for lever in POLICIES_OF.get(part, ()):
            yield Finding(("policies", lever), f"leave_out leaves out the {part}")
