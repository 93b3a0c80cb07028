"""The beginning of a day."""

from sim.world.compiled import entry
from sim.world.state import World


@entry
def begin_day(world: World, day: int) -> bool:
    """Begin a day.

    Returns:
        Whether there are entries enough for all that everybody may have to do in a day; if not, to
        be asked for with ``make_more_room``.
    """
    run = world.run[0]
    run.day, run.people_needed = day, 0
    return run.used + run.entries_a_person * len(world.people) <= len(world.entries)
