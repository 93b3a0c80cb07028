"""How many people set out on each day, and how closures that are known change it."""

import math
from bisect import bisect_right
from itertools import pairwise

from sim.scenario.schema import Calendar, Scenario
from sim.scenario.source import DatedCount, TableDemand, Travellers
from sim.scenario.timeline import Closure


def demand_factor(scenario: Scenario) -> list[float]:
    """Return demand by day relative to a world in which no port ever shuts.

    A closure is known from its announcement, from its first day at the latest: until it begins
    people rush, while it lasts few set out. Who hurries to be through before a closure does so
    through a shorter one as well. Each port counts with its share.
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
    """Return how many people set out on each day without any closure.

    Linear between the middays of the dates of the table, level outside them.
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
    """Return how many people set out in the whole calendar by a table, closures included."""
    per_day = people_by_table(demand, scenario.calendar)
    return math.fsum(map(math.prod, zip(per_day, demand_factor(scenario), strict=True)))
