"""Checks a sweep file in itself; the scenarios that it names are not looked at."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any

from sim.experiment.outcome_registry import COMPARED, OUTCOMES
from sim.experiment.paired_statistics import SHARES, PairedStatistics
from sim.experiment.sweep.quantity import quantity_of
from sim.experiment.sweep.schema import FactorSpec, Saltelli, Sobol, Sweep
from sim.scenario.reading.errors import Loc, ScenarioError, closest
from sim.scenario.reading.settings import parse_path
from sim.scenario.reading.validation import Finding
from sim.scenario.schema import NOT_IN_A_RUN

_COLUMNS = {
    *("policy", "point", "pair", "seed", "outcome", "unit", "runs", "runs_with_value", "mean"),
    *(f"q{100 * share:02.0f}" for share in SHARES),
    *(f"difference_{field.name}" for field in fields(PairedStatistics)),
}
"""Of the tables of a sweep, besides factors and outcomes."""


def check_sweep(sweep: Sweep) -> Iterator[Finding]:
    """Yield everything that is wrong with a sweep whose fields are valid one by one."""
    for name, spec in sweep.factors.items():
        if name in _COLUMNS or name in OUTCOMES:
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
        if outcome not in OUTCOMES:
            yield Finding(
                ("outcomes", number),
                "there is no outcome of that name",
                allowed=f"{', '.join(COMPARED)} and {len(OUTCOMES) - len(COMPARED)} more",
                got=outcome,
                suggestion=closest(outcome, OUTCOMES),
            )


def _check_paths(sweep: Sweep) -> Iterator[Finding]:
    """Yield a finding for every path that undoes another one: the same, or one above or below."""
    taken: list[tuple[Loc, str, str]] = []
    for name, spec in sweep.factors.items():
        paths = list(dict.fromkeys(path for level in spec.levels or () for path in level.set))
        own = [(steps, path) for path in [*paths, *([spec.path] if spec.path else [])]
               if (steps := _steps_of(path)) is not None]  # fmt: skip
        for steps, path in own:
            if steps[0] in NOT_IN_A_RUN:
                message = f"{path} plays no part in a run: nothing would be varied"
                yield Finding(("factors", name), message, allowed="another field", got=path)
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
        yield Finding((*here, "low"), "a logarithmic scale begins above 0", got=str(spec.range.low))
