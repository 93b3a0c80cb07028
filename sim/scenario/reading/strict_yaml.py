"""Read a YAML file strictly to plain data, with the location of each value.

Data are built from the parser's events rather than its nodes, so deeply nested brackets or
multiplying aliases are refused before anything is built from them.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    CollectionStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
)
from yaml.reader import ReaderError

from sim.scenario.reading.errors import Loc, Problem, ScenarioError, dotted
from sim.scenario.reading.ordinary_file import FileRefused, read_ordinary
from sim.scenario.reading.scalars import Scalar, parse_scalar
from sim.scenario.reading.syntax_errors import plain_words

MAX_BYTES = 200_000
MAX_DEPTH = 12
MAX_VALUES = 6_000
"""Largest number of values in one file; reading takes 0.2 ms for each."""

_CORE_TAGS = "tag:yaml.org,2002:"
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class Mark:
    """A place in a file; lines and columns count from 1."""

    file: str
    line: int
    column: int


@dataclass
class Document:
    """Content of a file, with locations.

    Attributes:
        path: the file as the user named it.
        data: the mapping in the file.
        marks: location of the name (in a mapping) or the value itself (in a list) of each
            value; ``()`` is the whole document.
    """

    path: str
    data: dict[str, Any]
    marks: dict[Loc, Mark]


def read_document(path: Path) -> Document:
    """Read the mapping in the file at ``path``.

    Raises:
        ScenarioError: the file cannot be read or is not the strict YAML of a scenario.
    """
    return document_of_text(_read_text(path), str(path))


def document_of_text(text: str, file: str) -> Document:
    """Return the mapping in a text that comes from ``file``, or is called so.

    Raises:
        ScenarioError: the text is too long, or is not the strict YAML of a scenario.
    """
    if len(text) > MAX_BYTES:
        raise ScenarioError([_at(Mark(file, 1, 1), (), f"the text is longer than {MAX_BYTES:,}")])
    builder = _Builder(text, file)
    data = builder.build()
    if not isinstance(data, dict):
        raise ScenarioError(
            [_at(builder.marks[()], (), "a scenario must be a mapping of 'name: value' lines")]
        )
    return Document(file, data, builder.marks)


def parse_value(text: str, file: str) -> Any:
    """Return the value of one line of text with lists ``[a, b]`` and mappings ``{a: b}``.

    Raises:
        ScenarioError: the text is not one such value; the problems name ``file``.
    """
    return _Builder(text, file, flow_only=True).build()


def _read_text(path: Path) -> str:
    try:
        raw = read_ordinary(path, MAX_BYTES)
    except FileRefused as error:
        raise ScenarioError([_at(Mark(str(path), 1, 1), (), str(error))]) from error
    raw = raw.removeprefix(codecs.BOM_UTF8)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        mark = _mark_after(raw[: error.start].decode("utf-8"), str(path))
        raise ScenarioError([_at(mark, (), "not UTF-8 text; save the file as UTF-8")]) from error


def _at(mark: Mark, loc: Loc, message: str, got: str = "") -> Problem:
    return Problem(mark.file, mark.line, mark.column, dotted(loc), message, got=got)


def _mark_after(text: str, file: str) -> Mark:
    lines = re.split("\r\n|\r|\n", text)
    return Mark(file, len(lines), len(lines[-1]) + 1)


class _TooMuchError(Exception):
    """The document is nested too deeply or too large."""


class _Builder:
    """Builds data from the parser's events and collects problems."""

    def __init__(self, text: str, file: str, *, flow_only: bool = False) -> None:
        self.marks: dict[Loc, Mark] = {(): Mark(file, 1, 1)}
        self._text = text
        self._file = file
        self._flow_only = flow_only
        self._problems: list[Problem] = []
        self._values = 0
        self._last = self.marks[()]
        self._events: Iterator[Event] = yaml.parse(text, Loader=yaml.SafeLoader)

    def build(self) -> Any:
        """Return the data of the only document.

        Raises:
            ScenarioError: contains all problems found before the parser stopped.
        """
        data = None
        try:
            data = self._document()
        except _TooMuchError:
            pass  # The problem is already recorded.
        except ReaderError as error:
            mark = _mark_after(self._text[: error.position], self._file)
            self._note(
                mark,
                (),
                f"the character U+{ord(self._text[error.position]):04X} is not allowed in a file",
            )
        except yaml.MarkedYAMLError as error:
            self._note_syntax(error)
        except (ValueError, OverflowError):
            # The parser does not catch its own errors on such numbers.
            self._note(
                self._last,
                (),
                "an impossible number in an escape (such as \\U) or in a '%' line near here",
            )
        if self._problems:
            raise ScenarioError(self._problems)
        return data

    def _document(self) -> Any:
        next(self._events)  # The start of the stream.
        event = next(self._events)
        if isinstance(event, StreamEndEvent):
            if not self._flow_only:
                self._note(self.marks[()], (), "the file is empty")
            return None
        event = self._next()
        self.marks[()] = self._mark(event)
        data = self._value(event, (), 1)
        self._next()  # The end of the document.
        event = self._next()
        if not isinstance(event, StreamEndEvent):
            self._note(self._mark(event), (), "a second document; only one is allowed")
        return data

    def _value(self, event: Event, loc: Loc, depth: int) -> Any:
        self._values += 1
        if self._values > MAX_VALUES:
            self._note(self._mark(event), loc, f"more than {MAX_VALUES:,} values in one file")
            raise _TooMuchError
        self._refuse_node_properties(event, loc)
        if isinstance(event, ScalarEvent):
            return self._scalar(event, loc)
        if not isinstance(event, CollectionStartEvent):
            return None  # An alias, refused above.
        if depth > MAX_DEPTH:
            self._note(self._mark(event), loc, f"nested deeper than {MAX_DEPTH} levels")
            raise _TooMuchError
        if self._flow_only and not event.flow_style:
            self._note(
                self._mark(event),
                loc,
                "write a list as [a, b], a mapping as {a: b}, and "
                "a text with ': ' or '- ' in quotes",
            )
        if isinstance(event, MappingStartEvent):
            return self._mapping(loc, depth)
        return self._list(loc, depth)

    def _mapping(self, loc: Loc, depth: int) -> dict[str, Any]:
        data: dict[str, Any] = {}
        while not isinstance(event := self._next(), MappingEndEvent):
            mark = self._mark(event)
            key = self._key(event, loc, depth)
            if key is None:
                self._value(self._next(), loc, depth + 1)
                continue
            place = (*loc, key)
            if key in data:
                first = self.marks[place].line
                self._note(mark, place, f"given twice; the first is in line {first}")
            else:
                self.marks[place] = mark
            data[key] = self._value(self._next(), place, depth + 1)
        return data

    def _list(self, loc: Loc, depth: int) -> list[Any]:
        data: list[Any] = []
        while not isinstance(event := self._next(), SequenceEndEvent):
            place = (*loc, len(data))
            self.marks[place] = self._mark(event)
            data.append(self._value(event, place, depth + 1))
        return data

    def _key(self, event: Event, loc: Loc, depth: int) -> str | None:
        if not isinstance(event, ScalarEvent):
            if isinstance(event, CollectionStartEvent):
                self._note(self._mark(event), loc, "a name must be text")
            self._value(event, loc, depth + 1)
            return None
        if _is_plain(event) and event.value == "<<":
            self._note(self._mark(event), loc, "merge keys '<<' are not allowed; use extends")
            return None
        self._refuse_node_properties(event, loc)
        if not _is_plain_text(event):
            self._note(self._mark(event), loc, "a name must be text; put it in quotes", event.value)
            return None
        self._refuse_surrogates(event, loc)
        return event.value

    def _scalar(self, event: ScalarEvent, loc: Loc) -> Scalar:
        self._refuse_surrogates(event, loc)
        if not _is_plain(event):
            return event.value
        try:
            return parse_scalar(event.value)
        except ValueError as error:
            self._note(self._mark(event), loc, str(error), event.value)
            return None

    def _refuse_node_properties(self, event: Event, loc: Loc) -> None:
        if isinstance(event, AliasEvent):
            message = "aliases (words that start with '*') are not allowed"
            self._note(self._mark(event), loc, message, f"*{event.anchor}")
        elif isinstance(event, NodeEvent) and event.anchor is not None:
            message = "anchors (words that start with '&') are not allowed"
            self._note(self._mark(event), loc, message, f"&{event.anchor}")
        if isinstance(event, ScalarEvent | CollectionStartEvent) and event.tag is not None:
            message = "tags (words that start with '!') are not allowed"
            self._note(self._mark(event), loc, message, event.tag.replace(_CORE_TAGS, "!!"))

    def _refuse_surrogates(self, event: ScalarEvent, loc: Loc) -> None:
        if _SURROGATE.search(event.value):
            self._note(
                self._mark(event),
                loc,
                "an escape that is only half a character; write the character itself",
            )

    def _next(self) -> Event:
        event = next(self._events)
        if event.end_mark is not None:
            self._last = Mark(self._file, event.end_mark.line + 1, event.end_mark.column + 1)
        return event

    def _mark(self, event: Event) -> Mark:
        if event.start_mark is None:
            return self._last
        return Mark(self._file, event.start_mark.line + 1, event.start_mark.column + 1)

    def _note(self, mark: Mark, loc: Loc, message: str, got: str = "") -> None:
        self._problems.append(_at(mark, loc, message, got))

    def _note_syntax(self, error: yaml.MarkedYAMLError) -> None:
        place = error.problem_mark or error.context_mark
        mark = Mark(self._file, place.line + 1, place.column + 1) if place else self._last
        self._note(mark, (), plain_words(error.problem or ""))


def _is_plain(event: ScalarEvent) -> bool:
    return event.style is None and event.tag is None


def _is_plain_text(event: ScalarEvent) -> bool:
    if not _is_plain(event):
        return True
    try:
        return isinstance(parse_scalar(event.value), str)
    except ValueError:
        return False
