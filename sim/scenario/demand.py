"""Number of people who set out each day, and the effect of known closures."""

import math
from bisect import bisect_right
from itertools import pairwise

from sim.scenario.schema import Calendar, Scenario
from sim.scenario.source import DatedCount, TableDemand, Travellers
from sim.scenario.timeline import Closure


def demand_factor(scenario: Scenario) -> list[float]:
    """Return demand by day relative to a scenario without closures.

    A closure is known from its announcement, or from its first day. Before it begins people
    rush, also during a shorter closure in between; while it lasts few set out. Each port is
    weighted by its share.
    """
    total = math.fsum(port.share for port in scenario.ports.values())
    factor = [0.0] * scenario.calendar.days
    for name in sorted(scenario.ports):
        closures = scenario.policies.port_closures.get(name, ())
        weight = scenario.ports[name].share / total
        of_port = _factor_of_port(closures, scenario.travellers, scenario.calendar)
        factor = [sum_ + weight * own for sum_, own in zip(factor, of_port, strict=True)]
    return factor


def _factor_of_port(
    closures: tuple[Closure, ...], travellers: Travellers, calendar: Calendar
) -> list[float]:
    factor = [1.0] * calendar.days
    for closure in closures:
        for day in calendar.days_in(closure):
            factor[day] = travellers.closed_factor
    for closure in closures:
        for day in rush_of(closure, calendar):
            factor[day] = travellers.announcement_factor
    return factor


def rush_of(closure: Closure, calendar: Calendar) -> range:
    """Return the days of the calendar between the announcement of a closure and its first day."""
    begins = calendar.days_in(closure).start
    if closure.announced is None:
        return range(begins, begins)
    return range(max(0, calendar.day_of(closure.announced)), begins)


def people_by_table(demand: TableDemand, calendar: Calendar) -> list[float]:
    """Return the number of people who set out each day without closures.

    Linear between noon of the table's dates, constant outside them.
    """
    rows = demand.per_day
    days = [calendar.day_of(row.date) for row in rows]
    return [_between(rows, days, day) for day in range(calendar.days)]


def _between(rows: tuple[DatedCount, ...], days: list[int], day: int) -> float:
    after = bisect_right(days, day)
    if after == 0:
        return rows[0].count
    if after == len(rows):
        return rows[-1].count
    (first, then), (low, high) = tuple(pairwise(days))[after - 1], rows[after - 1 : after + 1]
    return low.count + (high.count - low.count) * (day - first) / (then - first)


def people_demanded(scenario: Scenario, demand: TableDemand) -> float:
    """Return the total number of people who set out by a table, closures included."""
    per_day = people_by_table(demand, scenario.calendar)
    return math.fsum(map(math.prod, zip(per_day, demand_factor(scenario), strict=True)))
