"""Room for more people in a world, and for what they have to do."""

import numpy as np

from sim.scenario.quantities import MOST_PEOPLE
from sim.world.records import dtype_of, lengthened
from sim.world.residents import place_residents
from sim.world.state import World
from sim.world.state_of_people import Entry, Person


class TooManyPeople(ValueError):
    """A run would follow so many people that the memory of the machine may not hold them."""


def require_room(people: int) -> None:
    """Make sure that a run may follow this many people; to be called before they are made.

    Raises:
        TooManyPeople: it may not.
    """
    if people > MOST_PEOPLE:
        raise TooManyPeople(
            f"more than {MOST_PEOPLE:,} people set out, are infected in town or live with someone "
            "who is: one run cannot follow them all"
        )


def make_more_room(world: World) -> None:
    """Make the room that a world has asked for.

    Raises:
        TooManyPeople: a run cannot follow as many.
    """
    run = world.run[0]
    needed = run.people + run.people_needed
    require_room(needed)
    make_room(world, needed + needed // 2 if needed > len(world.people) else len(world.people))


def make_room(world: World, people: int) -> None:
    """Make room for ``people``, or as many as a run can follow, and what they do in a day."""
    run, people = world.run[0], min(people, MOST_PEOPLE)
    if people > len(world.people):
        world.put("people", lengthened(world.people, people, Person))
        slots = len(world.rows)
        while slots < 3 * (people - run.travellers):
            slots *= 2
        if slots > len(world.rows):
            world.put("rows", np.zeros(slots, np.int64))
            place_residents(world)
    enough = run.used + run.entries_a_person * len(world.people)
    if enough > len(world.entries):
        entries = np.empty(enough + enough // 2, dtype_of(Entry))
        if run.used > 0:
            entries[: run.used] = world.entries[: run.used]
        world.put("entries", entries)
