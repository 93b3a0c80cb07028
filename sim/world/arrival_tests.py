"""Tests of arrivals in the community behind the border: after release, or without a quarantine.

Only those who have been let go take them: in quarantine there are other swabs, and those who
broke it are out of reach.
"""

from sim.world.agenda import due_today, plan
from sim.world.codes import NONE, Due, FoundBy, Stage
from sim.world.compiled import compiled, entry
from sim.world.draws import Stream
from sim.world.institution import Institution
from sim.world.keyed_draw import draw_once
from sim.world.laboratory import receive
from sim.world.lists import clear
from sim.world.quarantine_exit import is_reachable, let_go_by
from sim.world.state import World
from sim.world.state_of_people import List


@compiled
def plan_arrival_tests(world: World, i: int, time: float) -> None:
    """Ask a person who comes in today for swabs on set days after entry; some take them."""
    run, today = world.run[0], world.days[world.run[0].day]
    if today.arrival_swabs == today.arrival_swabs_end:
        return
    u = draw_once(world, Stream.TAKES_ARRIVAL_TESTS, world.people[i])
    if u < run.arrival_tests_taken:
        for k in range(today.arrival_swabs, today.arrival_swabs_end):
            swab = world.swab_times[k]
            plan(world, Due.ARRIVAL_TEST, i, time + swab.days, swab.assay, 0)


@entry
def take_arrival_tests(world: World) -> None:
    """Send today's tests of arrivals to the laboratory, of those let go by that minute."""
    due, tomorrow = due_today(world, Due.ARRIVAL_TEST), world.run[0].day + 1.0
    for assay in range(len(world.assays)):
        _let_go_in_time(world, due, assay)
        number = due.first
        while number != NONE:
            swab = world.entries[number]
            number = swab.next
            if swab.what != assay:
                continue
            i, time = swab.person, swab.time
            person = world.people[i]
            if is_reachable(world, i, time) and person.planned_release <= time:
                # Who is kept only until a result comes is asked again the next morning.
                plan(world, Due.ARRIVAL_TEST, i, tomorrow, assay, 0)
            elif (
                person.stage == Stage.RELEASED
                and person.in_community_from <= time
                and time < person.first_positive_at
            ):
                person.seeks_care = True
                receive(world, i, time, FoundBy.SCHEDULED_TEST, assay)
    clear(world, due)


@compiled
def _let_go_in_time(world: World, due: List, assay: int) -> None:
    """Let those go whose stay ends before one of their swabs for an assay.

    Before any of these swabs: of two on one day, the first may lie before the end of the stay.
    """
    number = due.first
    while number != NONE:
        swab = world.entries[number]
        number = swab.next
        if swab.what == assay:
            let_go_by(world, swab.person, swab.time)


class ArrivalTests(Institution):
    """Tests arrivals who were let go, so many days after their arrival."""

    def take_swabs(self) -> None:
        """Take the swabs that are due today."""
        take_arrival_tests(self.world)
