"""Numbers for places, legs and ports, so that a table can hold where someone is."""

import math

import numpy as np

from sim.scenario.routes_to_ports import routes_to_ports
from sim.scenario.schema import Scenario
from sim.world.draws import IntArray


def reporting_places(scenario: Scenario) -> list[str]:
    """Return the places and legs that series are kept for, in the order of their codes."""
    return [*sorted(scenario.places), *sorted(scenario.legs)]


class Geography:
    """Codes of the locations of a scenario, and the way from each place to each port.

    A location is a place, a leg (on board) or a port (in its queue), in this order; each kind is
    in the order of its names, so that the order of a file has no effect.
    """

    def __init__(self, scenario: Scenario) -> None:
        self.places = sorted(scenario.places)
        self.legs = sorted(scenario.legs)
        self.ports = sorted(scenario.ports)
        self.locations = [*self.places, *self.legs, *self.ports]
        self.code = {name: code for code, name in enumerate(self.locations)}
        self.reporting_places = reporting_places(scenario)
        self.roll_up = self._roll_up(scenario)
        self.next_leg: dict[tuple[str, str], str] = {}
        """The first leg from a place towards a port, on the way with the fewest legs; among those,
        on the one that takes the shortest time on board."""

        def length(route: tuple[str, ...]) -> tuple[int, float, tuple[str, ...]]:
            return len(route), math.fsum(scenario.legs[leg].duration for leg in route), route

        for route in sorted(routes_to_ports(scenario), key=length):
            port = scenario.legs[route[-1]].end
            for leg in route:
                self.next_leg.setdefault((scenario.legs[leg].start, port), leg)
        start = scenario.travellers.start
        self.port_weights = {
            name: scenario.ports[name].share if (start, name) in self.next_leg else 0.0
            for name in self.ports
        }
        """Weight with which travellers who set out choose each port."""

    def order_of_towns(self, scenario: Scenario) -> list[str]:
        """Return the places that legs start from, so that no leg leads back to an earlier one.

        Where legs form a circle, the order of the names breaks it.
        """
        ordered: list[str] = []
        used = [scenario.legs[leg] for leg in dict.fromkeys(self.next_leg.values())]
        waiting = sorted({leg.start for leg in used})
        while waiting:
            free = [
                town
                for town in waiting
                if not any(leg.end == town and leg.start in waiting for leg in used)
            ]
            ordered += free or waiting[:1]
            waiting = [town for town in waiting if town not in ordered]
        return ordered

    def _roll_up(self, scenario: Scenario) -> IntArray:
        """Return a matrix (locations, reporting places): 1 where the first is in the second."""
        matrix = np.zeros((len(self.locations), len(self.reporting_places)), dtype=np.int64)
        for location, name in enumerate(self.locations):
            above: str | None = scenario.ports[name].place if name in scenario.ports else name
            while above is not None:
                matrix[location, self.code[above]] = 1
                above = scenario.places[above].part_of if above in scenario.places else None
        return matrix
