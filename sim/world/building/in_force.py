"""Which policies are in force at every institution and on every day."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from sim.scenario.schema import Scenario
from sim.scenario.swab_time import PCR
from sim.scenario.swab_time import SwabTime as Swab
from sim.world.codes import NEVER
from sim.world.geography import Geography
from sim.world.policy_calendar import PolicyCalendar, numbers_by_day
from sim.world.records import copied, records
from sim.world.state_of_institutions import Day, InForce, SwabTime


class Units:
    """Numbers of the institutions that policies hold at: rows of ``World.in_force``."""

    def __init__(self, scenario: Scenario, geography: Geography) -> None:
        stretches = scenario.border.stretches if scenario.border else {}
        self.legs, after = self._number(geography.legs, 0)
        self.ports, after = self._number(geography.ports, after)
        self.places, after = self._number(geography.places, after)
        self.sites, after = self._number(scenario.quarantine.sites, after)
        self.homes, after = after, after + 1
        """All quarantine at home: nothing is in force there."""
        self.hospitals, after = self._number(scenario.hospitals, after)
        self.stretches, self.count = self._number(stretches, after)

    @staticmethod
    def _number(names: Iterable[str], first: int) -> tuple[dict[str, int], int]:
        numbers = {name: first + n for n, name in enumerate(names)}
        return numbers, first + len(numbers)


class SwabTimes:
    """Times of swabs, each list kept once."""

    def __init__(self, assays: Sequence[str]) -> None:
        self._code = {assay: code for code, assay in enumerate(assays)}
        self._swabs: list[Swab] = []
        self._range: dict[tuple[Swab, ...], tuple[int, int]] = {}

    def add(self, swabs: Sequence[Swab]) -> tuple[int, int]:
        """Return the range of ``World.swab_times`` that holds ``swabs``."""
        key = tuple(swabs)
        if key not in self._range:
            self._range[key] = len(self._swabs), len(self._swabs) + len(key)
            self._swabs += key
        return self._range[key]

    def code(self, assay: str) -> int:
        """Return the number of an assay."""
        return self._code[assay]

    def rows(self) -> Any:
        """Return all times as records."""
        rows = records(SwabTime, len(self._swabs))
        for row, swab in zip(rows, self._swabs, strict=True):
            row["days"], row["assay"] = swab.days, self._code[swab.assay]
        return rows


def assay_names(scenario: Scenario) -> list[str]:
    """Return the names of the assays in the order of their numbers."""
    return [PCR, *scenario.laboratory.assays]


def in_force_of(scenario: Scenario, policy: PolicyCalendar, units: Units, swabs: SwabTimes) -> Any:
    """Return what is in force, shape (units, days)."""
    table = records(InForce, (units.count, scenario.calendar.days))
    for leg, row in units.legs.items():
        table["bookings"][row] = policy.bookings[leg]
        table["exit_screening"][row] = policy.exit_screening[leg]
        table["exit_questionnaire"][row] = policy.exit_questionnaire[leg]
        for day, test in enumerate(policy.pre_departure_test[leg]):
            if test is not None:
                table["pre_departure_test"][row, day] = test.days
                table["pre_departure_assay"][row, day] = swabs.code(test.assay)
    for port, row in units.ports.items():
        table["is_open"][row] = policy.port_open[port]
        table["port_capacity"][row] = policy.port_capacity[port]
        table["entry_screening"][row] = policy.entry_screening[port]
        table["entry_questionnaire"][row] = policy.entry_questionnaire[port]
    for place, row in units.places.items():
        table["held"][row] = policy.staging_quarantine[place]
        if place in scenario.residents:
            table["lockdown"][row] = policy.lockdown[place]
            table["symptomatic_testing"][row] = policy.symptomatic_testing[place]
            table["contact_tracing"][row] = policy.contact_tracing[place]
            table["house_restrictions"][row] = policy.house_restrictions[place]
    for site, row in units.sites.items():
        table["beds"][row] = policy.site_beds[site]
    for hospital, row in units.hospitals.items():
        table["beds"][row] = policy.hospital_beds[hospital]
    for stretch, row in units.stretches.items():
        table["patrols"][row] = policy.patrols[stretch]
        table["sensors"][row] = policy.sensors[stretch]
    return table


def days_of(scenario: Scenario, policy: PolicyCalendar, swabs: SwabTimes) -> Any:
    """Return what is in force everywhere, shape (days,)."""
    table = records(Day, scenario.calendar.days)
    table["stay"] = policy.quarantine_stay
    table["monitoring"] = policy.monitoring
    table["laboratory_capacity"] = policy.laboratory_capacity
    table["is_review"], table["review_share"] = policy.is_review, policy.review_share
    table["self_isolation"] = policy.self_isolation
    table["fine"], table["detention"] = policy.fine, policy.detention
    table["report"], table["capture"] = policy.reward_report, policy.reward_capture
    for day, reward in policy.reward_announcements.items():
        table["announced"][day] = reward
    stays = zip(
        policy.quarantine_stay.tolist(),
        policy.quarantine_tests,
        policy.test_before_release,
        strict=True,
    )
    ranges = np.array([swabs.add(stay_swabs(*stay)) for stay in stays])
    table["stay_swabs"], table["stay_swabs_end"] = ranges.reshape(-1, 2).T
    ranges = np.array([swabs.add(policy.arrival_tests[day]) for day in range(len(table))])
    table["arrival_swabs"], table["arrival_swabs_end"] = ranges.reshape(-1, 2).T
    return table


def days_of_run(scenario: Scenario, days: Any) -> Any:
    """Return ``days`` with the tests that are really worked off in a run, whole ones."""
    throughput = numbers_by_day(scenario.calendar, scenario.laboratory.throughput, 1.0)
    of_run = copied(days)
    capacity = of_run["laboratory_capacity"]
    np.multiply(capacity, throughput, out=capacity, where=capacity < NEVER)
    np.floor(capacity, out=capacity)
    return of_run


@lru_cache(maxsize=64)
def stay_swabs(stay: float, tests: tuple[Swab, ...], before: Swab | None) -> tuple[Swab, ...]:
    """Return the swabs of a stay in quarantine, in order.

    Args:
        stay: in days.
        tests: after entry; those after the stay fall away.
        before: the one before the planned release, if there is one.
    """
    swabs = {swab for swab in tests if swab.days <= stay}
    if before is not None and before.days <= stay:
        swabs.add(Swab(stay - before.days, before.assay))
    return tuple(sorted(swabs))
