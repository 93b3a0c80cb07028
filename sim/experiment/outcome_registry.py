"""The registry of outcomes: an entry for each number that every run computes.

``outcomes_of`` in ``sim.world.outcomes`` computes them. Tables, figures, reports and the reference
have names, labels, units, meanings and directions from here.
"""

from dataclasses import dataclass
from enum import Enum, auto

import numpy as np

from sim.world.detection import CAUSE_LABELS, Detection
from sim.world.draws import FloatArray
from sim.world.fates import FATE_LABELS, Fate
from sim.world.origins import ORIGIN_LABELS


class Direction(Enum):
    """Which of two runs is better by an outcome; the value: what a lower and a higher one is.

    Detection is not harm: of cases, carriers, tests and captures neither fewer nor more is better.
    """

    FEWER_IS_BETTER = ("better", "worse")
    MORE_IS_BETTER = ("worse", "better")
    NEITHER = ("lower", "higher")


class Group(Enum):
    """What an outcome is about."""

    JOURNEY = auto()
    STRANDED = auto()
    CROSSINGS = auto()
    FATES = auto()
    DETECTION = auto()
    INFECTIONS = auto()
    INFECTIOUSNESS = auto()
    SURVEILLANCE = auto()
    LOAD = auto()
    RESIDENTS = auto()
    HOSPITAL_OUTBREAK = auto()
    COSTS = auto()


@dataclass(frozen=True)
class Outcome:
    """What is known of an outcome.

    Attributes:
        name: in files and in Python.
        label: what tables and figures call it, with its unit in brackets if it is not a count.
        unit: of its values.
        group: what it is about.
        direction: whether fewer or more is better.
        meaning: one sentence.
        first: its place among the few that a policy is judged by first, from 1; 0: none of them.
        empty_without: what a run is without if it has no value (nan); empty if it always has one.
    """

    name: str
    label: str
    unit: str
    group: Group
    direction: Direction
    meaning: str
    first: int = 0
    empty_without: str = ""


_FEWER, _MORE, _NEITHER = Direction
(_JOURNEY, _STRANDED, _CROSSINGS, _FATES, _DETECTION, _INFECTIONS, _INFECTIOUSNESS, _SURVEILLANCE,
 _LOAD, _RESIDENTS, _HOSPITAL_OUTBREAK, _COSTS) = Group  # fmt: skip

_IN_THE_COMMUNITY = (
    Fate.RELEASED_INFECTIOUS, Fate.BREACHED, Fate.ENTERED_UNSEEN, Fate.FOUND_IN_COMMUNITY,
)  # fmt: skip
_OWN_LABELS = {Fate.RELEASED_INFECTIOUS: "Released before infectiousness ended"}
_SWABS = {
    Detection.RECOVERED_ON_ARRIVAL: "the infectious period was over before entry",
    Detection.NEVER_SWABBED: "never swabbed after entry",
    Detection.TESTED_TOO_EARLY: "all swabs before the infectious period",
    Detection.TESTED_TOO_LATE: "all swabs after the infectious period",
    Detection.BETWEEN_SWABS: "swabs before and after the infectious period, and none in it",
    Detection.FALSE_NEGATIVE: "a swab in the infectious period, negative",
}
"""What defines a cause, where its label does not."""

# fmt: off
_PARTS = {
    "test": ("tests", "tests processed by the laboratory"),
    "pre_departure_test": ("pre-departure tests", "tests that passengers have to bring"),
    "quarantine_day": ("quarantine", "days in quarantine facilities"),
    "home_quarantine_day": ("quarantine at home", "days in quarantine at home"),
    "monitoring_day": ("monitoring", "electronic monitoring of people in quarantine"),
    "hospital_day": ("hospital stays", "days in hospital beds"),
    "hospital_bed_day": ("hospital beds kept ready", "hospital beds kept ready, used or not; beds "
                         "without a limit are not counted"),
    "case_investigation": ("case investigations", "people with a first positive test"),
    "traced_contact": ("tracing", "contacts isolated by tracing"),
    "patrol_day": ("patrols", "patrols, round the clock"),
    "sensor_day": ("sensors", "sensors along the border"),
    "report": ("handling reports", "reports of crossers, true or false"),
    "caught_crosser": ("catching crossers", "people caught"),
    "lockdown_person_day": ("lockdown", "residents' days under a lockdown that prevents all "
                            "contacts; others in proportion"),
    "stranded_day": ("being stranded", "days stranded on the near side"),
}
"""Parts of the bill with a unit cost: in a label, and in a sentence."""

_ENTRIES = (
    Outcome("travellers", "People who set out", "people", _JOURNEY, _NEITHER,
            "People who set out during the calendar."),
    Outcome("gave_up", "Stranded people who gave up", "people", _STRANDED, _NEITHER,
            "People who were stranded and went back."),
    Outcome("stranded_person_days", "Stranded (person-days)", "person-days", _STRANDED, _FEWER,
            "Days that people spend stranded, up to the end of the calendar.", first=4),
    Outcome("entrants", "People who entered", "people", _JOURNEY, _NEITHER,
            "People who crossed at a port."),
    Outcome("infected_travellers", "Infected travellers", "people", _INFECTIONS, _FEWER,
            "Travellers infected at any time, wherever they are at the end."),
    Outcome("infected_at_entry", "Infected when they entered", "people", _JOURNEY, _FEWER,
            "People infected when they crossed, at a port or away from it."),
    Outcome("days_until_infected_entrant", "Days until the first infected entrant", "days",
            _JOURNEY, _MORE,
            "Days from the start until the first infected person crosses; the length of the "
            "calendar if nobody does."),
    *(Outcome(f"fate_{fate.name.lower()}", _OWN_LABELS.get(fate, f"Infected: {text}"), "people",
              _FATES, _FEWER if fate in _IN_THE_COMMUNITY else _NEITHER,
              f"Infected travellers: {text}.")
      for fate, text in FATE_LABELS.items()),
    Outcome("undetected_share", "Undetected (share of infected)", "share", _DETECTION, _FEWER,
            "Share released, escaped or in town unseen and not found, among infected travellers "
            "whose journey is decided: too ill to set out, not crossed and still in quarantine are "
            "left out.", empty_without="an infected traveller whose journey is decided"),
    Outcome("ever_positive_entrants", "Infected entrants who ever tested positive", "people",
            _DETECTION, _NEITHER,
            "Infected entrants (across a port or away from it) who have had a positive test by the "
            "end of the calendar."),
    Outcome("undecided_entrants", "Infected entrants undecided at the end", "people", _DETECTION,
            _NEITHER,
            "Infected entrants without a positive test who are in quarantine at the end, or wait "
            "for a result."),
    Outcome("undetected_entrants", "Infected travellers never found", "people", _DETECTION, _FEWER,
            "Infected travellers who crossed, were released or escaped or came into town unseen, "
            "and never had a positive test (undecided ones are left out); each has one of the "
            "causes `undetected_...`, the first that applies.", first=3),
    *(Outcome(f"undetected_{cause.name.lower()}", f"Never found: {text}", "people",
              _DETECTION, _FEWER, f"Infected entrants never found: {_SWABS.get(cause, text)}.")
      for cause, text in CAUSE_LABELS.items()),
    Outcome("community_infections", "Community infections", "people", _INFECTIONS, _FEWER,
            "People infected and in the community: residents infected, and infected "
            "travellers released before their infectiousness ended, gone from quarantine or in "
            "town unseen, found later or not.", first=1),
    Outcome("infectiousness_after_entry_share", "Infectiousness after entry (share)", "share",
            _INFECTIOUSNESS, _FEWER,
            "Share of the total infectiousness of infected entrants that falls after they cross.",
            empty_without="an infected entrant"),
    Outcome("infectiousness_after_release_share", "Infectiousness after release (share)", "share",
            _INFECTIOUSNESS, _FEWER,
            "Share of the total infectiousness of infected entrants that falls after they leave "
            "quarantine or isolation.", empty_without="an infected entrant"),
    Outcome("infectiousness_on_journey", "Infectiousness on the journey (infections at R = 1)",
            "infections at R = 1", _INFECTIOUSNESS, _NEITHER,
            "Infectiousness of infected entrants between setting out and crossing."),
    Outcome("infectiousness_after_entry", "Infectiousness after entry (infections at R = 1)",
            "infections at R = 1", _INFECTIOUSNESS, _FEWER,
            "Infectiousness of infected entrants after they cross: times a reproduction number, "
            "what they would cause if nothing were done."),
    Outcome("infectiousness_in_quarantine", "Infectiousness in quarantine (infections at R = 1)",
            "infections at R = 1", _INFECTIOUSNESS, _NEITHER,
            "Infectiousness of infected entrants after they cross and before they are in the "
            "community."),
    Outcome("community_infectiousness", "Infectiousness in the community (infections at R = 1)",
            "infections at R = 1", _INFECTIOUSNESS, _FEWER,
            "Infectiousness of infected entrants while they are in the community: until a positive "
            "test, tracing or self-isolation, or until infectiousness ends."),
    Outcome("community_infectious_days", "Infectious and in the community (person-days)",
            "person-days", _INFECTIOUSNESS, _FEWER,
            "Days on which infected entrants are infectious and in the community, up to the end of "
            "the calendar."),
    Outcome("infected_at_source", "Infected before departure", "people", _INFECTIONS, _FEWER,
            "Travellers infected where they start from."),
    Outcome("infected_on_board", "Infected on board", "people", _INFECTIONS, _FEWER,
            "Travellers infected on a leg."),
    Outcome("infected_in_staging", "Infected in staging towns", "people", _INFECTIONS, _FEWER,
            "Travellers infected in a staging town."),
    Outcome("infected_in_quarantine", "Infected in quarantine", "people", _INFECTIONS, _FEWER,
            "Travellers infected after they entered quarantine."),
    Outcome("first_positives", "First positive tests", "people", _SURVEILLANCE, _NEITHER,
            "People from over the border with a positive result; false positives count."),
    Outcome("imported_confirmed", "Imported cases confirmed", "cases", _SURVEILLANCE, _NEITHER,
            "Cases of people from over the border, confirmed in the calendar."),
    Outcome("peak_imported_confirmed_new", "Most confirmed on one day", "cases", _SURVEILLANCE,
            _NEITHER, "Imported cases confirmed on the day with most."),
    Outcome("peak_imported_confirmed_day", "Day with most confirmed (day of the calendar)",
            "day of the calendar", _SURVEILLANCE, _NEITHER,
            "Day with most imported cases confirmed, counted from 0 at the start.",
            empty_without="a confirmed imported case"),
    Outcome("peak_carriers_stock", "Most carriers under observation", "people", _SURVEILLANCE,
            _NEITHER, "Most carriers under observation on one day."),
    Outcome("peak_in_quarantine", "Most people in quarantine", "people", _LOAD, _FEWER,
            "Most people in quarantine on one day."),
    Outcome("peak_lab_backlog", "Longest backlog (swabs)", "swabs", _LOAD, _FEWER,
            "Longest backlog of the laboratory on one day."),
    Outcome("peak_hospital_occupancy", "Most hospital beds in use", "beds", _LOAD, _FEWER,
            "Most hospital beds in use on one day."),
    Outcome("quarantine_person_days", "Quarantine (person-days)", "person-days", _LOAD, _FEWER,
            "Days that people spend in quarantine, isolation left out."),
    Outcome("tests", "Tests processed", "tests", _LOAD, _NEITHER,
            "Tests processed by the laboratory."),
    Outcome("vehicles", "Vehicles", "vehicles", _JOURNEY, _NEITHER,
            "Vehicles that left on the first flight leg (without one: on the first leg)."),
    Outcome("infected_per_vehicle_mean", "Infected per vehicle, mean", "people per vehicle",
            _JOURNEY, _FEWER,
            "People infected on arrival, mean over the vehicles of the first flight leg.",
            empty_without="a vehicle"),
    Outcome("infected_per_vehicle_variance_to_mean", "Spread between vehicles (variance/mean)",
            "ratio", _JOURNEY, _NEITHER,
            "Variance to mean of the people infected on arrival in the vehicles of the first "
            "flight leg; above 1 some carry many.", empty_without="an infected passenger"),
    Outcome("illegal_attempts", "Attempts to cross illegally", "people", _CROSSINGS, _FEWER,
            "People who tried to cross away from the ports."),
    Outcome("illegal_caught", "Caught crossing", "people", _CROSSINGS, _NEITHER,
            "People caught behind the border after crossing away from the ports."),
    Outcome("illegal_turned_back", "Set out to cross, turned back", "people", _CROSSINGS, _NEITHER,
            "People seen on the near side and sent back."),
    Outcome("illegal_entered", "Crossed unseen", "people", _CROSSINGS, _FEWER,
            "People who came into town without being caught."),
    Outcome("illegal_entered_infected", "Crossed unseen while infected", "people", _CROSSINGS,
            _FEWER, "People who came into town without being caught, infected when they came."),
    Outcome("seen_by_patrols", "Crossers seen by patrols", "people", _CROSSINGS, _NEITHER,
            "People whom a patrol saw first, caught or sent back."),
    Outcome("seen_by_sensors", "Crossers seen by sensors", "people", _CROSSINGS, _NEITHER,
            "People whom sensors saw and no patrol did."),
    Outcome("caught_on_report", "Crossers caught on a report", "people", _CROSSINGS, _NEITHER,
            "People caught because a resident reported them."),
    Outcome("captured_by_residents", "Crossers captured by residents", "people", _CROSSINGS,
            _NEITHER, "People captured and handed over by residents."),
    Outcome("perceived_detection", "Perceived detection at the end (share)", "share", _STRANDED,
            _NEITHER, "Perceived probability of being caught at the end, mean over the stretches.",
            empty_without="a border away from the ports"),
    Outcome("local_infections", "Residents infected", "people", _RESIDENTS, _FEWER,
            "Residents infected.", first=2),
    *(Outcome(f"local_from_{origin.name.lower()}", f"Residents infected: {text}", "people",
              _RESIDENTS, _FEWER,
              f"Residents infected; head of the chain of infection: {text}.")
      for origin, text in ORIGIN_LABELS.items()),
    Outcome("hospital_outbreak_size", "Infected in the hospital outbreak", "people",
            _HOSPITAL_OUTBREAK, _FEWER,
            "People whose chain of infection leads through the patient of the hospital outbreak."),
    Outcome("local_first_positives", "First positive tests of residents", "people", _RESIDENTS,
            _NEITHER, "Residents with a positive result."),
    Outcome("days_until_local_case", "Days until the first local case", "days", _SURVEILLANCE,
            _MORE,
            "Days from the start to the first positive result of a resident; the length of the "
            "calendar if there is none."),
    Outcome("traced_contacts", "Contacts traced", "people", _LOAD, _NEITHER,
            "Infected contacts whom tracing isolated, on the wards of a hospital outbreak too."),
    *(Outcome(f"cost_{part}_cny", f"Cost of {label} (CNY)", "CNY", _COSTS, _FEWER,
              f"Cost of {text}.")
      for part, (label, text) in _PARTS.items()),
    Outcome("cost_rewards_cny", "Rewards paid (CNY)", "CNY", _COSTS, _FEWER, "Rewards paid."),
    Outcome("cost_without_lockdown_cny", "Cost without lockdown (CNY)", "CNY", _COSTS, _FEWER,
            "Sum of all costs but that of the lockdown.", first=5),
    Outcome("cost_cny", "Total cost (CNY)", "CNY", _COSTS, _FEWER, "Sum of all costs.", first=6),
    Outcome("cost_per_crosser_found_cny", "Cost per crosser found (CNY)", "CNY", _COSTS, _FEWER,
            "Cost of patrols, sensors, reports, arrests and rewards, divided by the people caught "
            "or sent back.", empty_without="a crosser found"),
)
# fmt: on

OUTCOMES = {outcome.name: outcome for outcome in _ENTRIES}
"""Every outcome by name, in the order of ``outcomes_of``."""

FIRST = tuple(of.name for of in sorted(_ENTRIES, key=lambda of: of.first) if of.first)
"""The outcomes that a policy is judged by first, in the order of the tables."""

COMPARED = (
    "community_infections", "imported_confirmed", "local_infections", "fate_released_infectious",
    "illegal_entered", "stranded_person_days", "quarantine_person_days", "tests",
    "peak_hospital_occupancy", "cost_cny",
)  # fmt: skip
"""Outcomes that policies are compared by, in the order of the tables."""


def with_value(outcome: FloatArray) -> FloatArray:
    """Return an outcome of the runs in which it has a value, shape (runs with a value,)."""
    return outcome[np.isfinite(outcome)]
