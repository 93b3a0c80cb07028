"""Where fitted values of periods belong in a scenario that has other periods.

A path names the value of a period by its place in a timeline, such as
``policies.review_rounds[1].share``. A scenario may split a period or leave one out; the values then
go with the dates.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from sim.experiment.parameters import Parameters, node_at
from sim.scenario.schema import Scenario
from sim.scenario.timeline import Period

Dates = tuple[dt.date | None, dt.date | None]
"""First day of a period, and the first one after it; None where it is open."""

Periods = Mapping[str, Sequence[Dates]]
"""Periods by the path of their timeline."""


def periods_of(scenario: Scenario, paths: Iterable[str]) -> Periods:
    """Return the periods of every timeline that one of ``paths`` leads into."""
    timelines = dict.fromkeys(path.partition("[")[0] for path in paths if "[" in path)
    found = {of: [_dates(period) for period in _periods_at(scenario, of)] for of in timelines}
    return {of: dates for of, dates in found.items() if dates}


def places_in(scenario: Scenario, base: Parameters, periods: Periods) -> dict[str, list[str]]:
    """Return the paths in ``scenario`` at which each value of ``base`` belongs.

    Where a timeline has as many periods as the fitted one, that is the same path. Otherwise each of
    its periods has the values of the fitted one with which it shares most days, if it shares any.

    Args:
        scenario: what is to be run.
        base: values by path in the scenario that was fitted.
        periods: of its timelines.
    """
    places = {path: [path] for path in base}
    for timeline, fitted in periods.items():
        entries = _periods_at(scenario, timeline)
        if len(entries) == len(fitted):
            continue
        places.update({path: [] for path in base if path.startswith(f"{timeline}[")})
        for number, entry in enumerate(entries):
            shared = [_days_shared(_dates(entry), of) for of in fitted]
            most = max(shared)
            if most <= 0:
                continue
            source = f"{timeline}[{shared.index(most)}]"
            for path in base:
                if path.startswith(source):
                    places[path].append(f"{timeline}[{number}]{path.removeprefix(source)}")
    return places


def _periods_at(scenario: Scenario, path: str) -> Sequence[Period]:
    """Return the periods at a path; none if something else, or nothing, is there."""
    entries = node_at(scenario, path)
    is_timeline = isinstance(entries, tuple) and all(isinstance(of, Period) for of in entries)
    return entries if is_timeline else ()


def _dates(period: Period) -> Dates:
    return period.from_, period.until


def _days_shared(one: Dates, other: Dates) -> int:
    first = max(one[0] or dt.date.min, other[0] or dt.date.min)
    end = min(one[1] or dt.date.max, other[1] or dt.date.max)
    return (end - first).days
