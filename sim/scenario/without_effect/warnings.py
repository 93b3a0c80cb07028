"""Warnings about values in a file or ``--set`` without effect, with their locations."""

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
    """Return a warning for every value in ``document`` without effect.

    Also for dates outside the calendar, whose effect is hardly intended.

    Values inherited by ``extends`` give a warning only if they have no effect in the extended
    file either: a policy without quarantine need not repeat its settings. Values with an effect
    in one of the scenarios of ``published`` give none.

    Args:
        document: content of the file, with extended files and settings.
        scenario: the valid scenario of the document.
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
    """Yield a warning for all dates outside the calendar, by row for a counts file."""
    findings = list(dates_outside(scenario))
    if findings:
        with_rows = inline_counts(document)
        yield from (problem_of(with_rows, finding) for finding in findings)


class _Alone:
    """Values without effect in each file of a chain, regardless of the files extending it."""

    def __init__(self, document: Document, scenario: Scenario) -> None:
        self._of_file: dict[str, set[Loc]] = {}
        if len({mark.file for mark in document.marks.values()}) == 1:
            self._of_file[document.path] = set(_never_with_effect(document, scenario))

    def has_no_effect(self, loc: Loc, document: Document) -> bool:
        """Tell whether a value also has no effect in the file that sets it."""
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
        return  # a part that only extending files complete
    yield from _never_with_effect(document, scenario)


def _never_with_effect(document: Document, scenario: Scenario) -> Iterator[Loc]:
    """Yield places without effect, also in the scenarios of published numbers."""
    said = said_without_effect(document, scenario)
    if said and scenario.published is not None:
        for world in _worlds_of(document, scenario.published):
            others = list(fields_without_effect(world))
            said = [one for one in said if finding_about(one.field, others) is not None]
    yield from (one.loc for one in said)


def _of_shortest_place(one: Said, document: Document) -> Finding:
    """Return the finding at the largest section around a value that has no effect."""
    said_in = document.marks[one.loc].file
    lengths = range(one.outermost, len(one.loc) + 1)
    place = next(one.loc[:n] for n in lengths if document.marks[one.loc[:n]].file == said_in)
    return Finding(place, f"has no effect: {one.finding.message}")


def _worlds_of(document: Document, published: Published) -> Iterator[Scenario]:
    """Yield the valid scenarios of published numbers; of varied ones, the first."""
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
