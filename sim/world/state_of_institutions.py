"""The records of carriers, towns, ports, quarantine sites, hospitals, laboratories and days.

Places, legs and ports have codes, see ``Geography``; institutions of each kind have numbers.
"""

from sim.world.codes import NEVER, NONE
from sim.world.records import Int32, Key
from sim.world.state_of_people import List


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
