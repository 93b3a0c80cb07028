"""A land port: its calendar, its capacity, its queue, and screening at entry."""

from sim.world.agenda import due_today
from sim.world.carrier import is_aware_of_exposure
from sim.world.codes import NEVER, NONE, FoundBy, Stage
from sim.world.compiled import compiled, entry
from sim.world.draws import Stream
from sim.world.event_counts import count
from sim.world.institution import Institution
from sim.world.keyed_draw import draw_once
from sim.world.laboratory import PCR, receive
from sim.world.lists import move_all, pop
from sim.world.natural_history import shows_symptoms
from sim.world.quarantine import take_in
from sim.world.quarantine_rooms import begin_intake
from sim.world.staging_town import turn_back_to
from sim.world.state import World
from sim.world.surveillance import Flow


@entry
def step_port(world: World, number: int) -> None:
    """Admit the head of the queue, or turn everybody back when the port is shut."""
    port, day = world.ports[number], world.run[0].day
    _take_in_arrivals(world, number)
    is_open: bool = world.in_force[port.unit, day].is_open
    capacity = _people_a_day(world, number)
    begin_intake(world)
    admitted = 0
    while port.waiting.first != NONE:
        since = world.entries[port.waiting.first].time
        if is_open and (since > day + port.closes or not admitted + 1 <= capacity):
            return
        i, _ = pop(world, port.waiting)
        if is_open:
            _admit(world, number, i, max(since, day + port.opens))
            admitted += 1
        else:
            turn_back_to(world, _came_from(world, number, i), i, max(since, float(day)))


@compiled
def _people_a_day(world: World, number: int) -> float:
    """Return how many people a port handles today; the last of them may be a part of one."""
    port = world.ports[number]
    decided: float = world.in_force[port.unit, world.run[0].day].port_capacity
    return decided if decided == NEVER else decided * port.throughput


@compiled
def _take_in_arrivals(world: World, number: int) -> None:
    """Let those who arrive today join the queue."""
    port = world.ports[number]
    arrivals = due_today(world, port.agenda)
    place = arrivals.first
    while place != NONE:
        person = world.people[world.entries[place].person]
        person.location, person.stage = port.location, Stage.AT_PORT
        place = world.entries[place].next
    move_all(world, arrivals, port.waiting)


@compiled
def _came_from(world: World, number: int, i: int) -> int:
    """Return the number of the town from which a person came to a port."""
    for leg in range(len(world.legs)):
        if world.legs[leg].end_port == number and world.rides[leg, i] != NONE:
            return world.legs[leg].start
    return NONE


@compiled
def _admit(world: World, number: int, i: int, time: float) -> None:
    """Let a person in, into quarantine, with a swab if entry screening picks them out."""
    port, person = world.ports[number], world.people[i]
    person.crossed_at, person.location = time, port.town
    count(world, Flow.ENTRANTS, port.town, time)
    if person.infected_at <= time:
        count(world, Flow.ENTRANTS_INFECTED, port.town, time)
    take_in(world, i, time, port.home)
    if _is_suspect(world, number, i, time):
        receive(world, i, time, FoundBy.ENTRY_SCREENING, PCR)


@compiled
def _is_suspect(world: World, number: int, i: int, time: float) -> bool:
    """Tell whether the symptoms of a person are seen, or they tell of an exposure."""
    person = world.people[i]
    if not person.infected_at <= time:
        return False
    in_force = world.in_force[world.ports[number].unit, world.run[0].day]
    if shows_symptoms(person, time):
        u = draw_once(world, Stream.ENTRY_SCREENING, person)
        if u < in_force.entry_screening:
            return True
    u = draw_once(world, Stream.ENTRY_QUESTIONNAIRE, person)
    return u < in_force.entry_questionnaire and is_aware_of_exposure(world, person)


class LandPort(Institution):
    """A border crossing that admits people in the order in which they come."""

    table = "ports"

    @property
    def town(self) -> int:
        """Code of the town behind it."""
        return int(self.record.town)

    def step(self) -> None:
        """Admit the head of the queue, or turn everybody back when the port is shut."""
        step_port(self.world, self.number)
