"""Loads a sweep file: everything in it is checked, at every point, before anything is run."""

import os
import shlex
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from sim.experiment.ensemble import is_below
from sim.experiment.sweep.checks import check_sweep
from sim.experiment.sweep.points import Factor, Point, factors_of, number_of_points, points_of
from sim.experiment.sweep.schema import Grid, Sweep
from sim.experiment.sweep.without_effect import SettingsTried, equal_levels
from sim.scenario.loader import scenario_of, scenario_with
from sim.scenario.reading.errors import SETTING, Loc, Problem, ScenarioError, closest, dotted
from sim.scenario.reading.extends import resolve
from sim.scenario.reading.settings import apply_settings, setting_of, setting_path
from sim.scenario.reading.strict_yaml import Document, read_document
from sim.scenario.reading.validation import problem_of, validate
from sim.scenario.schema import Scenario
from sim.scenario.without_effect.said import said_without_effect

MOST_WORLDS = 5_000
"""Points times policies: each is checked before the first run, in some 9 ms and 80 kB."""


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
        return len(self.points) * len(self.policies) * self.sweep.replicates

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
    sweep = validate(document, Sweep, check_sweep)
    files = [sweep.scenario, *sweep.policies]
    locs: list[Loc] = [("scenario",), *(("policies", i) for i in range(len(sweep.policies)))]
    documents = [
        resolve(_scenario_file(document, file, loc)) for file, loc in zip(files, locs, strict=True)
    ]
    policies = [scenario_with(policy, settings) for policy in documents]
    _refuse_equal_names(document, policies, locs)
    factors = factors_of(sweep)
    _refuse_undone(settings, sweep, factors)
    documents = [apply_settings(policy, settings) for policy in documents]
    _refuse_too_many_worlds(document, sweep, factors)
    points = points_of(sweep, factors)
    worlds, problems, tried = [], list[Problem](), SettingsTried()
    for policy in documents:
        of_policy = []
        for point in points:
            try:
                of_policy.append(_at_point(policy, point, document, tried))
            except ScenarioError as error:
                problems += error.problems
        worlds.append(of_policy)
    if problems:
        raise ScenarioError(problems)
    findings = [*tried.findings()]
    if isinstance(sweep.design, Grid):
        findings += equal_levels(factors, points, worlds)
    warnings = [problem_of(document, finding) for finding in findings]
    return Plan(sweep, path, factors, points, policies, worlds, warnings, tuple(settings))


def _refuse_equal_names(
    document: Document, policies: Sequence[Scenario], locs: Sequence[Loc]
) -> None:
    """Make sure that tables can tell the policies apart.

    Raises:
        ScenarioError: two have the same name.
    """
    seen = set[str]()
    for policy, loc in zip(policies, locs, strict=True):
        if policy.name in seen:
            raise ScenarioError(
                [_problem(document, loc, "two policies have this name", policy.name)]
            )
        seen.add(policy.name)


def _refuse_undone(settings: Sequence[str], sweep: Sweep, factors: Sequence[Factor]) -> None:
    """Make sure that every setting has its effect at every point.

    Raises:
        ScenarioError: a factor sets the same value, or what it is inside; or the sweep file names
            another ensemble.
    """
    undoing = [
        (path, f"the sweep varies {factor.name} ({path})", "a value that no factor sets")
        for factor in factors
        for path in factor.paths
    ]
    if sweep.ensemble:
        says = f"the sweep file says ensemble: {sweep.ensemble}"
        undoing.append(("ensemble", says, "a sweep file without ensemble"))
    problems = [
        Problem(SETTING, 1, 1, path, f"{why}, which would undo this at its points", allowed)
        for path in map(setting_path, settings)
        for undone, why, allowed in undoing
        if is_below(path, undone)
    ]
    if problems:
        raise ScenarioError(problems)


def _refuse_too_many_worlds(document: Document, sweep: Sweep, factors: Sequence[Factor]) -> None:
    """Make sure that checking every policy at every point takes neither hours nor all memory.

    Raises:
        ScenarioError: there are more than ``MOST_WORLDS``.
    """
    worlds = number_of_points(sweep, factors) * (1 + len(sweep.policies))
    if worlds > MOST_WORLDS:
        loc: Loc = ("design",) if ("design",) in document.marks else ("factors",)
        allowed = f"at most {MOST_WORLDS:,} points times policies"
        message = "too many points for one sweep; make several of it"
        raise ScenarioError([_problem(document, loc, message, f"{worlds:,}", allowed)])


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
