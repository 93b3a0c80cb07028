"""What a test sees: probability of a positive result, by time or by stage of the infection."""

from enum import IntEnum

from sim.world.compiled import compiled
from sim.world.numbers import interpolate, logistic
from sim.world.state import World
from sim.world.state_of_institutions import Assay
from sim.world.state_of_people import Person


class Curve(IntEnum):
    """Kinds of sensitivity."""

    LOGISTIC = 0
    """By days since infection, in two logistic pieces (Hellewell et al. 2021)."""
    SINCE_INFECTION = 1
    SINCE_ONSET = 2
    """Tables; since the end of incubation for those who have no symptoms."""
    STAGES = 3


@compiled
def sensitivity(world: World, assay: Assay, person: Person, taken: float) -> float:
    """Return the probability that a swab taken then shows a person's infection.

    Before the infection it is 0.
    """
    days = taken - person.infected_at
    if not days >= 0:
        return 0.0
    if assay.kind == Curve.LOGISTIC:
        x = days - assay.d
        return logistic(assay.a + assay.b * x + assay.b * assay.c * max(x, 0.0))
    if assay.kind == Curve.STAGES:
        return _by_stage(assay, person, taken)
    if assay.kind == Curve.SINCE_ONSET:
        # As the onset is worked out: a swab at the very moment of onset is at day 0.
        days = taken - (person.infected_at + person.incubation)
    if days < world.tables[assay.first]:
        return 0.0
    return interpolate(days, world.tables, assay.first, assay.nodes)


@compiled
def _by_stage(assay: Assay, person: Person, taken: float) -> float:
    if taken < person.infectious_from:
        return assay.a
    if taken >= person.infectious_until:
        return assay.b
    return assay.c if taken < person.onset_at else assay.d
