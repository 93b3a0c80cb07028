"""The reference of outputs: series, outcomes, fates and the columns of the line list.

Names come from the program; a name without a meaning here, or a meaning without a name, is an
error.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import TypeVar

from docs.blocks.field_docs import meaning
from docs.blocks.markdown import code, table
from sim.experiment.outcome_units import EMPTY_WITHOUT
from sim.scenario.costs import UnitCosts
from sim.scenario.loader import load_scenario
from sim.shipped import shipped_scenarios
from sim.view.labels import OUTCOME_LABELS
from sim.world.bulletin import SERIES
from sim.world.detection import CAUSE_LABELS, Detection
from sim.world.fates import FATE_LABELS, Fate
from sim.world.line_list import line_list, transmissions
from sim.world.model import BorderModel
from sim.world.origins import ORIGIN_LABELS, Origin
from sim.world.outcomes import outcomes_of

T = TypeVar("T")

SERIES_MEANINGS = {
    "imported_confirmed_new": "people from over the border confirmed on the day",
    "imported_confirmed_cumulative": "the same, confirmed so far",
    "imported_confirmed_active": "the same, confirmed so far and not yet discharged",
    "imported_carriers_stock": "people from over the border who are asymptomatic carriers under "
    "observation, not in the confirmed",
    "imported_first_positives": "people from over the border whose first positive result came on "
    "the day",
    "local_confirmed_new": "residents confirmed on the day",
    "local_confirmed_cumulative": "residents confirmed so far",
    "local_confirmed_active": "residents confirmed so far and not yet discharged",
    "local_carriers_stock": "residents who are asymptomatic carriers under observation",
    "local_first_positives": "residents whose first positive result came on the day",
    "entrants_new": "people who crossed at a port on the day, by the town behind it",
    "entrants_cumulative": "people who crossed at a port so far",
    "entrants_infected_cumulative": "of these, infected when they crossed",
    "illegal_attempts": "people who set out on the day to cross away from the ports, by the town "
    "that the way leads to",
    "illegal_caught": "people caught behind the border on the day, on arrival",
    "illegal_entered": "people who came into town on the day without being caught",
    "rewards_paid_cny": "CNY paid to informants on the day",
    "in_quarantine": "people in quarantine at the end of the day, by the place of the site",
    "lab_backlog": "swabs taken and not yet begun, by the place of the laboratory",
    "hospital_occupancy": "people in hospital beds at the end of the day",
    "released_infectious": "people who left quarantine on the day, by release or breach, infected "
    "and before their infectiousness ended",
    "infections_new": "infections on the day, by the place or leg where they happened",
    "stranded": "people who wait in a staging town because their way on is shut",
    "cost_cny": "CNY that the day has cost, by the place where what was paid for is",
}


def _of_one(part: str) -> str:
    """Return what a unit cost is for, as the end of a sentence."""
    text = meaning(UnitCosts, part).rstrip(".")
    return text[0].lower() + text[1:]


_DEFINED = {
    Detection.RECOVERED_ON_ARRIVAL: ": the infectious period was over before entry",
    Detection.NEVER_SWABBED: " after entry",
    Detection.TESTED_TOO_EARLY: ": all swabs before the infectious period",
    Detection.TESTED_TOO_LATE: ": all swabs after the infectious period",
    Detection.BETWEEN_SWABS: ": swabs before and after the infectious period, and none in it",
    Detection.FALSE_NEGATIVE: ": a swab in the infectious period, negative",
}
"""What defines a cause, where its label does not."""

OUTCOME_MEANINGS = {
    "travellers": ("people", "who set out during the calendar"),
    "gave_up": ("people", "who were stranded and went back"),
    "stranded_person_days": ("person-days", "spent stranded, up to the end of the calendar"),
    "entrants": ("people", "who crossed at a port"),
    "infected_travellers": ("people", "infected at any time, wherever they are at the end"),
    "infected_at_entry": ("people", "infected when they crossed, at a port or away from it"),
    "days_until_infected_entrant": (
        "days",
        "from the start until the first infected person crosses; the length of the calendar if "
        "nobody does",
    ),
    "infections_at_large": (
        "people",
        "infected and at large behind the border: residents infected, and infected travellers "
        "released before their infectiousness ended, gone from quarantine or in town unseen, "
        "found later or not",
    ),
    "undetected_share": (
        "share",
        "released, escaped or in town unseen and not found, among infected travellers whose "
        "journey is decided: too ill to set out, not crossed and still in quarantine are left out",
    ),
    "ever_positive_entrants": (
        "people",
        "infected entrants (across a port or away from it) who have had a positive test by the "
        "end of the calendar",
    ),
    "undecided_entrants": (
        "people",
        "infected entrants without a positive test who are in quarantine at the end, or wait for "
        "a result",
    ),
    "undetected_entrants": (
        "people",
        "all other infected entrants: they never had a positive test. The sum of the causes that "
        "follow; each of them has one, the first that applies",
    ),
    **{
        f"undetected_{cause.name.lower()}": ("people", f"of these: {text}{_DEFINED.get(cause, '')}")
        for cause, text in CAUSE_LABELS.items()
    },
    "infectiousness_after_entry_share": (
        "share",
        "of the total infectiousness of infected entrants, what falls after they cross",
    ),
    "infectiousness_after_release_share": (
        "share",
        "of the total infectiousness of infected entrants, what falls after they leave "
        "quarantine or isolation",
    ),
    "infectiousness_on_journey": (
        "infections at R = 1",
        "infectiousness of infected entrants between setting out and crossing",
    ),
    "infectiousness_after_entry": (
        "infections at R = 1",
        "infectiousness of infected entrants after they cross: times a reproduction number, what "
        "they would cause if nothing were done",
    ),
    "infectiousness_in_quarantine": (
        "infections at R = 1",
        "of it, what falls before they are at large behind the border",
    ),
    "infectiousness_at_large": (
        "infections at R = 1",
        "of it, what falls while they are at large: until a positive test, tracing or "
        "self-isolation, or until infectiousness ends",
    ),
    "infectious_days_at_large": (
        "person-days",
        "on which they are infectious and at large, up to the end of the calendar",
    ),
    "infected_at_source": ("people", "infected where they start from"),
    "infected_on_board": ("people", "infected on a leg"),
    "infected_in_staging": ("people", "infected in a staging town"),
    "infected_in_quarantine": ("people", "infected after they entered quarantine"),
    "first_positives": (
        "people",
        "from over the border with a positive result; false positives count",
    ),
    "imported_confirmed": ("cases", "of people from over the border, confirmed in the calendar"),
    "peak_imported_confirmed_new": ("cases", "confirmed on the day with most"),
    "peak_imported_confirmed_day": ("day", "that day, counted from 0 at the start"),
    "peak_carriers_stock": ("people", "most carriers under observation on one day"),
    "peak_in_quarantine": ("people", "most people in quarantine on one day"),
    "peak_lab_backlog": ("swabs", "longest backlog of the laboratory on one day"),
    "peak_hospital_occupancy": ("beds", "most hospital beds in use on one day"),
    "quarantine_person_days": ("person-days", "spent in quarantine, isolation left out"),
    "tests": ("tests", "processed by the laboratory"),
    "vehicles": ("vehicles", "that left on the first flight leg (without one: on the first leg)"),
    "infected_per_vehicle_mean": ("people", "infected on arrival, mean over those vehicles"),
    "infected_per_vehicle_variance_to_mean": (
        "ratio",
        "variance to mean of the same number; above 1 some vehicles carry many",
    ),
    "illegal_attempts": ("people", "who tried to cross away from the ports"),
    "illegal_caught": ("people", "of these, caught behind the border"),
    "illegal_turned_back": ("people", "seen on the near side and sent back"),
    "illegal_entered": ("people", "who came into town without being caught"),
    "illegal_entered_infected": ("people", "of these, infected when they came"),
    "seen_by_patrols": ("people", "whom a patrol saw first, caught or sent back"),
    "seen_by_sensors": ("people", "whom sensors saw and no patrol did"),
    "caught_on_report": ("people", "caught because a resident reported them"),
    "captured_by_residents": ("people", "captured and handed over by residents"),
    "perceived_detection": (
        "share",
        "perceived probability of being caught at the end, mean over the stretches",
    ),
    "local_infections": ("people", "residents infected"),
    **{
        f"local_from_{origin.name.lower()}": (
            "people",
            f"residents infected; head of the chain of infection: {ORIGIN_LABELS[origin]}",
        )
        for origin in Origin
    },
    "hospital_outbreak_size": (
        "people",
        "whose chain of infection leads through the patient of the hospital outbreak",
    ),
    "local_first_positives": ("people", "residents with a positive result"),
    "days_until_local_case": (
        "days",
        "from the start to the first positive result of a resident; the length of the calendar "
        "if there is none",
    ),
    "traced_contacts": (
        "people",
        "infected contacts whom tracing isolated, on the wards of a hospital outbreak too",
    ),
    **{f"cost_{part}_cny": ("CNY", f"cost of: {_of_one(part)}") for part in UnitCosts.model_fields},
    "cost_rewards_cny": ("CNY", "rewards paid"),
    "cost_cny": ("CNY", "sum of all costs"),
    "cost_per_crosser_found_cny": (
        "CNY",
        "patrols, sensors, reports, arrests and rewards, divided by the people caught or sent back",
    ),
}

LINE_LIST_MEANINGS = {
    "person": "number of the person in the run: travellers first, then residents",
    "local": "a resident, not somebody from over the border",
    "household": "number of the household of a resident",
    "party": "number of the travel party; empty for residents, as are all columns of the journey",
    "route": "legs travelled, in the order of the file",
    "vehicles": "leg and number of each vehicle",
    "port": "port aimed at",
    "set_out": "time of setting out",
    "infected": "time of infection",
    "infected_in": "place or leg of infection",
    "infected_aboard": "leg and number of the vehicle, if it happened on board",
    "infected_by": "number of the infector, or `outside` for somebody who is not in the model",
    "asymptomatic": "never has symptoms",
    "onset": "onset of symptoms",
    "crossing": "time of crossing, at a port or away from it",
    "illegal_attempt": "time of setting out to cross away from the ports",
    "caught_by": "what found a crosser: patrol, sensor, report, capture or not_caught",
    "site": "quarantine site, or `home`",
    "first_positive": "time of the first positive result",
    "found_by": "what led to that test: entry_screening, symptoms, scheduled_test, tracing, "
    "caught or not_found",
    "registered_in": "place that counts the person",
    "carrier": "since when on the register of carriers",
    "confirmed": "time of confirmation",
    "confirmed_at_review": "moved from the carriers at a review round",
    "closed": "time of discharge of a confirmed case",
    "released": "time at which the person left quarantine or isolation",
    "register": "register at the end: none, carrier, confirmed, closed or carrier_released",
    "isolated_as_contact": "time at which contact tracing, or a hospital for its patient, takes "
    "the person out of contact with others",
    "fate": "see the fates; empty for residents",
}

TRANSMISSION_MEANINGS = {
    "infector": "number of the infector",
    "infected": "number of the person infected",
    "place": "place or leg",
    "time": "time of infection",
}


def series_block() -> str:
    """Return the series of the daily bulletin."""
    rows = _described(SERIES, SERIES_MEANINGS)
    return table(["series", "meaning"], ([code(name), text] for name, text in rows))


def outcomes_block() -> str:
    """Return the outcomes of a run and their units."""
    fates = {
        f"fate_{fate.name.lower()}": ("people", f"infected travellers: {FATE_LABELS[fate]}")
        for fate in Fate
    }
    rows = _described(outcomes_of(small_run()), OUTCOME_MEANINGS | fates)
    return table(
        ["outcome", "unit", "meaning", "name in the table of `bordersim run`"],
        (
            [code(name), unit, text + _empty(name), OUTCOME_LABELS.get(name, "")]
            for name, (unit, text) in rows
        ),
    )


def _empty(outcome: str) -> str:
    """Return when an outcome has no value; nothing if it always has one."""
    without = EMPTY_WITHOUT.get(outcome)
    return f"; empty in a run without {without}" if without else ""


def fates_block() -> str:
    """Return the fates in the order of the journey."""
    return table(["fate", "label"], ([code(fate.name.lower()), FATE_LABELS[fate]] for fate in Fate))


def line_list_block() -> str:
    """Return the columns of the line list."""
    rows = _described(line_list(small_run()), LINE_LIST_MEANINGS)
    return table(["column", "meaning"], ([code(name), text] for name, text in rows))


def transmissions_block() -> str:
    """Return the columns of the list of transmissions."""
    rows = _described(transmissions(small_run()), TRANSMISSION_MEANINGS)
    return table(["column", "meaning"], ([code(name), text] for name, text in rows))


def _described(names: Iterable[str], meanings: Mapping[str, T]) -> list[tuple[str, T]]:
    names = list(names)
    if odd := set(names) ^ set(meanings):
        raise KeyError(f"without a name or without a meaning: {', '.join(sorted(odd))}")
    return [(name, meanings[name]) for name in names]


@cache
def small_run() -> BorderModel:
    """Return a finished run of a few people: it has the names of all outputs."""
    path = shipped_scenarios() / "studies" / "ashcroft_2021.yaml"
    settings = ["travellers.demand.people=5", "travellers.pool=5"]
    model = BorderModel(load_scenario(path, settings), seed=1)
    while model.running:
        model.step()
    return model
