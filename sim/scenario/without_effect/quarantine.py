"""Fields without effect in quarantine, and in the tests of those who enter."""

from collections.abc import Iterator

from sim.scenario.institutions import Setting
from sim.scenario.quantities import format_duration
from sim.scenario.reading.errors import Loc
from sim.scenario.reading.validation import Finding
from sim.scenario.without_effect.same_reason import same_reason
from sim.scenario.without_effect.use import Use

_NO_STAY = "nobody is quarantined: policies.quarantine_stay is never above 0"
_OF_STAYS = (
    "sites",
    "room_hazard_per_day",
    "symptoms_noticed",
    "symptom_swabs",
    "facility",
    "home",
)


def _of_stays(use: Use) -> Iterator[Finding]:
    if not use.goes_home:
        never = "nobody keeps quarantine at home: there is always a bed in a site"
        yield Finding(("quarantine", "home_place"), never)
    if use.longest_stay == 0:
        yield from same_reason(("quarantine",), _OF_STAYS, _NO_STAY)
        yield Finding(("policies", "site_beds"), _NO_STAY)
        return
    yield from _of_sites(use)
    yield from _of_rooms(use)
    yield from _of_symptoms(use)


def _of_sites(use: Use) -> Iterator[Finding]:
    rules = use.scenario.quarantine
    for name in rules.sites:
        if name not in use.sites:
            never = "nobody is ever taken there: it has no beds, or one before it has no limit"
            yield Finding(("quarantine", "sites", name), never)
    for field, setting, is_used, reason in (
        ("facility", rules.facility, bool(use.sites), "there are no quarantine.sites with beds"),
        ("home", rules.home, use.uses_homes, "there is always a bed in one of the sites"),
    ):
        if is_used:
            yield from _of_setting(("quarantine", field), setting)
        else:
            yield Finding(("quarantine", field), reason)


def _of_setting(loc: Loc, setting: Setting) -> Iterator[Finding]:
    if setting.adherence == 0:
        at_once = "everybody leaves as soon as they come: adherence is 0"
        yield from same_reason(loc, ("breach_per_day", "breach_growth_per_day"), at_once)
    elif setting.breach_per_day == 0:
        nothing = "there is no hazard that could grow: breach_per_day is 0"
        yield Finding((*loc, "breach_growth_per_day"), nothing)


def _of_rooms(use: Use) -> Iterator[Finding]:
    rules = use.scenario.quarantine
    hazard = ("quarantine", "room_hazard_per_day")
    shared = [name for name in use.sites if rules.sites[name].room_size > 1]
    if use.all_are_infected:
        reason = "everybody has been infected before departure"
        yield Finding(hazard, reason)
    elif not shared:
        yield Finding(hazard, "nobody shares a room: no site with beds has a room_size above 1")
    if use.all_are_infected or rules.room_hazard_per_day == 0:
        for name in use.sites:
            nothing = "nobody is infected in a room: room_hazard_per_day is 0"
            loc = ("quarantine", "sites", name, "room_size")
            yield Finding(loc, reason if use.all_are_infected else nothing)


def _of_symptoms(use: Use) -> Iterator[Finding]:
    rules = use.scenario.quarantine
    loc, swabs, noticed = ("quarantine",), "symptom_swabs", "symptoms_noticed"
    if not use.some_have_symptoms:
        nobody = "nobody ever has symptoms: disease.asymptomatic_share is 1"
        yield from same_reason(loc, (swabs, noticed), nobody)
        return
    if not rules.symptom_swabs:
        yield Finding((*loc, noticed), "symptoms lead to no swab: symptom_swabs is empty")
    if rules.symptoms_noticed == 0:
        yield Finding((*loc, swabs), "symptoms are never noticed: symptoms_noticed is 0")


def _of_monitoring(use: Use) -> Iterator[Finding]:
    if not use.may_breach and use.scenario.costs.monitoring_day == 0:
        never = "nobody can break a quarantine: breach_per_day is 0 and adherence is 1"
        yield Finding(("policies", "monitoring"), never)


def _of_swabs(use: Use) -> Iterator[Finding]:
    policies = use.policies
    for index, entry in enumerate(policies.quarantine_tests.root):
        longest = max(use.stays_entered_in(entry), default=0.0)
        loc = ("policies", "quarantine_tests", index, "value")
        for number, swab in enumerate(entry.value):
            if swab.days > longest:
                yield Finding((*loc, number), _after_stay(swab.days, longest))
    for index, before in enumerate(policies.test_before_release.root):
        longest = max(use.stays_entered_in(before), default=0.0)
        if before.value.days > longest:
            loc = ("policies", "test_before_release", index, "value")
            yield Finding(loc, f"that long before release is before entry: {_stays(longest)}")
    for index, asked in enumerate(policies.arrival_tests.root):
        shortest = min(use.stays_entered_in(asked), default=0.0)
        for number, swab in enumerate(asked.value):
            if use.comes_too_early(swab, asked):
                yield Finding(
                    ("policies", "arrival_tests", index, "value", number),
                    "people are still in quarantine then, where quarantine_tests asks for swabs: "
                    f"the shortest stay is {format_duration(shortest)}",
                )
    if use.scenario.travellers.arrival_tests_taken == 0:
        nobody = "nobody takes them: travellers.arrival_tests_taken is 0"
        yield Finding(("policies", "arrival_tests"), nobody)


def _after_stay(days: float, longest: float) -> str:
    return f"a swab {format_duration(days)} after entry is after the end of the stay: " + _stays(
        longest
    )


def _stays(longest: float) -> str:
    if longest == 0:
        return "nobody is quarantined on these days"
    return f"the longest stay on these days of entry is {format_duration(longest)}"


CHECKS = (_of_swabs, _of_monitoring, _of_stays)
