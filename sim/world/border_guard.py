"""A stretch of border away from the ports: who crosses it, and who is seen."""

import math

from sim.world.agenda import due_today, plan
from sim.world.codes import HOURS_PER_DAY, NONE, NOON, CaughtBy, FoundBy, Stage
from sim.world.community import enter_community
from sim.world.compiled import compiled, entry
from sim.world.crossing_choice import add_urge, chance_of_attempt, keeps_to_the_law
from sim.world.draws import Stream
from sim.world.event_counts import book, count
from sim.world.informants import (
    caught_by_residents,
    false_reports_per_day,
    poisson_quantile,
)
from sim.world.institution import Institution
from sim.world.keyed_draw import draw, draw_once
from sim.world.laboratory import PCR, receive
from sim.world.lists import pop
from sim.world.quarantine import take_in
from sim.world.quarantine_rooms import begin_intake
from sim.world.reward_office import offer_report, promise
from sim.world.state import World
from sim.world.state_of_institutions import Stretch
from sim.world.surveillance import Flow


@compiled
def least_watched(world: World, town: int) -> int:
    """Return the stretch from a town that people believe to be watched least, or NONE."""
    least = NONE
    for number in range(len(world.stretches)):
        stretch = world.stretches[number]
        if stretch.start_town == town and (
            least == NONE or stretch.perceived < world.stretches[least].perceived
        ):
            least = number
    return least


@compiled
def consider_crossing(world: World, number: int, i: int) -> None:
    """Let a stranded person, whose traits have been drawn, think about crossing this evening."""
    today, person = world.days[world.run[0].day], world.people[i]
    if keeps_to_the_law(person):
        return
    perceived = world.stretches[number].perceived
    chance = chance_of_attempt(
        world.run[0], person, perceived, today.fine, today.detention + today.stay
    )
    add_urge(person, chance)


@compiled
def attempt(world: World, number: int, i: int, time: float) -> None:
    """Let a person set out at ``time``, and determine who sees them on the way."""
    stretch, person = world.stretches[number], world.people[i]
    person.stage, person.tried_at, person.crossed_in = Stage.CROSSING, time, stretch.end
    count(world, Flow.ILLEGAL_ATTEMPTS, stretch.end, time)
    person.caught_by = _seen_by(world, stretch, i, time)
    plan(world, stretch.agenda, i, time + stretch.trip, 0, 0)


@compiled
def _seen_by(world: World, stretch: Stretch, i: int, time: float) -> int:
    """Return what a crosser is caught by: those at the line first, then residents."""
    person, in_force = world.people[i], world.in_force[stretch.unit, world.run[0].day]
    by_residents = caught_by_residents(world, stretch, i, time)
    if draw_once(world, Stream.PATROL, person) < patrol_detection(stretch, in_force.patrols):
        return CaughtBy.PATROL
    if draw_once(world, Stream.SENSOR, person) < in_force.sensors:
        return CaughtBy.SENSOR
    return by_residents


@compiled
def patrol_detection(stretch: Stretch, patrols: float) -> float:
    """Return the probability that one of ``patrols`` sees a crosser (Koopman's random search)."""
    hours = stretch.time_in_area * HOURS_PER_DAY
    swept = patrols * stretch.sweep_width_km * stretch.speed_km_h * hours
    return -math.expm1(-swept / stretch.area_km2)


@entry
def step_guard(world: World, number: int) -> None:
    """Receive today's crossers, and let what has been seen and heard move perceptions."""
    run, stretch = world.run[0], world.stretches[number]
    announced = world.days[run.day].announced
    if announced > 0:
        heard = announced / (announced + run.reward_scale)
        stretch.perceived += run.announcement_effect * heard * (1 - stretch.perceived)
    _take_false_reports(world, stretch)
    due = due_today(world, stretch.agenda)
    came = seen = handed_over = 0
    while due.first != NONE:
        i, time = pop(world, due)
        person, came = world.people[i], came + 1
        at_line = person.caught_by == CaughtBy.PATROL or person.caught_by == CaughtBy.SENSOR
        if at_line and draw_once(world, Stream.TURNED_BACK, person) < stretch.turned_back:
            seen += 1
            person.stage, person.location = Stage.TURNED_BACK, stretch.start
            count(world, Flow.TURNED_BACK, stretch.start, time)
        elif person.caught_by != CaughtBy.NOT_CAUGHT:
            seen += 1
            if handed_over == 0:
                begin_intake(world)
            handed_over += 1
            _hand_over(world, stretch, i, time)
        else:
            _let_in(world, stretch, i, time)
    if came > 0:
        stretch.perceived += run.learning * (seen / came - stretch.perceived)


@compiled
def _hand_over(world: World, stretch: Stretch, i: int, time: float) -> None:
    """Quarantine and swab a person who was caught, and promise a reward to residents who did."""
    person = world.people[i]
    person.crossed_at, person.location = time, stretch.end
    count(world, Flow.ILLEGAL_CAUGHT, stretch.end, time)
    take_in(world, i, time, _home_in(world, stretch.end))
    receive(world, i, time, FoundBy.CAUGHT, PCR)
    if person.caught_by >= CaughtBy.REPORT:
        promise(world, i, time)


@compiled
def _home_in(world: World, town: int) -> int:
    """Return the site that stands for quarantine at home in a town, which is behind a port."""
    for number in range(len(world.ports)):
        if world.ports[number].town == town:
            return world.ports[number].home
    return NONE


@compiled
def _let_in(world: World, stretch: Stretch, i: int, time: float) -> None:
    """Let a person whom nobody caught live in town, out of quarantine."""
    person = world.people[i]
    person.crossed_at, person.in_community_from = time, time
    person.location, person.stage = stretch.end, Stage.INSIDE
    count(world, Flow.ILLEGAL_ENTERED, stretch.end, time)
    enter_community(world, i)


@compiled
def _take_false_reports(world: World, stretch: Stretch) -> None:
    """Count the reports of nobody, which grow with the reward as true ones do."""
    run = world.run[0]
    if run.false_reports_per_day == 0:
        return
    mean = false_reports_per_day(run, offer_report(world, run.day))
    u = draw(world, Stream.FALSE_REPORTS, stretch.key, run.day)
    book(world, Flow.REPORTS, stretch.end, run.day + NOON, poisson_quantile(mean, u))


class BorderGuard(Institution):
    """Watches a stretch of the border away from the ports."""

    table = "stretches"

    @property
    def location(self) -> int:
        """Code of the town behind the stretch."""
        return int(self.record.end)

    @property
    def perceived(self) -> float:
        """Probability of being caught that people expect here."""
        return float(self.record.perceived)

    def step(self) -> None:
        """Hand over, turn back or let in those who come over the border today."""
        step_guard(self.world, self.number)
