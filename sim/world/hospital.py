"""A hospital: beds for people who tested positive."""

from typing import TYPE_CHECKING

from sim.scenario.institutions import Hospital
from sim.world.bulletin import Flow
from sim.world.draws import FloatArray, IntArray
from sim.world.institution import Institution

if TYPE_CHECKING:
    from sim.world.model import BorderModel


class HospitalWard(Institution):
    """Isolates carriers and cases while it has beds.

    Args:
        model: the world.
        name: its name in the scenario.
        index: its number in the population's ``hospital`` column.
        hospital: where it is.
    """

    def __init__(self, model: "BorderModel", name: str, index: int, hospital: Hospital) -> None:
        super().__init__(model, name)
        self.index = index
        self.location = model.geography.code[hospital.place]
        self.occupied = 0

    def free_beds(self) -> int:
        """Return how many more people can be taken in today."""
        beds = self.policy.hospital_beds[self.name][self.model.day]
        return int(max(0, min(beds, 2**62) - self.occupied))

    def admit(self, rows: IntArray, times: FloatArray) -> None:
        """Give beds to ``rows``."""
        self.people.hospital[rows] = self.index
        self.people.location[rows] = self.location
        self.occupied += len(rows)
        self.model.bulletin.count(Flow.HOSPITAL_IN, self.location, times)

    def discharge(self, rows: IntArray, times: FloatArray) -> None:
        """Take back the beds of those among ``rows`` who have one here."""
        here = (self.people.hospital[rows] == self.index).nonzero()[0]
        if len(here):
            self.occupied -= len(here)
            self.model.bulletin.count(Flow.HOSPITAL_OUT, self.location, times[here])
