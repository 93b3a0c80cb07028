"""The state of a world: one record per person, vehicle, institution, day and pending event.

Times are days since the start of the calendar; an event that has not happened is at ``NEVER``.
Places, legs and ports have codes, see ``Geography``; institutions of each kind have numbers.
"""

from dataclasses import dataclass, field, fields
from enum import IntEnum
from typing import Annotated, Any, get_type_hints

import numba
import numpy as np
from numpy.typing import NDArray

from sim.world.records import Checked, Int32, Key, Rows, row_type
from sim.world.reference import ENTRY, register

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


class Distribution:
    """A distribution whose parameters are numbers: see ``quantile``."""

    kind: Int32
    nodes: Int32
    first: int
    """Where in ``World.tables`` its tables begin, of ``nodes`` numbers each."""
    a: float
    b: float


class Leg:
    """A leg of the route, and the carrier that serves it."""

    location: Int32
    unit: Int32
    start: Int32
    """Number of the town."""
    end_town: Int32 = NONE
    end_port: Int32 = NONE
    """Number of the town or port where it ends."""
    end_place: Int32
    """Code of the town at its end, or behind the port."""
    departures: Int32
    """In a day."""
    seats: Int32
    abreast: Int32
    near_rows: Int32
    vehicles: Int32 = 0
    """That have left so far."""
    first_vehicle: Int32
    """Where in ``World.vehicles`` its own begin."""
    is_flight: bool
    duration: float
    first_departure: float
    last_departure: float
    hazard_per_hour: float
    near_risk: float
    symptoms_noticed: float
    waiting: List
    """Those who wait for a seat, by the time from which on they are ready."""
    boarding: List
    """Those who leave today, vehicle by vehicle."""


class Vehicle:
    """A vehicle that has left."""

    departed_at: float
    infected: Int32
    """Passengers who were infected when it arrived."""


class Town:
    """A place that legs start from."""

    location: Int32
    unit: Int32
    agenda: Int32
    """Of those who arrive."""
    is_start: bool
    connection: Distribution
    contact_hazard: float
    local_hazard: float
    crossing: List
    """Those who leave this evening to cross the border away from the ports."""
    giving_up: List


class Port:
    """A border crossing."""

    location: Int32
    unit: Int32
    town: Int32
    """Code of the town behind it."""
    home: Int32
    """Number of the site that stands for quarantine at home."""
    agenda: Int32
    opens: float
    closes: float
    throughput: float
    """People who are really handled, as a multiple of the capacity that was decided."""
    weight: float
    key: Key
    waiting: List


class Site:
    """A quarantine facility, or all homes of a place."""

    location: Int32
    unit: Int32
    is_home: bool
    room_size: Int32
    breach_per_day: float
    breach_growth: float
    adherence: float
    occupied: Int32 = 0
    room: Int32 = NONE
    """Someone in the room that is being filled."""
    beds_left: Int32 = 0
    intake: Int32 = NONE
    """The intake that fills it: people of different intakes do not share a room."""


class Hospital:
    """Beds for people who tested positive."""

    location: Int32
    unit: Int32
    occupied: Int32 = 0


class Stretch:
    """A stretch of the border away from the ports, and its guard."""

    start: Int32
    """Code of the place from which people cross."""
    start_town: Int32
    end: Int32
    """Code of the place to which they come."""
    unit: Int32
    agenda: Int32
    trip: float
    area_km2: float
    sweep_width_km: float
    speed_km_h: float
    time_in_area: float
    who_could_notice: float
    """Residents who could notice a crosser."""
    turned_back: float
    key: Key
    perceived: float
    """What those who might cross believe the probability of being caught to be."""


class Community:
    """The residents of a place behind the border."""

    location: Int32
    unit: Int32
    agenda: Int32
    """Of visits to a doctor."""
    phase: Int32
    key: Key
    people: int
    in_order: int
    """Residents whom the community can infect: see ``CommunityOrder``."""
    chosen: int
    """Residents taken from the end of the order so far."""
    drawn: int
    """Residents from the beginning of the order whom the hazard has passed."""
    next_threshold: float = -1.0
    """Of the resident whose turn is next; negative before it is drawn."""
    households: int
    """Where in ``World.tables`` its block of households begins."""
    block: int
    """Residents of a block of households."""
    largest_household: Int32
    columns: int
    """Of the near-square of numbers that ``shuffled`` permutes."""
    infected_at_start: Int32
    hazard: float
    """Cumulative hazard of the community to each resident."""
    community_hazard: float
    household_hazard: float
    test_delay: float
    tracing_delay: float
    spreading: List
    """Infected people in the community whose infection is not over."""
    acting: List
    """Those among them who act in this round of the day."""
    house_mates: List
    """Pairs of an infected person and a susceptible one of the same household."""
    victims: List
    """Those who become infected in this round of the day."""


class Ward:
    """A ward of the hospital outbreak."""

    people: Int32
    comes: float
    leaves: float
    """When the patient comes and leaves."""
    hazard: float
    members: List


class Assay:
    """A test of the laboratory; number 0 is its own."""

    kind: Int32
    nodes: Int32
    first: int
    """Where in ``World.tables`` the table of its sensitivity begins."""
    a: float
    b: float
    c: float
    d: float
    asymptomatic_factor: float
    false_positive: float
    turnaround: float


class SwabTime:
    """When a swab is taken after some event, and for which assay."""

    days: float
    assay: Int32


class InForce:
    """The policies that hold at one institution on one day; each uses those that concern it."""

    # Legs.
    bookings: float = NEVER
    exit_screening: float
    exit_questionnaire: float
    pre_departure_test: float = NEVER
    """How long before departure; NEVER where no test is asked for."""
    pre_departure_assay: Int32
    # Ports.
    is_open: bool = True
    port_capacity: float = NEVER
    entry_screening: float
    entry_questionnaire: float
    # Staging towns.
    held: float
    # Sites and hospitals.
    beds: float = NEVER
    # Stretches of the border.
    patrols: float
    sensors: float
    # Residents.
    lockdown: float
    symptomatic_testing: float
    contact_tracing: float
    house_restrictions: float


class Day:
    """The policies that hold everywhere on one day."""

    stay: float
    monitoring: float
    laboratory_capacity: float = NEVER
    is_review: bool
    review_share: float
    self_isolation: float
    fine: float
    detention: float
    report: float
    capture: float
    """Rewards in CNY."""
    announced: float
    """Reward that becomes known on the day, in CNY."""
    # Of a stay that begins on the day, and of those who come in: ranges of ``World.swab_times``.
    stay_swabs: Int32
    stay_swabs_end: Int32
    arrival_swabs: Int32
    arrival_swabs_end: Int32


class Run:
    """What holds on all days and everywhere, and how far the run has come."""

    days: Int32
    travellers: Int32
    first_town: Int32
    """Number of the town where everybody starts."""
    start: Int32
    """Its code."""
    places: Int32
    """Number of places: legs have the codes that follow."""

    # The natural history of the infection.
    incubation: Distribution
    onset_to_severe: Distribution
    symptoms_last: Distribution
    asymptomatic_lasts: Distribution
    infectivity: Distribution
    """With mean 1."""
    asymptomatic_share: float
    asymptomatic_infectiousness: float
    is_constant: bool
    """Infectiousness is the same from beginning to end; otherwise it has a profile."""
    since_onset: bool
    shortest_latent: float
    window_begins: float
    window_ends: float
    latent: Distribution
    lead: Distribution
    lasts: Distribution
    lasts_asymptomatic: Distribution
    peak_density: float
    profile: int
    """Where in ``World.tables`` the profile begins."""
    profile_nodes: Int32
    profile_first: float
    profile_per_day: float

    # The source.
    is_cohort: bool
    cohort_timing: Int32
    cohort_until_recovery: bool
    cohort_share: float
    cohort_before: Distribution
    cohort_a: float
    cohort_b: float
    cohort_step: float
    source_first: float
    source_step: float

    # Travellers.
    aware_share: float
    patience: float
    divert_share: float
    arrival_tests_taken: float

    # Quarantine, laboratory, registers.
    room_hazard: float
    symptoms_noticed: float
    symptom_swabs: Int32
    symptom_swabs_end: Int32
    suspects_first: bool
    laboratory: Int32
    """Code of its place."""
    hospital_stay: Distribution
    symptoms_diagnosed: float
    decision_delay: Distribution
    carrier_observation: float
    carrier_negatives: Int32
    carrier_retest: float
    findings_per_day: float
    review_findings: float

    # The border.
    has_border: bool
    worth_of_home: float
    worth_spread: float
    daily_income: float
    shame: float
    trip_cost: float
    risk_spread: float
    reopening_chance: float
    living_cost_per_day: float
    expected_wait: float
    temperature: float
    readiness: float
    law_abiding: float
    announcement_effect: float
    learning: float
    crossers_seek_care: float
    b0: float
    b1: float
    reward_scale: float
    capture_success: float
    capture_cost: float
    report_verified: float
    report_cost: float
    cost_spread: float
    false_reports_per_day: float
    payout_delay: float
    reward_budget: float

    # The hospital outbreak.
    outbreak_town: Int32 = NONE
    """Number of the community."""
    outbreak_arrives: float
    outbreak_admitted: float
    outbreak_infected_before: float
    """From infection to arrival, in days."""
    outbreak_home_quarantine: float
    outbreak_neighbours: Int32
    neighbour_hazard: float
    arrival: Int32 = NONE
    patient: Int32 = NONE
    detected_at: float = NEVER
    neighbours: List
    next_door: List
    """Pairs of the infected neighbour, or arrival, and a susceptible neighbour."""
    outbreak_victims: List
    """Neighbours who have just become infected."""

    # How far the run has come.
    day: Int32
    people: Int32
    people_needed: Int32
    """For how many more people a rule needs room before it can go on."""
    entries_a_person: Int32
    """More entries than anybody can need in a day."""
    set_out: Int32
    """People who have set out."""
    intakes: Int32
    tests: Int32
    promised: int
    """Rewards promised so far, in CNY."""
    free: Int32 = NONE
    """The first of the entries that have been used and are free."""
    used: Int32
    """Entries that have ever been used."""
    swabs: List
    """That wait for the laboratory."""
    registered: List
    """Those whose first positive result has just been known."""
    carriers: List
    breaching: List
    """Who breaks the quarantine today and is not brought back."""
    leaving: List
    """Whose stay ends today."""
    victims: List
    """Who has just been infected by those they live with."""
    room_mates: List
    """Pairs of an infected person and a susceptible one in the same room."""


Ints = NDArray[np.int64]
IntTable = Annotated[NDArray[np.int64], "rows and columns"]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass
class World:
    """Everything. A run writes into it.

    Attributes:
        directory: where compiled rules find the tables, see ``reference``.
        address: of the directory.
    """

    run: Rows[Run]
    """One record."""
    people: Rows[Person]
    entries: Rows[Entry]
    agendas: Rows[List]
    """Lists of entries by day, and of what is due now, shape (agendas, days + 1)."""
    legs: Rows[Leg]
    vehicles: Rows[Vehicle]
    towns: Rows[Town]
    ports: Rows[Port]
    sites: Rows[Site]
    hospitals: Rows[Hospital]
    stretches: Rows[Stretch]
    communities: Rows[Community]
    wards: Rows[Ward]
    assays: Rows[Assay]
    swab_times: Rows[SwabTime]
    days: Rows[Day]
    in_force: Rows[InForce]
    """Shape (units, days)."""
    seeds: NDArray[np.uint64]
    """What the draws of each mechanism begin with, shape (streams, blocks)."""
    way: Ints
    """The leg to take, shape (towns, ports)."""
    rides: NDArray[np.int32]
    """Number of the vehicle of each leg that each traveller took, or NONE, shape (legs, people)."""
    rows: Ints
    """Where residents stand among the people: a hash table by key."""
    flows: Ints
    """Events counted, shape (days, flows, locations)."""
    tables: Floats
    """Tables of distributions, profiles and curves, one after the other; the same in all runs."""
    source: Floats
    """Cumulative hazard at the source, at equal steps."""
    frailty: Floats
    """Factor of each travel group on the hazard at the source."""

    directory: NDArray[np.int64] = field(init=False, repr=False)
    address: int = field(init=False)

    def __post_init__(self) -> None:
        self.directory = np.zeros((len(TABLES), ENTRY), np.int64)
        self.address = self.directory.ctypes.data
        for name in TABLES:
            self.put(name, getattr(self, name))

    def put(self, name: str, table: NDArray[Any]) -> None:
        """Set a table."""
        number, dtype = TABLES[name]
        if table.dtype != dtype or not table.flags.c_contiguous:
            raise TypeError(f"{name}: its rows must be {dtype}, one after the other")
        # As a recarray, so that Python too can say ``world.people[i].stage``.
        kind = Checked if numba.config.DISABLE_JIT else np.recarray if dtype.names else np.ndarray
        setattr(self, name, table.view(kind))
        self.directory[number, : 1 + table.ndim] = table.ctypes.data, *table.shape


def _tables() -> dict[str, tuple[int, np.dtype[Any]]]:
    """Return the number of each table and what its rows are."""
    hints = get_type_hints(World, include_extras=True)
    names = [table.name for table in fields(World) if table.init]
    return {name: (number, row_type(hints[name])) for number, name in enumerate(names)}


TABLES = _tables()
register(World, TABLES)
