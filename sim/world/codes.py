"""Codes of the state of a world: what a person, a register or a pending event may be.

Times are days since the start of the calendar; an event that has not happened is at ``NEVER``.
"""

from enum import IntEnum

import numpy as np

NEVER = np.inf
"""The time of an event that has not happened."""


EXTERNAL = -1
"""Infector of a person infected by someone whom the world does not follow."""


NOBODY = -2
"""Infector of a person who is not infected."""


NONE = -1
"""Instead of the number of a person, an entry or an institution: there is none."""


EVENING = 23 / 24
"""When stranded people decide, as a share of the day."""


NOON = 0.5


HOURS_PER_DAY = 24.0


class Stage(IntEnum):
    """Where a person is on the journey; every person is in exactly one stage."""

    AT_HOME = 0
    SET_OUT = 1
    ON_BOARD = 2
    STAGING = 3
    STRANDED = 4
    AT_PORT = 5
    IN_QUARANTINE = 6
    ISOLATED = 7
    RELEASED = 8
    BREACHED = 9
    GAVE_UP = 10
    STOPPED_AT_EXIT = 11
    TAKEN_ILL_ON_BOARD = 12
    NOT_FIT_TO_TRAVEL = 13
    RESIDENT = 14
    CONTACT = 15
    CROSSING = 16
    TURNED_BACK = 17
    INSIDE = 18
    PATIENT = 19


class Register(IntEnum):
    """What the health authority has a person down as; only moves forward."""

    NONE = 0
    CARRIER = 1
    CONFIRMED = 2
    CLOSED = 3
    CARRIER_RELEASED = 4


class FoundBy(IntEnum):
    """What led to the first positive test."""

    NOT_FOUND = 0
    ENTRY_SCREENING = 1
    SYMPTOMS = 2
    SCHEDULED_TEST = 3
    TRACING = 4
    CAUGHT = 5


class CaughtBy(IntEnum):
    """What found someone who tried to cross away from the ports."""

    NOT_CAUGHT = 0
    PATROL = 1
    SENSOR = 2
    REPORT = 3
    CAPTURE = 4


class Decision(IntEnum):
    """What a stranded person does today.

    Someone who is to divert without another open port, or to cross where there is no border,
    waits.
    """

    WAIT = 0
    GIVE_UP = 1
    DIVERT = 2
    CROSS = 3


class Due(IntEnum):
    """The agendas that all institutions share; towns, ports and stretches have their own."""

    DEPARTURE = 0
    SYMPTOM_SWAB = 1
    SCHEDULED_SWAB = 2
    ARRIVAL_TEST = 3
    RELEASE = 4
    BREACH = 5
    RESULT = 6
    CONVERSION = 7
    OBSERVATION_END = 8
    DISCHARGE = 9
    CONTACT_FOUND = 10
    CONTACT_SWAB = 11
    REWARD = 12
    OWN = 13
    """The first agenda that belongs to one institution."""
