"""Loads a sweep file: everything in it is checked, at every point, before anything is run."""

import os
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path, PurePosixPath
from typing import Any

from sim.experiment.comparison import UNITS
from sim.experiment.ensemble import is_below
from sim.experiment.outcome_units import OUTCOME_UNITS
from sim.experiment.paired_statistics import SHARES, PairedStatistics
from sim.experiment.sweep.points import Factor, Point, factors_of, number_of_points, points_of
from sim.experiment.sweep.quantity import quantity_of
from sim.experiment.sweep.schema import FactorSpec, Grid, Saltelli, Sobol, Sweep
from sim.experiment.sweep.without_effect import SettingsTried, equal_levels
from sim.scenario.loader import scenario_of, scenario_with
from sim.scenario.reading.errors import Loc, Problem, ScenarioError, closest, dotted
from sim.scenario.reading.extends import resolve
from sim.scenario.reading.settings import (
    SETTING,
    apply_settings,
    parse_path,
    setting_of,
    setting_path,
)
from sim.scenario.reading.strict_yaml import Document, read_document
from sim.scenario.reading.validation import Finding, problem_of, validate
from sim.scenario.schema import Scenario
from sim.scenario.without_effect.said import said_without_effect

_COLUMNS = {
    *("policy", "point", "pair", "seed", "outcome", "unit", "runs", "runs_with_value", "mean"),
    *(f"q{100 * share:02.0f}" for share in SHARES),
    *(f"difference_{field.name}" for field in fields(PairedStatistics)),
}
"""Of the tables of a sweep, besides factors and outcomes."""


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
    return validate(read_document(path), Sweep, _check)


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
    sweep = validate(document, Sweep, _check)
    files = [sweep.scenario, *sweep.policies]
    locs: list[Loc] = [("scenario",), *(("policies", i) for i in range(len(sweep.policies)))]
    documents = [
        resolve(_scenario_file(document, file, loc)) for file, loc in zip(files, locs, strict=True)
    ]
    policies = [scenario_with(policy, settings) for policy in documents]
    _refuse_equal_names(document, policies, locs)
    factors = factors_of(sweep)
    _refuse_varied(settings, factors)
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


def _refuse_varied(settings: Sequence[str], factors: Sequence[Factor]) -> None:
    """Make sure that every setting has its effect at every point.

    Raises:
        ScenarioError: a factor sets the same value, or what it is inside.
    """
    problems = [
        Problem(
            SETTING,
            1,
            1,
            path,
            f"the sweep varies {factor.name} ({varied}), which would undo this at its points",
            allowed="a value that no factor sets",
        )
        for path in map(setting_path, settings)
        for factor in factors
        for varied in factor.paths
        if is_below(path, varied)
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


def _check(sweep: Sweep) -> Iterator[Finding]:
    for name, spec in sweep.factors.items():
        if name in _COLUMNS or name in OUTCOME_UNITS:
            yield Finding(
                ("factors", name),
                "the tables have another column of this name",
                allowed="a name that is no outcome",
                got=name,
            )
        yield from _check_factor(("factors", name), spec)
    yield from _check_paths(sweep)
    if isinstance(sweep.design, Sobol | Saltelli) and sweep.design.points & (
        sweep.design.points - 1
    ):
        yield Finding(
            ("design", "points"),
            "a Sobol sequence leaves no gaps only with a power of two",
            allowed="such as 64, 128 or 256",
            got=str(sweep.design.points),
        )
    for number, outcome in enumerate(sweep.outcomes):
        if outcome not in OUTCOME_UNITS:
            yield Finding(
                ("outcomes", number),
                "there is no outcome of that name",
                allowed=f"{', '.join(UNITS)} and {len(OUTCOME_UNITS) - len(UNITS)} more",
                got=outcome,
                suggestion=closest(outcome, OUTCOME_UNITS),
            )


def _check_paths(sweep: Sweep) -> Iterator[Finding]:
    """Yield a finding for every path that undoes another one: the same, or one above or below."""
    taken: list[tuple[Loc, str, str]] = []
    for name, spec in sweep.factors.items():
        paths = list(dict.fromkeys(path for level in spec.levels or () for path in level.set))
        own = [(steps, path) for path in [*paths, *([spec.path] if spec.path else [])]
               if (steps := _steps_of(path)) is not None]  # fmt: skip
        for steps, path in own:
            for other, other_path, factor in taken:
                if _overlap(steps, other):
                    message = f"{path} is varied by {factor} already"
                    if steps != other:
                        message = (
                            f"{path} and {other_path} of {factor} overlap: one undoes the other"
                        )
                    yield Finding(("factors", name), message, allowed="one factor a path", got=name)
        taken += [(steps, path, name) for steps, path in own]
        for number, level in enumerate(spec.levels or ()):
            yield from _check_level(("factors", name, "levels", number, "set"), level.set)


def _check_level(here: Loc, settings: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield a finding for every setting of a level that a later one of it undoes."""
    before: list[tuple[Loc, str]] = []
    for path in settings:
        if (steps := _steps_of(path)) is None:
            continue
        for other, other_path in before:
            if other[: len(steps)] == steps:
                message = f"{path} undoes {other_path} above it"
                yield Finding(here, message, allowed="the longer path last", got=path)
        before.append((steps, path))


def _steps_of(path: str) -> Loc | None:
    """Return the steps of a path; None if it is none, which is refused with the scenario."""
    try:
        return parse_path(path.strip())
    except ScenarioError:
        return None


def _overlap(one: Loc, other: Loc) -> bool:
    """Tell whether what one path sets is part of what the other one sets."""
    return all(a == b for a, b in zip(one, other, strict=False))


def _check_factor(here: Loc, spec: FactorSpec) -> Iterator[Finding]:
    given = [kind for kind in ("values", "range", "levels") if getattr(spec, kind) is not None]
    if len(given) != 1:
        yield Finding(
            here,
            "a factor has one of values, range and levels",
            allowed="path with values or range; or levels",
            got=" and ".join(given) or "none of them",
        )
        return
    if not getattr(spec, given[0]):
        yield Finding((*here, given[0]), "there is nothing in the list", allowed="one or more")
    if spec.levels is None and spec.path is None:
        yield Finding(here, "what is varied is missing", allowed="path: a dotted path")
    if spec.levels is not None and spec.path is not None:
        yield Finding((*here, "path"), "levels have paths of their own", allowed="no path here")
    if spec.range is not None:
        yield from _check_range((*here, "range"), spec)


def _check_range(here: Loc, spec: FactorSpec) -> Iterator[Finding]:
    assert spec.range is not None
    low, high = quantity_of(spec.range.low), quantity_of(spec.range.high)
    for end, quantity in (("low", low), ("high", high)):
        if quantity is None:
            yield Finding(
                (*here, end),
                "a range needs numbers, amounts with a unit, or dates",
                allowed="such as 0.5, 14 d, 3000 CNY or 2020-04-07",
                got=str(getattr(spec.range, end)),
            )
    if low is None or high is None:
        return
    if low.unit != high.unit:
        yield Finding(
            (*here, "high"), "not in the unit of low", allowed=low.unit or "a number", got=high.unit
        )
    elif low.number >= high.number:
        yield Finding((*here, "high"), "not above low", got=str(spec.range.high))
    elif spec.range.scale == "log" and low.number <= 0:
        yield Finding(
            (*here, "low"), "a logarithmic scale begins above nought", got=str(spec.range.low)
        )
