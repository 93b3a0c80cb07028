"""Counting events by day and place."""

import math

from sim.world.compiled import compiled
from sim.world.state import World
from sim.world.state_of_people import Person
from sim.world.surveillance import Flow

# What counts residents lies as far behind what counts those who came over the border.
_LOCAL = {
    Flow.FIRST_POSITIVES: Flow.LOCAL_FIRST_POSITIVES,
    Flow.CARRIERS_IN: Flow.LOCAL_CARRIERS_IN,
    Flow.CARRIERS_OUT: Flow.LOCAL_CARRIERS_OUT,
    Flow.CONFIRMED: Flow.LOCAL_CONFIRMED,
    Flow.CLOSED: Flow.LOCAL_CLOSED,
}
_TO_LOCAL = int(Flow.LOCAL_FIRST_POSITIVES - Flow.FIRST_POSITIVES)
assert all(local - imported == _TO_LOCAL for imported, local in _LOCAL.items())


@compiled
def count(world: World, flow: int, location: int, time: float) -> None:
    """Count an event; one of a day that is over counts on the first day that is not."""
    book(world, flow, location, time, 1)


@compiled
def book(world: World, flow: int, location: int, time: float, amount: int) -> None:
    """Add an amount, such as whole CNY, to a day; see ``count``."""
    run = world.run[0]
    if 0 <= time < run.days:
        day = max(math.floor(time), run.day)
        world.flows[day, flow, location] += amount


@compiled
def count_case(world: World, flow: int, person: Person, time: float) -> None:
    """Count what happens in a register, where the person was registered."""
    if person.local:
        flow += _TO_LOCAL
    count(world, flow, person.registered_in, time)
