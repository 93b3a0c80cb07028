"""Dates of a curve of cases or a demand table that lie outside the calendar."""

import datetime as dt
from collections.abc import Iterator

from sim.scenario.quantities import format_duration
from sim.scenario.reading.errors import Loc
from sim.scenario.reading.validation import Finding
from sim.scenario.schema import Calendar, Scenario
from sim.scenario.source import (
    CountsCurve,
    EpidemicSource,
    ExponentialCurve,
    TableDemand,
    UniformCurve,
)

_FARTHEST = 330
"""Days from the calendar beyond which a date is assumed to have a wrong year."""

_CURVE: Loc = ("source", "curve")


def dates_outside(scenario: Scenario) -> Iterator[Finding]:
    """Yield a finding where all dates lie on one side of the calendar."""
    source, demand, calendar = scenario.source, scenario.travellers.demand, scenario.calendar
    if isinstance(source, EpidemicSource) and source.exposure > 0:
        yield from _of_curve(source, calendar)
    if isinstance(demand, TableDemand):
        yield from _of_demand(demand, calendar)


def _of_curve(source: EpidemicSource, calendar: Calendar) -> Iterator[Finding]:
    lag = source.reporting_lag
    match source.curve:
        case CountsCurve(counts=rows):
            loc, first, last = (*_CURVE, "counts", 0), rows[0].date, rows[-1].date
            # Counts refer to noon; the curve is constant after the last one.
            if calendar.day_of(last) + 0.5 <= lag:
                yield _outside(
                    loc,
                    f"less the reporting_lag of {format_duration(lag)} all counts lie before the "
                    "calendar: nobody is infected at the source on any of its days",
                    calendar,
                    (first, last),
                )
        case UniformCurve(since=first):
            loc, last = (*_CURVE, "since"), first
        case ExponentialCurve(date=date):
            days = max((calendar.start - date).days, (date - calendar.end).days)
            if days > _FARTHEST:
                message = f"{days} days from the calendar; is the year right?"
                yield _outside((*_CURVE, "date"), message, calendar, (date, date))
            return
    if first > calendar.end:
        infected = first - dt.timedelta(days=lag)
        message = (
            f"all counts lie after the calendar: nobody is infected at the source before {infected}"
        )
        yield _outside(loc, message, calendar, (first, last))


def _of_demand(demand: TableDemand, calendar: Calendar) -> Iterator[Finding]:
    first, last = demand.per_day[0], demand.per_day[-1]
    if last.date < calendar.start:
        side, level = "before", last.count
    elif first.date > calendar.end:
        side, level = "after", first.count
    else:
        return
    message = f"all dates lie {side} the calendar: {level:,g} people set out every day"
    loc = ("travellers", "demand", "per_day", 0)
    yield _outside(loc, message, calendar, (first.date, last.date))


def _outside(loc: Loc, message: str, calendar: Calendar, dates: tuple[dt.date, dt.date]) -> Finding:
    allowed = f"dates from {calendar.start} to {calendar.end}"
    return Finding(loc, message, allowed, " to ".join(dict.fromkeys(map(str, dates))))
