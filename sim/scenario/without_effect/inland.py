"""Fields without effect behind the border: towns, and crossing away from the ports."""

from collections.abc import Iterator

from sim.scenario.border import Border, Stretch
from sim.scenario.reading.errors import Loc
from sim.scenario.reading.validation import Finding
from sim.scenario.residents import Residents
from sim.scenario.without_effect.same_reason import same_reason
from sim.scenario.without_effect.use import Use, in_force

_OF_CROSSING = ("rewards", "reward_budget", "fine", "detention")
_OF_CROSSERS_FOUND = (
    "capture_success",
    "capture_cost",
    "report_verified",
    "report_cost",
    "cost_spread",
    "payout_delay",
)


def _of_towns(use: Use) -> Iterator[Finding]:
    for name, town in use.scenario.residents.items():
        yield from _of_town(use, name, town)


def _of_border(use: Use) -> Iterator[Finding]:
    border = use.scenario.border
    if border is None:
        nobody = "nobody crosses away from the ports: there is no border"
        yield from same_reason(("policies",), _OF_CROSSING, nobody)
        return
    yield from _of_crossing(use, border)
    yield from _of_rewards(use, border)
    for name, stretch in border.stretches.items():
        yield from _of_stretch(use, name, stretch)


def _of_town(use: Use, name: str, town: Residents) -> Iterator[Finding]:
    def is_in_force(lever: str) -> bool:
        timelines = getattr(use.policies, lever)
        return name in timelines and in_force(timelines[name])

    loc = ("residents", name)
    outbreak = use.scenario.hospital_outbreak
    if not use.some_have_symptoms:
        nobody = "nobody ever has symptoms: disease.asymptomatic_share is 1"
        yield Finding(("policies", "symptomatic_testing", name), nobody)
        yield Finding((*loc, "test_delay"), nobody)
    elif not is_in_force("symptomatic_testing"):
        untested = "nobody in town is tested for symptoms: no symptomatic_testing"
        yield Finding((*loc, "test_delay"), untested)
    is_traced = is_in_force("contact_tracing")
    if not is_traced and (outbreak is None or outbreak.town != name):
        yield Finding((*loc, "tracing_delay"), "no contacts are traced: no contact_tracing")
    live_alone = not any(town.household_sizes[1:])
    if live_alone:
        yield Finding((*loc, "household_hazard_per_day"), "everybody in town lives alone")
    elif not (town.household_hazard_per_day or is_traced or is_in_force("house_restrictions")):
        nothing = "nobody is infected at home: household_hazard_per_day is 0"
        yield Finding((*loc, "household_sizes"), nothing)
    no_community = "nobody is infected in the community: community_hazard_per_day is 0"
    if town.community_hazard_per_day == 0:
        if use.scenario.costs.lockdown_person_day == 0:
            yield Finding(("policies", "lockdown", name), no_community)
        yield Finding(("policies", "house_restrictions", name), no_community)
    elif live_alone:
        alone = "everybody in town lives alone"
        yield Finding(("policies", "house_restrictions", name), alone)


def _of_crossing(use: Use, border: Border) -> Iterator[Finding]:
    if use.crossed_stretches:
        return
    nobody = (
        "nobody ever crosses: nobody is stranded where a stretch of border begins"
        if border.crossers.readiness > 0 and border.crossers.law_abiding < 1
        else "nobody ever crosses: readiness is 0 or law_abiding is 1"
    )
    own = {"readiness", "law_abiding", "perceived_detection", "announcement_effect"}
    for field in type(border.crossers).model_fields:
        if not use.strands_at or field not in own:
            yield Finding(("border", "crossers", field), nobody)
    yield from same_reason(("border", "informants"), _OF_CROSSERS_FOUND, nobody)
    yield from same_reason(("policies",), ("reward_budget", "fine", "detention"), nobody)


def _of_rewards(use: Use, border: Border) -> Iterator[Finding]:
    crossers, informants = border.crossers, border.informants
    rewards = use.policies.rewards
    loc: Loc = ("border", "informants")
    if not any(reward.report > 0 or reward.capture > 0 for reward in rewards):
        none = "there are no policies.rewards"
        yield Finding(("border", "crossers", "announcement_effect"), none)
        yield Finding(("policies", "reward_budget"), none)
        yield from same_reason(loc, ("b1", "scale", "payout_delay"), none)
        if informants.capture_cost >= informants.report_cost:
            fields = ("capture_success", "cost_spread")
            yield from same_reason(loc, fields, f"{none}, so nobody captures a crosser")
    elif crossers.announcement_effect == 0:
        for index in range(len(rewards)):
            unheard = "an announcement moves nothing: crossers.announcement_effect is 0"
            yield Finding(("policies", "rewards", index, "announced"), unheard)
    if not any(
        stretch.residents_per_km * stretch.exposed_km * stretch.noticed > 0
        for stretch in border.stretches.values()
    ):
        unseen = "no resident ever notices a crosser on any stretch"
        yield from same_reason(loc, _OF_CROSSERS_FOUND, unseen)
        if informants.false_reports_per_day == 0:
            yield from same_reason(loc, ("b0", "b1"), unseen)


def _of_stretch(use: Use, name: str, stretch: Stretch) -> Iterator[Finding]:
    loc, costs = ("border", "stretches", name), use.scenario.costs
    if name not in use.crossed_stretches:
        nobody = "nobody ever crosses there"
        yield Finding(loc, nobody)
        for lever, price in (("patrols", costs.patrol_day), ("sensors", costs.sensor_day)):
            if price == 0:
                yield Finding(("policies", lever, name), nobody)
        return
    patrols, sensors = (
        name in timelines and in_force(timelines[name])
        for timelines in (use.policies.patrols, use.policies.sensors)
    )
    if not patrols:
        fields = ("area_km2", "sweep_width_km", "speed_km_h", "time_in_area")
        off_duty = "no patrols are on duty there: no policies.patrols"
        yield from same_reason(loc, fields, off_duty)
        if not sensors:
            unwatched = "nobody is seen there: neither patrols nor sensors"
            yield Finding((*loc, "turned_back"), unwatched)
    chance = {
        field: getattr(stretch, field) for field in ("residents_per_km", "exposed_km", "noticed")
    }
    for field in chance:
        zero = [other for other, value in chance.items() if other != field and value == 0]
        if zero:
            nobody = f"no resident can notice a crosser: {zero[0]} is 0"
            yield Finding((*loc, field), nobody)


CHECKS = (_of_towns, _of_border)
