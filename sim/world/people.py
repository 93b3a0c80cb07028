"""All people as columns: what someone who asks about many of them reads."""

from typing import Any

import numpy as np

from sim.world.codes import NEVER, NONE
from sim.world.crossing_choice import draw_all_traits
from sim.world.draws import BoolArray, IntArray
from sim.world.natural_history import draw_all_courses
from sim.world.state import World
from sim.world.state_of_people import Person

TRAITS = frozenset({"patience", "diverts", "worth_of_home", "risk_aversion", "resolve"})
"""Drawn when someone is stranded, or asked for."""

COURSE = frozenset({"incubation", "onset_to_severe", "asymptomatic", "infectivity"})
"""The course that an infection would take: drawn when someone is infected, or asked for."""

COLUMNS = frozenset(Person.__annotations__)


class People:
    """Everybody: first those who set out, in the order in which they do, then residents.

    ``people.infected_at`` and every other field of ``Person`` is an array over all people, shape
    (people,); writes go through. Residents of the places behind the border are followed from when
    something may happen to them.

    Args:
        world: the state of the world.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._run: Any = np.asarray(world.run)
        self._table: Any = None
        self._plain: Any = None
        self._traits_of, self._courses_of = 0, 0

    def __getattr__(self, name: str) -> Any:
        if name not in COLUMNS:
            raise AttributeError(f"people have no {name!r}")
        size = self.size
        if name in TRAITS and self._traits_of < size:
            draw_all_traits(self._world)
            self._traits_of = size
        elif name in COURSE and self._courses_of < size:
            draw_all_courses(self._world)
            self._courses_of = size
        if self._table is not self._world.people:  # there are more people now
            self._table, self._plain = self._world.people, np.asarray(self._world.people)
        return self._plain[name][:size]

    @property
    def travellers(self) -> int:
        """How many set out: they have the first rows."""
        return int(self._run["travellers"][0])

    @property
    def size(self) -> int:
        """How many people are followed so far."""
        return int(self._run["people"][0])

    @property
    def infected(self) -> BoolArray:
        """Mask of the people who have been infected."""
        mask: BoolArray = self.infected_at < NEVER
        return mask

    @property
    def vehicle(self) -> IntArray:
        """Number of the vehicle of each leg that each person took, or -1, shape (legs, people).

        To be read only.
        """
        rides = self._world.rides
        vehicle = np.full((len(rides), self.size), NONE, rides.dtype)
        vehicle[:, : rides.shape[1]] = rides
        vehicle.flags.writeable = False
        return vehicle
