"""Laws that hold in every world, each as a check of a model on every day or after the last one."""

import math
from collections.abc import Callable

import numpy as np
from rules import entries_of
from swab_log import SwabLog

from sim.experiment.outcome_registry import OUTCOMES
from sim.scenario.schema import Scenario
from sim.world.codes import NEVER, NOBODY, FoundBy, Register, Stage
from sim.world.costs import PARTS
from sim.world.detection import CAUSES, Detection
from sim.world.draws import town_key
from sim.world.fates import Fate, fates_of
from sim.world.model import BorderModel
from sim.world.outcomes import outcomes_of
from sim.world.surveillance import COST, SERIES, Flow
from sim.world.tally import sums_of

_SLACK = 1e-9

_STEPS_FORWARD = {
    Register.NONE: {*Register},
    Register.CARRIER: {
        Register.CARRIER,
        Register.CONFIRMED,
        Register.CLOSED,
        Register.CARRIER_RELEASED,
    },
    Register.CONFIRMED: {Register.CONFIRMED, Register.CLOSED},
    Register.CLOSED: {Register.CLOSED},
    Register.CARRIER_RELEASED: {Register.CARRIER_RELEASED},
}

_ENDED = {
    Stage.TURNED_BACK,
    Stage.GAVE_UP,
    Stage.STOPPED_AT_EXIT,
    Stage.TAKEN_ILL_ON_BOARD,
    Stage.NOT_FIT_TO_TRAVEL,
}


def series(model: BorderModel, name: str, place: str) -> np.ndarray:
    """Return a published series of a place, shape (days,)."""
    code = model.geography.reporting_places.index(place)
    return model.surveillance.series[:, SERIES.index(name), code]


def _everywhere(model: BorderModel) -> list[int]:
    """Return the codes of the places that are part of no other."""
    places = model.scenario.places.items()
    return [model.geography.code[name] for name, place in places if place.part_of is None]


def run_under_daily_laws(scenario: Scenario, seed: int) -> BorderModel:
    """Return the model after its last day; the laws of every day are checked on the way."""
    model = BorderModel(scenario, seed)
    swabs = SwabLog(model)
    people = model.people
    setting_out = people.travellers
    while model.running:
        day = model.day
        before = people.register.copy(), people.stage.copy()
        model.step()
        assert people.travellers == setting_out <= people.size
        assert np.isin(people.stage, list(Stage)).all()
        assert ((people.location >= 0) & (people.location < len(model.geography.locations))).all()
        _check_counts_of_today(model, day)
        swabs.check_day()
        known = len(before[0])
        for old, new in set(zip(before[0].tolist(), people.register[:known].tolist(), strict=True)):
            assert new in _STEPS_FORWARD[old]
        for stage in _ENDED:
            assert (people.stage[:known][before[1] == stage] == stage).all()
        never_out = people.set_out_at[:setting_out] >= day + 1
        assert (people.stage[:setting_out][never_out] == Stage.AT_HOME).all()
    return model


def _check_counts_of_today(model: BorderModel, day: int) -> None:
    """What the surveillance counts is where people are."""
    people = model.people
    everywhere = model.surveillance.series[day][:, _everywhere(model)].sum(axis=1)
    today = dict(zip(SERIES, everywhere.tolist(), strict=True))
    assert today["in_quarantine"] == (people.stage == Stage.IN_QUARANTINE).sum()
    for kind, counted in (("imported", ~people.local), ("local", people.local)):
        carriers = (people.register[counted] == Register.CARRIER).sum()
        assert today[f"{kind}_carriers_stock"] == carriers
        active = (people.register[counted] == Register.CONFIRMED).sum()
        assert today[f"{kind}_confirmed_active"] == active
    in_bed = (people.hospital >= 0) & (people.stage == Stage.ISOLATED)
    assert today["hospital_occupancy"] == in_bed.sum()
    assert today["stranded"] == (people.stage == Stage.STRANDED).sum()
    legal = (people.crossed_at < NEVER) & (people.tried_at == NEVER)
    assert legal.sum() == today["entrants_cumulative"]


def check_causes_come_before_effects(model: BorderModel) -> None:
    people = model.people
    for earlier, later in (
        ("infected_at", "onset_at"),
        ("infected_at", "infectious_from"),
        ("infectious_from", "infectious_until"),
        ("set_out_at", "departed_at"),
        ("departed_at", "crossed_at"),
        ("crossed_at", "quarantined_at"),
        ("quarantined_at", "first_positive_at"),
        ("quarantined_at", "released_at"),
        ("first_positive_at", "confirmed_at"),
        ("confirmed_at", "closed_at"),
    ):
        first, second = getattr(people, earlier), getattr(people, later)
        # Anyone who is found in the community may never have been in quarantine.
        happened = (second < NEVER) & ((first < NEVER) | (earlier != "quarantined_at"))
        assert (first[happened] <= second[happened]).all(), (earlier, later)
    assert (people.released_at >= people.planned_release)[people.stage == Stage.RELEASED][
        people.found_by[people.stage == Stage.RELEASED] == FoundBy.NOT_FOUND
    ].all()
    let_go = (people.stage == Stage.RELEASED) & (people.found_by == FoundBy.NOT_FOUND)
    let_go &= ~people.seeks_care  # not swabbed again after release
    assert (people.last_result_at <= people.released_at)[let_go].all()


def check_nobody_is_registered_without_a_positive_test(model: BorderModel) -> None:
    people = model.people
    positive = people.first_positive_at < NEVER
    assert ((people.register != Register.NONE) == positive).all()
    assert ((people.found_by != FoundBy.NOT_FOUND) == positive).all()
    assert (people.tests[positive] > 0).all()
    laboratory = model.scenario.laboratory
    if all(test.specificity == 1 for test in (laboratory, *laboratory.assays.values())):
        assert (people.infected_at[positive] <= people.first_positive_at[positive]).all()


def check_a_shut_port_admits_nobody_and_capacities_hold(model: BorderModel) -> None:
    people, scenario = model.people, model.scenario
    for number, port in enumerate(model.geography.ports):
        legal = (people.crossed_at < NEVER) & (people.tried_at == NEVER)
        crossed = people.crossed_at[(people.port == number) & legal]
        days = crossed.astype(int)
        assert model.policy.port_open[port][days].all()
        rules = scenario.ports[port]
        decided = model.policy.port_capacity[port]
        handled, limited = decided.copy(), decided < NEVER
        handled[limited] = np.floor(decided[limited] * rules.throughput)
        by_day = np.bincount(days, minlength=scenario.calendar.days)
        assert (by_day <= handled).all()
        assert (crossed - days >= rules.opens - _SLACK).all()
        assert (crossed - days <= rules.closes + _SLACK).all()
    for index, name in enumerate(model.geography.legs):
        leg = scenario.legs[name]
        vehicle = people.vehicle[index]
        riders = np.bincount(vehicle[vehicle >= 0], minlength=1)
        assert riders.max() <= leg.seats
        per_day = np.bincount(np.array(model.carriers[name].departures, dtype=int), minlength=1)
        assert per_day.max() <= leg.departures_per_day
    _check_beds(model)


def _check_beds(model: BorderModel) -> None:
    people = model.people
    for site in model.quarantine.sites:
        if site.name not in model.policy.site_beds:  # at home
            continue
        mine = people.site == site.number
        enters, leaves = people.quarantined_at[mine], people.released_at[mine]
        leaves = np.minimum(leaves, people.first_positive_at[mine])
        moments = np.sort(enters)
        inside = np.searchsorted(moments, moments, side="right") - np.searchsorted(
            np.sort(leaves), np.floor(moments), side="left"
        )
        assert (inside <= model.policy.site_beds[site.name].max()).all()
    for hospital in model.hospitals:
        place = model.geography.locations[hospital.location]
        beds = sum(
            model.policy.hospital_beds[other.name].max()
            for other in model.hospitals
            if model.geography.roll_up[other.location, hospital.location]
        )
        assert (series(model, "hospital_occupancy", place) <= beds).all()


def check_infectors_are_infectious_and_present(model: BorderModel) -> None:
    people = model.people
    assert ((people.infector == NOBODY) == ~people.infected).all()
    victims = np.flatnonzero(people.infector >= 0)
    infectors, times = people.infector[victims], people.infected_at[victims]
    assert (infectors != victims).all()
    assert (people.infected_at[infectors] < times).all()
    assert (people.infectious_from[infectors] <= times + _SLACK).all()
    assert (people.infectious_until[infectors] >= times - _SLACK).all()
    _check_infections_on_board(model, victims)
    inside = (people.quarantined_at[victims] <= times) & ~people.local[victims]
    _check_infections_in_rooms(model, victims[inside])
    _check_infections_in_staging(model, victims[~inside & (victims < people.travellers)])


def _check_infections_on_board(model: BorderModel, victims: np.ndarray) -> None:
    people, geography = model.people, model.geography
    for index, leg in enumerate(geography.legs):
        aboard = victims[people.infected_in[victims] == geography.code[leg]]
        vehicle, times = people.infected_aboard[aboard], people.infected_at[aboard]
        carrier = model.carriers[leg]
        departs = np.array(carrier.departures)[vehicle]
        assert (departs <= times + _SLACK).all()
        assert (departs + carrier.leg.duration >= times - _SLACK).all()
        for who in (aboard, people.infector[aboard]):
            # Anyone who was turned back at a port may have ridden the leg again later.
            rode_once = people.stranded_since[who] == NEVER
            assert (people.vehicle[index][who] == vehicle)[rode_once].all()


def _check_infections_in_staging(model: BorderModel, victims: np.ndarray) -> None:
    """Anyone who infects someone in a staging town has come there and not gone on."""
    people = model.people
    for town in model.staging_towns:
        here = victims[people.infected_in[victims] == town.location]
        times = people.infected_at[here]
        legs = model.scenario.legs.items()
        comes = [_rides(model, name)[1] for name, leg in legs if leg.end == town.name]
        goes = [_rides(model, name)[0] for name, leg in legs if leg.start == town.name]
        for who in (here, people.infector[here]):
            assert (np.min(comes, axis=0)[who] <= times + _SLACK).all()
            stranded_once = people.stranded_since[who] < NEVER
            onward = np.min(goes, axis=0)[who]
            assert (stranded_once | (onward >= times - _SLACK)).all()
            left = np.minimum(people.gave_up_at, people.tried_at)[who]
            assert (left >= times - _SLACK).all()


def _rides(model: BorderModel, leg: str) -> tuple[np.ndarray, np.ndarray]:
    """Return departure and arrival of every person on a leg, never where they did not ride."""
    carrier = model.carriers[leg]
    vehicle = model.people.vehicle[model.geography.legs.index(leg)]
    departs = np.append(carrier.departures, NEVER)[vehicle]
    return departs, departs + carrier.leg.duration


def _check_infections_in_rooms(model: BorderModel, victims: np.ndarray) -> None:
    people = model.people
    sources, when = people.infector[victims], people.infected_at[victims]
    rooms = _rooms(people.next_in_room)
    assert (rooms[victims] == rooms[sources]).all()
    assert (rooms[victims] >= 0).all()
    assert (people.site[victims] == people.site[sources]).all()
    locations = np.array([site.location for site in model.quarantine.sites])
    assert (people.infected_in[victims] == locations[people.site[victims]]).all()
    for person in (victims, sources):
        assert (people.quarantined_at[person] <= when + _SLACK).all()
        gone = np.minimum(people.released_at[person], people.first_positive_at[person])
        assert (when <= gone + _SLACK).all()


def _rooms(next_in_room: np.ndarray) -> np.ndarray:
    """Return a number for the room of each person, -1 for those who have none, shape (people,)."""
    rooms = np.full(len(next_in_room), -1)
    for row in np.flatnonzero(next_in_room >= 0).tolist():
        mate = row
        while rooms[mate] < 0:
            rooms[mate], mate = row, int(next_in_room[mate])
    return rooms


def check_residents_are_infected_by_people_in_community_in_their_town(model: BorderModel) -> None:
    people, outbreak = model.people, model.hospital_outbreak
    victims = np.flatnonzero(people.local & (people.infector >= 0))
    sources, times = people.infector[victims], people.infected_at[victims]
    town_of = np.full(people.size, -1)
    for number, town in enumerate(model.residents.values()):
        first = np.uint64(town_key(town.name))
        own = (people.key >= first) & (people.key < first + np.uint64(town.settings.people))
        town_of[own] = number
    assert (town_of[victims] >= 0).all()
    of_residents = town_of[sources] >= 0
    assert (town_of[sources] == town_of[victims])[of_residents].all()
    assert (times <= people.first_positive_at[sources] + _SLACK).all()
    if outbreak is None:
        assert (people.in_community_from[sources] <= times + _SLACK).all()
        assert (times <= people.isolated_at[sources] + _SLACK).all()
        imported = sources[~people.local[sources]]
        # Nobody in quarantine, on the way or sent back infects the town.
        crosses_elsewhere = model.scenario.border is not None
        assert crosses_elsewhere or (people.released_at[imported] < NEVER).all()
    elif outbreak.patient is not None:
        theirs = victims[sources == outbreak.patient]
        in_hospital = people.infected_at[theirs] > people.isolated_at[outbreak.patient] + _SLACK
        members = [entries_of(model.world, ward.members) for ward in model.world.wards]
        on_the_wards = [member.person for ward in members for member in ward]
        assert np.isin(theirs[in_hospital], on_the_wards).all()
    for number, town in enumerate(model.residents.values()):
        assert (town_of == number).sum() <= town.settings.people
        own = victims[town_of[victims] == number]
        assert (people.infected_in[own] == town.location).all()


def check_costs_are_the_sum_of_their_parts(model: BorderModel) -> None:
    outcomes = outcomes_of(model)
    costs = model.scenario.costs
    parts = {part: outcomes[f"cost_{part}_cny"] for part in PARTS}
    assert outcomes["cost_cny"] == math.fsum(parts.values())
    assert np.isclose(parts["test"], outcomes["tests"] * costs.test, rtol=1e-12)
    days = outcomes["stranded_person_days"]
    assert (parts["stranded_day"] > 0) <= (days > 0)
    assert parts["rewards"] == model.surveillance.flows[:, Flow.REWARDS_CNY].sum()
    # Published costs are rounded to whole CNY in every place and on every day.
    rounding = len(model.scenario.places) * model.scenario.calendar.days
    published = model.surveillance.series[:, SERIES.index(COST)][:, _everywhere(model)].sum()
    assert abs(published - outcomes["cost_cny"]) <= rounding + 1e-9 * outcomes["cost_cny"]


def check_series_add_up(model: BorderModel) -> None:
    """A place has what happened in itself, at its ports, and in the places that are part of it."""
    for place in model.scenario.places:
        inside = [name for name, p in model.scenario.places.items() if p.part_of == place]
        ports = [name for name, p in model.scenario.ports.items() if p.place == place]
        own = [model.geography.code[name] for name in (place, *ports)]
        entered = model.surveillance.flows[:, Flow.ENTRANTS][:, own].sum(axis=1)
        entered += sum(series(model, "entrants_new", part) for part in inside)
        assert (series(model, "entrants_new", place) == entered).all()
        for name in SERIES:
            whole = series(model, name, place)
            parts = sum(series(model, name, part) for part in inside)
            # Costs are sums of floating-point numbers: exact to 16 digits, then to whole CNY.
            rounding = len(inside) + 1e-15 * whole if name == COST else 0
            assert (whole >= 0).all()
            assert (whole >= parts - rounding).all()
    for place in model.geography.reporting_places:
        new, cumulative = (
            series(model, f"imported_confirmed_{kind}", place) for kind in ("new", "cumulative")
        )
        assert (np.cumsum(new) == cumulative).all()
        closed = model.surveillance.flows[:, Flow.CLOSED] @ model.geography.roll_up
        closed = np.cumsum(closed[:, model.geography.reporting_places.index(place)])
        assert (series(model, "imported_confirmed_active", place) == cumulative - closed).all()
        entered = series(model, "entrants_new", place)
        assert (np.cumsum(entered) == series(model, "entrants_cumulative", place)).all()
    days = model.scenario.calendar.days
    at = model.people.infected_at
    counted = model.surveillance.flows[:, Flow.INFECTIONS].sum()
    assert counted == ((at >= 0) & (at < days)).sum()


def check_every_infected_traveller_has_one_fate_and_outcomes_add_up(model: BorderModel) -> None:
    people = model.people
    outcomes = outcomes_of(model)
    infected = np.flatnonzero(people.infected[: people.travellers])
    fates = np.bincount(fates_of(model.world, infected), minlength=len(Fate))
    assert fates.sum() == outcomes["infected_travellers"]
    assert sum(outcomes[f"fate_{fate.name.lower()}"] for fate in Fate) == len(infected)
    entered = people.infected & (people.crossed_at < NEVER)
    assert sums_of(model).fates_by_entry_day.sum() == entered.sum()
    where = ("at_source", "on_board", "in_staging", "in_quarantine")
    assert sum(outcomes[f"infected_{place}"] for place in where) == len(infected)
    after_entry = outcomes["infectiousness_after_entry_share"]
    after_release = outcomes["infectiousness_after_release_share"]
    assert np.isnan(after_entry) == np.isnan(after_release)
    if not np.isnan(after_entry):
        assert 0 <= after_release <= after_entry + _SLACK <= 1 + 2 * _SLACK
    # What is a share of nobody has no value; everything else has one.
    has = {
        "undetected_share": any(
            outcomes[f"fate_{fate.name.lower()}"]
            for fate in Fate
            if fate not in (Fate.NOT_FIT_TO_TRAVEL, Fate.NOT_CROSSED, Fate.STILL_IN_QUARANTINE)
        ),
        "peak_imported_confirmed_day": outcomes["imported_confirmed"] > 0,
        "infected_per_vehicle_mean": outcomes["vehicles"] > 0,
        "infected_per_vehicle_variance_to_mean": outcomes["vehicles"] > 0
        and outcomes["infected_per_vehicle_mean"] > 0,
        "perceived_detection": model.scenario.border is not None,
    }
    for name, value in outcomes.items():
        assert np.isfinite(value) or OUTCOMES[name].empty_without, name
        assert name not in has or np.isfinite(value) == has[name], name


def check_every_infected_entrant_tested_positive_or_has_one_cause(model: BorderModel) -> None:
    travellers, outcomes = slice(model.people.travellers), outcomes_of(model)
    people = model.people
    infected = people.infected[travellers]
    entered = infected & (people.crossed_at[travellers] < NEVER)
    positive = entered & (people.first_positive_at[travellers] < NEVER)
    by_cause = {cause: outcomes[f"undetected_{cause.name.lower()}"] for cause in CAUSES}
    assert sum(by_cause.values()) == outcomes["undetected_entrants"]
    assert outcomes["ever_positive_entrants"] == positive.sum()
    counted = ("ever_positive_entrants", "undecided_entrants", "undetected_entrants")
    assert sum(outcomes[name] for name in counted) == entered.sum()
    assert entered.sum() + (infected & ~entered).sum() == outcomes["infected_travellers"]
    # What can be told without the times of swabs.
    missed = entered & ~positive
    stage, swabs = people.stage[travellers], people.tests[travellers]
    assert outcomes["undecided_entrants"] >= (missed & (stage == Stage.IN_QUARANTINE)).sum()
    assert by_cause[Detection.CROSSED_UNSEEN] <= outcomes["illegal_entered"]
    breached = people.released_at[travellers] < people.planned_release[travellers]
    assert by_cause[Detection.BROKE_QUARANTINE] <= (missed & breached).sum()
    released = missed & ~breached & (people.planned_release[travellers] < NEVER)
    at_home = released & (stage != Stage.IN_QUARANTINE) & (swabs == 0)
    recovered = people.infectious_until[travellers] <= people.crossed_at[travellers]
    assert by_cause[Detection.NEVER_SWABBED] == (at_home & ~recovered).sum()
    over = released & recovered
    assert by_cause[Detection.RECOVERED_ON_ARRIVAL] <= over.sum()


LAWS: tuple[Callable[[BorderModel], None], ...] = (
    check_causes_come_before_effects,
    check_nobody_is_registered_without_a_positive_test,
    check_a_shut_port_admits_nobody_and_capacities_hold,
    check_infectors_are_infectious_and_present,
    check_residents_are_infected_by_people_in_community_in_their_town,
    check_costs_are_the_sum_of_their_parts,
    check_series_add_up,
    check_every_infected_traveller_has_one_fate_and_outcomes_add_up,
    check_every_infected_entrant_tested_positive_or_has_one_cause,
)
"""Checks of a finished model."""
