"""Which infected entrants ever had a positive test, and why the others never had one.

An entrant is a traveller who came into the country of destination, at a port or away from it.
"""

from enum import IntEnum

from sim.world.codes import NEVER, CaughtBy, Stage
from sim.world.compiled import compiled
from sim.world.state_of_people import Person


class Detection(IntEnum):
    """What the tests made of an infected entrant, by the end of the calendar.

    The causes of an undetected infection begin with ``CROSSED_UNSEEN``; see ``CAUSES``.
    """

    POSITIVE = 0
    UNDECIDED = 1
    CROSSED_UNSEEN = 2
    BROKE_QUARANTINE = 3
    RECOVERED_ON_ARRIVAL = 4
    NEVER_SWABBED = 5
    TESTED_TOO_EARLY = 6
    TESTED_TOO_LATE = 7
    BETWEEN_SWABS = 8
    FALSE_NEGATIVE = 9


CAUSES = tuple(Detection)[Detection.CROSSED_UNSEEN :]
"""Why an infected entrant never had a positive test."""

CAUSE_LABELS = {
    Detection.CROSSED_UNSEEN: "crossed away from the ports, not caught",
    Detection.BROKE_QUARANTINE: "broke quarantine, not brought back",
    Detection.RECOVERED_ON_ARRIVAL: "no longer infectious on arrival",
    Detection.NEVER_SWABBED: "never swabbed",
    Detection.TESTED_TOO_EARLY: "tested too early",
    Detection.TESTED_TOO_LATE: "tested too late",
    Detection.BETWEEN_SWABS: "infectious between two swabs",
    Detection.FALSE_NEGATIVE: "false negative while infectious",
}


@compiled
def detection_of(person: Person) -> int:
    """Return the ``Detection`` of an infected entrant.

    The first that applies, in this order: a positive test; an open case (in quarantine at the end,
    or with a result to come that would still reach the person); the way in or out that avoided the
    tests; and then the times of the negative swabs, relative to the infectious period. Swabs that
    are planned for after the end do not count.
    """
    if person.first_positive_at < NEVER:
        return Detection.POSITIVE
    result_to_come = person.results_awaited > 0 and person.seeks_care
    if person.stage == Stage.IN_QUARANTINE or result_to_come:
        return Detection.UNDECIDED
    if person.tried_at < NEVER and person.caught_by == CaughtBy.NOT_CAUGHT:
        return Detection.CROSSED_UNSEEN
    # By times, because a contact who is traced later has another stage.
    if person.released_at < person.planned_release:
        return Detection.BROKE_QUARANTINE
    if person.infectious_until <= person.crossed_at:
        return Detection.RECOVERED_ON_ARRIVAL
    return _by_negative_swabs(person)


@compiled
def _by_negative_swabs(person: Person) -> int:
    """Return why negative swabs missed someone who was still to be infectious on arrival."""
    if person.negative_infectious:
        return Detection.FALSE_NEGATIVE
    if person.negative_early and person.negative_late:
        return Detection.BETWEEN_SWABS
    if person.negative_early:
        return Detection.TESTED_TOO_EARLY
    if person.negative_late:
        return Detection.TESTED_TOO_LATE
    return Detection.NEVER_SWABBED
