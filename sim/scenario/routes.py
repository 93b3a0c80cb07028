"""The routes that the legs of a scenario form, from where travellers start to the ports."""

from sim.scenario.schema import Scenario


def routes_to_ports(scenario: Scenario) -> list[tuple[str, ...]]:
    """Return every chain of legs from the start of the journey to a port.

    Places are never visited twice, so a circle of legs adds no route.
    """
    routes: list[tuple[str, ...]] = []

    def extend(at: str, legs: tuple[str, ...], seen: frozenset[str]) -> None:
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
