"""Dates on which a policy of a scenario changes, for figures without room for a timetable."""

import datetime as dt
from dataclasses import dataclass

from sim.scenario.lever_registry import Topic
from sim.scenario.schema import Scenario
from sim.view.days import short_date
from sim.view.timetable import timetable_of

_MOST = 24
"""More numbers than this cannot be told apart in one figure."""


@dataclass(frozen=True)
class PolicyMark:
    """What changes on one date.

    Attributes:
        date: the first day of the new policy, or the day of an announcement.
        text: what changes, in a few words.
    """

    date: dt.date
    text: str

    @property
    def entry(self) -> str:
        """Date and text, for a key."""
        return f"{short_date(self.date)}: {self.text}"


def policy_marks(scenario: Scenario) -> list[PolicyMark]:
    """Return the changes of policy after the first day, in order, one mark a date."""
    timetable = timetable_of(scenario, tuple(Topic))
    by_date: dict[dt.date, list[str]] = {}
    for row in timetable.rows:
        begins = {bar.first: bar.text for bar in row.bars}
        ends = {bar.after: "ends" for bar in row.bars}
        announced = dict.fromkeys(row.announced, "announced")
        for date, text in (ends | begins | announced).items():
            by_date.setdefault(date, []).append(f"{row.label} {text}")
    marks = [
        PolicyMark(date, "; ".join(texts))
        for date, texts in sorted(by_date.items())
        if timetable.first < date <= timetable.last
    ]
    return marks[:_MOST]
