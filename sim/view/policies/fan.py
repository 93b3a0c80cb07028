"""The curves of a policy over its runs: the deepest of them, and where they peak."""

import datetime as dt
from dataclasses import dataclass

import numpy as np

from sim.experiment.curve_depth import most_central
from sim.scenario.schema import Scenario
from sim.view.days import positions, short_date
from sim.view.policies.look import PolicyLook
from sim.world.draws import FloatArray, IntArray


@dataclass(frozen=True)
class Fan:
    """The curves of a policy, and how they look.

    Attributes:
        name: of the policy, as words.
        scenario: its world.
        curves: values by run and day, shape (runs, days).
        look: colour, marker and dash.
    """

    name: str
    scenario: Scenario
    curves: IntArray
    look: PolicyLook

    @property
    def days(self) -> FloatArray:
        """Where the days are on a date axis, shape (days,)."""
        return positions(self.scenario.calendar)

    @property
    def most_central(self) -> IntArray:
        """The deepest run, shape (days,)."""
        curve: IntArray = self.curves[most_central(self.curves, 0)[0]]
        return curve

    @property
    def heights(self) -> FloatArray:
        """Highest value of each run, shape (runs,)."""
        highest: FloatArray = self.curves.max(axis=1).astype(np.float64)
        return highest

    @property
    def peak_days(self) -> FloatArray:
        """First day of the highest value, on a date axis, of the runs that are not all zero."""
        first: FloatArray = self.days[self.curves.argmax(axis=1)[self.heights > 0]]
        return first

    @property
    def when(self) -> str:
        """Day of the peak in words: median and 90 % of the runs."""
        if not len(self.peak_days):
            return "no day"
        low, median, high = (
            short_date(self.scenario.calendar.start + dt.timedelta(days=round(day - self.days[0])))
            for day in np.quantile(self.peak_days, (0.05, 0.5, 0.95)).tolist()
        )
        return median if low == high else f"{median} ({low} to {high})"
