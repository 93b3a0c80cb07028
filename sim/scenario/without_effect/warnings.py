"""Warnings about what a file, or ``--set``, says without any effect, where it says it."""

from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from sim.scenario.checks import check_scenario
from sim.scenario.published import Published
from sim.scenario.reading.counts_file import inline_counts
from sim.scenario.reading.errors import SETTING, Loc, Problem, ScenarioError
from sim.scenario.reading.extends import resolve
from sim.scenario.reading.settings import apply_settings, setting_of
from sim.scenario.reading.strict_yaml import Document
from sim.scenario.reading.validation import Finding, problem_of, validate
from sim.scenario.schema import Scenario
from sim.scenario.without_effect import fields_without_effect
from sim.scenario.without_effect.dates import dates_outside
from sim.scenario.without_effect.said import Said, finding_about, said_without_effect

_SECTION = "published"


def warnings_of(document: Document, scenario: Scenario) -> tuple[Problem, ...]:
    """Return a warning for everything that ``document`` says without any effect.

    And for dates that miss the calendar, which have an effect that hardly anybody wants.

    Of what a file inherits by ``extends``, only that which has no effect in the extended file
    either: a policy that does without quarantine need not repeat what is said about it. What has
    an effect in one of the worlds of ``published`` has one.

    Args:
        document: what the file says, with what it extends and the settings.
        scenario: the valid scenario that this is.
    """
    problems = [*_about_dates(document, scenario)]
    if said := said_without_effect(document, scenario):
        alone = _Alone(document, scenario)
        problems += [
            problem_of(document, _of_shortest_place(one, document))
            for one in said
            if alone.has_no_effect(one.loc, document)
        ]
    unique = dict.fromkeys(problems)
    return tuple(sorted(unique, key=lambda problem: (problem.file, problem.line)))


def _about_dates(document: Document, scenario: Scenario) -> Iterator[Problem]:
    """Yield a warning for all dates that miss the calendar, in a counts file by its row."""
    findings = list(dates_outside(scenario))
    if findings:
        with_rows = inline_counts(document)
        yield from (problem_of(with_rows, finding) for finding in findings)


class _Alone:
    """What has no effect in the files of a chain on their own, without the files extending them."""

    def __init__(self, document: Document, scenario: Scenario) -> None:
        self._of_file: dict[str, set[Loc]] = {}
        if len({mark.file for mark in document.marks.values()}) == 1:
            self._of_file[document.path] = set(_never_with_effect(document, scenario))

    def has_no_effect(self, loc: Loc, document: Document) -> bool:
        """Tell whether a value has no effect in the file that says it either."""
        file = document.marks[loc].file
        if file == SETTING:
            return True
        if file not in self._of_file:
            self._of_file[file] = set(_without_effect_in(Path(file)))
        return loc in self._of_file[file]


def _without_effect_in(path: Path) -> Iterator[Loc]:
    try:
        document = inline_counts(resolve(path))
        scenario = validate(document, Scenario, check_scenario)
    except ScenarioError:
        return  # a part that only files which extend it complete
    yield from _never_with_effect(document, scenario)


def _never_with_effect(document: Document, scenario: Scenario) -> Iterator[Loc]:
    """Yield the places of what has no effect, in the worlds of published numbers neither."""
    said = said_without_effect(document, scenario)
    if said and scenario.published is not None:
        for world in _worlds_of(document, scenario.published):
            others = list(fields_without_effect(world))
            said = [one for one in said if finding_about(one.field, others) is not None]
    yield from (one.loc for one in said)


def _of_shortest_place(one: Said, document: Document) -> Finding:
    """Return the finding of a value at the largest section that has no effect as a whole."""
    said_in = document.marks[one.loc].file
    lengths = range(one.outermost, len(one.loc) + 1)
    place = next(one.loc[:n] for n in lengths if document.marks[one.loc[:n]].file == said_in)
    return Finding(place, f"has no effect: {one.finding.message}")


def _worlds_of(document: Document, published: Published) -> Iterator[Scenario]:
    """Yield the valid worlds of published numbers; of those that are varied, the first one."""
    data = {name: part for name, part in document.data.items() if name != _SECTION}
    marks = {place: mark for place, mark in document.marks.items() if place[:1] != (_SECTION,)}
    base = Document(document.path, data, marks)
    for value in published.values:
        varied = value.mean_over
        first = {} if varied is None else {varied.path: varied.values[0]}
        for changes in (value.set, value.against):
            if changes is None:
                continue
            settings = {**published.set, **changes, **first}
            try:
                changed = apply_settings(base, [setting_of(*item) for item in settings.items()])
                yield Scenario.model_validate(inline_counts(changed).data)
            except (ScenarioError, ValidationError):
                continue  # reported where published numbers are checked
