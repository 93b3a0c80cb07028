"""The registry of policy levers: one entry for each field of ``policies`` in a scenario file.

Checks of names, timetables and figures read the levers here; their meaning is the docstring of the
field in ``Policies``. A new lever is a field, its mechanism and an entry.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Any

from sim.scenario.quantities import format_duration
from sim.scenario.swab_time import SwabTime
from sim.scenario.timeline import Closure, Period, Policies, Review, Reward, Timeline

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario


class Kind(Enum):
    """What the value of a lever is, and so how a timetable draws it."""

    ON_OFF = auto()
    """In force or not: bars in a colour that stands out."""
    LEVEL = auto()
    """A share from 0 to 1: bars that are darker the higher it is."""
    AMOUNT = auto()
    """A number with a unit, or a list of times: plain bars."""
    DATES = auto()
    """Single days on which something happens: marks."""


class Topic(Enum):
    """What a lever changes, so that a figure shows the levers that explain it."""

    CASES = auto()
    """Who arrives infected, and who is found."""
    CAPACITY = auto()
    """What laboratory, quarantine and hospitals carry."""
    BORDER = auto()
    """Who is stranded, and crosses away from the ports."""
    TOWNS = auto()
    """Infections of residents."""


@dataclass(frozen=True)
class Lever:
    """One lever of the schema.

    Attributes:
        field: its name in ``policies``.
        name: in words, with ``{}`` for what a value applies to, if it is set for each of several.
        unit: of its values.
        kind: how it is drawn.
        topics: what it changes.
        words: writes a value.
        of: section of the scenario whose names it is set for; empty if for all together.
        of_what: what one of these names is; empty if ``of`` is.
        every_day: whether a timeline must have a value on every day: a capacity.
        part: part of the world without which it means nothing; empty if there is none.
    """

    field: str
    name: str
    unit: str
    kind: Kind
    topics: frozenset[Topic]
    words: Callable[[Any], str]
    of: str = ""
    of_what: str = ""
    every_day: bool = False
    part: str = ""

    @property
    def meaning(self) -> str:
        """What the field means: its docstring."""
        return Policies.model_fields[self.field].description or ""

    def periods(self, policies: Policies) -> dict[str, Sequence[Period]]:
        """Return the periods in which the lever is set, by what it is set for (``""``: all)."""
        value = getattr(policies, self.field)
        by_name = value if isinstance(value, Mapping) else {"": value}
        return {name: _periods_of(of_name) for name, of_name in by_name.items()}

    def value_of(self, period: Period) -> Any:
        """Return what is in force in a period."""
        return getattr(period, "value", period)

    def is_off(self, value: Any) -> bool:
        """Tell whether a value means that the measure is not in force; of a capacity none does."""
        return not self.every_day and not isinstance(value, Period | SwabTime) and not value


def _periods_of(value: Any) -> Sequence[Period]:
    if isinstance(value, Timeline):
        return value.root
    if isinstance(value, tuple):
        return value
    # The budget: one amount for the whole calendar.
    return () if value is None else Timeline[float].model_validate(value).root


def names_of(scenario: "Scenario", lever: Lever) -> list[str]:
    """Return the names in ``scenario`` that ``lever`` may be set for; none if for all together."""
    at: Any = scenario
    for part in lever.of.split(".") if lever.of else ():
        at = getattr(at, part) if at is not None else None
    return list(at or ()) if lever.of else []


def _number(unit: str) -> Callable[[Any], str]:
    return lambda value: f"{value:,.0f} {unit}".rstrip()


def _percent(value: float) -> str:
    return f"{100 * value:.3g} %"


def _before(swab: SwabTime) -> str:
    assay = f" ({swab.assay.replace('_', ' ')})" if swab.assay else ""
    return f"{format_duration(swab.days)} before{assay}"


def _schedule(swabs: Sequence[SwabTime]) -> str:
    """Return the days of swabs; those for another assay than PCR say which."""
    assays = list(dict.fromkeys(swab.assay for swab in swabs))
    parts = []
    for assay in assays:
        days = ", ".join(f"{swab.days:.3g}" for swab in swabs if swab.assay == assay)
        parts.append(days + (f" ({assay.replace('_', ' ')})" if assay else ""))
    return f"day{'s' if len(swabs) > 1 else ''} {'; '.join(parts)}"


def _closed(_: Closure) -> str:
    return "closed"


def _review(review: Review) -> str:
    return _percent(review.share) + (f" every {review.every:g} d" if review.every > 1 else "")


def _reward(reward: Reward) -> str:
    if reward.report == reward.capture:
        return f"{reward.report:,.0f} CNY"
    return f"report {reward.report:,.0f}, capture {reward.capture:,.0f} CNY"


def _entries() -> Iterator[Lever]:
    on_off, level, amount, dates = Kind
    cases, capacity, border, towns = (frozenset({of}) for of in Topic)
    port, leg = ("ports", "port"), ("legs", "leg")
    stretch = ("border.stretches", "stretch of border")
    town = ("residents", "town with residents")
    # fmt: off
    yield Lever("port_closures", "{}", "", on_off, frozenset(Topic), _closed, *port)
    yield Lever("port_capacity", "Port capacity, {}", "people a day", amount, cases | border,
                _number("a day"), *port, every_day=True)
    yield Lever("bookings", "Bookings, {}", "people a day", amount, cases,
                _number("a day"), *leg, every_day=True)
    yield Lever("exit_screening", "Exit screening, {}", "share", level, cases,
                _percent, *leg)
    yield Lever("exit_questionnaire", "Exit questions, {}", "share", level, cases,
                _percent, *leg)
    yield Lever("pre_departure_test", "Pre-departure test, {}", "days", amount, cases,
                _before, *leg)
    yield Lever("entry_screening", "Entry screening, {}", "share", level, cases,
                _percent, *port)
    yield Lever("entry_questionnaire", "Entry questions, {}", "share", level, cases,
                _percent, *port)
    yield Lever("staging_quarantine", "Quarantine in {}", "days", amount, cases | border,
                format_duration, "staging", "staging town")
    yield Lever("quarantine_stay", "Quarantine", "days", amount,
                cases | capacity | towns, format_duration)
    yield Lever("quarantine_tests", "Swabs in quarantine", "days", amount,
                cases | capacity, _schedule)
    yield Lever("test_before_release", "Test before release", "days", amount,
                cases, _before)
    yield Lever("arrival_tests", "Swabs after release", "days", amount, cases, _schedule)
    yield Lever("site_beds", "Quarantine beds, {}", "beds", amount, capacity, _number(""),
                "quarantine.sites", "quarantine site", every_day=True)
    yield Lever("hospital_beds", "Hospital beds, {}", "beds", amount, capacity, _number(""),
                "hospitals", "hospital", every_day=True)
    yield Lever("laboratory_capacity", "Laboratory", "tests a day", amount,
                cases | capacity, _number("tests a day"), every_day=True)
    yield Lever("monitoring", "Electronic monitoring", "share", level,
                towns, _percent)
    yield Lever("self_isolation", "Self-isolation", "share", level, towns, _percent)
    yield Lever("review_rounds", "Review of carriers", "share", dates, cases, _review)
    yield Lever("patrols", "Patrols, {}", "patrols", amount, border, _number("on duty"), *stretch,
                part="border")
    yield Lever("sensors", "Sensors, {}", "share", level, border, _percent, *stretch, part="border")
    yield Lever("rewards", "Reward to informants", "CNY", amount, border, _reward, part="border")
    yield Lever("reward_budget", "Budget for rewards", "CNY", amount, border, _number("CNY"),
                every_day=True, part="border")
    yield Lever("fine", "Fine", "CNY", amount, border, _number("CNY"), part="border")
    yield Lever("detention", "Detention", "days", amount, border, format_duration, part="border")
    yield Lever("lockdown", "Lockdown, {}", "share", level, towns, _percent, *town, part="towns")
    yield Lever("symptomatic_testing", "Testing of the ill, {}", "share", level, towns,
                _percent, *town, part="towns")
    yield Lever("contact_tracing", "Contact tracing, {}", "share", level, towns, _percent, *town,
                part="towns")
    yield Lever("house_restrictions", "House restrictions, {}", "share", level, towns,
                _percent, *town, part="towns")
    # fmt: on


LEVERS = {lever.field: lever for lever in _entries()}
"""Every lever by its field, in the order in which travellers meet them."""
