"""Which port a travel group aims at, and which other one it goes to when that is shut.

Every group ranks the ports by a race of exponential times whose rates are the weights of the
ports, each drawn by the name of the port: it takes the first that is available. The
chance of each is in proportion to its weight, and another port, or another weight, moves only
those who come to that port or leave it.
"""

import math

from sim.world.carrier import is_served
from sim.world.codes import NEVER, NONE
from sim.world.compiled import compiled, entry
from sim.world.draws import Stream
from sim.world.keyed_draw import draw
from sim.world.state import World


@compiled
def choose_port(world: World, key: int) -> int:
    """Return the port that the travel group with a key aims at when it sets out."""
    return _first_in_race(world, key, NONE)


@compiled
def choose_open_port(world: World, key: int, town: int) -> int:
    """Return the port that a travel group goes to from a town today; one has to be open."""
    return _first_in_race(world, key, town)


@compiled
def is_open_from(world: World, town: int, port: int) -> bool:
    """Tell whether a port is open today and can be reached from a town."""
    leg = world.way[town, port]
    is_open: bool = world.in_force[world.ports[port].unit, world.run[0].day].is_open
    return leg != NONE and is_open and is_served(world, leg)


@entry
def any_open_port(world: World, town: int) -> bool:
    """Tell whether a port is open today to which there is a way from a town."""
    for port in range(len(world.ports)):  # noqa: SIM110 - any() takes no generator when compiled
        if is_open_from(world, town, port):
            return True
    return False


@compiled
def _first_in_race(world: World, key: int, town: int) -> int:
    """Return the port with the shortest time; where no weight is above 0, all count alike."""
    total = 0.0
    for port in range(len(world.ports)):
        if town == NONE or is_open_from(world, town, port):
            total += world.ports[port].weight
    first, shortest = NONE, NEVER
    for port in range(len(world.ports)):
        if town != NONE and not is_open_from(world, town, port):
            continue
        weight = world.ports[port].weight if total > 0 else 1.0
        if weight > 0:
            u = draw(world, Stream.PORT_CHOICE, key, world.ports[port].key)
            if -math.log(u) / weight < shortest:
                first, shortest = port, -math.log(u) / weight
    return first
