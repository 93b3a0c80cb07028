"""The airline, bus or railway that serves one leg: queue, seats, screening, infection on board."""

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.world.agenda import plan
from sim.world.codes import HOURS_PER_DAY, NEVER, NONE, Stage
from sim.world.compiled import compiled
from sim.world.contagion import NOT_INFECTED, expose, is_susceptible
from sim.world.draws import IntArray, Stream
from sim.world.event_counts import count
from sim.world.institution import Institution
from sim.world.keyed_draw import draw_once
from sim.world.laboratory import sees_infection
from sim.world.lists import append, clear, put_last, sort, take_first
from sim.world.natural_history import infect, infectious_days, is_severe, shows_symptoms
from sim.world.state import Bools, Ints, World
from sim.world.state_of_institutions import Leg
from sim.world.state_of_people import Person
from sim.world.surveillance import Flow

if TYPE_CHECKING:
    from sim.scenario.route import Leg as LegSettings


@compiled
def join_queue(world: World, number: int, i: int, ready: float) -> None:
    """Let a person wait for a seat from ``ready`` on; first ready, first served."""
    append(world, world.legs[number].waiting, i, ready, 0, 0)


@compiled
def departure(leg: Leg, turn: int) -> float:
    """Return when in the day the ``turn``-th departure is."""
    if turn == 0:
        return leg.first_departure
    if turn == leg.departures - 1:
        return leg.last_departure
    step = (leg.last_departure - leg.first_departure) / (leg.departures - 1)
    return turn * step + leg.first_departure


@compiled
def finds_open_port(world: World, leg: Leg, departs: float) -> bool:
    """Tell whether a vehicle that leaves at ``departs`` finds the end of the leg open."""
    if leg.end_port == NONE:
        return True
    arrival = min(int(departs + leg.duration), world.run[0].days - 1)
    is_open: bool = world.in_force[world.ports[leg.end_port].unit, arrival].is_open
    return is_open


@compiled
def is_served(world: World, number: int) -> bool:
    """Tell whether the leg runs at all today."""
    leg, day = world.legs[number], world.run[0].day
    for turn in range(leg.departures):
        if finds_open_port(world, leg, day + departure(leg, turn)):
            return True
    return False


@compiled
def board(world: World, number: int, day: int) -> None:
    """Seat those who are ready, vehicle by vehicle; a travel group stays together if it fits."""
    leg = world.legs[number]
    if leg.waiting.length == 0:
        return
    sort(world, leg.waiting)
    bookings: float = world.in_force[leg.unit, day].bookings
    seated = 0
    for turn in range(leg.departures):
        departs = day + departure(leg, turn)
        if not finds_open_port(world, leg, departs):
            continue
        places = int(min(float(leg.seats), bookings - seated))
        passengers = _who_fits(world, leg, departs, places)
        if passengers > 0:
            _seat(world, number, departs, passengers)
            seated += passengers


@compiled
def _who_fits(world: World, leg: Leg, departs: float, places: int) -> int:
    """Return how many from the front of the queue get into the next vehicle."""
    number, passengers, whole_groups, group = leg.waiting.first, 0, 0, NONE
    while number != NONE and world.entries[number].time <= departs:
        own = world.people[world.entries[number].person].travel_group
        if own != group:
            whole_groups, group = passengers, own
        if passengers == places:
            return whole_groups if whole_groups > 0 else passengers
        passengers += 1
        number = world.entries[number].next
    return passengers


@compiled
def _seat(world: World, number: int, departs: float, passengers: int) -> None:
    """Seat the first of the queue in the next vehicle."""
    leg = world.legs[number]
    for seat in range(passengers):
        place = take_first(world, leg.waiting)
        entry = world.entries[place]
        world.people[entry.person].boards_at = departs
        world.rides[number, entry.person] = leg.vehicles
        entry.what, entry.other = leg.vehicles, seat
        put_last(world, leg.boarding, place)
    world.vehicles[leg.first_vehicle + leg.vehicles].departed_at = departs
    leg.vehicles += 1


@compiled
def carry(world: World, number: int) -> None:
    """Take everybody who has a seat along the leg, vehicle by vehicle."""
    leg = world.legs[number]
    first = leg.boarding.first
    while first != NONE:
        first = _carry_vehicle(world, number, first)
    clear(world, leg.boarding)


@compiled
def _carry_vehicle(world: World, number: int, first: int) -> int:
    """Screen the passengers of one vehicle, let them infect each other, and announce them.

    Those who are not fit to travel have a seat, but stay where they are.

    Returns:
        The first passenger of the next vehicle, or NONE.
    """
    leg, entries, people = world.legs[number], world.entries, world.people
    vehicle = entries[first].what
    departs = people[entries[first].person].boards_at
    arrives = departs + leg.duration
    passenger = first
    while passenger != NONE and entries[passenger].what == vehicle:
        person = people[entries[passenger].person]
        if person.stage != Stage.NOT_FIT_TO_TRAVEL:
            if _is_stopped(world, leg, entries[passenger].person, departs):
                person.stage = Stage.STOPPED_AT_EXIT
            else:
                person.stage, person.location = Stage.ON_BOARD, leg.location
                person.departed_at = departs
        passenger = entries[passenger].next
    if leg.hazard_per_hour > 0:
        _infect_passengers(world, leg, first, departs, arrives)
    passenger, infected = first, 0
    while passenger != NONE and entries[passenger].what == vehicle:
        i = entries[passenger].person
        infected += people[i].infected_at < arrives
        if people[i].stage == Stage.ON_BOARD:
            _arrive(world, leg, i, departs, arrives)
        passenger = entries[passenger].next
    world.vehicles[leg.first_vehicle + vehicle].infected = infected
    return passenger


@compiled
def _is_stopped(world: World, leg: Leg, i: int, departs: float) -> bool:
    """Tell whether exit screening, a question or a test keeps a passenger back."""
    person, in_force = world.people[i], world.in_force[leg.unit, int(departs)]
    if in_force.pre_departure_test < NEVER:
        count(world, Flow.PRE_DEPARTURE_TESTS, world.towns[leg.start].location, departs)
    if not person.infected_at < departs:
        return False
    if shows_symptoms(person, departs):
        u = draw_once(world, Stream.EXIT_SCREENING, person)
        if u < in_force.exit_screening:
            return True
    u = draw_once(world, Stream.EXIT_QUESTIONNAIRE, person)
    if u < in_force.exit_questionnaire and is_aware_of_exposure(world, person):
        return True
    if in_force.pre_departure_test == NEVER:
        return False
    seen = sees_infection(
        world, i, departs - in_force.pre_departure_test, in_force.pre_departure_assay
    )
    return draw_once(world, Stream.EXIT_TEST, person) < seen


@compiled
def is_aware_of_exposure(world: World, person: Person) -> bool:
    """Tell whether an infected person knows that they were exposed."""
    return draw_once(world, Stream.AWARE, person) < world.run[0].aware_share


@compiled
def _infect_passengers(world: World, leg: Leg, first: int, departs: float, arrives: float) -> None:
    """Expose the passengers of a vehicle to the infectious ones, near and far.

    In rounds: those who are infected on the way may infect others before they arrive, so they act
    in the next round, until a round infects nobody.
    """
    entries, vehicle = world.entries, world.entries[first].what
    aboard, passenger = 0, first
    while passenger != NONE and entries[passenger].what == vehicle:
        aboard += 1
        passenger = entries[passenger].next
    who, rows = np.empty(aboard, np.int64), np.empty(aboard, np.int64)
    aboard, passenger = 0, first
    while passenger != NONE and entries[passenger].what == vehicle:
        if world.people[entries[passenger].person].stage == Stage.ON_BOARD:
            who[aboard] = entries[passenger].person
            rows[aboard] = entries[passenger].other // leg.abreast
            aboard += 1
        passenger = entries[passenger].next
    who, rows = who[:aboard], rows[:aboard]
    acting = np.ones(aboard, np.bool_)
    while _infect_round(world, leg, who, rows, acting, vehicle, departs, arrives):
        pass


@compiled
def _infect_round(
    world: World,
    leg: Leg,
    who: Ints,
    rows: Ints,
    acting: Bools,
    vehicle: int,
    departs: float,
    arrives: float,
) -> bool:
    """Expose passengers to those who act, and let those who become infected act next.

    Args:
        world: the world.
        leg: the leg.
        who: the passengers, shape (n,).
        rows: where each of them sits, shape (n,).
        acting: who of them act now, shape (n,); replaced by those who become infected.
        vehicle: number of the vehicle on its leg.
        departs: in days.
        arrives: in days.

    Returns:
        Whether anybody has become infected.
    """
    people, infectious, everybody = world.people, 0, 0.0
    infectors, near_to = np.empty(len(who), np.int64), np.empty(len(who), np.int64)
    loads, begins, ends = np.empty(len(who)), np.empty(len(who)), np.empty(len(who))
    for n in range(len(who)):
        since = max(people[who[n]].infectious_from, departs)
        until = min(people[who[n]].infectious_until, arrives)
        if acting[n] and since < until:
            infectors[infectious], near_to[infectious] = who[n], rows[n]
            begins[infectious], ends[infectious] = since, until
            loads[infectious] = infectious_days(world, people[who[n]], since, until)
            everybody += loads[infectious]
            infectious += 1
        acting[n] = False
    if infectious == 0:
        return False
    per_day, any_infected = leg.hazard_per_hour * HOURS_PER_DAY, False
    for n in range(len(who)):
        i = who[n]
        if not is_susceptible(people[i]):
            continue
        near = 0.0
        for k in range(infectious):
            if abs(near_to[k] - rows[n]) <= leg.near_rows:
                near += loads[k]
        weighted = everybody + (leg.near_risk - 1.0) * near
        progress = expose(people[i], per_day * weighted)
        if progress == NOT_INFECTED:
            continue
        u = draw_once(world, Stream.INFECTOR, people[i])
        k, up_to = -1, 0.0
        while k < infectious - 1 and up_to <= u * weighted:
            k += 1
            is_near = abs(near_to[k] - rows[n]) <= leg.near_rows
            up_to += loads[k] * leg.near_risk if is_near else loads[k]
        time = begins[k] + progress * (ends[k] - begins[k])
        infect(world, i, time, infectors[k], leg.location)
        people[i].infected_aboard = vehicle
        acting[n] = any_infected = True
    return any_infected


@compiled
def _arrive(world: World, leg: Leg, i: int, departs: float, arrives: float) -> None:
    """Announce a passenger at the end of the leg, unless they are taken off ill."""
    person = world.people[i]
    if is_severe(person, arrives) or _is_noticed(world, leg, person, departs, arrives):
        person.stage, person.location = Stage.TAKEN_ILL_ON_BOARD, leg.end_place
    elif leg.end_port != NONE:
        plan(world, world.ports[leg.end_port].agenda, i, arrives, 0, 0)
    else:
        plan(world, world.towns[leg.end_town].agenda, i, arrives, 0, 0)


@compiled
def _is_noticed(world: World, leg: Leg, person: Person, departs: float, arrives: float) -> bool:
    """Tell whether a passenger falls ill on the way and the crew notices."""
    if not (departs < person.onset_at and person.onset_at <= arrives):
        return False
    return draw_once(world, Stream.ILLNESS_ON_BOARD, person) < leg.symptoms_noticed


class Carrier(Institution):
    """The airline, bus or railway that serves one leg."""

    table = "legs"

    @property
    def leg(self) -> "LegSettings":
        """The leg, as the scenario describes it."""
        return self.model.scenario.legs[self.name]

    @property
    def departures(self) -> list[float]:
        """When each vehicle left, in days."""
        departures: list[float] = self._vehicles["departed_at"].tolist()
        return departures

    def infected_per_vehicle(self) -> IntArray:
        """Return how many passengers of each vehicle were infected when it arrived."""
        infected: IntArray = self._vehicles["infected"].astype(np.int64)
        return infected

    @property
    def _vehicles(self) -> Any:
        leg = self.record
        return self.world.vehicles[leg.first_vehicle : leg.first_vehicle + leg.vehicles]
