"""Lists of people: queues, agendas, contacts. All are made of the entries of the world."""

from sim.world.codes import NONE
from sim.world.compiled import compiled
from sim.world.state import World
from sim.world.state_of_people import List


@compiled
def is_before(world: World, one: int, other: int) -> bool:
    """Tell whether an entry comes before another one: by time, then by person."""
    a, b = world.entries[one], world.entries[other]
    return a.time < b.time or (a.time == b.time and a.person < b.person)


@compiled
def append(world: World, to: List, person: int, time: float, what: int, other: int) -> None:
    """Put a person at the end of a list."""
    run = world.run[0]
    number = run.free
    if number == NONE:
        number = run.used
        run.used += 1
    else:
        run.free = world.entries[number].next
    entry = world.entries[number]
    entry.person, entry.time, entry.what, entry.other = person, time, what, other
    put_last(world, to, number)


@compiled
def put_last(world: World, to: List, number: int) -> None:
    """Put an entry that is in no list at the end of one."""
    world.entries[number].next = NONE
    if to.first == NONE:
        to.first, to.unsorted = number, False
    else:
        world.entries[to.last].next = number
        if is_before(world, number, to.last):
            to.unsorted = True
    to.last = number
    to.length += 1


@compiled
def take_first(world: World, of: List) -> int:
    """Take the first entry out of a list that has one, and return its number."""
    number = of.first
    of.first = world.entries[number].next
    of.length -= 1
    return number


@compiled
def free(world: World, number: int) -> int:
    """Give back an entry that is in no list any more; return the one that came after it."""
    after = world.entries[number].next
    world.entries[number].next = world.run[0].free
    world.run[0].free = number
    return after


@compiled
def pop(world: World, of: List) -> tuple[int, float]:
    """Take the first entry out of a list that has one; return its person and its time."""
    number = take_first(world, of)
    entry = world.entries[number]
    person, time = int(entry.person), entry.time
    free(world, number)
    return person, time


@compiled
def clear(world: World, of: List) -> None:
    """Give back all entries of a list."""
    while of.first != NONE:
        free(world, take_first(world, of))


@compiled
def remove_after(world: World, of: List, before: int, number: int) -> int:
    """Take an entry out of a list and give it back; return the one that came after it.

    Args:
        world: the world.
        of: the list.
        before: the entry before it, or NONE.
        number: the entry.
    """
    after = free(world, number)
    if before == NONE:
        of.first = after
    else:
        world.entries[before].next = after
    if of.last == number:
        of.last = before
    of.length -= 1
    return after


@compiled
def move_all(world: World, source: List, to: List) -> None:
    """Put all entries of a list at the end of another one."""
    if source.first == NONE:
        return
    if to.first == NONE:
        to.first, to.unsorted = source.first, source.unsorted
    else:
        world.entries[to.last].next = source.first
        if source.unsorted or is_before(world, source.first, to.last):
            to.unsorted = True
    to.last = source.last
    to.length += source.length
    source.first, source.length = NONE, 0


@compiled
def sort(world: World, of: List) -> None:
    """Sort a list by time, then person; what is equal keeps its order.

    A natural merge sort: it merges runs that are in order already, two by two, and the first one
    last, because a queue to which some have come is a long run and a few short ones. It links
    entries anew and needs no room.
    """
    if not of.unsorted or of.first == NONE:
        return
    of.unsorted = False
    rest, runs = _cut_run(world, of.first), 2
    while runs > 1:
        rest, runs = _merge_pairs(world, rest)
    of.first, of.last = _merge(world, of.first, rest)


@compiled
def _cut_run(world: World, first: int) -> int:
    """End a chain after the entries from ``first`` on that are in order; return what came next."""
    last = first
    after = world.entries[first].next
    while after != NONE and not is_before(world, after, last):
        last, after = after, world.entries[after].next
    world.entries[last].next = NONE
    return after


@compiled
def _merge_pairs(world: World, rest: int) -> tuple[int, int]:
    """Merge the runs of a chain two by two; return its first entry and how many runs are left."""
    first, last, runs = NONE, NONE, 0
    while rest != NONE:
        left = rest
        right = _cut_run(world, left)
        rest = NONE if right == NONE else _cut_run(world, right)
        head, tail = _merge(world, left, right)
        if last == NONE:
            first = head
        else:
            world.entries[last].next = head
        last = tail
        runs += 1
    return first, runs


@compiled
def _merge(world: World, left: int, right: int) -> tuple[int, int]:
    """Merge two chains that are in order; return the first and the last entry."""
    first, last = NONE, NONE
    while left != NONE or right != NONE:
        if left == NONE or (right != NONE and is_before(world, right, left)):
            number, right = right, world.entries[right].next
        else:
            number, left = left, world.entries[left].next
        if last == NONE:
            first = number
        else:
            world.entries[last].next = number
        last = number
    return first, last
