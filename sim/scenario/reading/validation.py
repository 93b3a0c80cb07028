"""Check a document against a schema and report all errors at once."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from sim.scenario.reading.errors import Loc, Problem, ScenarioError, dotted
from sim.scenario.reading.schema_walk import (
    Spot,
    accepts_list,
    accepts_mapping,
    follow,
    union_members,
)
from sim.scenario.reading.strict_yaml import Document
from sim.scenario.reading.wording import Words, describe, is_type_error, show

T = TypeVar("T", bound=BaseModel)

_SHOWN = 200
"""Largest number of errors examined, so that a file full of them is refused quickly."""

_SINGLE, _LIST, _MAPPING = "a single value", "a list", "a mapping"


@dataclass(frozen=True)
class Finding:
    """An error in a value that the schema alone cannot detect.

    Attributes:
        loc: the names and indexes that lead to the value, as the file writes them.
        message: what is wrong.
        allowed: what is allowed instead.
        got: the value in the file.
        suggestion: what was probably meant.
    """

    loc: Loc
    message: str
    allowed: str = ""
    got: str = ""
    suggestion: str = ""


def validate(document: Document, schema: type[T], checks: Callable[[T], Iterable[Finding]]) -> T:
    """Return the model described by ``document``.

    Raises:
        ScenarioError: contains all errors found by the schema or, if there are none, by the
            checks.
    """
    try:
        model = schema.model_validate(document.data)
    except ValidationError as error:
        details = _details(error)
        findings = _findings(schema, document.data, details[:_SHOWN])
        if len(details) > _SHOWN:
            findings.append(Finding((), f"the first {_SHOWN} of {len(details):,} faults follow"))
        raise ScenarioError(problem_of(document, finding) for finding in findings) from error
    findings = list(islice(checks(model), _SHOWN))
    if findings:
        raise ScenarioError(problem_of(document, finding) for finding in findings)
    return model


def problem_of(document: Document, finding: Finding) -> Problem:
    """Return a finding as a problem at the nearest location in the file."""
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
    # Pydantic also reports a list as too short if its entries are wrong.
    return [
        detail
        for detail in details
        if detail["type"] != "too_short" or not _has_wrong_entry(detail["loc"], details)
    ]


def _has_wrong_entry(loc: Loc, details: list[ErrorDetails]) -> bool:
    length = len(loc)
    return any(len(other["loc"]) > length and other["loc"][:length] == loc for other in details)


def _findings(annotation: Any, data: Any, errors: list[ErrorDetails]) -> list[Finding]:
    findings: list[Finding] = []
    unions: set[Loc] = set()
    for error in errors:
        spot = follow(annotation, data, error["loc"])
        if not spot.is_open_union:
            findings.append(_finding_of(error, spot))
        elif spot.loc not in unions:
            unions.add(spot.loc)
            findings.extend(_union_findings(spot))
    return findings


def _finding_of(error: ErrorDetails, spot: Spot) -> Finding:
    loc = spot.loc
    if error["type"] == "union_tag_invalid":
        loc = (*loc, "kind")
    if spot.is_key:
        spot = replace(spot, value=loc[-1])
    return _finding(loc, describe(error, spot))


def _finding(loc: Loc, words: Words) -> Finding:
    return Finding(loc, words.message, words.allowed, words.got, words.suggestion)


def _union_findings(spot: Spot) -> list[Finding]:
    """Return the error in the most probable branch of a union."""
    members = [member for member in union_members(spot.annotation) if member is not type(None)]
    fitting = [member for member in members if _shape_of_type(member) == _shape(spot.value)]
    branches = [
        (errors, _findings(member, spot.value, errors))
        for member in fitting
        if (errors := _errors_as(member, spot.value))
    ]
    if not branches:
        shapes = dict.fromkeys(_shape_of_type(member) for member in members)
        words = Words("not a possible value", " or ".join(shapes), show(spot.value))
        return [_finding(spot.loc, words)]
    branches.sort(key=lambda branch: (_is_of_other_type(branch[0]), len(branch[0])))
    likely = [replace(finding, loc=spot.loc + finding.loc) for finding in branches[0][1]]
    if _shape(spot.value) == _SINGLE and len(branches) > 1:
        alternatives = [finding for _, findings in branches for finding in findings]
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
    # The model around the union may be strict, which its branches do not know.
    for strict in (None, True):
        try:
            adapter.validate_python(value, strict=strict)
        except ValidationError as error:
            return _details(error)
    return []


def _is_of_other_type(errors: list[ErrorDetails]) -> bool:
    return any(not error["loc"] and is_type_error(error) for error in errors)


def _with_alternatives(likely: Finding, findings: list[Finding]) -> Finding:
    """Return a finding that includes what the other branches of its union allow."""
    allowed = dict.fromkeys(finding.allowed for finding in findings if finding.allowed)
    near = next((finding.suggestion for finding in findings if finding.suggestion), "")
    return replace(likely, allowed=" or ".join(allowed), suggestion=near)
