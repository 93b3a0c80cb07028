"""The routes that the legs of a scenario form, from where travellers start to the ports."""

from sim.scenario.schema import Scenario

MOST_STEPS = 10_000
"""Ways from the start to any place, altogether, that are followed before giving up."""


class TooManyRoutes(ValueError):
    """Every place leads to nearly every other one: there is no following all ways."""


def routes_to_ports(scenario: Scenario) -> list[tuple[str, ...]]:
    """Return every chain of legs from the start of the journey to a port.

    Places are never visited twice, so a circle of legs adds no route.

    Raises:
        TooManyRoutes: there are more than ``MOST_STEPS`` ways to follow.
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
