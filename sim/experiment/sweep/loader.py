"""Loads a sweep file: everything in it is checked, at every point, before anything is run."""

import os
import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

from sim.experiment.ensemble import is_below
from sim.experiment.sweep.checks import check_sweep
from sim.experiment.sweep.points import Factor, Point, factors_of, number_of_points, points_of
from sim.experiment.sweep.schema import Grid, Sweep
from sim.experiment.sweep.without_effect import SettingsTried, equal_levels
from sim.scenario.loader import scenario_of
from sim.scenario.reading.errors import SETTING, Loc, Problem, ScenarioError, closest, dotted
from sim.scenario.reading.extends import resolve
from sim.scenario.reading.settings import apply_settings, setting_of, setting_path
from sim.scenario.reading.strict_yaml import Document, read_document
from sim.scenario.reading.validation import problem_of, validate
from sim.scenario.schema import Scenario
from sim.scenario.without_effect.said import said_without_effect

MOST_WORLDS = 5_000
"""Points times policies: each is checked before the first run, in some 9 ms and 80 kB."""

_NEEDED = {
    "name": "unnamed",
    "scenario": "unknown.yaml",
    "design": {"kind": "latin_hypercube", "points": 2},
}
"""What stands for a field that is wrong, so that the others can be checked."""


@dataclass(frozen=True)
class Plan:
    """What a sweep file asks for.

    Attributes:
        sweep: the file.
        path: where it is.
        factors: what is varied.
        points: the settings, shape as the design says.
        policies: the worlds as their files say, the first one the reference.
        worlds: the worlds at the points, ``worlds[policy][point]``.
        warnings: what is varied without any effect, and where the file says it.
        settings: changes of all policies, such as ``policies.quarantine_stay=14 d``.
    """

    sweep: Sweep
    path: Path
    factors: Sequence[Factor]
    points: Sequence[Point]
    policies: Sequence[Scenario]
    worlds: Sequence[Sequence[Scenario]]
    warnings: Sequence[Problem]
    settings: Sequence[str] = ()

    @property
    def paths(self) -> list[str]:
        """The paths that are varied."""
        return list(dict.fromkeys(path for factor in self.factors for path in factor.paths))

    @property
    def runs(self) -> int:
        """Runs that the points need; the policies as their files say come on top."""
        return len(self.points) * self.runs_as_in_files

    @property
    def runs_as_in_files(self) -> int:
        """Runs of the policies as their files say, with which every point is compared."""
        return len(self.policies) * self.sweep.replicates

    @property
    def size(self) -> str:
        """How these come about, in words."""
        policies = "1 policy" if len(self.policies) == 1 else f"{len(self.policies)} policies"
        return f"{len(self.points):,} points x {policies} x {self.sweep.replicates} pairs"

    @property
    def command(self) -> str:
        """What to write in a shell to run it."""
        options = [text for setting in self.settings for text in ("--set", setting)]
        return shlex.join(["bordersim", "sweep", str(self.path), *options])


def read_sweep(path: Path) -> Sweep:
    """Return a sweep file, checked in itself; the scenarios that it names are not looked at.

    Raises:
        ScenarioError: carries its problems.
    """
    return validate(read_document(path), Sweep, check_sweep)


def load_sweep(path: str | Path, settings: Sequence[str] = ()) -> Plan:
    """Return the plan of a sweep file.

    Args:
        path: the file.
        settings: changes of all its scenarios such as ``policies.quarantine_stay=14 d``.

    Raises:
        ScenarioError: carries the problems of the file, of the scenarios that it names, of the
            settings, and of the scenarios at its points.
    """
    path = Path(path)
    document = read_document(path)
    sweep, problems = _right_part(document)
    policies, documents = list[Scenario](), list[Document]()
    paths = [setting_path(setting) for setting in settings]
    for loc, file in _files(document):
        try:
            policy = apply_settings(resolve(_scenario_file(document, file, loc)), settings)
            scenario = scenario_of(policy).as_set_by_hand(paths)
        except ScenarioError as error:
            problems += error.problems
            continue
        if scenario.name in [other.name for other in policies]:
            problems.append(_problem(document, loc, "two policies have this name", scenario.name))
        policies.append(scenario)
        documents.append(policy)
    if sweep is None:
        raise ScenarioError(problems)
    factors = factors_of(sweep)
    problems += _undone(settings, sweep, factors)
    worlds = number_of_points(sweep, factors) * len(policies)
    if worlds > MOST_WORLDS:
        raise ScenarioError([*problems, _too_many(document, worlds)])
    points = points_of(sweep, factors)
    at_points, tried = list[list[Scenario]](), SettingsTried()
    for policy in documents:
        at_points.append([])
        for point in points:
            try:
                at_points[-1].append(_at_point(policy, point, document, tried))
            except ScenarioError as error:
                problems += error.problems
    if problems:
        raise ScenarioError(problems)
    findings = [*tried.findings()]
    if isinstance(sweep.design, Grid):
        findings += equal_levels(factors, points, at_points)
    warnings = [problem_of(document, finding) for finding in findings]
    return Plan(sweep, path, factors, points, policies, at_points, warnings, tuple(settings))


def _right_part(document: Document) -> tuple[Sweep | None, list[Problem]]:
    """Return the sweep without what is wrong in its file, and the problems of that.

    Whatever else is wrong can then be told with them. The sweep is None if no factor is left.
    """
    data: dict[str, Any] | None = document.data
    problems = list[Problem]()
    while data is not None:
        try:
            return validate(replace(document, data=data), Sweep, check_sweep), problems
        except ScenarioError as error:
            problems += error.problems
            data = _without(data, error.problems)
    return None, problems


def _without(data: dict[str, Any], problems: Sequence[Problem]) -> dict[str, Any] | None:
    """Return a sweep file without the factors and fields that have problems; None: no factor."""
    right = dict(data)
    for problem in problems:
        field, _, rest = problem.field.partition(".")
        factors, name = right.get("factors"), re.split(r"[.\[]", rest)[0]
        if field == "factors" and isinstance(factors, dict) and name in factors:
            right["factors"] = {of: factors[of] for of in factors if of != name}
        else:
            right.pop(field.partition("[")[0], None)
            right |= {of: _NEEDED[of] for of in _NEEDED if of == field.partition(".")[0]}
    return right if right.get("factors") and right != data else None


def _files(document: Document) -> Iterator[tuple[Loc, str]]:
    """Yield the files of scenarios that a sweep file names, and where, if it is right there."""
    policies = document.data.get("policies")
    listed = enumerate(policies) if isinstance(policies, list) else ()
    named: list[tuple[Loc, Any]] = [(("scenario",), document.data.get("scenario"))]
    for loc, file in [*named, *((("policies", number), file) for number, file in listed)]:
        if isinstance(file, str):
            yield loc, file


def _undone(settings: Sequence[str], sweep: Sweep, factors: Sequence[Factor]) -> list[Problem]:
    """Return a problem for every setting that has no effect at a point.

    A factor sets the same value, or what it is inside; or the sweep file names another ensemble.
    """
    undoing = [
        (path, f"the sweep varies {factor.name} ({path})", "a value that no factor sets")
        for factor in factors
        for path in factor.paths
    ]
    if sweep.ensemble:
        says = f"the sweep file says ensemble: {sweep.ensemble}"
        undoing.append(("ensemble", says, "a sweep file without ensemble"))
    return [
        Problem(SETTING, 1, 1, path, f"{why}, which would undo this at its points", allowed)
        for path in map(setting_path, settings)
        for undone, why, allowed in undoing
        if is_below(path, undone)
    ]


def _too_many(document: Document, worlds: int) -> Problem:
    """Return the problem that checking all worlds would take hours or all memory."""
    loc: Loc = ("design",) if ("design",) in document.marks else ("factors",)
    allowed = f"at most {MOST_WORLDS:,} points times policies"
    message = "too many points for one sweep; make several of it"
    return _problem(document, loc, message, f"{worlds:,}", allowed)


def _problem(
    document: Document, loc: Loc, message: str, got: str, allowed: str = "", suggestion: str = ""
) -> Problem:
    mark = document.marks[loc]
    field = dotted(loc)
    return Problem(mark.file, mark.line, mark.column, field, message, allowed, got, suggestion)


def _at_point(policy: Document, point: Point, document: Document, tried: SettingsTried) -> Scenario:
    """Return the world of a policy at a point, and note which settings have no effect in it.

    Raises:
        ScenarioError: its problems name the place in the sweep file.
    """
    settings = [setting_of(path, value) for path, value in point.settings.items()]
    try:
        changed = apply_settings(policy, settings)
        scenario = scenario_of(changed)
    except ScenarioError as error:
        raise ScenarioError(
            _of_sweep(problem, point, document) for problem in error.problems
        ) from error
    tried.add(point, said_without_effect(changed, scenario, only_settings=True))
    return scenario


def _of_sweep(problem: Problem, point: Point, document: Document) -> Problem:
    """Return a problem of a setting as one of the level that it comes from."""
    if problem.file != SETTING:
        return problem
    guilty = [
        level for level in point.levels if any(_concern(problem, path) for path in level.settings)
    ]
    level = (guilty or list(point.levels))[0]
    # Without a value that is wrong, it is the path.
    loc: Loc = level.loc if problem.got else (*level.loc[:2], "path")
    while loc not in document.marks:
        loc = loc[:-1]
    mark = document.marks[loc]
    return replace(problem, file=mark.file, line=mark.line, column=mark.column)


def _concern(problem: Problem, path: str) -> bool:
    longer, shorter = sorted([problem.field, path], key=len, reverse=True)
    return longer == shorter or (
        bool(shorter) and longer.startswith((f"{shorter}.", f"{shorter}["))
    )


def _scenario_file(document: Document, name: str, loc: Loc) -> Path:
    """Return the file of a scenario, in the folder of the sweep file or in the one above.

    Raises:
        ScenarioError: there is none, or it would lie elsewhere.
    """
    folder = Path(document.path).parent

    def refused(message: str, suggestion: str = "") -> ScenarioError:
        allowed = "the name of a file in the folder of the sweep file, or in the one above it"
        return ScenarioError([_problem(document, loc, message, name, allowed, suggestion)])

    if PurePosixPath(name).name != name or "\\" in name or not name.isprintable():
        raise refused("not the name of a file")
    above = folder.resolve().parent
    for place in (folder, above):
        file = place / name
        if not Path(os.path.realpath(file)).is_relative_to(above):
            raise refused("the file lies elsewhere")
        if _is_file(file):
            return file if place is folder else folder / ".." / name
    known = [file.name for place in (folder, above) for file in place.glob("*.yaml")]
    raise refused("there is no such file", closest(name, known))


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # such as a name that is too long
        return False
