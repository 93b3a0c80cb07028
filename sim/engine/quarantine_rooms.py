"""People who share a room in quarantine.

The people in a room are linked in a circle. Those who come in different intakes, by another port
or on another day, do not share one.
"""

from sim.engine.close_contacts import Together, add_pair, mix_close_contacts
from sim.engine.compiled import compiled
from sim.engine.contagion import is_susceptible
from sim.engine.state import NONE, List, World


@compiled
def begin_intake(world: World) -> None:
    """Let those who come from now on have rooms of their own."""
    world.run[0].intakes += 1


@compiled
def move_in(world: World, i: int, number: int) -> None:
    """Give person ``i`` a bed in the room of a site that is being filled, or in a new one.

    Remembers the pairs with those who are there already: for each susceptible person the infected
    ones come in the order of their beds.
    """
    run, site = world.run[0], world.sites[number]
    if site.room_size == 1 or run.room_hazard == 0:
        return
    people = world.people
    if site.beds_left == 0 or site.intake != run.intakes:
        site.intake, site.beds_left = run.intakes, site.room_size
        people[i].next_in_room = i
    else:  # behind the one who came last, whom the first follows
        people[i].next_in_room = people[site.room].next_in_room
        people[site.room].next_in_room = i
    site.room = i
    site.beds_left -= 1
    mate = people[i].next_in_room
    while mate != i:
        if not is_susceptible(people[mate]):
            add_pair(world, run.room_mates, mate, i)
        if not is_susceptible(people[i]):
            add_pair(world, run.room_mates, i, mate)
        mate = people[mate].next_in_room


@compiled
def mix_rooms(world: World, victims: List) -> None:
    """Expose room-mates to each other for the part of today that they share.

    Args:
        world: the world.
        victims: an empty list, to which those who become infected are added.
    """
    run = world.run[0]
    mix_close_contacts(world, run.room_mates, Together.ROOM, run.room_hazard, victims)
    number = victims.first
    while number != NONE:
        i, number = world.entries[number].person, world.entries[number].next
        mate = world.people[i].next_in_room
        while mate != i:
            add_pair(world, run.room_mates, i, mate)
            mate = world.people[mate].next_in_room
