"""The travellers as a table: one row a person, one array a property.

Times are days since the start of the calendar; an event that has not happened is at ``NEVER``.
"""

import numpy as np
from numpy.typing import NDArray

from sim.scenario.quantities import MOST_PEOPLE
from sim.world.draws import BoolArray, FloatArray, IntArray

NEVER = np.inf
"""The time of an event that has not happened."""

EXTERNAL = -1
"""Infector of a person infected by somebody outside the table of travellers."""

NOBODY = -2
"""Infector of a person who is not infected."""


_MANY = 512
"""Room for at least as many people once there are residents."""


class TooManyPeople(ValueError):
    """A run would follow so many people that the memory of the machine may not hold them."""


def require_room(people: int) -> None:
    """Make sure that a run may follow this many people; to be called before they are made.

    Raises:
        TooManyPeople: it may not.
    """
    if people > MOST_PEOPLE:
        raise TooManyPeople(
            f"more than {MOST_PEOPLE:,} people set out, are infected in town or live with somebody "
            "who is: one run cannot follow them all"
        )


class Codes:
    """Named whole numbers for a column of the table.

    Not an IntEnum: NumPy takes five times as long to compare an array with a member of one.
    """

    @classmethod
    def names(cls) -> list[str]:
        """Return the names in the order of their numbers, which count from 0."""
        return [name for name in vars(cls) if name.isupper()]


class Stage(Codes):
    """Where a traveller is on the journey; every traveller is in exactly one stage."""

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


class Register(Codes):
    """What the health authority has a person down as; only moves forward."""

    NONE = 0
    CARRIER = 1
    CONFIRMED = 2
    CLOSED = 3
    CARRIER_RELEASED = 4


class FoundBy(Codes):
    """What led to the first positive test."""

    NOT_FOUND = 0
    ENTRY_SCREENING = 1
    SYMPTOMS = 2
    SCHEDULED_TEST = 3
    TRACING = 4
    CAUGHT = 5


class CaughtBy(Codes):
    """What found somebody who tried to cross away from the ports."""

    NOT_CAUGHT = 0
    PATROL = 1
    SENSOR = 2
    REPORT = 3
    CAPTURE = 4


class Population:
    """All people: first those who set out, in the order in which they do, then residents.

    Residents of the places behind the border are added when something may happen to them. Write
    into the columns, never replace them: they are windows on longer ones.

    Args:
        size: number of people who set out.
        legs: number of legs, for the vehicles they travel in.

    Raises:
        TooManyPeople: here, or when people are added.
    """

    def __init__(self, size: int, legs: int) -> None:
        require_room(size)

        def number(fill: float = NEVER) -> FloatArray:
            return np.full(size, fill)

        def code(fill: int = 0) -> NDArray[np.int16]:
            return np.full(size, fill, dtype=np.int16)

        self.travellers = size
        """People who set out: the first rows."""
        self.size = size
        self.key = np.zeros(size, dtype=np.uint64)
        self.party = np.full(size, -1, dtype=np.int64)
        self.set_out_at = number()
        self.stage = code(Stage.AT_HOME)
        self.location = code()
        self.port = code()

        # The course an infection would take in this person, drawn once.
        self.threshold = number()
        self.incubation = number()
        self.onset_to_severe = number()
        self.asymptomatic = np.zeros(size, dtype=bool)
        self.infectivity = number(1.0)

        # The infection, if there is one.
        self.infected_at = number()
        self.infected_in = code(-1)
        self.infected_aboard = np.full(size, -1, dtype=np.int32)
        """Number of the vehicle of the leg ``infected_in``, or -1."""
        self.infector = np.full(size, NOBODY, dtype=np.int64)
        self.onset_at = number()
        self.severe_at = number()
        self.symptoms_end_at = number()
        self.infectious_from = number()
        self.infectious_until = number()

        # The journey.
        self.vehicle = np.full((legs, size), -1, dtype=np.int32)
        self.departed_at = number()
        self.mixing_from = number()
        self.stranded_since = number()
        self.stranded_days = number(0.0)
        self.patience = number()
        self.diverts = np.zeros(size, dtype=bool)
        self.gave_up_at = number()
        self.crossed_at = number()

        # Away from the ports.
        self.worth_of_home = number(1.0)
        """Personal factor on what being home is worth."""
        self.risk_aversion = number(1.0)
        """Personal factor on what is lost when caught."""
        self.resolve = number()
        """How much urge to cross illegally it takes until the person does."""
        self.urge = number(0.0)
        """Urge so far: the sum over the evenings of minus log(1 - probability of an attempt)."""
        self.tried_at = number()
        self.crossed_in = code(-1)
        """Town that an illegal crossing leads to."""
        self.caught_by = code(CaughtBy.NOT_CAUGHT)

        # Behind the border.
        self.site = code(-1)
        self.room = np.full(size, -1, dtype=np.int64)
        self.quarantined_at = number()
        self.planned_release = number()
        self.breaches = code()
        self.released_at = number()
        self.tests = code()
        self.results_awaited = np.zeros(size, dtype=np.int64)
        self.last_result_at = number(-NEVER)
        self.hospital = code(-1)

        # In a town behind the border.
        self.local = np.zeros(size, dtype=bool)
        """Counted as local: everybody who did not come over the border."""
        self.household = np.full(size, -1, dtype=np.int64)
        """Number of the household among all residents, or -1."""
        self.at_large_from = number()
        self.isolated_at = number()
        """When contact tracing takes the person out of contact with others."""
        self.restricted_from = number()
        self.seeks_care = np.zeros(size, dtype=bool)
        """Has been swabbed at large, and can be found there when the result comes."""

        # The registers.
        self.register = code(Register.NONE)
        self.registered_in = code(-1)
        self.found_by = code(FoundBy.NOT_FOUND)
        self.first_positive_at = number()
        self.confirmed_at = number()
        self.confirmed_at_review = np.zeros(size, dtype=bool)
        self.reviews = code()
        self.release_tests = code()
        self.closed_at = number()

        self._legs = legs
        self._columns = {n: c for n, c in vars(self).items() if isinstance(c, np.ndarray)}
        self._capacity = size

    def add(self, count: int) -> IntArray:
        """Add ``count`` people to whom nothing has happened, and return their rows."""
        require_room(self.size + count)
        first, self.size = self.size, self.size + count
        if self.size > self._capacity:
            self._capacity = max(self.size, self._capacity + self._capacity // 2, _MANY)
            blank = Population(1, self._legs)
            for name, column in self._columns.items():
                longer = np.empty((*column.shape[:-1], self._capacity), dtype=column.dtype)
                longer[..., :first] = column[..., :first]
                longer[..., first:] = getattr(blank, name)
                self._columns[name] = longer
        for name, column in self._columns.items():
            setattr(self, name, column[..., : self.size])
        return np.arange(first, self.size)

    @property
    def infected(self) -> BoolArray:
        """Mask of the people who have been infected."""
        return self.infected_at < NEVER

    def out_of_contact_from(self, rows: IntArray) -> FloatArray:
        """Return when a positive test or contact tracing takes people of a town out of contact."""
        return np.minimum(self.first_positive_at[rows], self.isolated_at[rows])

    def susceptible(self, rows: IntArray) -> BoolArray:
        """Return a mask over ``rows``: not infected so far."""
        mask: BoolArray = self.infected_at[rows] == NEVER
        return mask
