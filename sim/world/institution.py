"""What all institutions share: a name, and the world they act in."""

from typing import TYPE_CHECKING

import mesa
import numpy as np

from sim.world.bulletin import Flow
from sim.world.draws import FloatArray, IntArray
from sim.world.population import Stage

if TYPE_CHECKING:
    from sim.world.model import BorderModel


class Institution(mesa.Agent):  # type: ignore[misc]
    """An agent that decides about travellers: a community, a carrier, a town, a port, a site.

    Args:
        model: the world.
        name: its name in the scenario file.
    """

    model: "BorderModel"

    def __init__(self, model: "BorderModel", name: str) -> None:
        super().__init__(model)
        self.name = name
        self.people = model.people
        self.draws = model.draws
        self.policy = model.policy

    def strand(self, rows: IntArray, times: FloatArray) -> None:
        """Put down ``rows`` as stranded from ``times`` on."""
        if not len(rows):
            return
        people = self.people
        people.stage[rows] = Stage.STRANDED
        people.stranded_since[rows] = times
        locations = people.location[rows].astype(np.int64)
        self.model.bulletin.count(Flow.STRANDED_IN, locations, times)

    def end_stranding(self, rows: IntArray, times: FloatArray) -> None:
        """Add up the days that the stranded among ``rows`` have waited, until ``times``."""
        people = self.people
        waited = (people.stage[rows] == Stage.STRANDED).nonzero()[0]
        if not len(waited):
            return
        rows, times = rows[waited], times[waited]
        people.stranded_days[rows] += times - people.stranded_since[rows]
        self.model.bulletin.count(Flow.STRANDED_OUT, people.location[rows].astype(np.int64), times)
