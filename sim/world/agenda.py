"""What is due for whom, by day."""

import math

from sim.world.compiled import compiled
from sim.world.lists import append, move_all, sort
from sim.world.state import World
from sim.world.state_of_people import List


@compiled
def plan(world: World, agenda: int, person: int, time: float, what: int, other: int) -> None:
    """Enter something that is due for a person at ``time``.

    What is due after the calendar is left out. What was due on an earlier day is due the next
    time that someone asks.
    """
    run = world.run[0]
    if time < run.days:
        day = max(math.floor(time), run.day)
        append(world, world.agendas[agenda, day], person, time, what, other)


@compiled
def due_today(world: World, agenda: int) -> List:
    """Return the list of what is due today, by time and then person.

    To be emptied before the agenda is asked again. What is added meanwhile is not in it: a day may
    be asked for again, and then what was added since is due.
    """
    run = world.run[0]
    due: List = world.agendas[agenda, run.days]
    if run.day > 0:
        move_all(world, world.agendas[agenda, run.day - 1], due)
    move_all(world, world.agendas[agenda, run.day], due)
    sort(world, due)
    return due
