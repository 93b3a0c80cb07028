"""The office that pays informants, as long as its money lasts."""

from typing import TYPE_CHECKING

import numpy as np

from sim.world.agenda import Agenda
from sim.world.bulletin import Flow
from sim.world.draws import FloatArray, IntArray
from sim.world.institution import Institution
from sim.world.population import CaughtBy

if TYPE_CHECKING:
    from sim.world.model import BorderModel


class RewardOffice(Institution):
    """Offers rewards, promises them for crossers who were caught, and pays after a while.

    Attributes:
        promised: CNY promised so far, paid or not; never more than the budget.
    """

    def __init__(self, model: "BorderModel", name: str) -> None:
        super().__init__(model, name)
        self._payments = Agenda()
        self._amount: dict[int, int] = {}
        """Whole CNY for each crosser by row."""
        self.promised = 0

    def offer(self, day: int) -> tuple[float, float]:
        """Return the rewards for a report and for a capture; nought when money has run out."""
        report, capture = (
            float(self.policy.reward_report[day]),
            float(self.policy.reward_capture[day]),
        )
        left = self.policy.reward_budget - self.promised
        return (report if report <= left else 0.0), (capture if capture <= left else 0.0)

    def promise(self, rows: IntArray, times: FloatArray, payout_delay: float) -> None:
        """Promise the reward for each of ``rows``, caught at ``times``, first come first served.

        Args:
            rows: crossers whom residents caught.
            times: when.
            payout_delay: days until the reward is paid.
        """
        for row, time in zip(rows.tolist(), times.tolist(), strict=True):
            report, capture = self.offer(min(int(time), self.model.scenario.calendar.days - 1))
            by_capture = self.people.caught_by[row] == CaughtBy.CAPTURE
            amount = int(capture if by_capture else report)
            if amount > 0:
                self.promised += amount
                self._amount[row] = amount
                self._payments.add(np.array([row]), np.array([time + payout_delay]))

    def step(self) -> None:
        """Pay what is due today."""
        rows, times = self._payments.due(self.model.day)
        if not len(rows):
            return
        amounts = np.array([self._amount[row] for row in rows.tolist()])
        towns = self.people.crossed_in[rows].astype(np.int64)
        self.model.bulletin.book(Flow.REWARDS_CNY, towns, times, amounts)
