"""The community that travellers come from: who is infected there, and who departs when."""

import math
from enum import IntEnum

from sim.world.agenda import due_today, plan
from sim.world.carrier import board, carry, join_queue
from sim.world.codes import EXTERNAL, NEVER, NONE, Due, Stage
from sim.world.compiled import compiled, entry
from sim.world.contagion import NOT_INFECTED, expose, is_susceptible
from sim.world.distributions import quantile
from sim.world.draws import Stream
from sim.world.institution import Institution
from sim.world.keyed_draw import draw_once, travel_group_key
from sim.world.lists import free, take_first
from sim.world.natural_history import (
    draw_natural_history,
    illness,
    infect,
    is_severe,
    start_infection,
)
from sim.world.numbers import count_up_to, exponential, on_grid
from sim.world.state import Floats, Ints, World
from sim.world.state_of_people import Person


class CohortTiming(IntEnum):
    """How long before departure a cohort was infected."""

    UNIFORM = 0
    STEPS = 1
    GROWING = 2
    DISTRIBUTED = 3
    COURSE = 4


@entry
def make_travellers(world: World, times: Floats, sizes: Ints, ports: Ints) -> None:
    """Make everybody who sets out, infect some of them, and let all wait for the first leg.

    Args:
        world: with room for all.
        times: when each travel group sets out, ascending.
        sizes: people in each group.
        ports: number of the port that each aims at.
    """
    run, i = world.run[0], 0
    for group in range(len(times)):
        for member in range(sizes[group]):
            person = world.people[i]
            person.travel_group = group
            person.key = travel_group_key(group) + member
            person.set_out_at, person.port, person.location = times[group], ports[group], run.start
            u = draw_once(world, Stream.INFECTION_THRESHOLD, person)
            person.threshold = -math.log(u)
            if not run.is_cohort:
                _expose_to_epidemic(world, i, 0.0, hazard_until(world, times[group]))
            join_queue(world, world.way[run.first_town, ports[group]], i, times[group])
            i += 1
    run.people = run.travellers = i


@entry
def plan_departures(world: World) -> None:
    """Work out every journey of the calendar as far as the end of the first leg.

    Nothing behind that leg has a part in it. ``step_source`` lets it come true day by day.
    """
    run, people = world.run[0], world.people
    for number in range(len(world.legs)):
        leg = world.legs[number]
        if leg.start != run.first_town:
            continue
        for day in range(run.days):
            board(world, number, day)
            place = leg.boarding.first
            while place != NONE:
                i = world.entries[place].person
                if not _is_fit(world, i, people[i].boards_at):
                    people[i].stage = Stage.NOT_FIT_TO_TRAVEL
                place = world.entries[place].next
            carry(world, number)
    for i in range(run.travellers):
        if people[i].boards_at < NEVER:
            first_leg = world.way[run.first_town, people[i].port]
            plan(world, Due.DEPARTURE, i, people[i].boards_at, people[i].stage, first_leg)
            people[i].stage, people[i].location = Stage.AT_HOME, run.start


@entry
def step_source(world: World) -> None:
    """Let today's travel groups set out, and those who have a seat depart."""
    run, people = world.run[0], world.people
    while run.set_out < run.travellers and people[run.set_out].set_out_at < run.day + 1:
        people[run.set_out].stage = Stage.SET_OUT
        run.set_out += 1
    due = due_today(world, Due.DEPARTURE)
    while due.first != NONE:
        place = take_first(world, due)
        departing = world.entries[place]
        person, leg = people[departing.person], world.legs[departing.other]
        person.stage = departing.what
        if person.stage == Stage.ON_BOARD:
            person.location = leg.location
        elif person.stage == Stage.TAKEN_ILL_ON_BOARD:
            person.location = leg.end_place
        free(world, place)


@compiled
def hazard_until(world: World, time: float) -> float:
    """Return the cumulative hazard at the source from long ago to ``time``."""
    run = world.run[0]
    return on_grid(time, run.source_first, run.source_step, world.source, 0, len(world.source))


@compiled
def _time_of(world: World, hazard: float) -> float:
    """Return when the cumulative hazard at the source reached ``hazard``."""
    run, source = world.run[0], world.source
    after = count_up_to(hazard, source, 0, len(source))
    if after == len(source):
        return run.source_first + (after - 1) * run.source_step
    slope = run.source_step / (source[after] - source[after - 1])
    start = run.source_first + (after - 1) * run.source_step
    return float(start + slope * (hazard - source[after - 1]))


@compiled
def _expose_to_epidemic(world: World, i: int, since: float, until: float) -> None:
    """Expose a person to the epidemic from one cumulative hazard to another."""
    person = world.people[i]
    if not is_susceptible(person):
        return
    progress = expose(person, (until - since) * world.frailty[person.travel_group])
    if progress != NOT_INFECTED:
        time = _time_of(world, since + progress * (until - since))
        infect(world, i, time, EXTERNAL, world.run[0].start)


@compiled
def _is_fit(world: World, i: int, departs: float) -> bool:
    """Infect a person until departure, and tell whether their illness allows the journey."""
    person = world.people[i]
    if world.run[0].is_cohort:
        return _infect_cohort(world, i, departs) > departs
    since = hazard_until(world, person.set_out_at)
    _expose_to_epidemic(world, i, since, hazard_until(world, departs))
    return not is_severe(person, departs)


@compiled
def _infect_cohort(world: World, i: int, departs: float) -> float:
    """Infect a member of a cohort, or not; return when the illness ends, as the cohort has it.

    It ends with severe disease or with recovery; never for those who are not infected.
    """
    run, person = world.run[0], world.people[i]
    if not draw_once(world, Stream.COHORT_INFECTED, person) < run.cohort_share:
        return NEVER
    draw_natural_history(world, i)
    ends = illness(world, person) if run.cohort_until_recovery else person.onset_to_severe
    before = _before_departure(world, person, person.incubation + ends)
    start_infection(world, i, departs - before, EXTERNAL, run.start)
    return person.infected_at + person.incubation + ends


@compiled
def _before_departure(world: World, person: Person, course: float) -> float:
    """Return how long before departure a member of a cohort was infected.

    Args:
        world: the world.
        person: the member.
        course: infection to severe disease or recovery, in days.
    """
    run = world.run[0]
    u = draw_once(world, Stream.COHORT_TIMING, person)
    if run.cohort_timing == CohortTiming.UNIFORM:
        return run.cohort_b + (run.cohort_a - run.cohort_b) * u
    if run.cohort_timing == CohortTiming.STEPS:
        steps = round((run.cohort_a - run.cohort_b) / run.cohort_step) + 1
        return run.cohort_b + run.cohort_step * math.floor(u * steps)
    if run.cohort_timing == CohortTiming.GROWING:
        growth = run.cohort_b
        return -math.log1p(u * (exponential(-growth * run.cohort_a) - 1.0)) / growth
    if run.cohort_timing == CohortTiming.DISTRIBUTED:
        return quantile(run.cohort_before, world.tables, u)
    return u * run.cohort_a * course


class SourceCommunity(Institution):
    """The community that travellers come from, and the epidemic that it lives in."""

    table = "towns"

    def step(self) -> None:
        """Let those leave who set out today."""
        step_source(self.world)
