"""Outcomes of what happens away from the ports and behind them: crossings, towns, money."""

import math
from typing import TYPE_CHECKING

import numpy as np

from sim.world.bulletin import Flow
from sim.world.costs import REWARDS, bill
from sim.world.fates import Fate
from sim.world.origins import Origin, local_infections_by_day
from sim.world.state import NEVER, CaughtBy, Stage

if TYPE_CHECKING:
    from sim.world.model import BorderModel

UNDETECTED = (Fate.RELEASED_INFECTIOUS, Fate.BREACHED, Fate.ENTERED_UNSEEN, Fate.FOUND_AT_LARGE)
"""Fates of those who were infected and at large behind the border."""


def crossing_outcomes(model: "BorderModel") -> dict[str, float]:
    """Return what became of those who tried to cross away from the ports.

    Without a border away from the ports there is no ``perceived_detection``: nan.
    """
    people = model.people
    tried = (people.tried_at < NEVER).nonzero()[0]
    on_the_way = people.stage[tried] == Stage.CROSSING
    by = np.bincount(people.caught_by[tried[~on_the_way]], minlength=len(CaughtBy))
    back = people.stage[tried] == Stage.TURNED_BACK
    unseen = (people.caught_by[tried] == CaughtBy.NOT_CAUGHT) & ~on_the_way
    infected = people.infected_at[tried] <= people.crossed_at[tried]
    perceived = [guard.perceived for guard in model.border_guards]
    return {
        "illegal_attempts": len(tried),
        "illegal_caught": int(len(tried) - unseen.sum() - back.sum() - on_the_way.sum()),
        "illegal_turned_back": int(back.sum()),
        "illegal_entered": int(unseen.sum()),
        "illegal_entered_infected": int((unseen & infected).sum()),
        "seen_by_patrols": int(by[CaughtBy.PATROL]),
        "seen_by_sensors": int(by[CaughtBy.SENSOR]),
        "caught_on_report": int(by[CaughtBy.REPORT]),
        "captured_by_residents": int(by[CaughtBy.CAPTURE]),
        "perceived_detection": float(np.mean(perceived)) if perceived else math.nan,
    }


def local_outcomes(model: "BorderModel") -> dict[str, float]:
    """Return infections of residents, by what brought them, and when the first was found."""
    people, days = model.people, model.scenario.calendar.days
    by_origin = local_infections_by_day(model).sum(axis=0)
    found = people.first_positive_at[people.local]
    outbreak = model.hospital_outbreak
    through = () if outbreak is None else outbreak.infected_through_the_patient()
    outcomes: dict[str, float] = {"local_infections": int(by_origin.sum())}
    outcomes |= {f"local_from_{o.name.lower()}": int(by_origin[o]) for o in Origin}
    outcomes["hospital_outbreak_size"] = len(through)
    outcomes["local_first_positives"] = int((found < days).sum())
    outcomes["days_until_local_case"] = float(min(days, found.min(initial=days)))
    outcomes["traced_contacts"] = int(model.bulletin.flows[:, Flow.TRACED].sum())
    return outcomes


def cost_outcomes(model: "BorderModel") -> dict[str, float]:
    """Return the parts of the bill in CNY, their sum, and what a crosser found costs.

    Where no crosser is found, the last is nan.
    """
    parts = {part: float(cost.sum()) for part, cost in bill(model).items()}
    found = int(model.bulletin.flows[:, [Flow.ILLEGAL_CAUGHT, Flow.TURNED_BACK]].sum())
    watching = ("patrol_day", "sensor_day", "report", "caught_crosser", REWARDS)
    enforcement = math.fsum(parts[part] for part in watching)
    return {
        **{f"cost_{part}_cny": cost for part, cost in parts.items()},
        "cost_cny": math.fsum(parts.values()),
        "cost_per_crosser_found_cny": enforcement / found if found else math.nan,
    }
