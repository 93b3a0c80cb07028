"""Laws that hold in every world, checked on random ones."""

import math

import numpy as np
from hypothesis import HealthCheck, given, settings
from random_scenarios import finished, scenario_of, seeds, worlds

from sim.world.bulletin import SERIES, Flow
from sim.world.costs import PARTS
from sim.world.fates import Fate, fates_of
from sim.world.model import BorderModel
from sim.world.outcomes import fates_by_entry_day, outcomes_of
from sim.world.population import NEVER, NOBODY, FoundBy, Register, Stage

in_every_world = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)

_STEPS_FORWARD = {
    Register.NONE: {*range(len(Register.names()))},
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
    code = model.geography.reporting_places.index(place)
    return model.bulletin.series[:, SERIES.index(name), code]


def times_of_leg(model: BorderModel, leg: str) -> tuple[np.ndarray, np.ndarray]:
    """Return departure and arrival of every person on a leg, never where they did not ride."""
    carrier = model.carriers[leg]
    vehicle = model.people.vehicle[model.geography.legs.index(leg)]
    departs = np.append(carrier.departures, NEVER)[vehicle]
    return departs, departs + carrier.leg.duration


@given(worlds(), seeds)
@in_every_world
def test_every_day_everybody_is_in_one_place_and_counts_agree_with_people(world, seed):
    model = BorderModel(scenario_of(world), seed)
    people = model.people
    setting_out = people.travellers
    region = model.geography.reporting_places.index("region")
    junction = model.geography.reporting_places.index("junction")
    while model.running:
        day = model.day
        before = people.register.copy(), people.stage.copy()
        model.step()
        assert people.travellers == setting_out <= people.size
        assert people.size == np.bincount(people.stage, minlength=len(Stage.names())).sum()
        assert ((people.location >= 0) & (people.location < len(model.geography.locations))).all()
        today = dict(zip(SERIES, model.bulletin.series[day].tolist(), strict=True))
        assert today["in_quarantine"][region] == (people.stage == Stage.IN_QUARANTINE).sum()
        for kind, counted in (("imported", ~people.local), ("local", people.local)):
            carriers = (people.register[counted] == Register.CARRIER).sum()
            assert today[f"{kind}_carriers_stock"][region] == carriers
            active = (people.register[counted] == Register.CONFIRMED).sum()
            assert today[f"{kind}_confirmed_active"][region] == active
        in_bed = (people.hospital >= 0) & (people.stage == Stage.ISOLATED)
        assert today["hospital_occupancy"][region] == in_bed.sum()
        assert today["stranded"][junction] == (people.stage == Stage.STRANDED).sum()
        legal = (people.crossed_at < NEVER) & (people.tried_at == NEVER)
        assert legal.sum() == today["entrants_cumulative"][region]
        known = len(before[0])
        for old, new in set(zip(before[0].tolist(), people.register[:known].tolist(), strict=True)):
            assert new in _STEPS_FORWARD[old]
        for stage in _ENDED:
            assert (people.stage[:known][before[1] == stage] == stage).all()
        never_out = people.set_out_at[:setting_out] >= day + 1
        assert (people.stage[:setting_out][never_out] == Stage.AT_HOME).all()


@given(worlds(), seeds)
@in_every_world
def test_causes_come_before_effects(world, seed):
    people = finished(scenario_of(world), seed).people
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
        # Whoever is found at large may never have been in quarantine.
        happened = (second < NEVER) & ((first < NEVER) | (earlier != "quarantined_at"))
        assert (first[happened] <= second[happened]).all(), (earlier, later)
    assert (people.released_at >= people.planned_release)[people.stage == Stage.RELEASED][
        people.found_by[people.stage == Stage.RELEASED] == FoundBy.NOT_FOUND
    ].all()


@given(worlds(), seeds)
@in_every_world
def test_nobody_is_registered_without_a_positive_test(world, seed):
    model = finished(scenario_of(world), seed)
    people = model.people
    positive = people.first_positive_at < NEVER
    assert ((people.register != Register.NONE) == positive).all()
    assert ((people.found_by != FoundBy.NOT_FOUND) == positive).all()
    assert (people.tests[positive] > 0).all()
    if model.scenario.laboratory.specificity == 1:
        assert (people.infected_at[positive] <= people.first_positive_at[positive]).all()


@given(worlds(), seeds)
@in_every_world
def test_a_shut_port_admits_nobody_and_capacities_hold(world, seed):
    scenario = scenario_of(world)
    model = finished(scenario, seed)
    people = model.people
    for number, port in enumerate(scenario.ports):
        legal = (people.crossed_at < NEVER) & (people.tried_at == NEVER)
        crossed = people.crossed_at[(people.port == number) & legal]
        days = crossed.astype(int)
        assert model.policy.port_open[port][days].all()
        assert (np.bincount(days, minlength=1) <= model.policy.port_capacity[port].max()).all()
        rules = scenario.ports[port]
        assert (crossed - days >= rules.opens - 1e-9).all()
        assert (crossed - days <= rules.closes + 1e-9).all()
    for index, (name, leg) in enumerate(scenario.legs.items()):
        vehicle = people.vehicle[index]
        riders = np.bincount(vehicle[vehicle >= 0], minlength=1)
        assert riders.max() <= leg.seats
        per_day = np.bincount(np.array(model.carriers[name].departures, dtype=int), minlength=1)
        assert per_day.max() <= leg.departures_per_day
    processed = model.bulletin.flows[:, Flow.PROCESSED].sum(axis=1)
    assert (processed <= model.policy.laboratory_capacity).all()
    for site in model.quarantine.facilities:
        mine = people.site == site.index
        enters, leaves = people.quarantined_at[mine], people.released_at[mine]
        leaves = np.minimum(leaves, people.first_positive_at[mine])
        moments = np.sort(enters)
        inside = np.searchsorted(moments, moments, side="right") - np.searchsorted(
            np.sort(leaves), np.floor(moments), side="left"
        )
        assert (inside <= model.policy.site_beds[site.name].max()).all()
    for hospital in model.hospitals:
        place = model.geography.locations[hospital.location]
        mine = series(model, "hospital_occupancy", place)
        beds = sum(
            model.policy.hospital_beds[h.name].max()
            for h in model.hospitals
            if h.location == hospital.location
        )
        assert (mine <= beds).all()


@given(worlds(), seeds)
@in_every_world
def test_infectors_are_infectious_and_present(world, seed):
    model = finished(scenario_of(world), seed)
    people, geography = model.people, model.geography
    assert ((people.infector == NOBODY) == ~people.infected).all()
    victims = np.flatnonzero(people.infector >= 0)
    infectors, times = people.infector[victims], people.infected_at[victims]
    assert (infectors != victims).all()
    slack = 1e-9
    assert (people.infected_at[infectors] < times).all()
    assert (people.infectious_from[infectors] <= times + slack).all()
    assert (people.infectious_until[infectors] >= times - slack).all()
    places = people.infected_in[victims]
    for index, leg in enumerate(geography.legs):
        here = places == geography.code[leg]
        aboard = people.infected_aboard[victims[here]]
        carrier = model.carriers[leg]
        departs = np.array(carrier.departures)[aboard]
        assert (departs <= times[here] + slack).all()
        assert (departs + carrier.leg.duration >= times[here] - slack).all()
        for who in (victims[here], infectors[here]):
            # Whoever was turned back at a port may have ridden the leg again later.
            rode_once = people.stranded_days[who] == 0
            assert (people.vehicle[index][who] == aboard)[rode_once].all()
    here = places == geography.code["junction"]
    _, landed = times_of_leg(model, "plane")
    onward = np.minimum(times_of_leg(model, "east_bus")[0], times_of_leg(model, "west_bus")[0])
    for who in (victims[here], infectors[here]):
        assert (landed[who] <= times[here] + slack).all()
        turned_back = people.stranded_days[who] + (people.stage[who] == Stage.STRANDED) > 0
        assert (turned_back | (onward[who] >= times[here] - slack)).all()
        assert (np.minimum(people.gave_up_at, people.tried_at)[who] >= times[here] - slack).all()
    inside = (people.quarantined_at[victims] <= times) & ~people.local[victims]
    behind = np.isin(places, [geography.code["east"], geography.code["west"]])
    assert ((inside | (victims >= people.travellers)) == behind).all()
    who, source, when = victims[inside], infectors[inside], times[inside]
    assert (people.room[who] == people.room[source]).all()
    assert (people.site[who] == people.site[source]).all()
    for person in (who, source):
        assert (people.quarantined_at[person] <= when + slack).all()
        gone = np.minimum(people.released_at[person], people.first_positive_at[person])
        assert (when <= gone + slack).all()


@given(worlds(), seeds)
@in_every_world
def test_residents_are_infected_by_people_at_large_in_their_town(world, seed):
    model = finished(scenario_of(world), seed)
    people, outbreak = model.people, model.hospital_outbreak
    victims = np.flatnonzero(people.local & (people.infector >= 0))
    sources, times = people.infector[victims], people.infected_at[victims]
    town_of = (people.key >> np.uint64(40)).astype(int)  # 0 for those who set out
    assert (town_of[victims] > 0).all()
    of_residents = town_of[sources] > 0
    assert (town_of[sources] == town_of[victims])[of_residents].all()
    assert (times <= people.first_positive_at[sources] + 1e-9).all()
    if outbreak is None:
        assert (people.at_large_from[sources] <= times + 1e-9).all()
        assert (times <= people.isolated_at[sources] + 1e-9).all()
        imported = sources[~people.local[sources]]
        # Nobody in quarantine, on the way or sent back infects the town.
        assert (people.released_at[imported] < NEVER).all() or world.get("border")
    for number, town in enumerate(model.residents.values(), start=1):
        assert (town_of == number).sum() <= town.settings.people
        own = victims[town_of[victims] == number]
        assert (people.infected_in[own] == town.location).all()


@given(worlds(), seeds)
@in_every_world
def test_costs_are_the_sum_of_their_parts(world, seed):
    model = finished(scenario_of(world), seed)
    outcomes = outcomes_of(model)
    parts = {part: outcomes[f"cost_{part}_cny"] for part in PARTS}
    assert outcomes["cost_cny"] == math.fsum(parts.values())
    assert parts["test"] == outcomes["tests"] * model.scenario.costs.test
    days = outcomes["stranded_person_days"]
    assert (parts["stranded_day"] > 0) <= (days > 0)
    assert parts["rewards"] == model.bulletin.flows[:, Flow.REWARDS_CNY].sum()
    places = len(model.scenario.places) * model.scenario.calendar.days
    everywhere = model.bulletin.series[:, SERIES.index("cost_cny")]
    top = [
        model.geography.code[name]
        for name, place in model.scenario.places.items()
        if place.part_of is None
    ]
    assert abs(everywhere[:, top].sum() - outcomes["cost_cny"]) <= places


@given(worlds(), seeds)
@in_every_world
def test_series_add_up(world, seed):
    model = finished(scenario_of(world), seed)
    for name in SERIES:
        parts = series(model, name, "east") + series(model, name, "west")
        # Costs are rounded to whole CNY in every place.
        rounding = 2 if name == "cost_cny" else 0
        assert (abs(series(model, name, "region") - parts) <= rounding).all()
        assert (series(model, name, "region") >= 0).all()
    for place in model.geography.reporting_places:
        new, cumulative = (
            series(model, f"imported_confirmed_{kind}", place) for kind in ("new", "cumulative")
        )
        assert (np.cumsum(new) == cumulative).all()
        closed = model.bulletin.flows[:, Flow.CLOSED] @ model.geography.roll_up
        closed = np.cumsum(closed[:, model.geography.reporting_places.index(place)])
        assert (series(model, "imported_confirmed_active", place) == cumulative - closed).all()
        entered = series(model, "entrants_new", place)
        assert (np.cumsum(entered) == series(model, "entrants_cumulative", place)).all()
    days = model.scenario.calendar.days
    at = model.people.infected_at
    counted = model.bulletin.flows[:, Flow.INFECTIONS].sum()
    assert counted == ((at >= 0) & (at < days)).sum()


@given(worlds(), seeds)
@in_every_world
def test_every_infected_traveller_has_one_fate_and_outcomes_add_up(world, seed):
    model = finished(scenario_of(world), seed)
    people = model.people
    outcomes = outcomes_of(model)
    infected = np.flatnonzero(people.infected[: people.travellers])
    fates = np.bincount(fates_of(people, infected), minlength=len(Fate))
    assert fates.sum() == outcomes["infected_travellers"]
    assert sum(outcomes[f"fate_{fate.name.lower()}"] for fate in Fate) == len(infected)
    entered = people.infected & (people.crossed_at < NEVER)
    assert fates_by_entry_day(model).sum() == entered.sum()
    where = ("source", "on_board", "staging", "quarantine")
    counted = outcomes["infected_at_source"] + outcomes["infected_on_board"]
    counted += outcomes["infected_in_staging"] + outcomes["infected_in_quarantine"]
    assert counted == len(infected), where
    assert 0 <= outcomes["infectiousness_after_release_share"] <= 1
    after_entry = outcomes["infectiousness_after_entry_share"]
    assert outcomes["infectiousness_after_release_share"] <= after_entry + 1e-9
