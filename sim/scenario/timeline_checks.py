"""Check timelines: within the calendar, in order, and without gaps where a number is needed."""

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import pairwise

from sim.scenario.lever_registry import LEVERS, names_of
from sim.scenario.names import unknown_name
from sim.scenario.reading.errors import Loc, dotted
from sim.scenario.reading.validation import Finding
from sim.scenario.schema import Calendar, Scenario
from sim.scenario.swab_time import SwabTime
from sim.scenario.timeline import Period

_ONE_DAY = dt.timedelta(days=1)


_TOO_EARLY = "the period ends before the calendar begins"
_TOO_LATE = "the period begins after the calendar ends"

_FEW = 3
"""More periods outside the calendar than this are one mistake, in the calendar."""


def check_policies(scenario: Scenario) -> Iterator[Finding]:
    """Yield what is wrong with the timelines, lever by lever."""
    findings = list(_check_levers(scenario))
    outside = [finding for finding in findings if finding.message in (_TOO_EARLY, _TOO_LATE)]
    if len(outside) > _FEW:
        yield _wrong_calendar(scenario.calendar, outside)
        findings = [finding for finding in findings if finding not in outside]
    yield from findings


def _wrong_calendar(calendar: Calendar, outside: Sequence[Finding]) -> Finding:
    """Return the finding that stands for many periods ``outside`` the calendar."""
    early = sum(finding.message == _TOO_EARLY for finding in outside)
    first = outside[0]
    return Finding(
        ("calendar", "start" if 2 * early > len(outside) else "end"),
        f"{len(outside)} periods lie outside the calendar, the first at {dotted(first.loc)}: "
        f"{first.got}",
        allowed="a calendar that covers them, or other dates there",
        got=f"{calendar.start} to {calendar.end}",
    )


def _check_levers(scenario: Scenario) -> Iterator[Finding]:
    policies, calendar = scenario.policies, scenario.calendar
    for lever in LEVERS.values():
        names = names_of(scenario, lever)
        for name, periods in lever.periods(policies).items():
            loc = ("policies", lever.field, name) if name else ("policies", lever.field)
            if name:
                yield from unknown_name(loc, name, names, lever.of_what)
            yield from _check_periods(loc, periods, calendar)
    yield from _check_periods(
        ("laboratory", "throughput"), scenario.laboratory.throughput.root, calendar
    )
    for index, reward in enumerate(policies.rewards):
        if reward.announced and reward.from_ and reward.announced > reward.from_:
            yield Finding(
                ("policies", "rewards", index, "announced"),
                "the reward is announced after it begins",
                allowed=f"{reward.from_} or earlier",
                got=str(reward.announced),
            )
    for port, closures in policies.port_closures.items():
        for index, closure in enumerate(closures):
            if closure.announced and closure.from_ and closure.announced > closure.from_:
                yield Finding(
                    ("policies", "port_closures", port, index, "announced"),
                    "the closure is announced after it begins",
                    allowed=f"{closure.from_} or earlier",
                    got=str(closure.announced),
                )
    yield from _check_assays(scenario)
    for lever in LEVERS.values():
        if lever.every_day:
            for name, periods in lever.periods(policies).items():
                loc = ("policies", lever.field, name) if name else ("policies", lever.field)
                yield from _check_no_gaps(loc, periods, calendar)


def _check_assays(scenario: Scenario) -> Iterator[Finding]:
    """Yield a finding for every swab with an unknown assay."""
    policies = scenario.policies
    swabs: list[tuple[Loc, SwabTime]] = [
        (("quarantine", "symptom_swabs", index), swab)
        for index, swab in enumerate(scenario.quarantine.symptom_swabs)
    ]
    for lever in ("quarantine_tests", "arrival_tests"):
        for entry in getattr(policies, lever).root:
            swabs += [(("policies", lever), swab) for swab in entry.value]
    timelines = {("policies", "test_before_release"): policies.test_before_release} | {
        ("policies", "pre_departure_test", leg): timeline
        for leg, timeline in policies.pre_departure_test.items()
    }
    for place, timeline in timelines.items():
        swabs += [(place, entry.value) for entry in timeline.root]
    for loc, swab in swabs:
        if swab.assay:
            yield from unknown_name(loc, swab.assay, scenario.laboratory.assays, "assay")


def _bounds(period: Period, calendar: Calendar) -> tuple[dt.date, dt.date]:
    """Return the first day of a period and the first day after it."""
    return period.from_ or calendar.start, period.until or calendar.end + _ONE_DAY


def _is_outside(period: Period, calendar: Calendar) -> bool:
    first, after = _bounds(period, calendar)
    return first > calendar.end or after <= calendar.start


def _check_periods(
    loc: tuple[str | int, ...], periods: Sequence[Period], calendar: Calendar
) -> Iterator[Finding]:
    for index, period in enumerate(periods):
        first, _ = _bounds(period, calendar)
        if period.from_ and period.until and period.until <= period.from_:
            yield Finding(
                (*loc, index, "until"),
                "the period ends before it begins",
                allowed=f"after {period.from_}",
                got=str(period.until),
            )
        elif _is_outside(period, calendar):
            yield Finding(
                (*loc, index, "from" if period.from_ else "until"),
                _TOO_LATE if first > calendar.end else _TOO_EARLY,
                allowed=f"{calendar.start} to {calendar.end}",
                got=f"{period.from_ or 'start'} until {period.until or 'end'}",
            )
    inside = [i for i, period in enumerate(periods) if not _is_outside(period, calendar)]
    ordered = sorted(inside, key=lambda i: _bounds(periods[i], calendar)[0])
    for earlier, later in pairwise(ordered):
        ends, begins = _bounds(periods[earlier], calendar)[1], _bounds(periods[later], calendar)[0]
        if begins < ends:
            yield Finding(
                (*loc, later),
                "the period overlaps another one of the same lever",
                allowed=f"from {ends} on, or end the other one before {begins}",
                got=f"{begins}",
            )


def _check_no_gaps(
    loc: tuple[str | int, ...], periods: Sequence[Period], calendar: Calendar
) -> Iterator[Finding]:
    if not periods:
        return
    missing = [
        day
        for day in (calendar.start + n * _ONE_DAY for n in range(calendar.days))
        if not any(period.covers(day) for period in periods)
    ]
    if missing:
        yield Finding(
            loc,
            "a capacity needs a value on every day",
            allowed="periods without gaps",
            got=f"no value on {missing[0]} and {len(missing) - 1} more days",
        )
