"""The health authority: keeps the registers, isolates, and reviews its carriers.

A positive test makes a person a *confirmed* case if there are symptoms, and an *asymptomatic
carrier* otherwise. A carrier becomes confirmed on onset, when an examination (CT) finds disease,
or at a review round, which examines many at once; one with none of these is released after
negative tests. Registers only move forward.
"""

from typing import TYPE_CHECKING

import numpy as np

from sim.world.agenda import Agenda, first_entries
from sim.world.bulletin import LOCAL, Flow
from sim.world.draws import FloatArray, IntArray, Stream
from sim.world.institution import Institution
from sim.world.population import NEVER, Register, Stage
from sim.world.quantiles import Parameter, quantile_of, settled

if TYPE_CHECKING:
    from sim.world.model import BorderModel

REVIEW_HOUR = 0.5
"""Review rounds are held at noon, as a share of the day."""

_DAY_BETWEEN_NEGATIVES = 1.0


class HealthAuthority(Institution):
    """Decides what each person counts as, and isolates those who test positive."""

    def __init__(self, model: "BorderModel", name: str) -> None:
        super().__init__(model, name)
        self.rules = model.scenario.registers
        stay = settled(self.rules.hospital_stay, model.draws, Parameter.HOSPITAL_STAY)
        self._hospital_stay = quantile_of(stay)
        self._conversions = Agenda()
        self._observation_ends = Agenda()
        self._discharges = Agenda()
        self._carriers: IntArray = np.empty(0, dtype=np.int64)

    def register(self) -> None:
        """Register those whose positive results of today are known."""
        self._register(*self.model.laboratory.results(self.model.day))

    def step(self) -> None:
        """Work through the day's onsets, reviews, tests for release and discharges, in order."""
        day = self.model.day
        converted = self._conversions.due(day)
        observed = self._observation_ends.due(day)
        noon = day + REVIEW_HOUR
        self._follow_carriers(converted, observed, -np.inf, noon)
        self._review(day)
        self._follow_carriers(converted, observed, noon, np.inf)
        self._discharge(*self._discharges.due(day))

    def _follow_carriers(
        self,
        converted: tuple[IntArray, FloatArray],
        observed: tuple[IntArray, FloatArray],
        since: float,
        until: float,
    ) -> None:
        """Confirm or release carriers from ``since`` on up to ``until``, whichever comes first.

        Args:
            converted: carriers who fall ill or in whom disease is found, and when.
            observed: carriers whose observation ends, and when.
            since: beginning of the part of the day, in days.
            until: its end.
        """
        (ill, onset), (rows, times) = (_between(due, since, until) for due in (converted, observed))
        if not len(ill) + len(rows):
            return
        falls_ill = dict(zip(ill.tolist(), onset.tolist(), strict=True))
        first = np.array(
            [
                time < falls_ill.get(row, NEVER)
                for row, time in zip(rows.tolist(), times.tolist(), strict=True)
            ],
            dtype=bool,
        )
        self._release_carriers(rows[first], times[first])
        self._convert(ill, onset, at_review=False)
        self._release_carriers(rows[~first], times[~first])

    def _register(self, rows: IntArray, times: FloatArray, reasons: IntArray) -> None:
        """Register first positive tests and isolate those who have them."""
        if not len(rows):
            return
        people = self.people
        order = np.lexsort((rows, times))
        rows, times, reasons = rows[order], times[order], reasons[order]
        # Those who left the quarantine before the result are out of reach.
        here = self.model.quarantine.reachable(rows, times) | people.seeks_care[rows]
        here &= people.register[rows] == Register.NONE
        rows, times, reasons = rows[here], times[here], reasons[here]
        if len(set(rows.tolist())) < len(rows):  # two positive swabs on one day: the first counts
            first = first_entries(rows)
            rows, times, reasons = rows[first], times[first], reasons[first]
        if not len(rows):
            return
        people.first_positive_at[rows] = times
        # Who would have broken the quarantine later today does not.
        in_quarantine = rows[people.stage[rows] == Stage.IN_QUARANTINE]
        people.released_at[in_quarantine] = NEVER
        people.found_by[rows] = reasons
        people.registered_in[rows] = people.location[rows]
        self._count(Flow.FIRST_POSITIVES, rows, times)
        self._isolate(rows, times)
        self.model.tracing.follow_up(rows, times)
        ill = people.onset_at[rows] <= times
        self._confirm(rows[ill], times[ill])
        carriers, since = rows[~ill], times[~ill]
        people.register[carriers] = Register.CARRIER
        self._carriers = np.concatenate([self._carriers, carriers])
        self._count(Flow.CARRIERS_IN, carriers, since)
        self._conversions.add(
            carriers, np.minimum(people.onset_at[carriers], self._found(carriers, since))
        )
        self._observation_ends.add(carriers, since + self.rules.carrier_observation)

    def _found(self, carriers: IntArray, since: FloatArray) -> FloatArray:
        """Return when an examination of each carrier would find disease."""
        if self.rules.findings_per_day == 0:
            return np.full(len(carriers), NEVER)
        waited = -np.log(self.lots.of(Stream.FINDINGS, carriers)) / self.rules.findings_per_day
        found: FloatArray = since + waited
        return found

    def _isolate(self, rows: IntArray, times: FloatArray) -> None:
        """Move people from quarantine to a hospital bed, or isolate them where they are."""
        people = self.people
        in_quarantine = (people.stage[rows] == Stage.IN_QUARANTINE).nonzero()[0]
        self.model.quarantine.hand_over(rows[in_quarantine], times[in_quarantine])
        people.stage[rows] = Stage.ISOLATED
        for hospital in self.model.hospitals:
            count = min(hospital.free_beds(), len(rows))
            if count:
                hospital.admit(rows[:count], times[:count])
                rows, times = rows[count:], times[count:]

    def _confirm(self, rows: IntArray, times: FloatArray) -> None:
        if not len(rows):
            return
        people = self.people
        people.register[rows] = Register.CONFIRMED
        people.confirmed_at[rows] = times
        self._count(Flow.CONFIRMED, rows, times)
        stay = self._hospital_stay(self.lots.of(Stream.HOSPITAL_STAY, rows))
        self._discharges.add(rows, times + stay)

    def _convert(self, rows: IntArray, times: FloatArray, *, at_review: bool) -> None:
        """Move those among ``rows`` who are still carriers to the confirmed register."""
        if not len(rows):
            return
        still = (self.people.register[rows] == Register.CARRIER).nonzero()[0]
        rows, times = rows[still], times[still]
        if not len(rows):
            return
        self.people.confirmed_at_review[rows] = at_review
        self._count(Flow.CARRIERS_OUT, rows, times)
        self._confirm(rows, times)
        self._forget_former_carriers()

    def _review(self, day: int) -> None:
        """Hold a review round: confirm a share of the carriers who are there at noon."""
        share = self.policy.review_share[day]
        if share == 0:
            return
        people = self.people
        present = self._carriers[people.first_positive_at[self._carriers] <= day + REVIEW_HOUR]
        if not len(present):
            return
        lots = self.draws.uniform(Stream.REVIEW, people.key[present], people.reviews[present])
        people.reviews[present] += 1
        chosen = present[lots < share * self.rules.review_findings]
        self._convert(chosen, np.full(len(chosen), day + REVIEW_HOUR), at_review=True)

    def _release_carriers(self, rows: IntArray, times: FloatArray) -> None:
        """Test carriers whose observation is over; release those with enough negatives."""
        if not len(rows):
            return
        people, rules = self.people, self.rules
        still = (people.register[rows] == Register.CARRIER).nonzero()[0]
        if not len(still):
            return
        rows, times = rows[still], times[still]
        positive = np.zeros(len(rows), dtype=bool)
        for number in range(rules.carrier_negatives):
            taken = times - _DAY_BETWEEN_NEGATIVES * number
            ordinals = people.release_tests[rows]
            people.release_tests[rows] += 1
            # Carriers are tested by the hospital's own laboratory, outside the queue of swabs.
            positive |= self.model.laboratory.is_positive(
                Stream.RELEASE_TEST, rows, taken, ordinals
            )
        self._observation_ends.add(rows[positive], times[positive] + rules.carrier_retest)
        free, when = rows[~positive], times[~positive]
        people.register[free] = Register.CARRIER_RELEASED
        self._count(Flow.CARRIERS_OUT, free, when)
        self._forget_former_carriers()
        self._end_isolation(free, when)

    def _discharge(self, rows: IntArray, times: FloatArray) -> None:
        """Close the cases whose hospital stay is over."""
        if not len(rows):
            return
        self.people.register[rows] = Register.CLOSED
        self.people.closed_at[rows] = times
        self._count(Flow.CLOSED, rows, times)
        self._end_isolation(rows, times)

    def _end_isolation(self, rows: IntArray, times: FloatArray) -> None:
        if not len(rows):
            return
        for hospital in self.model.hospitals:
            hospital.discharge(rows, times)
        people = self.people
        people.stage[rows] = Stage.RELEASED
        people.location[rows] = people.registered_in[rows]
        people.released_at[rows] = np.minimum(people.released_at[rows], times)

    def _forget_former_carriers(self) -> None:
        is_carrier = self.people.register[self._carriers] == Register.CARRIER
        self._carriers = self._carriers[is_carrier]

    def _count(self, flow: Flow, rows: IntArray, times: FloatArray) -> None:
        registered_in = self.people.registered_in[rows].astype(np.int64)
        local = self.people.local[rows]
        if local.any():
            self.model.bulletin.count(LOCAL[flow], registered_in[local], times[local])
            registered_in, times = registered_in[~local], times[~local]
        self.model.bulletin.count(flow, registered_in, times)


def _between(
    due: tuple[IntArray, FloatArray], since: float, until: float
) -> tuple[IntArray, FloatArray]:
    """Return those people and times that lie from ``since`` on up to ``until``."""
    rows, times = due
    now = (since <= times) & (times < until)
    return rows[now], times[now]
