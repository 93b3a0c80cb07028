"""Swabs that people are to have, by the test that they are for."""

from collections.abc import Iterator

from sim.scenario.schema import Scenario
from sim.scenario.swab_time import PCR
from sim.world.agenda import Agenda
from sim.world.draws import FloatArray, IntArray


class PlannedSwabs:
    """An agenda for each assay of the laboratory of ``scenario``."""

    def __init__(self, scenario: Scenario) -> None:
        self._by_assay = {assay: Agenda() for assay in (PCR, *scenario.laboratory.assays)}

    def add(self, assay: str, rows: IntArray, times: FloatArray) -> None:
        """Plan a swab of person ``rows[i]`` at ``times[i]``, in days."""
        self._by_assay[assay].add(rows, times)

    def due(self, day: int) -> Iterator[tuple[str, IntArray, FloatArray]]:
        """Take out the swabs of ``day``, assay by assay: people and times. To be gone through."""
        for assay, agenda in self._by_assay.items():
            rows, times = agenda.due(day)
            if len(rows):
                yield assay, rows, times
