"""The record of a run: what holds on all days and everywhere."""

from sim.world.codes import NEVER, NONE
from sim.world.records import Int32
from sim.world.state_of_institutions import Distribution
from sim.world.state_of_people import List


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
