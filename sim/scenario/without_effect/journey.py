"""Fields without effect on the way to the border: who sets out, the legs, the ports."""

from collections.abc import Iterator

from sim.scenario.demand import rush_of
from sim.scenario.reading.validation import Finding
from sim.scenario.source import CohortDemand, EpidemicSource, TableDemand
from sim.scenario.without_effect.same_reason import same_reason
from sim.scenario.without_effect.use import Use, any_in_force

_NO_SYMPTOMS = "nobody ever has symptoms: asymptomatic_share is 1"
_NOBODY_KNOWS = "no infected person knows of an exposure: travellers.aware_share is 0"


def _of_travellers(use: Use) -> Iterator[Finding]:
    travellers = use.scenario.travellers
    is_cohort = isinstance(travellers.demand, CohortDemand)
    alone = "the demand is a cohort, whose people all set out, each alone"
    if isinstance(travellers.demand, CohortDemand):
        fields = ("travel_group_size", "announcement_factor", "closed_factor")
        yield from same_reason(("travellers",), fields, alone)
        if travellers.pool != travellers.demand.people:
            yield Finding(("travellers", "pool"), alone)
    else:
        if isinstance(travellers.demand, TableDemand):
            exact = "the table of demand sends as many people as it says, whatever the pool is"
            yield Finding(("travellers", "pool"), exact)
        if not use.announced:
            nothing = "no closure of a port is announced before its first day"
            yield Finding(("travellers", "announcement_factor"), nothing)
        if not use.shut_ports:
            yield Finding(("travellers", "closed_factor"), "no port is ever shut")
    for port, closures in use.policies.port_closures.items():
        for index, closure in enumerate(closures):
            loc = ("policies", "port_closures", port, index, "announced")
            if is_cohort:
                yield Finding(loc, alone)
            elif travellers.announcement_factor == 1:
                yield Finding(loc, "nobody rushes: travellers.announcement_factor is 1")
            elif not rush_of(closure, use.scenario.calendar):
                known = "a closure is known from its first day anyway, so there is no time to rush"
                yield Finding(loc, known)
    if not use.strands_at:
        nobody = "nobody is ever stranded: no port is shut that people change their vehicle for"
        yield from same_reason(("travellers",), ("patience", "divert_share"), nobody)
    elif all(len(use.ports_from(place)) == 1 for place in use.strands_at):
        nowhere = "no other port can be reached from where people are stranded"
        yield Finding(("travellers", "divert_share"), nowhere)
    asked = (use.policies.exit_questionnaire, use.policies.entry_questionnaire)
    if not any(any_in_force(timelines) for timelines in asked):
        yield Finding(
            ("travellers", "aware_share"), "nobody is asked: no questionnaire is in force"
        )
    if not any(use.arrival_swabs()):
        nothing = "no arrival_tests are asked for of people who have been let go"
        yield Finding(("travellers", "arrival_tests_taken"), nothing)


def _of_source(use: Use) -> Iterator[Finding]:
    source = use.scenario.source
    if isinstance(source, EpidemicSource) and not use.has_infections:
        fields = ("curve", "population", "reporting_lag", "travel_group_dispersion")
        nobody = "nobody is infected at the source: exposure is 0"
        yield from same_reason(("source",), fields, nobody)


def _of_legs(use: Use) -> Iterator[Finding]:
    for name, leg in use.scenario.legs.items():
        loc = ("legs", name)
        if leg.departures_per_day == 1 and leg.last_departure != leg.first_departure:
            one = "the only departure of the day is the first_departure"
            yield Finding((*loc, "last_departure"), one)
        why_none = None
        if use.all_are_infected:
            why_none = "everybody on board has been infected before departure"
        elif leg.duration == 0:
            why_none = "the leg takes no time"
        if why_none:
            yield Finding((*loc, "on_board", "hazard_per_hour"), why_none)
        elif leg.on_board.hazard_per_hour == 0:
            why_none = "nobody is infected on board: hazard_per_hour is 0"
        if why_none:
            yield Finding((*loc, "seats_abreast"), why_none)
            fields = ("near_rows", "near_relative_risk")
            yield from same_reason((*loc, "on_board"), fields, why_none)
        elif leg.on_board.near_relative_risk == 1:
            alike = "all rows are alike: near_relative_risk is 1"
            yield Finding((*loc, "on_board", "near_rows"), alike)
        if leg.duration == 0:
            yield Finding((*loc, "on_board", "symptoms_noticed"), "the leg takes no time")
        if not use.some_have_symptoms:
            yield Finding((*loc, "on_board", "symptoms_noticed"), _NO_SYMPTOMS)
            yield Finding(("policies", "exit_screening", name), _NO_SYMPTOMS)
        if use.scenario.travellers.aware_share == 0:
            yield Finding(("policies", "exit_questionnaire", name), _NOBODY_KNOWS)


def _of_staging(use: Use) -> Iterator[Finding]:
    legs = use.scenario.legs.values()
    changed = {leg.start for leg in legs} - {use.scenario.travellers.start}
    unused = sorted({*use.scenario.staging, *use.policies.staging_quarantine} - changed)
    for name in unused:
        nobody = "nobody changes there from one leg to the next"
        yield Finding(("staging", name), nobody)
        yield Finding(("policies", "staging_quarantine", name), nobody)
    if use.all_are_infected:
        for name in changed:
            fields = ("contact_hazard_per_day", "local_hazard_per_day")
            infected = "everybody who comes there has been infected before departure"
            yield from same_reason(("staging", name), fields, infected)


def _of_ports(use: Use) -> Iterator[Finding]:
    policies, ports = use.policies, use.scenario.ports
    for name in ports:
        if len(ports) == 1:
            yield Finding(("ports", name, "share"), "there is no other port to choose")
        if name not in policies.port_capacity or not policies.port_capacity[name].root:
            unlimited = "the port has no limit that it could be a multiple of: no port_capacity"
            yield Finding(("ports", name, "throughput"), unlimited)
        if not use.some_have_symptoms:
            yield Finding(("policies", "entry_screening", name), _NO_SYMPTOMS)
        if use.scenario.travellers.aware_share == 0:
            yield Finding(("policies", "entry_questionnaire", name), _NOBODY_KNOWS)


CHECKS = (_of_travellers, _of_source, _of_legs, _of_staging, _of_ports)
