"""The laboratory: a queue of swabs, a number of tests a day, and results after a while."""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.scenario.swab_time import PCR
from sim.world.agenda import NO_ROWS, NO_TIMES, Agenda
from sim.world.bulletin import Flow
from sim.world.draws import BoolArray, FloatArray, IntArray, Stream
from sim.world.institution import Institution
from sim.world.pcr import sensitivity_for
from sim.world.population import FoundBy

if TYPE_CHECKING:
    from sim.world.model import BorderModel


class Swabs(NamedTuple):
    """Swabs taken: of whom, when, why, and the how-manieth of that person; shape (n,) each."""

    rows: IntArray
    taken: FloatArray
    reasons: IntArray
    ordinals: IntArray

    def of(self, keep: IntArray) -> "Swabs":
        """Return the swabs at the positions ``keep``."""
        return Swabs(self.rows[keep], self.taken[keep], self.reasons[keep], self.ordinals[keep])


class Laboratory(Institution):
    """Works off swabs first come, first served; what is left over waits for the next day.

    With ``suspects_first``, swabs taken on schedule come after all others of the day.
    """

    def __init__(self, model: "BorderModel", name: str) -> None:
        super().__init__(model, name)
        self.settings = model.scenario.laboratory
        self.location = model.geography.code[self.settings.place]
        self._assays = {PCR: self.settings, **self.settings.assays}
        self._waiting: list[Swabs] = []
        self._results = Agenda()
        self._positive = Agenda()
        """The positive swabs, by their number in the order in which they were worked off."""
        self._tested: list[int] = []
        self._reasons: list[int] = []
        """Who was swabbed for each positive swab, and why."""
        self.tests = 0

    def receive(self, rows: IntArray, times: FloatArray, reason: int, assay: str = PCR) -> None:
        """Take in swabs; those for another assay than PCR are worked off at once.

        Args:
            rows: people swabbed.
            times: when the swabs were taken, in days.
            reason: what led to them.
            assay: the test that they are for.
        """
        if not len(rows):
            return
        people = self.people
        ordinals = people.tests[rows]
        if len(set(rows.tolist())) < len(rows):  # a person's second swab is a second event
            order = np.lexsort((times, rows))
            rows, times = rows[order], times[order]
            ordinals = people.tests[rows] + np.arange(len(rows)) - rows.searchsorted(rows)
        swabs = Swabs(rows, times, np.full(len(rows), reason), ordinals)
        np.add.at(people.tests, rows, 1)
        np.add.at(people.results_awaited, rows, 1)
        self.model.bulletin.count(Flow.SWABS, self.location, times)
        if assay == PCR:
            self._waiting.append(swabs)
        else:
            self._work_off(swabs, times, assay)

    def step(self) -> None:
        """Work off as many swabs as today's capacity allows."""
        if not self._waiting:
            return
        day = self.model.day
        capacity = self.policy.laboratory_capacity[day]
        swabs = Swabs(*map(np.concatenate, zip(*self._waiting, strict=True)))
        can_wait = self.settings.suspects_first & (swabs.reasons == FoundBy.SCHEDULED_TEST)
        order = np.lexsort((swabs.rows, swabs.taken, can_wait))
        count = int(min(len(order), capacity))
        self._waiting = [swabs.of(order[count:])] if count < len(order) else []
        if count:
            now = swabs.of(order[:count])
            # The k-th swab is begun when capacity has worked off k of them, or when it is taken.
            begun = np.maximum(now.taken, day + np.arange(count) / capacity)
            self._work_off(now, begun, PCR)

    def results(self, day: int) -> tuple[IntArray, FloatArray, IntArray]:
        """Hand out the results of ``day`` that are known: who is positive, times and reasons.

        Asked again on the same day, it hands out those that have come since.
        """
        rows, times = self._results.due(day)
        if not len(rows):
            return NO_ROWS, NO_TIMES, NO_ROWS
        np.add.at(self.people.results_awaited, rows, -1)
        # Swabs for several assays, or by priority, are not worked off in the order of results.
        np.maximum.at(self.people.last_result_at, rows, times)
        positive, when = self._positive.due(day)
        who = np.array([self._tested[swab] for swab in positive], dtype=np.int64)
        why = np.array([self._reasons[swab] for swab in positive], dtype=np.int64)
        return who, when, why

    def _work_off(self, swabs: Swabs, begun: FloatArray, assay: str) -> None:
        self.tests += len(begun)
        self.model.bulletin.count(Flow.PROCESSED, self.location, begun)
        results = begun + self._assays[assay].turnaround
        positive = self.is_positive(Stream.TEST, swabs.rows, swabs.taken, swabs.ordinals, assay)
        self._results.add(swabs.rows, results)
        found = positive.nonzero()[0]
        self._positive.add(len(self._tested) + np.arange(len(found)), results[found])
        self._tested += swabs.rows[found].tolist()
        self._reasons += swabs.reasons[found].tolist()

    def sees_infection(self, rows: IntArray, taken: FloatArray, assay: str = PCR) -> FloatArray:
        """Return the probability that a swab taken then shows the infection of each of ``rows``."""
        people, test = self.people, self._assays[assay]
        seen = sensitivity_for(test.sensitivity, people, rows, taken)
        factor = np.where(people.asymptomatic[rows], test.asymptomatic_factor, 1.0)
        return seen * factor

    def is_positive(
        self,
        stream: Stream,
        rows: IntArray,
        taken: FloatArray,
        ordinals: IntArray,
        assay: str = PCR,
    ) -> BoolArray:
        """Return a mask over ``rows``: a swab taken then turns out positive.

        Args:
            stream: which kind of test draws.
            rows: people, shape (n,).
            taken: when the swab was taken, shape (n,).
            ordinals: the how-manieth test of this kind of each person, shape (n,).
            assay: the test.
        """
        people = self.people
        false_positive = 1.0 - self._assays[assay].specificity
        # Without false positives only the infected need a draw, which is a pure function of them.
        if false_positive == 0:
            drawn = (people.infected_at[rows] <= taken).nonzero()[0]
        else:
            drawn = np.arange(len(rows))
        positive = np.zeros(len(rows), dtype=bool)
        if not len(drawn):
            return positive
        who = rows[drawn]
        seen = self.sees_infection(who, taken[drawn], assay)
        probability = 1.0 - (1.0 - seen) * (1.0 - false_positive)
        lots = self.draws.uniform(stream, people.key[who], ordinals[drawn])
        positive[drawn] = lots < probability
        return positive
