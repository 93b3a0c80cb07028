"""The outcomes of one run: a number for each question that a policy analyst asks.

A count of nobody is 0. A share or an average over nobody is not a number: nan here, an empty cell
in tables.
"""

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.world.costs import REWARDS
from sim.world.detection import CAUSES, Detection
from sim.world.draws import FloatArray, IntArray
from sim.world.fates import Fate
from sim.world.origins import Origin
from sim.world.surveillance import SERIES, Flow
from sim.world.tally import Sums, sums_of

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


_UNDECIDED = [Fate.NOT_FIT_TO_TRAVEL, Fate.NOT_CROSSED, Fate.STILL_IN_QUARANTINE]
_MISSED = [
    Fate.RELEASED_INFECTIOUS,
    Fate.RELEASED_NOT_INFECTIOUS,
    Fate.BREACHED,
    Fate.ENTERED_UNSEEN,
]
_IN_COMMUNITY = [
    Fate.RELEASED_INFECTIOUS,
    Fate.BREACHED,
    Fate.ENTERED_UNSEEN,
    Fate.FOUND_IN_COMMUNITY,
]
"""Fates of those who were infected and in the community behind the border."""

_WATCHING = ("patrol_day", "sensor_day", "report", "caught_crosser", REWARDS)
"""Parts of the bill that are spent on finding those who cross away from the ports."""


def outcomes_of(model: "BorderModel", sums: Sums | None = None) -> dict[str, float]:
    """Return the outcomes of a finished run.

    ``fate_*`` add up to ``infected_travellers``; ``undetected_*`` of ``CAUSES`` add up to
    ``undetected_entrants``. Shares and averages over nobody are nan.

    Args:
        model: a finished run.
        sums: what it adds up to, if that is known.
    """
    sums = sums_of(model) if sums is None else sums
    of_people = {"travellers": model.people.travellers, **sums.of_people}
    # Until the end of the calendar, nothing had happened.
    for first in ("days_until_infected_entrant", "days_until_local_case"):
        of_people[first] = min(of_people[first], float(model.scenario.calendar.days))

    def some(*names: str) -> dict[str, float]:
        return {name: of_people[name] for name in names}

    local = int(sums.local_by_day.sum())
    return {
        **some("travellers", "gave_up", "stranded_person_days", "entrants", "infected_travellers"),
        **some("infected_at_entry", "days_until_infected_entrant"),
        **{f"fate_{fate.name.lower()}": int(sums.fates[fate]) for fate in Fate},
        "undetected_share": _undetected_share(sums.fates),
        **_by_detection(sums.detected),
        "community_infections": int(sums.fates[_IN_COMMUNITY].sum()) + local,
        **_infectiousness_shares(of_people),
        **some("infectiousness_on_journey", "infectiousness_after_entry"),
        **some("infectiousness_in_quarantine", "community_infectiousness"),
        **some("community_infectious_days", "infected_at_source", "infected_on_board"),
        **some("infected_in_staging", "infected_in_quarantine"),
        **_counts(model),
        **some("quarantine_person_days"),
        "tests": model.laboratory.tests,
        **_vehicles(model),
        **some("illegal_attempts", "illegal_caught", "illegal_turned_back", "illegal_entered"),
        **some("illegal_entered_infected", "seen_by_patrols", "seen_by_sensors"),
        **some("caught_on_report", "captured_by_residents"),
        "perceived_detection": _perceived_detection(model),
        "local_infections": local,
        **_by_origin(sums.local_by_day),
        **some("hospital_outbreak_size", "local_first_positives", "days_until_local_case"),
        "traced_contacts": int(model.surveillance.flows[:, Flow.TRACED].sum()),
        **_costs(model),
    }


def _undetected_share(fates: IntArray) -> float:
    """Return the share that nobody found of the infected travellers whose journey is decided."""
    decided = int(fates.sum() - fates[_UNDECIDED].sum())
    return float(fates[_MISSED].sum() / decided) if decided else math.nan


def _by_detection(detected: IntArray) -> dict[str, float]:
    """Return infected entrants who ever tested positive, and the others by cause."""
    causes = {f"undetected_{cause.name.lower()}": int(detected[cause]) for cause in CAUSES}
    return {
        "ever_positive_entrants": int(detected[Detection.POSITIVE]),
        "undecided_entrants": int(detected[Detection.UNDECIDED]),
        "undetected_entrants": sum(causes.values()),
        **causes,
    }


def _infectiousness_shares(of_people: dict[str, float]) -> dict[str, float]:
    """Return which shares of the infectiousness of entrants fall after entry and after release."""
    whole = of_people["infectiousness"]
    return {
        f"infectiousness_{when}_share": (
            of_people[f"infectiousness_{when}"] / whole if whole else math.nan
        )
        for when in ("after_entry", "after_release")
    }


def _perceived_detection(model: "BorderModel") -> float:
    """Return the mean over the stretches of the border away from the ports; nan without any."""
    perceived = [guard.perceived for guard in model.border_guards]
    return math.fsum(perceived) / len(perceived) if perceived else math.nan


def _by_origin(local_by_day: IntArray) -> dict[str, float]:
    """Return infections of residents by what brought them."""
    by_origin = local_by_day.sum(axis=0).tolist()
    return {f"local_from_{origin.name.lower()}": by_origin[origin] for origin in Origin}


def _counts(model: "BorderModel") -> dict[str, float]:
    places = [
        model.geography.code[name]
        for name, place in model.scenario.places.items()
        if place.part_of is None
    ]
    series = model.surveillance.series[:, :, places].sum(axis=2)
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
    }


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


def _costs(model: "BorderModel") -> dict[str, float]:
    """Return the parts of the bill in CNY, their sum, and what a crosser found costs.

    Where no crosser is found, the last is nan.
    """
    parts = {part: float(cost.sum()) for part, cost in model.surveillance.costs.items()}
    found = int(model.surveillance.flows[:, [Flow.ILLEGAL_CAUGHT, Flow.TURNED_BACK]].sum())
    enforcement = math.fsum(parts[part] for part in _WATCHING)
    return {
        **{f"cost_{part}_cny": cost for part, cost in parts.items()},
        "cost_without_lockdown_cny": math.fsum(
            cost for part, cost in parts.items() if part != "lockdown_person_day"
        ),
        "cost_cny": math.fsum(parts.values()),
        "cost_per_crosser_found_cny": enforcement / found if found else math.nan,
    }


def confirmed_cases(model: "BorderModel") -> FloatArray:
    """Return when imported cases fell ill and when they were confirmed, shape (cases, 2).

    Times in days since the start; the onset of someone without symptoms is infinite, that of the
    others may lie before the start or after the confirmation.
    """
    people = model.people
    confirmed = (~people.local & (people.confirmed_at < model.scenario.calendar.days)).nonzero()[0]
    return np.stack([people.onset_at[confirmed], people.confirmed_at[confirmed]], axis=1)
