"""The line list of a run (a row an infected person) and its list of transmissions."""

import datetime as dt
import math
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.world.codes import EXTERNAL, CaughtBy, FoundBy, Register
from sim.world.draws import FloatArray, IntArray
from sim.world.fates import Fate, fates_of

if TYPE_CHECKING:
    from sim.world.model import BorderModel


def line_list(model: "BorderModel") -> dict[str, list[Any]]:
    """Return the columns of the line list, ordered by time of infection.

    Times are ISO 8601 to the minute, or ``day -1000000`` (whole days since the start) outside the
    years 1 to 9999; an event that did not happen is empty. A person is the row of the population;
    the infector of someone infected outside the travellers is ``outside``.
    """
    people, geography = model.people, model.geography
    rows = people.infected.nonzero()[0]
    rows = rows[np.lexsort((rows, people.infected_at[rows]))]

    def when(times: FloatArray) -> list[str]:
        return _as_text(model.scenario.calendar.start, times[rows])

    def name(codes: IntArray, names: list[str]) -> list[str]:
        return [names[code] if code >= 0 else "" for code in codes[rows].tolist()]

    carriers = np.where(
        people.first_positive_at < people.confirmed_at, people.first_positive_at, np.inf
    )
    ridden = people.vehicle[:, rows]
    return {
        "person": rows.tolist(),
        "local": people.local[rows].tolist(),
        "household": [home if home >= 0 else "" for home in people.household[rows].tolist()],
        "travel_group": [
            travel_group if travel_group >= 0 else ""
            for travel_group in people.travel_group[rows].tolist()
        ],
        "route": [
            " > ".join(leg for leg, seat in zip(geography.legs, seats, strict=True) if seat >= 0)
            for seats in ridden.T.tolist()
        ],
        "vehicles": [
            " > ".join(f"{leg}/{v}" for leg, v in zip(geography.legs, seats, strict=True) if v >= 0)
            for seats in ridden.T.tolist()
        ],
        "port": [
            "" if row >= people.travellers else geography.ports[people.port[row]] for row in rows
        ],
        "set_out": when(people.set_out_at),
        "infected": when(people.infected_at),
        "infected_in": name(people.infected_in, geography.locations),
        "infected_aboard": [
            f"{geography.locations[place]}/{number}" if number >= 0 else ""
            for place, number in zip(
                people.infected_in[rows].tolist(),
                people.infected_aboard[rows].tolist(),
                strict=True,
            )
        ],
        "infected_by": [
            "outside" if infector == EXTERNAL else str(infector)
            for infector in people.infector[rows].tolist()
        ],
        "asymptomatic": people.asymptomatic[rows].tolist(),
        "onset": when(people.onset_at),
        "crossing": when(people.crossed_at),
        "illegal_attempt": when(people.tried_at),
        "caught_by": [CaughtBy(code).name.lower() for code in people.caught_by[rows].tolist()],
        "site": name(people.site, [site.name for site in model.quarantine.sites]),
        "first_positive": when(people.first_positive_at),
        "found_by": name(people.found_by, [found.name.lower() for found in FoundBy]),
        "registered_in": name(people.registered_in, geography.locations),
        "carrier": when(carriers),
        "confirmed": when(people.confirmed_at),
        "confirmed_at_review": people.confirmed_at_review[rows].tolist(),
        "closed": when(people.closed_at),
        "released": when(people.released_at),
        "register": name(people.register, [register.name.lower() for register in Register]),
        "isolated_as_contact": when(people.isolated_at),
        "fate": [
            "" if row >= people.travellers else Fate(code).name.lower()
            for row, code in zip(rows.tolist(), fates_of(model.world, rows).tolist(), strict=True)
        ],
    }


def transmissions(model: "BorderModel") -> dict[str, list[Any]]:
    """Return who infected whom, where and when, ordered by time; infections outside left out."""
    people = model.people
    rows = (people.infector >= 0).nonzero()[0]
    rows = rows[np.lexsort((rows, people.infected_at[rows]))]
    return {
        "infector": people.infector[rows].tolist(),
        "infected": rows.tolist(),
        "place": [model.geography.locations[code] for code in people.infected_in[rows].tolist()],
        "time": _as_text(model.scenario.calendar.start, people.infected_at[rows]),
    }


def _as_text(start: dt.date, days: FloatArray) -> list[str]:
    midnight = dt.datetime.combine(start, dt.time())
    return [_time_as_text(midnight, day) if np.isfinite(day) else "" for day in days.tolist()]


def _time_as_text(midnight: dt.datetime, day: float) -> str:
    try:
        time = midnight + dt.timedelta(minutes=round(day * 1440))
    except OverflowError:  # outside the years that dates can have
        return f"day {math.floor(day)}"
    return time.isoformat(timespec="minutes")
