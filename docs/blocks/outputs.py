"""The reference of outputs: series, outcomes, fates and the columns of the line list.

Names come from the program; a name without a meaning here, or a meaning without a name, is an
error.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import TypeVar

from docs.blocks.markdown import code, table
from sim.experiment.outcome_registry import OUTCOMES, RUN_TABLE, Outcome
from sim.scenario.loader import load_scenario
from sim.shipped import shipped_scenarios
from sim.world.fates import FATE_LABELS, Fate
from sim.world.line_list import line_list, transmissions
from sim.world.model import BorderModel
from sim.world.surveillance import SERIES

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

LINE_LIST_MEANINGS = {
    "person": "number of the person in the run: travellers first, then residents",
    "local": "a resident, not someone from over the border",
    "household": "number of the household of a resident",
    "travel_group": "travel group; empty for residents, as are all columns of the journey",
    "route": "legs travelled, in the order of the file",
    "vehicles": "leg and number of each vehicle",
    "port": "port aimed at",
    "set_out": "time of setting out",
    "infected": "time of infection",
    "infected_in": "place or leg of infection",
    "infected_aboard": "leg and number of the vehicle, if it happened on board",
    "infected_by": "number of the infector, or `outside` for someone who is not in the model",
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
    """Return the series of the daily surveillance."""
    rows = _described(SERIES, SERIES_MEANINGS)
    return table(["series", "meaning"], ([code(name), text] for name, text in rows))


def outcomes_block() -> str:
    """Return the registry of outcomes."""
    rows = [
        [code(name), of.unit, of.meaning + _empty(of), of.label if name in RUN_TABLE else ""]
        for name, of in OUTCOMES.items()
    ]
    return table(["outcome", "unit", "meaning", "name in the table of `bordersim run`"], rows)


def _empty(outcome: Outcome) -> str:
    """Return when an outcome has no value; nothing if it always has one."""
    without = outcome.empty_without
    return f" Empty in a run without {without}." if without else ""


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
