"""A town where travellers change from one leg to the next, mix, and get stranded."""

import numpy as np

from sim.world.agenda import due_today
from sim.world.border_guard import attempt, consider_crossing, least_watched
from sim.world.carrier import board, carry, is_served, join_queue
from sim.world.codes import EVENING, NONE, Decision, Stage
from sim.world.compiled import compiled, entry
from sim.world.contagion import mix
from sim.world.crossing_choice import draw_traits
from sim.world.distributions import quantile
from sim.world.draws import Stream
from sim.world.event_counts import count
from sim.world.institution import Institution
from sim.world.keyed_draw import draw, travel_group_key
from sim.world.lists import append, pop, remove_after, sort
from sim.world.natural_history import is_severe
from sim.world.port_choice import any_open_port, choose_open_port
from sim.world.state import Floats, Ints, World
from sim.world.state_of_people import List, Person
from sim.world.surveillance import Flow


@entry
def take_in_and_board(world: World, number: int) -> int:
    """Take in arrivals, and seat those who can go on.

    Returns:
        How many cannot go on: those who are stranded.
    """
    _take_in(world, number)
    for leg in range(len(world.legs)):
        if world.legs[leg].start == number:
            board(world, leg, world.run[0].day)
    return _strand_those_who_wait(world, number)


@entry
def decide_and_leave(world: World, number: int, asked: bool) -> None:
    """Let the stranded decide and everybody in town mix; those who can leave.

    Args:
        world: the world.
        number: of the town.
        asked: each of the stranded was asked for ``Person.decision``.
    """
    _let_the_stranded_decide(world, number, asked)
    for leg in range(len(world.legs)):
        if world.legs[leg].start == number:
            sort(world, world.legs[leg].waiting)
    _mix(world, number)
    for leg in range(len(world.legs)):
        if world.legs[leg].start == number:
            _depart(world, leg)


@compiled
def turn_back_to(world: World, number: int, i: int, time: float) -> None:
    """Take back a person from a port that shut before they could cross."""
    town, person = world.towns[number], world.people[i]
    person.location = town.location
    if town.is_start:
        person.stage, person.gave_up_at = Stage.GAVE_UP, time
        return
    person.mixing_from = time
    _strand(world, i, time)
    join_queue(world, world.way[number, person.port], i, time)


@compiled
def _take_in(world: World, number: int) -> None:
    """Let today's arrivals wait for the leg towards the port that each of them aims at."""
    town = world.towns[number]
    held: float = world.in_force[town.unit, world.run[0].day].held
    due = due_today(world, town.agenda)
    while due.first != NONE:
        i, time = pop(world, due)
        person = world.people[i]
        person.location, person.stage = town.location, Stage.STAGING
        # One draw for the travel group, so that it goes on together.
        u = draw(
            world, Stream.CONNECTION, travel_group_key(person.travel_group), _legs_ridden(world, i)
        )
        person.mixing_from = time + held
        ready = time + max(quantile(town.connection, world.tables, u), held)
        join_queue(world, world.way[number, person.port], i, ready)


@compiled
def _legs_ridden(world: World, i: int) -> int:
    ridden = 0
    for leg in range(len(world.legs)):
        ridden += world.rides[leg, i] != NONE
    return ridden


@compiled
def _strand_those_who_wait(world: World, number: int) -> int:
    """Put down as stranded those whose leg does not run today, and let them consider crossing.

    Returns:
        How many are stranded.
    """
    run, stretch, stranded = world.run[0], least_watched(world, number), 0
    for leg in range(len(world.legs)):
        if world.legs[leg].start != number or is_served(world, leg):
            continue
        place = world.legs[leg].waiting.first
        while place != NONE and world.entries[place].time < run.day + 1:
            i, ready = world.entries[place].person, world.entries[place].time
            person = world.people[i]
            if person.stage != Stage.STRANDED:
                _strand(world, i, max(ready, float(run.day)))
            draw_traits(world, i)
            if stretch != NONE and not is_severe(person, run.day + 1.0):
                consider_crossing(world, stretch, i)
            stranded += 1
            place = world.entries[place].next
    return stranded


@entry
def stranded_in(world: World, number: int) -> Ints:
    """Return those who cannot go on from a town today, in the order of their queues."""
    rows, run = np.empty(len(world.people), np.int64), world.run[0]
    stranded = 0
    for leg in range(len(world.legs)):
        if world.legs[leg].start != number or is_served(world, leg):
            continue
        place = world.legs[leg].waiting.first
        while place != NONE and world.entries[place].time < run.day + 1:
            rows[stranded] = world.entries[place].person
            stranded += 1
            place = world.entries[place].next
    return rows[:stranded]


@compiled
def _let_the_stranded_decide(world: World, number: int, asked: bool) -> None:
    """Let each stranded person wait, give up, divert to another port or cross the border."""
    run, can_divert = world.run[0], any_open_port(world, number)
    stretch = least_watched(world, number)
    for leg in range(len(world.legs)):
        if world.legs[leg].start != number or is_served(world, leg):
            continue
        waiting = world.legs[leg].waiting
        before, place = NONE, waiting.first
        while place != NONE and world.entries[place].time < run.day + 1:
            i = world.entries[place].person
            person = world.people[i]
            if not asked:
                person.decision = decide(world, person, can_divert)
            decision = person.decision
            # A traveller of the user's own may ask for what cannot be had.
            if (
                decision == Decision.WAIT
                or (decision == Decision.DIVERT and not can_divert)
                or (decision == Decision.CROSS and stretch == NONE)
            ):
                before, place = place, world.entries[place].next
                continue
            place = remove_after(world, waiting, before, place)
            _leave_queue(world, number, i, decision, stretch)


@compiled
def decide(world: World, person: Person, can_divert: bool) -> int:
    """Return what a stranded person does today."""
    if person.diverts and can_divert:
        return Decision.DIVERT
    if person.urge > person.resolve:
        return Decision.CROSS
    if world.run[0].day + 1 - person.stranded_since > person.patience:
        return Decision.GIVE_UP
    return Decision.WAIT


@compiled
def _leave_queue(world: World, number: int, i: int, decision: int, stretch: int) -> None:
    """Let a stranded person do in the evening what they have decided to do."""
    town, person = world.towns[number], world.people[i]
    time = max(world.run[0].day + EVENING, person.stranded_since)
    _end_stranding(world, i, time)
    if decision == Decision.DIVERT:
        person.stage = Stage.STAGING
        person.port = choose_open_port(world, travel_group_key(person.travel_group), number)
        join_queue(world, world.way[number, person.port], i, time)
    elif decision == Decision.CROSS:
        attempt(world, stretch, i, time)
        append(world, town.crossing, i, time, 0, 0)
    else:
        person.stage, person.gave_up_at = Stage.GAVE_UP, time
        person.location = world.run[0].start
        append(world, town.giving_up, i, time, 0, 0)


@compiled
def _strand(world: World, i: int, time: float) -> None:
    """Put down a person as stranded from ``time`` on."""
    person = world.people[i]
    person.stage, person.stranded_since = Stage.STRANDED, time
    count(world, Flow.STRANDED_IN, person.location, time)


@compiled
def _end_stranding(world: World, i: int, time: float) -> None:
    """Add up the days that a person has been stranded, if they have."""
    person = world.people[i]
    if person.stage == Stage.STRANDED:
        person.stranded_days += time - person.stranded_since
        count(world, Flow.STRANDED_OUT, person.location, time)


@compiled
def _depart(world: World, number: int) -> None:
    """Let those leave who have a seat and are well enough."""
    leg = world.legs[number]
    place = leg.boarding.first
    while place != NONE:
        i = world.entries[place].person
        departs = world.people[i].boards_at
        _end_stranding(world, i, departs)
        if is_severe(world.people[i], departs):
            world.people[i].stage = Stage.NOT_FIT_TO_TRAVEL
        place = world.entries[place].next
    carry(world, number)


@compiled
def _mix(world: World, number: int) -> None:
    """Expose everybody who is in town today to everybody else, by the time they share."""
    town = world.towns[number]
    most = town.crossing.length + town.giving_up.length
    for leg in range(len(world.legs)):
        if world.legs[leg].start == number:
            most += world.legs[leg].waiting.length + world.legs[leg].boarding.length
    if most == 0:
        return
    who, comes, leaves = np.empty(most, np.int64), np.empty(most), np.empty(most)
    here = 0
    for leg in range(len(world.legs)):
        if world.legs[leg].start == number:
            here = _add_present(world, world.legs[leg].waiting, False, who, comes, leaves, here)
    for leg in range(len(world.legs)):
        if world.legs[leg].start == number:
            here = _add_present(world, world.legs[leg].boarding, True, who, comes, leaves, here)
    for leaving in (town.crossing, town.giving_up):
        while leaving.first != NONE:
            i, until = pop(world, leaving)
            since = max(world.people[i].mixing_from, float(world.run[0].day))
            if since < until:
                who[here], comes[here], leaves[here] = i, since, until
                here += 1
    if here > 0:
        mix(
            world,
            who[:here],
            comes[:here],
            leaves[:here],
            town.location,
            town.contact_hazard / here,
            town.local_hazard,
        )


@compiled
def _add_present(
    world: World, people: List, boards: bool, who: Ints, comes: Floats, leaves: Floats, here: int
) -> int:
    """Add those of a list who are in town today, until they board or all day."""
    place, day = people.first, float(world.run[0].day)
    while place != NONE:
        i = world.entries[place].person
        person = world.people[i]
        since, until = max(person.mixing_from, day), person.boards_at if boards else day + 1.0
        if since < until:
            who[here], comes[here], leaves[here] = i, since, until
            here += 1
        place = world.entries[place].next
    return here


class StagingTown(Institution):
    """A town on the way, where travellers wait, mix, are stranded and decide."""

    table = "towns"

    def step(self) -> None:
        """Take in arrivals, board those who can go on, let the others mix, wait or decide."""
        stranded = take_in_and_board(self.world, self.number)
        asked = stranded > 0 and self.model.asks_travellers
        if asked:
            self.model.ask_the_stranded(stranded_in(self.world, self.number))
        decide_and_leave(self.world, self.number, asked)
