"""Tests of arrivals who are at large behind the border: after release, or without a quarantine."""

from typing import TYPE_CHECKING

import numpy as np

from sim.world.draws import FloatArray, IntArray, Stream
from sim.world.institution import Institution
from sim.world.planned_swabs import PlannedSwabs
from sim.world.population import FoundBy, Stage

if TYPE_CHECKING:
    from sim.world.model import BorderModel


class ArrivalTests(Institution):
    """Asks arrivals for swabs on set days after entry, which a share of them takes.

    Only those who have been let go take them: in quarantine there are other swabs, and those who
    broke it are out of reach.
    """

    def __init__(self, model: "BorderModel", name: str) -> None:
        super().__init__(model, name)
        self._taken = model.scenario.travellers.arrival_tests_taken
        self._planned = PlannedSwabs(model.scenario)

    def plan(self, rows: IntArray, times: FloatArray) -> None:
        """Ask ``rows``, who came in at ``times`` today, for swabs."""
        swabs = self.policy.arrival_tests[self.model.day]
        if not swabs:
            return
        taken = self.lots.of(Stream.TAKES_ARRIVAL_TESTS, rows) < self._taken
        for swab in swabs:
            self._planned.add(swab.assay, rows[taken], times[taken] + swab.days)

    def take_swabs(self) -> None:
        """Send today's swabs to the laboratory, of those who are at large at that minute."""
        people, tomorrow = self.people, self.model.day + 1.0
        for assay, rows, times in self._planned.due(self.model.day):
            self.model.quarantine.let_go_by(rows, times)
            # Who is kept only until a result comes is asked again the next morning.
            kept = self.model.quarantine.reachable(rows, times)
            kept &= people.planned_release[rows] <= times
            self._planned.add(assay, rows[kept], np.full(int(kept.sum()), tomorrow))
            let_go = people.stage[rows] == Stage.RELEASED
            let_go &= (people.at_large_from[rows] <= times) & (
                times < people.first_positive_at[rows]
            )
            rows, times = rows[let_go], times[let_go]
            people.seeks_care[rows] = True
            self.model.laboratory.receive(rows, times, FoundBy.SCHEDULED_TEST, assay)
