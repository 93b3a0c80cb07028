"""Reads the files of a fit: each is checked in itself, and against the scenario that is fitted."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from sim.scenario.part import Part
from sim.scenario.reading.strict_yaml import Document
from sim.scenario.reading.validation import Finding, validate
from sim.scenario.schema import Scenario

T = TypeVar("T", bound=Part)


def read_for(
    scenario: Scenario | None,
    document: Document,
    schema: type[T],
    alone: Callable[[T], Iterable[Finding]],
    against: Callable[[T, Scenario], Iterable[Finding]],
    when_sound: Callable[[T, Scenario], Iterable[Finding]] = lambda model, scenario: (),
) -> T:
    """Return what a document says.

    Args:
        scenario: what is fitted, if it is known.
        document: from ``read_document``.
        schema: of the document.
        alone: checks it in itself.
        against: checks it against the scenario.
        when_sound: checks it against the scenario too, if the others have found nothing.

    Raises:
        ScenarioError: carries every problem of the file.
    """

    def check(model: T) -> Iterator[Finding]:
        findings = list(alone(model))
        if scenario is not None:
            findings += against(model, scenario)
            findings = findings or list(when_sound(model, scenario))
        yield from findings

    return validate(document, schema, check)


def repeated(section: str, field: str, values: Iterable[str], message: str) -> Iterator[Finding]:
    """Yield a finding for every entry of a list that has the value of one before it."""
    seen = set[str]()
    for number, value in enumerate(values):
        if value in seen:
            yield Finding((section, number, field), message, got=value)
        seen.add(value)


def nothing_to_fit(section: str, fitted: Iterable[object], why: str, allowed: str) -> list[Finding]:
    """Return a finding if no entry is fitted."""
    if any(fitted):
        return []
    return [Finding((section,), f"there is nothing to fit: {why}", allowed)]
