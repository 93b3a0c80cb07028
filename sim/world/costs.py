"""The bill: what was done on each day and in each place, times its unit cost."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from sim.scenario.costs import UnitCosts
from sim.world.draws import FloatArray
from sim.world.surveillance import Flow

if TYPE_CHECKING:
    from sim.world.model import BorderModel

REWARDS = "rewards"
"""The part of the bill that is counted in money already."""

PARTS = (*UnitCosts.model_fields, REWARDS)
"""Names of the parts of the bill."""


def quantities(model: "BorderModel") -> dict[str, FloatArray]:
    """Return how much of everything that costs money was used, shape (days, locations) each."""
    policy, guards = model.policy, model.border_guards
    flows = model.surveillance.flows.astype(np.float64)
    so_far = flows.cumsum(axis=0)

    def stock(comes: Flow, goes: Flow) -> FloatArray:
        there: FloatArray = so_far[:, comes] - so_far[:, goes]
        return there

    in_quarantine = stock(Flow.QUARANTINE_IN, Flow.QUARANTINE_OUT)
    at_home = stock(Flow.HOME_IN, Flow.HOME_OUT)
    monitored = (policy.monitoring > 0)[:, None]
    return {
        "test": flows[:, Flow.PROCESSED],
        "pre_departure_test": flows[:, Flow.PRE_DEPARTURE_TESTS],
        "quarantine_day": in_quarantine - at_home,
        "home_quarantine_day": at_home,
        "monitoring_day": in_quarantine * monitored,
        "hospital_day": stock(Flow.HOSPITAL_IN, Flow.HOSPITAL_OUT),
        "hospital_bed_day": _by_location(
            model, [(ward.location, policy.hospital_beds[ward.name]) for ward in model.hospitals]
        ),
        "case_investigation": flows[:, Flow.FIRST_POSITIVES] + flows[:, Flow.LOCAL_FIRST_POSITIVES],
        "traced_contact": flows[:, Flow.TRACED],
        "patrol_day": _by_location(
            model, [(guard.location, policy.patrols[guard.name]) for guard in guards]
        ),
        "sensor_day": _by_location(
            model,
            [
                (guard.location, (policy.sensors[guard.name] > 0).astype(np.float64))
                for guard in guards
            ],
        ),
        "report": flows[:, Flow.REPORTS],
        "caught_crosser": flows[:, Flow.ILLEGAL_CAUGHT],
        "lockdown_person_day": _by_location(
            model,
            [
                (town.location, policy.lockdown[town.name] * town.settings.people)
                for town in model.residents.values()
            ],
        ),
        "stranded_day": stock(Flow.STRANDED_IN, Flow.STRANDED_OUT),
        REWARDS: flows[:, Flow.REWARDS_CNY],
    }


def bill(model: "BorderModel") -> dict[str, FloatArray]:
    """Return the cost of every part in CNY, shape (days, locations) each."""
    unit_costs = model.scenario.costs
    return {
        part: amount * (1.0 if part == REWARDS else getattr(unit_costs, part))
        for part, amount in quantities(model).items()
    }


def _by_location(model: "BorderModel", amounts: Iterable[tuple[int, FloatArray]]) -> FloatArray:
    """Return amounts by day of some locations as a table; what has no limit counts as 0."""
    table = np.zeros((model.scenario.calendar.days, len(model.geography.locations)))
    for location, by_day in amounts:
        table[:, location] += np.where(np.isfinite(by_day), by_day, 0.0)
    return table
