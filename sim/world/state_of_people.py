"""The records of people, and of the lists that they wait in."""

from sim.world.codes import NEVER, NOBODY, NONE, CaughtBy, Decision, FoundBy, Register, Stage
from sim.world.records import Int32, Key


class Person:
    """A traveller, or a resident of a place behind the border."""

    # What is read every evening of everybody who waits in town; together in memory, for speed.
    infected_at: float = NEVER
    infectious_from: float = NEVER
    infectious_until: float = NEVER
    threshold: float = NEVER
    """Cumulative hazard that is left until the person is infected (Exp(1) at first)."""
    severe_at: float = NEVER
    mixing_from: float = NEVER
    boards_at: float = NEVER
    """When the vehicle leaves in which the person has a seat."""
    stranded_since: float = NEVER
    patience: float = NEVER
    resolve: float = NEVER
    """How much urge to cross illegally it takes until the person does; NEVER: keeps to the law."""
    urge: float = 0.0
    """Urge so far: the sum over the evenings of minus log(1 - probability of an attempt).

    Of those who keep to the law it stays 0.
    """
    worth_of_home: float = 1.0
    """Personal factor on what being home is worth."""
    risk_aversion: float = 1.0
    """Personal factor on what is lost when caught."""
    stage: Int32 = Stage.AT_HOME
    travel_group: Int32 = NONE
    port: Int32
    decision: Int32 = Decision.WAIT
    location: Int32
    asymptomatic: bool
    diverts: bool
    has_traits: bool
    """``patience``, ``diverts`` and what crossing depends on have been drawn."""

    # The infection.
    infectivity: float = 1.0
    incubation: float = NEVER
    onset_to_severe: float = NEVER
    onset_at: float = NEVER
    symptoms_end_at: float = NEVER
    key: Key
    infector: Int32 = NOBODY
    infected_aboard: Int32 = NONE
    """Number of the vehicle of the leg ``infected_in``."""
    infected_in: Int32 = NONE
    local: bool
    """Counted as local: everybody who did not come over the border."""
    seeks_care: bool
    """Has been swabbed in the community, and can be found there when the result comes."""
    confirmed_at_review: bool
    negative_early: bool
    """Has had a negative swab that was taken before the infectious period, or before infection."""
    negative_infectious: bool
    negative_late: bool
    """The same, of a swab taken while infectious, and of one taken after that."""

    # The journey.
    set_out_at: float = NEVER
    departed_at: float = NEVER
    stranded_days: float = 0.0
    gave_up_at: float = NEVER
    crossed_at: float = NEVER

    # Away from the ports.
    tried_at: float = NEVER
    crossed_in: Int32 = NONE
    """Town that an illegal crossing leads to."""
    caught_by: Int32 = CaughtBy.NOT_CAUGHT

    # Behind the border.
    quarantined_at: float = NEVER
    planned_release: float = NEVER
    released_at: float = NEVER
    last_result_at: float = -NEVER
    site: Int32 = NONE
    next_in_room: Int32 = NONE
    """The next person in the same room, and so on in a circle; NONE where there are no rooms."""
    breaches: Int32
    tests: Int32
    results_awaited: Int32
    hospital: Int32 = NONE
    reward: int
    """Whole CNY promised to those who caught the person."""

    # In the community.
    household: int = NONE
    """Key of the first member of the household."""
    in_community_from: float = NEVER
    isolated_at: float = NEVER
    """When tracing or self-isolation takes the person out of contact with others."""
    restricted_from: float = NEVER

    # The registers.
    first_positive_at: float = NEVER
    shows_disease_at: float = NEVER
    """When doctors see that a registered carrier is ill: the panel then has to decide."""
    confirmed_at: float = NEVER
    closed_at: float = NEVER
    register: Int32 = Register.NONE
    registered_in: Int32 = NONE
    found_by: Int32 = FoundBy.NOT_FOUND
    reviews: Int32
    release_tests: Int32


class List:
    """A list of entries, first to last."""

    first: Int32 = NONE
    last: Int32 = NONE
    length: Int32 = 0
    unsorted: bool
    """An entry may come after one that is before it by time and person."""


class Entry:
    """A person in a list: in a queue, in an agenda, among the contacts of someone."""

    time: float
    person: Int32
    other: Int32
    """Someone else, or the ordinal of a swab."""
    what: Int32
    """Reason for a swab, assay, or whatever the list is about."""
    next: Int32
