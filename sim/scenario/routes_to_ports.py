"""Routes formed by the legs of a scenario, from the start to the ports."""

from sim.scenario.schema import Scenario

MOST_STEPS = 10_000
"""Largest number of partial routes that are followed."""


class TooManyRoutes(ValueError):
    """There are too many routes to follow, because most places are connected to each other."""


def routes_to_ports(scenario: Scenario) -> list[tuple[str, ...]]:
    """Return every chain of legs from the start of the journey to a port.

    No route visits a place twice.

    Raises:
        TooManyRoutes: there are more than ``MOST_STEPS`` partial routes.
    """
    routes: list[tuple[str, ...]] = []
    steps = 0

    def extend(at: str, legs: tuple[str, ...], seen: frozenset[str]) -> None:
        nonlocal steps
        steps += 1
        if steps > MOST_STEPS:
            raise TooManyRoutes
        for name, leg in scenario.legs.items():
            if leg.start != at or leg.end in seen:
                continue
            if leg.end in scenario.ports:
                routes.append((*legs, name))
            else:
                extend(leg.end, (*legs, name), seen | {leg.end})

    start = scenario.travellers.start
    extend(start, (), frozenset({start}))
    return routes
