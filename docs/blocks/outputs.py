"""The reference of outputs: series, outcomes, fates and the columns of the line list.

Names come from the program; a name without a meaning here, or a meaning without a name, is an
error.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import TypeVar

from docs.blocks.markdown import code, table
from sim.scenario.loader import load_scenario
from sim.shipped import shipped_scenarios
from sim.view.labels import OUTCOME_LABELS
from sim.world.bulletin import SERIES
from sim.world.fates import FATE_LABELS, Fate
from sim.world.line_list import line_list, transmissions
from sim.world.model import BorderModel
from sim.world.outcomes import outcomes_of

T = TypeVar("T")

SERIES_MEANINGS = {
    "imported_confirmed_new": "cases confirmed on the day",
    "imported_confirmed_cumulative": "cases confirmed so far",
    "imported_confirmed_active": "cases confirmed so far and not yet discharged",
    "imported_carriers_stock": "asymptomatic carriers under observation, not in the confirmed",
    "imported_first_positives": "people whose first positive result came on the day",
    "entrants_new": "people who crossed on the day, by the town behind the port",
    "entrants_cumulative": "people who crossed so far",
    "entrants_infected_cumulative": "of these, infected when they crossed",
    "in_quarantine": "people in quarantine at the end of the day, by the place of the site",
    "lab_backlog": "swabs taken and not yet begun, by the place of the laboratory",
    "hospital_occupancy": "people in hospital beds at the end of the day",
    "released_infectious": "people who left quarantine on the day, by release or breach, infected "
    "and before their infectiousness ended",
    "infections_new": "infections on the day, by the place or leg where they happened",
    "stranded": "people who wait in a staging town because their way on is shut",
}

OUTCOME_MEANINGS = {
    "travellers": ("people", "who set out during the calendar"),
    "gave_up": ("people", "who were stranded and went back"),
    "stranded_person_days": ("person-days", "spent stranded, up to the end of the calendar"),
    "entrants": ("people", "who crossed"),
    "infected_travellers": ("people", "infected at any time, wherever they are at the end"),
    "infected_at_entry": ("people", "infected when they crossed"),
    "undetected_share": (
        "share",
        "released or escaped, among infected travellers whose journey is decided: too ill to set "
        "out, not crossed and still in quarantine are left out",
    ),
    "infectiousness_after_entry_share": (
        "share",
        "of the total infectiousness of infected entrants, what falls after they cross",
    ),
    "infectiousness_after_release_share": (
        "share",
        "of the total infectiousness of infected entrants, what falls after they leave "
        "quarantine or isolation",
    ),
    "infected_at_source": ("people", "infected where they start from"),
    "infected_on_board": ("people", "infected on a leg"),
    "infected_in_staging": ("people", "infected in a staging town"),
    "infected_in_quarantine": ("people", "infected after they entered quarantine"),
    "first_positives": ("people", "with a positive result; false positives count"),
    "imported_confirmed": ("cases", "confirmed during the calendar"),
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
}

LINE_LIST_MEANINGS = {
    "person": "number of the traveller in the run",
    "party": "number of the travel party",
    "route": "legs travelled, in the order of the file",
    "vehicles": "leg and number of each vehicle",
    "port": "port aimed at",
    "set_out": "time of setting out",
    "infected": "time of infection",
    "infected_in": "place or leg of infection",
    "infected_aboard": "leg and number of the vehicle, if it happened on board",
    "infected_by": "number of the infector, or `outside` for somebody who is no traveller",
    "asymptomatic": "never has symptoms",
    "onset": "onset of symptoms",
    "crossing": "time of crossing",
    "site": "quarantine site, or `home`",
    "first_positive": "time of the first positive result",
    "found_by": "what led to that test: entry_screening, symptoms, scheduled_test or not_found",
    "registered_in": "place that counts the person",
    "carrier": "since when on the register of carriers",
    "confirmed": "time of confirmation",
    "confirmed_at_review": "moved from the carriers at a review round",
    "closed": "time of discharge of a confirmed case",
    "released": "time at which the person left quarantine or isolation",
    "register": "register at the end: none, carrier, confirmed, closed or carrier_released",
    "fate": "see the fates",
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
        ([code(name), *row, OUTCOME_LABELS.get(name, "")] for name, row in rows),
    )


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
