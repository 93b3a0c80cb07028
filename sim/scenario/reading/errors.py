"""Errors in scenario files, with their locations."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from sim.scenario.former_names import FORMER_NAMES

Loc = tuple[str | int, ...]
"""Path from the top of a document to a value: field names and list indexes."""

SETTING = "--set"
"""The file that problems name whose value comes from a setting."""

_MAX_SHOWN = 60


def printable(text: str) -> str:
    """Return ``text`` on one line, with control characters written as escapes."""
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode("ascii")
        for char in text
    )


def shorten(text: str) -> str:
    """Return ``text`` made printable and cut to at most 60 characters."""
    # Cut first too, so that a very long text is not escaped in full.
    shown = printable(text[: _MAX_SHOWN + 1])
    return shown if len(shown) <= _MAX_SHOWN else shown[: _MAX_SHOWN - 3] + "..."


def dotted(loc: Loc) -> str:
    """Return a location as text: ``policies.quarantine_stay[1].from``."""
    path = ""
    for part in loc:
        if isinstance(part, int):
            path += f"[{part}]"
        else:
            path += f".{shorten(part)}" if path else shorten(part)
    return path


def closest(word: str, known: Iterable[str]) -> str:
    """Return the most similar of ``known`` to ``word``, or ``""``."""
    by_lower = {name.lower(): name for name in known}
    if FORMER_NAMES.get(word) in by_lower:
        return FORMER_NAMES[word]
    near = difflib.get_close_matches(word.lower(), by_lower, n=1)
    return by_lower[near[0]] if near else ""


@dataclass(frozen=True)
class Problem:
    """One error at one location of a file.

    Attributes:
        file: the file as the user named it.
        line: line of the place, from 1.
        column: column of the place, from 1.
        field: dotted path of the field; empty for the document as a whole.
        message: what is wrong.
        allowed: what is allowed instead.
        got: the value in the file.
        suggestion: what was probably meant.
    """

    file: str
    line: int
    column: int
    field: str
    message: str
    allowed: str = ""
    got: str = ""
    suggestion: str = ""

    def __str__(self) -> str:
        """Return the problem as one line that starts with ``file:line:column:``.

        A value that ``--set`` gave has no place in a file: its line starts with ``--set field:``.
        """
        return self._line()

    def as_warning(self) -> str:
        """Return the line of a problem that does not prevent the use of a scenario."""
        return self._line("warning:")

    def _line(self, *severity: str) -> str:
        field = f"{self.field}:" if self.field else ""
        if self.file == SETTING:
            parts = [f"{SETTING} {field}" if field else f"{SETTING}:", *severity]
        else:
            parts = [f"{self.file}:{self.line}:{self.column}:", *severity, field]
        parts.append(self.message)
        if self.allowed:
            parts.append(f"[allowed: {self.allowed}]")
        if self.got:
            parts.append(f"(got {shorten(self.got)})")
        line = " ".join(part for part in parts if part)
        if self.suggestion:
            line += f"; did you mean '{self.suggestion}'?"
        return printable(line)


class ScenarioError(Exception):
    """A scenario cannot be used; contains every problem found.

    Attributes:
        problems: the problems by file, line and column, each once.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Store ``problems`` in file order, without duplicates."""
        unique = dict.fromkeys(problems)
        self.problems = tuple(sorted(unique, key=lambda p: (p.file, p.line, p.column)))
        super().__init__(self.problems)

    def __str__(self) -> str:
        """Return one line for each problem."""
        return "\n".join(str(problem) for problem in self.problems)


class ScenarioWarning(UserWarning):
    """A valid value has no effect, or probably not the intended one.

    Attributes:
        problem: what and where.
    """

    def __init__(self, problem: Problem) -> None:
        """Keep the problem."""
        self.problem = problem
        super().__init__(problem)

    def __str__(self) -> str:
        """Return one line that starts with ``file:line:column: warning:``."""
        return self.problem.as_warning()
