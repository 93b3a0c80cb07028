"""The policies of a scenario, looked up by day.

Every lever is an array over the days of the calendar, so that an institution asks for
``policy.quarantine_stay[day]`` and never for the name of a scenario. Capacities are those that were
decided; what is really handled relative to them (``throughput``) is a matter of each run.
"""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

import numpy as np

from sim.scenario.schema import Calendar, Scenario
from sim.scenario.timeline import Timeline
from sim.world.draws import BoolArray, FloatArray

UNLIMITED = np.inf

T = TypeVar("T")


class PolicyCalendar:
    """The levers that are in force on each day; see ``Policies`` for their meaning."""

    def __init__(self, scenario: Scenario) -> None:
        self._calendar = calendar = scenario.calendar
        policies = scenario.policies

        ports, legs, numbers, named = scenario.ports, scenario.legs, self._numbers, self._named
        self.port_open = {name: self._open_days(scenario, name) for name in ports}
        self.port_capacity = named(policies.port_capacity, ports, UNLIMITED)
        self.bookings = named(policies.bookings, legs, UNLIMITED)
        self.exit_screening = named(policies.exit_screening, legs, 0.0)
        self.exit_questionnaire = named(policies.exit_questionnaire, legs, 0.0)
        self.pre_departure_test = {
            leg: self._values(policies.pre_departure_test.get(leg)) for leg in legs
        }
        """How long before departure, and the assay; None where no test is asked for."""
        self.entry_screening = named(policies.entry_screening, ports, 0.0)
        self.entry_questionnaire = named(policies.entry_questionnaire, ports, 0.0)
        self.staging_quarantine = named(policies.staging_quarantine, scenario.places, 0.0)
        self.quarantine_stay = numbers(policies.quarantine_stay, 0.0)
        self.test_before_release = self._values(policies.test_before_release)
        """How long before the planned release, and the assay; None where no test is asked for."""
        self.site_beds = named(policies.site_beds, scenario.quarantine.sites, UNLIMITED)
        self.hospital_beds = named(policies.hospital_beds, scenario.hospitals, UNLIMITED)
        self.laboratory_capacity = numbers(policies.laboratory_capacity, UNLIMITED)
        stretches = scenario.border.stretches if scenario.border else {}
        self.patrols = named(policies.patrols, stretches, 0.0)
        self.sensors = named(policies.sensors, stretches, 0.0)
        self.reward_report, self.reward_capture = np.zeros(calendar.days), np.zeros(calendar.days)
        self.reward_budget = UNLIMITED if policies.reward_budget is None else policies.reward_budget
        self.reward_announcements: dict[int, float] = {}
        """Days on which a reward becomes known, and the larger one of report and capture in CNY."""
        for reward in policies.rewards:
            self.reward_report[calendar.days_in(reward)] = reward.report
            self.reward_capture[calendar.days_in(reward)] = reward.capture
            known = reward.announced or reward.from_ or calendar.start
            day = max(0, calendar.day_of(known))
            self.reward_announcements[day] = max(
                reward.report, reward.capture, self.reward_announcements.get(day, 0.0)
            )
        self.fine = numbers(policies.fine, 0.0)
        self.detention = numbers(policies.detention, 0.0)
        self.lockdown = named(policies.lockdown, scenario.residents, 0.0)
        self.symptomatic_testing = named(policies.symptomatic_testing, scenario.residents, 0.0)
        self.contact_tracing = named(policies.contact_tracing, scenario.residents, 0.0)
        self.house_restrictions = named(policies.house_restrictions, scenario.residents, 0.0)
        self.monitoring = numbers(policies.monitoring, 0.0)
        self.self_isolation = numbers(policies.self_isolation, 0.0)
        self.quarantine_tests = [swabs or () for swabs in self._values(policies.quarantine_tests)]
        self.arrival_tests = [swabs or () for swabs in self._values(policies.arrival_tests)]
        self.is_review = np.zeros(calendar.days, dtype=bool)
        self.review_share = np.zeros(calendar.days)
        for review in policies.review_rounds:
            rounds = calendar.days_in(review)[:: max(1, round(review.every))]
            self.is_review[rounds], self.review_share[rounds] = True, review.share
        self._close()

    def _close(self) -> None:
        """Let nobody write: many runs share the calendar, and none would notice."""
        for value in vars(self).values():
            for by_day in value.values() if isinstance(value, dict) else (value,):
                if isinstance(by_day, np.ndarray):
                    by_day.flags.writeable = False

    def _numbers(self, timeline: Timeline[Any] | None, otherwise: float) -> FloatArray:
        return numbers_by_day(self._calendar, timeline, otherwise)

    def _values(self, timeline: Timeline[T] | None) -> list[T | None]:
        by_day: list[T | None] = [None] * self._calendar.days
        for entry in timeline.root if timeline else ():
            for day in self._calendar.days_in(entry):
                by_day[day] = entry.value
        return by_day

    def _named(
        self, timelines: Mapping[str, Timeline[Any]], names: Iterable[str], otherwise: float
    ) -> dict[str, FloatArray]:
        return {name: self._numbers(timelines.get(name), otherwise) for name in names}

    def _open_days(self, scenario: Scenario, port: str) -> BoolArray:
        is_open = np.ones(scenario.calendar.days, dtype=bool)
        for closure in scenario.policies.port_closures.get(port, ()):
            is_open[scenario.calendar.days_in(closure)] = False
        return is_open


def numbers_by_day(
    calendar: Calendar, timeline: Timeline[Any] | None, otherwise: float
) -> FloatArray:
    """Return the values of a timeline by day, and ``otherwise`` where it has none."""
    by_day = np.full(calendar.days, otherwise)
    for entry in timeline.root if timeline else ():
        by_day[calendar.days_in(entry)] = entry.value
    return by_day
