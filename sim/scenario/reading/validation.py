"""Checks a document against a schema, and reports everything that is wrong with it at once."""

import copy
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from sim.scenario.reading.errors import Loc, Problem, ScenarioError, dotted
from sim.scenario.reading.schema_walk import (
    Spot,
    accepts_list,
    accepts_mapping,
    fields_of,
    follow,
    kinds_of,
    union_members,
)
from sim.scenario.reading.strict_yaml import Document
from sim.scenario.reading.wording import Words, describe, is_type_error, show

T = TypeVar("T", bound=BaseModel)

_STAND_INS = (1, 0.5, "1 d")

_SHOWN = 200
"""No more faults than this are looked into, so that a file full of them is refused at once."""

_SINGLE, _LIST, _MAPPING = "a single value", "a list", "a mapping"


@dataclass(frozen=True)
class Finding:
    """Something wrong with a value that the schema alone cannot see.

    Attributes:
        loc: the names and indexes that lead to the value, as the file writes them.
        message: what is wrong.
        allowed: what could stand there instead.
        got: what stands there.
        suggestion: what was probably meant.
    """

    loc: Loc
    message: str
    allowed: str = ""
    got: str = ""
    suggestion: str = ""


@dataclass(frozen=True)
class _Fault:
    """A finding of the schema, and how a trial can do without it.

    Attributes:
        finding: what is wrong.
        removable: the field that a trial may leave out; None when it must not.
        meant: for a misspelt field the place under which a trial may put its value.
        stand_in: for a required field a value that a trial may put in its place.
    """

    finding: Finding
    removable: Loc | None = None
    meant: Loc | None = None
    stand_in: Any = None


def validate(document: Document, schema: type[T], checks: Callable[[T], Iterable[Finding]]) -> T:
    """Return the model that ``document`` describes.

    When the schema finds faults, the checks still run if the document is valid once faulty
    fields are left out and misspelt ones renamed, so that both are reported together.

    Raises:
        ScenarioError: carries everything that the schema and the checks found.
    """
    try:
        model = schema.model_validate(document.data)
    except ValidationError as error:
        details = _details(error)
        faults = _faults(schema, document.data, details[:_SHOWN])
        findings = [fault.finding for fault in faults]
        if len(details) > _SHOWN:
            findings.append(Finding((), f"the first {_SHOWN} of {len(details):,} faults follow"))
        else:
            findings += _trial_findings(document, schema, checks, faults)
        raise ScenarioError(problem_of(document, finding) for finding in findings) from error
    findings = list(islice(checks(model), _SHOWN))
    if findings:
        raise ScenarioError(problem_of(document, finding) for finding in findings)
    return model


def problem_of(document: Document, finding: Finding) -> Problem:
    """Return a finding as a problem of the nearest place that the file has."""
    known = finding.loc
    while known and known not in document.marks:
        known = known[:-1]
    mark = document.marks[known]
    return Problem(
        mark.file,
        mark.line,
        mark.column,
        dotted(finding.loc),
        finding.message,
        finding.allowed,
        finding.got,
        finding.suggestion,
    )


def _details(error: ValidationError) -> list[ErrorDetails]:
    details = error.errors(include_url=False)
    # Pydantic calls a list too short also because entries in it are wrong.
    return [
        detail
        for detail in details
        if detail["type"] != "too_short" or not _has_wrong_entry(detail["loc"], details)
    ]


def _has_wrong_entry(loc: Loc, details: list[ErrorDetails]) -> bool:
    length = len(loc)
    return any(len(other["loc"]) > length and other["loc"][:length] == loc for other in details)


def _faults(annotation: Any, data: Any, errors: list[ErrorDetails]) -> list[_Fault]:
    faults: list[_Fault] = []
    unions: set[Loc] = set()
    for error in errors:
        spot = follow(annotation, data, error["loc"])
        if not spot.is_open_union:
            faults.append(_fault(error, spot))
        elif spot.loc not in unions:
            unions.add(spot.loc)
            faults.extend(_union_faults(spot))
    return faults


def _fault(error: ErrorDetails, spot: Spot) -> _Fault:
    loc = spot.loc
    if error["type"] == "union_tag_invalid":
        loc = (*loc, "kind")
    if spot.is_key:
        spot = replace(spot, value=loc[-1])
    finding = _finding(loc, describe(error, spot))
    if error["type"] == "missing":
        return _Fault(finding)
    is_misspelt = error["type"] == "extra_forbidden" and finding.suggestion
    meant = (*loc[:-1], finding.suggestion) if is_misspelt else None
    return _Fault(finding, _removable(spot), meant, _stand_in(spot))


def _removable(spot: Spot) -> Loc | None:
    # Other places may refer to names that an entry or a whole section would define; without it
    # they would look wrong.
    holds_names = accepts_mapping(spot.annotation) and not kinds_of(spot.annotation)
    is_item = isinstance(spot.loc[-1], int) if spot.loc else True
    return None if is_item or holds_names else spot.loc


def _stand_in(spot: Spot) -> Any:
    """Return a number, duration or preset for a required field; None if none would do.

    Other places refer neither to numbers nor to durations, so a trial with any of them is as
    good as with the right one.
    """
    field = fields_of(spot.owner).get(str(spot.loc[-1])) if spot.owner else None
    if field is None or not field.is_required():
        return None
    examples = [getattr(item, "example", None) for item in field.metadata]
    annotation: Any = field.annotation
    if field.metadata:
        annotation = Annotated[field.annotation, *field.metadata]
    adapter: TypeAdapter[Any] = TypeAdapter(annotation)
    for candidate in (*filter(None, examples), *_STAND_INS):
        try:
            is_text = isinstance(adapter.validate_python(candidate), str)
        except ValidationError:
            continue
        if not is_text:  # a text may be a name that other places refer to
            return candidate
    return None


def _finding(loc: Loc, words: Words) -> Finding:
    return Finding(loc, words.message, words.allowed, words.got, words.suggestion)


def _union_faults(spot: Spot) -> list[_Fault]:
    """Return the faults of the branch of a union that the value was most probably meant for."""
    members = [member for member in union_members(spot.annotation) if member is not type(None)]
    fitting = [member for member in members if _shape_of_type(member) == _shape(spot.value)]
    branches = [
        (errors, _faults(member, spot.value, errors))
        for member in fitting
        if (errors := _errors_as(member, spot.value))
    ]
    if not branches:
        shapes = dict.fromkeys(_shape_of_type(member) for member in members)
        words = Words("not a possible value", " or ".join(shapes), show(spot.value))
        return [_Fault(_finding(spot.loc, words), _removable(spot))]
    branches.sort(key=lambda branch: (_is_of_other_type(branch[0]), len(branch[0])))
    likely = [_moved(fault, spot) for fault in branches[0][1]]
    if _shape(spot.value) == _SINGLE and len(branches) > 1:
        alternatives = [fault.finding for _, faults in branches for fault in faults]
        return [_with_alternatives(likely[0], alternatives)]
    return likely


def _shape(value: Any) -> str:
    if isinstance(value, dict):
        return _MAPPING
    return _LIST if isinstance(value, list) else _SINGLE


def _shape_of_type(annotation: Any) -> str:
    if accepts_mapping(annotation):
        return _MAPPING
    return _LIST if accepts_list(annotation) else _SINGLE


def _errors_as(annotation: Any, value: Any) -> list[ErrorDetails]:
    adapter: TypeAdapter[Any] = TypeAdapter(annotation)
    # The model around the union may be strict; its branches alone do not know that.
    for strict in (None, True):
        try:
            adapter.validate_python(value, strict=strict)
        except ValidationError as error:
            return _details(error)
    return []


def _is_of_other_type(errors: list[ErrorDetails]) -> bool:
    return any(not error["loc"] and is_type_error(error) for error in errors)


def _moved(fault: _Fault, spot: Spot) -> _Fault:
    """Return a fault found inside the value at a spot, with locations from the top."""
    finding = replace(fault.finding, loc=spot.loc + fault.finding.loc)
    if not fault.finding.loc:
        return _Fault(finding, _removable(spot))
    removable = spot.loc + fault.removable if fault.removable else None
    return _Fault(finding, removable, spot.loc + fault.meant if fault.meant else None)


def _with_alternatives(fault: _Fault, findings: list[Finding]) -> _Fault:
    """Return a fault that also says what the other branches of its union allow."""
    allowed = dict.fromkeys(finding.allowed for finding in findings if finding.allowed)
    near = next((finding.suggestion for finding in findings if finding.suggestion), "")
    finding = replace(fault.finding, allowed=" or ".join(allowed), suggestion=near)
    return replace(fault, finding=finding)


def _trial_findings(
    document: Document,
    schema: type[T],
    checks: Callable[[T], Iterable[Finding]],
    faults: list[_Fault],
) -> Iterator[Finding]:
    """Yield what the checks find when faulty fields are left out and misspelt ones renamed."""
    changed = {loc for fault in faults for loc in (fault.removable, fault.meant) if loc}
    if any(fault.removable is None and fault.finding.loc not in changed for fault in faults):
        return
    data = copy.deepcopy(document.data)
    # The innermost go first, while the way to them is still there.
    for fault in sorted(faults, key=lambda fault: len(fault.finding.loc), reverse=True):
        _repair(data, fault)
    try:
        model = schema.model_validate(data)
    except ValidationError:
        return
    for finding in islice(checks(model), _SHOWN):
        if not any(_touches(finding.loc, loc) for loc in changed):
            yield finding


def _repair(data: Any, fault: _Fault) -> None:
    if fault.removable is None:
        return
    for step in fault.removable[:-1]:
        data = data[step]
    value = data.pop(fault.removable[-1], None)
    if fault.stand_in is not None:
        data[fault.removable[-1]] = fault.stand_in
    if fault.meant:
        data.setdefault(fault.meant[-1], value)


def _touches(one: Loc, other: Loc) -> bool:
    length = min(len(one), len(other))
    return one[:length] == other[:length]
