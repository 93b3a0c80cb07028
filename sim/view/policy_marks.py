"""Dates on which a policy of a scenario changes, found in its timelines."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sim.scenario.schema import Scenario
from sim.view.days import short_date
from sim.view.number_text import whole
from sim.view.policy_words import words
from sim.view.regions import label_of
from sim.world.draws import FloatArray
from sim.world.policy_calendar import UNLIMITED, PolicyCalendar

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
    by_date: dict[dt.date, list[str]] = {}
    for date, text in _changes(scenario):
        if scenario.calendar.start < date <= scenario.calendar.end:
            by_date.setdefault(date, []).append(text)
    marks = [PolicyMark(date, "; ".join(texts)) for date, texts in sorted(by_date.items())]
    if len(marks) > _MOST:
        left_out = len(marks) - _MOST
        last = marks[_MOST - 1]
        marks[_MOST - 1 :] = [
            PolicyMark(last.date, f"{last.text} (and changes on {left_out} later days)")
        ]
    return marks


def _changes(scenario: Scenario) -> Iterator[tuple[dt.date, str]]:
    policy = PolicyCalendar(scenario)
    yield from _ports(scenario, policy)
    for town, holds in policy.staging_quarantine.items():
        for date, _, after in _steps(scenario, holds):
            where = f"quarantine in {label_of(scenario, town)}"
            yield date, f"{where}: {_days(after)}" if after else f"{where} ends"
    for date, before, after in _steps(scenario, policy.quarantine_stay):
        yield date, f"quarantine of new entrants {before:g} → {_days(after)}"
    for lever, unit, by_day in (
        ("laboratory", "tests a day", policy.laboratory_capacity),
        ("quarantine", "beds", sum_of(policy.site_beds)),
        ("hospitals", "beds", sum_of(policy.hospital_beds)),
    ):
        for date, before, after in _steps(scenario, by_day):
            yield date, f"{lever} {_number(before)} → {_number(after)} {unit}"
    yield from _shares(scenario, policy)
    yield from _border(scenario, policy)
    yield from _towns(scenario, policy)
    yield from _tests(scenario, policy)
    for review in scenario.policies.review_rounds:
        first = review.from_ or scenario.calendar.start
        after_last = review.until or scenario.calendar.end + dt.timedelta(days=1)
        last = after_last - dt.timedelta(days=1)
        until = f" until {short_date(last)}" if last > first else ""
        yield first, f"carriers reviewed{until}"


def _shares(scenario: Scenario, policy: PolicyCalendar) -> Iterator[tuple[dt.date, str]]:
    """Yield changes of what screening and monitoring catch, and of daily limits on people."""
    shares = {"monitoring of quarantine": policy.monitoring}
    limits = {}
    for leg in scenario.legs:
        shares[f"exit screening of the {words(leg)}"] = policy.exit_screening[leg]
        limits[f"bookings of the {words(leg)}"] = policy.bookings[leg]
    for port in scenario.ports:
        shares[f"entry screening at the {words(port)}"] = policy.entry_screening[port]
        limits[f"capacity of the {words(port)}"] = policy.port_capacity[port]
    for lever, by_day in shares.items():
        for date, before, after in _steps(scenario, by_day):
            yield date, f"{lever} {_shares_text(before, after)}"
    for lever, by_day in limits.items():
        for date, before, after in _steps(scenario, by_day):
            yield date, f"{lever} {_number(before)} → {_number(after)} people a day"


def _border(scenario: Scenario, policy: PolicyCalendar) -> Iterator[tuple[dt.date, str]]:
    """Yield changes of what is done about those who cross away from the ports."""
    for reward in scenario.policies.rewards:
        begins = reward.from_ or scenario.calendar.start
        if reward.announced is not None and reward.announced != begins:
            yield reward.announced, "reward for informants announced"
    offers = policy.reward_report + 1j * policy.reward_capture
    for day in np.flatnonzero(np.diff(offers)) + 1:
        report, capture = whole(policy.reward_report[day]), whole(policy.reward_capture[day])
        text = f"reward {report} CNY for a report, {capture} CNY for a capture"
        offered = text if offers[day] else "no reward any more"
        yield scenario.calendar.start + dt.timedelta(days=int(day)), offered
    for stretch in scenario.border.stretches if scenario.border else {}:
        for date, before, after in _steps(scenario, policy.patrols[stretch]):
            yield date, f"patrols in the {words(stretch)} {before:g} → {after:g}"
        for date, before, after in _steps(scenario, policy.sensors[stretch]):
            yield date, f"sensors in the {words(stretch)} {_shares_text(before, after)}"
    for date, before, after in _steps(scenario, policy.fine):
        yield date, f"fine for crossing {whole(before)} → {whole(after)} CNY"
    for date, before, after in _steps(scenario, policy.detention):
        yield date, f"detention for crossing {before:g} → {_days(after)}"


def _towns(scenario: Scenario, policy: PolicyCalendar) -> Iterator[tuple[dt.date, str]]:
    """Yield changes of what is done in the towns behind the border."""
    for lever, by_town in (
        ("lockdown of", policy.lockdown),
        ("testing of the ill in", policy.symptomatic_testing),
        ("contact tracing in", policy.contact_tracing),
        ("house restrictions in", policy.house_restrictions),
    ):
        for town, by_day in by_town.items():
            for date, before, after in _steps(scenario, by_day):
                yield date, f"{lever} {label_of(scenario, town)} {_shares_text(before, after)}"


def _tests(scenario: Scenario, policy: PolicyCalendar) -> Iterator[tuple[dt.date, str]]:
    """Yield the days on which the rules for swabs change."""
    for swabs_of, text in (
        (policy.quarantine_tests, "other swab days"),
        (policy.arrival_tests, "other swab days after release"),
    ):
        schedules = list(dict.fromkeys(swabs_of))
        number = np.array([schedules.index(tests) for tests in swabs_of], dtype=float)
        for date, *_ in _steps(scenario, number):
            yield date, text
    asked = {"test before release": policy.test_before_release}
    for leg in scenario.legs:
        asked[f"pre-departure test for the {words(leg)}"] = policy.pre_departure_test[leg]
    for lever, swabs in asked.items():
        lead = np.array([-1.0 if swab is None else swab.days for swab in swabs])
        for date, _, after in _steps(scenario, lead):
            yield date, f"{lever} {'asked for' if after >= 0 else 'dropped'}"


def _ports(scenario: Scenario, policy: PolicyCalendar) -> Iterator[tuple[dt.date, str]]:
    towns = [port.place for port in scenario.ports.values()]
    for name, port in scenario.ports.items():
        only = towns.count(port.place) == 1
        label = label_of(scenario, port.place) if only else words(name)
        for closure in scenario.policies.port_closures.get(name, ()):
            if closure.announced is not None:
                yield closure.announced, f"closure of {label} port announced"
        for date, _, is_open in _steps(scenario, policy.port_open[name].astype(np.float64)):
            yield date, f"{label} port {'open again' if is_open else 'shut'}"


def sum_of(by_name: dict[str, FloatArray]) -> FloatArray:
    """Return a capacity by day summed over sites or hospitals; zero if there are none."""
    return np.sum(list(by_name.values()), axis=0) if by_name else np.zeros(1)


def _steps(scenario: Scenario, by_day: FloatArray) -> Iterator[tuple[dt.date, float, float]]:
    """Yield the days on which a lever changes, with its values before and after."""
    for day in range(1, len(by_day)):
        before, after = by_day[day - 1], by_day[day]
        if before != after:
            yield scenario.calendar.start + dt.timedelta(days=day), float(before), float(after)


def _days(days: float) -> str:
    return f"{days:g} day{'' if days == 1 else 's'}"


def _shares_text(before: float, after: float) -> str:
    return f"{100 * before:g} → {100 * after:g} %"


def _number(value: float) -> str:
    return "unlimited" if value == UNLIMITED else whole(value)
