"""Rooms in quarantine, and the room-mates in them who may infect each other."""

from sim.world.close_contacts import Together, add_pair, mix_close_contacts
from sim.world.codes import NONE
from sim.world.compiled import compiled
from sim.world.contagion import is_susceptible
from sim.world.state import World
from sim.world.state_of_people import List


@compiled
def begin_intake(world: World) -> None:
    """Let those who are taken in from now on share no room with those before them."""
    world.run[0].intakes += 1


@compiled
def move_in(world: World, i: int, number: int) -> None:
    """Give a person a bed in the room of a site that is being filled, or in a new one."""
    run, site, person = world.run[0], world.sites[number], world.people[i]
    if site.room_size == 1 or run.room_hazard == 0:
        return
    if site.intake != run.intakes or site.beds_left == 0:
        site.intake, site.beds_left = run.intakes, site.room_size
        person.next_in_room = i
    else:
        last = world.people[site.room]
        person.next_in_room, last.next_in_room = last.next_in_room, i
        mate = person.next_in_room
        while mate != i:
            if not is_susceptible(world.people[mate]):
                add_pair(world, run.room_mates, mate, i)
            if not is_susceptible(person):
                add_pair(world, run.room_mates, i, mate)
            mate = world.people[mate].next_in_room
    site.room = i
    site.beds_left -= 1


@compiled
def mix_room_mates(world: World, victims: List) -> None:
    """Expose room-mates to each other for the part of today that they share.

    In rounds: those who are infected today may infect others before the day is over, so they act
    in the next round, until a round infects nobody.

    Args:
        world: the world.
        victims: an empty list, in which those who become infected are put.
    """
    run, seen, again = world.run[0], NONE, True
    while again:
        mix_close_contacts(world, run.room_mates, Together.ROOM, run.room_hazard, NONE, victims)
        again = False
        number = victims.first if seen == NONE else world.entries[seen].next
        while number != NONE:
            i = world.entries[number].person
            mate = world.people[i].next_in_room
            while mate != i:
                add_pair(world, run.room_mates, i, mate)
                mate = world.people[mate].next_in_room
            if world.people[i].infectious_from < run.day + 1:
                again = True
            seen, number = number, world.entries[number].next
