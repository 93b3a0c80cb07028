"""Reads a file of targets, and refuses counts that contradict each other or the scenario."""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from calibration.fit_file import nothing_to_fit, read_for, repeated
from calibration.observation import FARTHEST, Observation
from calibration.targets import IntervalTarget, Target, Targets
from sim.scenario.names import unknown_name
from sim.scenario.reading.errors import Loc
from sim.scenario.reading.strict_yaml import Document, read_document
from sim.scenario.reading.validation import Finding
from sim.scenario.schema import Scenario
from sim.world.surveillance import COST, SERIES

SHIPPED_TARGETS = Path(__file__).with_name("targets.yaml")

_NOT_FITTED = ("illegal_", "rewards_", COST)
"""How series begin that a fit cannot use: no parameter of the border away from its ports is fitted,
nor any cost."""

_PARTS_OF_TOTAL = {"_new": "new", "_active": "active"}
"""Ends of the series that cannot be larger than the cumulative count of the same day."""


def read_targets(path: Path = SHIPPED_TARGETS, scenario: Scenario | None = None) -> Targets:
    """Return the targets in ``path``; see ``targets_of``."""
    return targets_of(read_document(path), scenario)


def targets_of(document: Document, scenario: Scenario | None = None) -> Targets:
    """Return the targets that a document says.

    Args:
        document: from ``read_document``.
        scenario: what has to have the places and days of the targets, if it is known.

    Raises:
        ScenarioError: carries every problem of the file.
    """
    return read_for(scenario, document, Targets, _check, _check_against, _check_falls)


def _check_against(targets: Targets, scenario: Scenario) -> Iterator[Finding]:
    calendar = scenario.calendar
    for number, target in enumerate(targets.targets):
        here = ("targets", number)
        yield from unknown_name((*here, "place"), target.place, list(scenario.places), "place")
        yield from unknown_name((*here, "series"), target.series, list(SERIES), "series")
        if not calendar.start <= target.data_date <= calendar.end:
            yield Finding(
                (*here, "data_date"),
                "the day lies outside the calendar of the scenario",
                allowed=f"{calendar.start} to {calendar.end}",
                got=str(target.data_date),
            )
        yield from _check_residents(here, target, scenario)


def _check_residents(here: Loc, target: Target, scenario: Scenario) -> Iterator[Finding]:
    """Yield a local count that is fitted, of a place in which no residents are followed."""
    if not (target.fit and target.is_local) or target.place not in scenario.places:
        return
    if not any(target.place in _with_regions(scenario, town) for town in scenario.residents):
        yield Finding(
            (*here, "place"),
            "the scenario has no residents there, so that nobody is infected there",
            allowed=f"{', '.join(scenario.residents) or 'none: residents is empty'}, a place that "
            "contains one of them, or fit: false",
            got=target.place,
        )


def _with_regions(scenario: Scenario, place: str) -> Iterator[str]:
    """Yield a place, and those that contain it, one after the other."""
    within: str | None = place
    while within is not None:
        yield within
        within = scenario.places[within].part_of


def _check(targets: Targets) -> Iterator[Finding]:
    ids = [target.id for target in targets.targets]
    yield from repeated("targets", "id", ids, "two targets have this id")
    for number, target in enumerate(targets.targets):
        here = ("targets", number)
        if target.article not in targets.articles:
            allowed = ", ".join(targets.articles) or "none: articles is empty"
            yield Finding(
                (*here, "article"), "no such article", allowed=allowed, got=target.article
            )
        if isinstance(target, IntervalTarget) and target.low > target.high:
            yield Finding(
                (*here, "high"), "the interval ends before it begins", got=str(target.high)
            )
        if target.fit and target.series.startswith(_NOT_FITTED):
            yield Finding(
                (*here, "series"),
                "a fit has no parameter of illegal crossing, rewards or costs, so it cannot use "
                "this series",
                allowed="fit: false, to compare it only",
                got=target.series,
            )
    yield from _check_something_to_fit(targets)
    yield from _check_sources(targets)
    yield from _check_same_day(targets)


def _check_something_to_fit(targets: Targets) -> Iterator[Finding]:
    """Yield a finding if there is nothing to fit the simulated travellers to."""
    why, allowed = "every target has fit: false", "at least one target without fit: false"
    if targets.fitted(local=True):
        why = (
            "every target without fit: false counts residents' infections, which are fitted given "
            "the travellers"
        )
        allowed = "at least one count of travellers, such as imported_confirmed_cumulative"
    yield from nothing_to_fit("targets", targets.fitted(local=False), why, allowed)


def _check_sources(targets: Targets) -> Iterator[Finding]:
    """Yield sources that say different things of one place, series and day."""

    def key(numbered: tuple[int, Target]) -> tuple[str, str, str]:
        target = numbered[1]
        return target.place, target.series, target.data_date.isoformat()

    fitted = [(number, target) for number, target in enumerate(targets.targets) if target.fit]
    for _, group in groupby(sorted(fitted, key=key), key):
        first, *others = group
        low, high = first[1].bounds
        for number, target in others:
            low, high = max(low, target.bounds[0]), min(high, target.bounds[1])
            if low > high:
                yield Finding(
                    ("targets", number),
                    f"another source says something else of this place, series and day: "
                    f"{first[1].id} has {_said(first[1])}, {target.id} has {_said(target)}",
                    allowed="one of them, the other with fit: false; or both as one target "
                    "with kind: interval",
                )
                break


def _check_same_day(targets: Targets) -> Iterator[Finding]:
    """Yield new or active cases that exceed the cumulative count of the same day."""
    most = {
        (target.place, target.series, target.data_date): target
        for target in targets.targets
        if target.fit and target.series.endswith("_cumulative")
    }
    for number, target in enumerate(targets.targets):
        for end, word in _PARTS_OF_TOTAL.items():
            if not target.fit or not target.series.endswith(end):
                continue
            series = target.series.removesuffix(end) + "_cumulative"
            total = most.get((target.place, series, target.data_date))
            if total is not None and target.bounds[0] > total.bounds[1]:
                yield Finding(
                    ("targets", number),
                    f"more {word} cases than {total.id} has cases so far on the same day",
                    allowed=f"at most {_number(total.bounds[1])}",
                    got=_number(target.bounds[0]),
                )


def _check_falls(targets: Targets, scenario: Scenario) -> Iterator[Finding]:
    """Yield cumulative counts that fall, or rise by less than the new cases of a day.

    A fall that reporting noise explains is allowed: bulletins are corrected.
    """
    numbers = {target.id: number for number, target in enumerate(targets.targets)}
    statistics = Observation(targets, scenario.calendar).statistics
    if targets.fitted(local=True):
        statistics = [*statistics, *Observation(targets, scenario.calendar, local=True).statistics]
    for statistic in statistics:
        if statistic.high >= 0 or -statistic.high <= FARTHEST * statistic.sd:
            continue
        later, *others = (targets.targets[numbers[name]] for name in statistic.ids)
        said = " and ".join(f"{other.id} ({_said(other)} on {other.data_date})" for other in others)
        noise = later.noise or targets.reporting_noise
        explained = FARTHEST * noise.absolute / (1 - FARTHEST * noise.relative)
        yield Finding(
            ("targets", numbers[later.id]),
            f"{_said(later)} on {later.data_date} contradicts {said}: cumulative counts of the "
            f"model never fall, and this one falls by {_number(-statistic.high)}, more than "
            "reporting noise explains",
            allowed=f"a fall of at most {_number(int(explained))}; fit: false for the "
            "count that was corrected later; or a noise of its own that is large enough",
        )


def _said(target: Target) -> str:
    low, high = target.bounds
    if low == high:
        return _number(low)
    return f"{_number(low)} or more" if high == float("inf") else f"{low:,g} to {high:,g}"


def _number(value: float) -> str:
    return f"{value:,g}" if value < 1e6 else f"{value:,.0f}"
