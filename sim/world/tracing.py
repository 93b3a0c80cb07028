"""Contact tracing: who was infected by a registered person, infected it, or lives with it."""

from typing import TYPE_CHECKING

import numpy as np

from sim.world.agenda import Agenda
from sim.world.bulletin import Flow
from sim.world.draws import FloatArray, IntArray, Stream
from sim.world.institution import Institution
from sim.world.population import NEVER, FoundBy, Register, Stage
from sim.world.residents import Residents

if TYPE_CHECKING:
    from sim.world.model import BorderModel

_SWABS = (0.0, 7.0, 13.0)
"""Days after isolation on which a contact is swabbed."""


class ContactTracing(Institution):
    """Finds infected contacts who are at large, isolates them and has them swabbed.

    Contacts who were not infected cost work but change nothing, so they are not made. A contact
    who is isolated stays so until the infection is over.
    """

    def __init__(self, model: "BorderModel", name: str) -> None:
        super().__init__(model, name)
        self._found = Agenda()
        self._swabs = Agenda()

    def follow_up(self, cases: IntArray, times: FloatArray) -> None:
        """Look for the contacts of newly registered ``cases`` who have been at large."""
        at_large = self.people.at_large_from[cases] < NEVER
        cases, times = cases[at_large], times[at_large]
        if not len(cases):
            return
        for town in self.model.residents.values():
            town.restrict_households_of(cases, times)
            if len(town.spreading):
                self._search(town, cases, times)

    def _search(self, town: Residents, cases: IntArray, times: FloatArray) -> None:
        people = self.people
        suspects = town.spreading[people.isolated_at[town.spreading] == NEVER]
        share = self.policy.contact_tracing[town.name][self.model.day]
        suspects = suspects[self.lots.of(Stream.TRACED, suspects) < share]
        infected_by = _earliest(cases, times, people.infector[suspects])
        infected = _earliest(people.infector[cases], times, suspects)
        lives_with = _earliest(people.household[cases], times, people.household[suspects])
        known = np.minimum(np.minimum(infected_by, infected), lives_with)
        self._found.add(suspects, known + town.settings.tracing_delay)

    def call_in(self, rows: IntArray, times: FloatArray) -> None:
        """Isolate and swab ``rows``, who are infected, at ``times``."""
        self._found.add(rows, times)

    def take_swabs(self) -> None:
        """Isolate the contacts reached today, and swab those in isolation who are due."""
        people, day = self.people, self.model.day
        rows, times = self._found.due(day)
        if len(rows):
            order = np.lexsort((times, rows))
            rows, first = np.unique(rows[order], return_index=True)
            times = times[order][first]
            # Those who are called in for yesterday are reached today.
            times = np.maximum(times, day)
            free = (times < people.first_positive_at[rows]) & (people.stage[rows] != Stage.CONTACT)
            rows, times = rows[free], times[free]
            people.isolated_at[rows] = np.minimum(people.isolated_at[rows], times)
            # A result later today has moved some to a hospital already.
            people.stage[rows[people.register[rows] == Register.NONE]] = Stage.CONTACT
            people.seeks_care[rows] = True
            where = people.location[rows].astype(np.int64)
            self.model.bulletin.count(Flow.TRACED, where, times)
            for offset in _SWABS:
                self._swabs.add(rows, times + offset)
        rows, times = self._swabs.due(day)
        if len(rows):
            here = times < people.first_positive_at[rows]
            self.model.laboratory.receive(rows[here], times[here], FoundBy.TRACING)


def _earliest(keys: IntArray, times: FloatArray, wanted: IntArray) -> FloatArray:
    """Return for each of ``wanted`` the earliest of the times that its key has, or never.

    Args:
        keys: shape (n,); negative ones are nobody's.
        times: shape (n,).
        wanted: shape (m,).
    """
    order = np.lexsort((times, keys))
    keys, times = keys[order], times[order]
    place = np.minimum(keys.searchsorted(wanted), len(keys) - 1)
    earliest: FloatArray = np.where((keys[place] == wanted) & (wanted >= 0), times[place], NEVER)
    return earliest
