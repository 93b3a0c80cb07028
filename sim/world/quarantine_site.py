"""A quarantine site: a facility with beds, or all homes of a place together."""

from typing import TYPE_CHECKING

from sim.scenario.institutions import Setting
from sim.world.bulletin import Flow
from sim.world.draws import FloatArray, IntArray
from sim.world.institution import Institution
from sim.world.population import Stage

if TYPE_CHECKING:
    from sim.world.model import BorderModel

HOME = "home"
"""Name of the site that stands for quarantine at home."""


class QuarantineSite(Institution):
    """Takes in people while it has beds; homes always have.

    Args:
        model: the world.
        name: its name in the scenario, or ``HOME``.
        index: its number in the population's ``site`` column.
        place: where it is.
        room_size: people a room.
        setting: how well the quarantine is kept.
    """

    def __init__(
        self,
        model: "BorderModel",
        name: str,
        index: int,
        place: str,
        room_size: int,
        setting: Setting,
    ) -> None:
        super().__init__(model, name)
        self.index = index
        self.location = model.geography.code[place]
        self.room_size = room_size
        self.setting = setting
        self.occupied = 0

    def free_beds(self) -> int:
        """Return how many more people can be taken in today."""
        if self.name == HOME:
            return self.people.size
        beds = self.policy.site_beds[self.name][self.model.day]
        return int(max(0, min(beds, 2**62) - self.occupied))

    def take_in(self, rows: IntArray, times: FloatArray) -> None:
        """Give beds to ``rows``, who come from the border at ``times``."""
        people = self.people
        people.site[rows] = self.index
        people.location[rows] = self.location
        people.stage[rows] = Stage.IN_QUARANTINE
        people.quarantined_at[rows] = times
        self.occupied += len(rows)
        self.model.bulletin.count(Flow.QUARANTINE_IN, self.location, times)
        if self.name == HOME:
            self.model.bulletin.count(Flow.HOME_IN, self.location, times)

    def let_go(self, times: FloatArray) -> None:
        """Take back the beds of people who leave at ``times``."""
        self.occupied -= len(times)
        self.model.bulletin.count(Flow.QUARANTINE_OUT, self.location, times)
        if self.name == HOME:
            self.model.bulletin.count(Flow.HOME_OUT, self.location, times)
