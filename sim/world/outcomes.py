"""The outcomes of one run: a number for each question that a policy analyst asks.

A count of nobody is 0. A share or an average over nobody is not a number: nan here, an empty cell
in tables.
"""

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.world.bulletin import SERIES
from sim.world.draws import FloatArray, IntArray
from sim.world.fates import Fate, fates_of
from sim.world.infectiousness_outcomes import infectiousness_outcomes
from sim.world.inland_outcomes import (
    UNDETECTED,
    cost_outcomes,
    crossing_outcomes,
    local_outcomes,
)
from sim.world.state import NEVER, Stage

if TYPE_CHECKING:
    from sim.world.model import BorderModel


@dataclass(frozen=True)
class Result:
    """What is kept of a finished run.

    Attributes:
        seed: seed of the run.
        outcomes: outcome by name, nan where it has no value in this run; see ``outcomes_of``.
        series: published counts, shape (days, series, reporting places).
        fates: infected travellers by day of crossing and fate, shape (days, fates); only those
            who crossed.
        local: infected residents by day of infection and origin, shape (days, origins).
        cases: imported cases that were confirmed, see ``confirmed_cases``.
        line_list: columns of the line list, if it was asked for.
        transmissions: columns of the list of transmissions, if it was asked for.
    """

    seed: int
    outcomes: dict[str, float]
    series: IntArray
    fates: IntArray
    local: IntArray
    cases: FloatArray
    line_list: dict[str, Any] = field(default_factory=dict)
    transmissions: dict[str, Any] = field(default_factory=dict)


def outcomes_of(model: "BorderModel") -> dict[str, float]:
    """Return the outcomes of a finished run.

    ``fate_*`` add up to ``infected_travellers``. Shares and averages over nobody are nan.
    """
    people = model.people
    infected = people.infected[: people.travellers].nonzero()[0]
    fates = np.bincount(fates_of(model.world, infected), minlength=len(Fate))
    entered = people.crossed_at < NEVER
    outcomes: dict[str, float] = {
        "travellers": people.travellers,
        "gave_up": int((people.stage == Stage.GAVE_UP).sum()),
        "stranded_person_days": _stranded_days(model),
        "entrants": int((entered & (people.tried_at == NEVER)).sum()),
        "infected_travellers": len(infected),
        "infected_at_entry": int((people.infected_at <= people.crossed_at)[entered].sum()),
        "days_until_infected_entrant": _first_infected_entrant(model),
    }
    outcomes |= {f"fate_{fate.name.lower()}": int(fates[fate]) for fate in Fate}
    outcomes["undetected_share"] = _undetected_share(fates)
    outcomes["infections_at_large"] = int(fates[list(UNDETECTED)].sum())
    outcomes |= infectiousness_outcomes(model, infected)
    outcomes |= _where_infected(model, infected)
    outcomes |= _counts(model)
    outcomes |= _vehicles(model)
    outcomes |= crossing_outcomes(model)
    outcomes |= local_outcomes(model)
    outcomes["infections_at_large"] += outcomes["local_infections"]
    outcomes |= cost_outcomes(model)
    return outcomes


def _first_infected_entrant(model: "BorderModel") -> float:
    """Return when the first infected person crosses; the length of the calendar if nobody does."""
    people, days = model.people, model.scenario.calendar.days
    infected = people.infected_at <= people.crossed_at
    return float(people.crossed_at[infected].min(initial=days))


def _undetected_share(fates: IntArray) -> float:
    """Return the share that nobody found of the infected travellers whose journey is decided."""
    undecided = [Fate.NOT_FIT_TO_TRAVEL, Fate.NOT_CROSSED, Fate.STILL_IN_QUARANTINE]
    missed = [Fate.RELEASED_INFECTIOUS, Fate.RELEASED_NOT_INFECTIOUS, Fate.BREACHED]
    missed.append(Fate.ENTERED_UNSEEN)
    decided = int(fates.sum() - fates[undecided].sum())
    return float(fates[missed].sum() / decided) if decided else math.nan


def confirmed_cases(model: "BorderModel") -> FloatArray:
    """Return when imported cases fell ill and when they were confirmed, shape (cases, 2).

    Times in days since the start; the onset of somebody without symptoms is infinite, that of the
    others may lie before the start or after the confirmation.
    """
    people = model.people
    confirmed = (~people.local & (people.confirmed_at < model.scenario.calendar.days)).nonzero()[0]
    return np.stack([people.onset_at[confirmed], people.confirmed_at[confirmed]], axis=1)


def fates_by_entry_day(model: "BorderModel") -> IntArray:
    """Return infected travellers by day of crossing and fate, shape (days, fates)."""
    people = model.people
    table = np.zeros((model.scenario.calendar.days, len(Fate)), dtype=np.int64)
    rows = (people.infected & (people.crossed_at < NEVER)).nonzero()[0]
    days = people.crossed_at[rows].astype(np.int64)
    np.add.at(table, (days, fates_of(model.world, rows)), 1)
    return table


def _stranded_days(model: "BorderModel") -> float:
    people = model.people
    still = people.stage == Stage.STRANDED
    open_ended = model.scenario.calendar.days - people.stranded_since[still]
    return float(people.stranded_days.sum() + open_ended.sum())


def _where_infected(model: "BorderModel", infected: IntArray) -> dict[str, float]:
    people = model.people
    infected_in = people.infected_in[infected]
    first_leg = len(model.geography.places)
    on_board = (infected_in >= first_leg) & (infected_in < first_leg + len(model.geography.legs))
    # A quarantine site may stand in a town on the way.
    inside = people.quarantined_at[infected] < people.infected_at[infected]
    before = ~inside & (infected_in == model.community.location)
    is_staging = np.zeros(len(model.geography.locations), dtype=bool)
    is_staging[[town.location for town in model.staging_towns]] = True
    on_the_way = ~inside & is_staging[infected_in]
    return {
        "infected_at_source": int(before.sum()),
        "infected_on_board": int(on_board.sum()),
        "infected_in_staging": int(on_the_way.sum()),
        "infected_in_quarantine": int(inside.sum()),
    }


def _counts(model: "BorderModel") -> dict[str, float]:
    places = [
        model.geography.code[name]
        for name, place in model.scenario.places.items()
        if place.part_of is None
    ]
    series = model.bulletin.series[:, :, places].sum(axis=2)
    by_name = {name: series[:, number] for number, name in enumerate(SERIES)}
    new = by_name["imported_confirmed_new"]
    return {
        "first_positives": int(by_name["imported_first_positives"].sum()),
        "imported_confirmed": int(new.sum()),
        "peak_imported_confirmed_new": int(new.max()),
        "peak_imported_confirmed_day": int(new.argmax()) if new.any() else math.nan,
        "peak_carriers_stock": int(by_name["imported_carriers_stock"].max()),
        "peak_in_quarantine": int(by_name["in_quarantine"].max()),
        "peak_lab_backlog": int(by_name["lab_backlog"].max()),
        "peak_hospital_occupancy": int(by_name["hospital_occupancy"].max()),
        "quarantine_person_days": _quarantine_days(model),
        "tests": model.laboratory.tests,
    }


def _quarantine_days(model: "BorderModel") -> float:
    people = model.people
    entered = people.quarantined_at < model.scenario.calendar.days
    leaves = np.minimum(people.released_at, people.first_positive_at)[entered]
    leaves = np.minimum(leaves, model.scenario.calendar.days)
    return float((leaves - people.quarantined_at[entered]).sum())


def _vehicles(model: "BorderModel") -> dict[str, float]:
    """Return the spread of infected passengers between the flights of the first flight leg.

    Without a flight on the route, between the vehicles of its first leg. A ratio of variance to
    mean above 1 is overdispersion: some vehicles carry many.
    """
    towns = [*model.towns, *model.geography.places]
    carriers = sorted(model.carriers.values(), key=lambda c: (towns.index(c.leg.start), c.name))
    first = next((c for c in carriers if c.leg.mode == "flight"), carriers[0])
    infected = first.infected_per_vehicle()
    mean = float(infected.mean()) if len(infected) else math.nan
    return {
        "vehicles": len(infected),
        "infected_per_vehicle_mean": mean,
        "infected_per_vehicle_variance_to_mean": (
            float(infected.var()) / mean if infected.any() else math.nan
        ),
    }
