"""Outcomes of infectiousness: how much of it falls where, whether anybody is there or not.

Infectiousness is weighted by each person's own infectivity and is in units of the whole
infectiousness of an average person: times a reproduction number it is expected infections.
"""

import math
from typing import TYPE_CHECKING

import numpy as np

from sim.world.draws import FloatArray, IntArray
from sim.world.natural_history import infectiousness_of
from sim.world.state import NEVER

if TYPE_CHECKING:
    from sim.world.model import BorderModel


def infectiousness_outcomes(model: "BorderModel", infected: IntArray) -> dict[str, float]:
    """Return the infectiousness of travellers by where it falls.

    Args:
        model: a finished run.
        infected: rows of the infected travellers, shape (n,).

    Returns:
        Outcome by name; the two shares are nan where no infected person entered.
    """
    people = model.people
    entered = infected[people.crossed_at[infected] < NEVER]
    forever = np.full(len(entered), NEVER)
    crossed, released = people.crossed_at[entered], people.released_at[entered]
    world = model.world
    total = infectiousness_of(world, entered, people.infected_at[entered], forever)
    after_entry = infectiousness_of(world, entered, crossed, forever)
    after_release = infectiousness_of(world, entered, released, forever)
    at_large, gone = _at_large(model, entered)
    begins = np.maximum(at_large, people.infectious_from[entered])
    ends = np.minimum(gone, people.infectious_until[entered])
    ends = np.minimum(ends, model.scenario.calendar.days)
    return {
        "infectiousness_after_entry_share": after_entry / total if total else math.nan,
        "infectiousness_after_release_share": after_release / total if total else math.nan,
        "infectiousness_on_journey": infectiousness_of(
            model.world, entered, people.set_out_at[entered], crossed
        ),
        "infectiousness_after_entry": after_entry,
        "infectiousness_in_quarantine": infectiousness_of(world, entered, crossed, at_large),
        "infectiousness_at_large": infectiousness_of(world, entered, at_large, gone),
        "infectious_days_at_large": float(np.maximum(ends - begins, 0.0).sum()),
    }


def _at_large(model: "BorderModel", rows: IntArray) -> tuple[FloatArray, FloatArray]:
    """Return from when to when each of ``rows`` is in contact with others behind the border.

    A positive test, tracing or self-isolation ends it; who comes out of isolation is at large
    again.
    """
    people = model.people
    begins = np.minimum(people.released_at[rows], people.at_large_from[rows])
    ends = np.full(len(rows), NEVER)
    for out_of_contact in (people.first_positive_at[rows], people.isolated_at[rows]):
        ends = np.where(out_of_contact >= begins, np.minimum(ends, out_of_contact), ends)
    return begins, ends
