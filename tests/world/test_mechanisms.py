"""Single mechanisms against what they should be, worked out by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from laws import run_under_daily_laws
from random_scenarios import a_world, finished, scenario_of
from rules import enter_quarantine, entries_of, infect_now, quantiles_of, seat_all
from scipy import stats
from shipped import BASELINE, SCENARIOS

from sim import BorderModel, load_scenario
from sim.scenario.distributions import Gamma
from sim.scenario.source import EpidemicSource
from sim.world.agenda import due_today, plan
from sim.world.building.source_epidemic import SourceEpidemic, cumulative_reported
from sim.world.carrier import _infect_passengers
from sim.world.codes import NEVER, NONE, Due, FoundBy, Stage
from sim.world.contagion import _at, _partial_hazard
from sim.world.day import begin_day
from sim.world.laboratory import receive
from sim.world.natural_history import infectious_days
from sim.world.source_community import _time_of, hazard_until
from sim.world.surveillance import Flow

times = st.floats(0, 10, allow_nan=False)


@pytest.mark.rules
@given(
    st.lists(st.tuples(st.floats(0, 5), times, times), max_size=6),
    st.lists(st.tuples(times, times), min_size=1, max_size=6),
)
def test_shared_hazard_is_the_sum_over_all_pairs(infectious, visitors):
    rates = np.array([rate for rate, *_ in infectious])
    begins = np.array([min(a, b) for _, a, b in infectious])
    ends = np.array([max(a, b) for _, a, b in infectious])
    comes = np.array([min(pair) for pair in visitors])
    leaves = np.array([max(pair) for pair in visitors])
    shared = np.maximum(np.minimum(leaves[:, None], ends) - np.maximum(comes[:, None], begins), 0.0)
    expected = (shared * rates).sum(axis=1)
    bends, so_far = _partial_hazard(begins, ends, rates, 0, len(rates))
    pairs = zip(comes, leaves, strict=True)
    ours = [_at(bends, so_far, until) - _at(bends, so_far, since) for since, until in pairs]
    np.testing.assert_allclose(ours, expected, atol=1e-9)


def test_the_number_who_set_out_has_its_binomial_mean_and_variance():
    """A travel_group of the pool leaves with probability 1 - exp(-H), each on its own."""
    scenario = scenario_of(a_world(travellers__travel_group_size={"mean": 1.0}))
    demand = scenario.travellers.demand
    middays = np.arange(scenario.calendar.days) + 0.5
    growth = np.log(2) / demand.doubling_time
    intention = demand.ceiling / (1 + np.exp(-growth * (middays - demand.halfway)))
    leaves = 1 - np.exp(-intention.sum() / scenario.travellers.pool)
    counts = [BorderModel(scenario, seed).people.travellers for seed in range(300)]
    expected = stats.binom(scenario.travellers.pool, leaves)
    assert np.mean(counts) == pytest.approx(expected.mean(), abs=4 * expected.std() / 300**0.5)
    assert np.var(counts) == pytest.approx(expected.var(), rel=0.35)


def test_travel_group_sizes_have_the_mean_of_the_scenario():
    model = BorderModel(load_scenario(BASELINE), seed=4)
    sizes = np.bincount(model.people.travel_group[: model.people.travellers])
    mean = model.scenario.travellers.travel_group_size.mean
    assert sizes.mean() == pytest.approx(mean, abs=4 * (mean - 1) ** 0.5 / len(sizes) ** 0.5)


def test_travel_groups_cluster_infection_before_travel():
    """With frailty of dispersion k the odds that a companion is infected too are raised."""
    nobody_on_board = "legs.moscow_vladivostok.on_board.hazard_per_hour=0"
    clustered = ["source.exposure=280", "source.travel_group_dispersion=0.5"]
    scenario = load_scenario(BASELINE, [*clustered, nobody_on_board])
    together = scattered = 0.0
    for seed in range(8):
        people = BorderModel(scenario, seed).people
        travel_group = people.travel_group[: people.travellers]
        infected = np.bincount(travel_group, people.infected[: people.travellers])
        size = np.bincount(travel_group)
        share = infected.sum() / size.sum()
        together += (infected * (infected - 1)).sum()
        scattered += (size * (size - 1)).sum() * share**2
    assert together / scattered > 1.5


def test_moscow_reaches_the_article_count_on_its_date_and_then_slows():
    scenario = load_scenario(BASELINE)
    assert isinstance(scenario.source, EpidemicSource)
    day = scenario.calendar.day_of(scenario.source.curve.date) + 0.5
    days = np.array([day - 5, day, day + 5])
    before, then, after = cumulative_reported(scenario.source, scenario.calendar, days)
    assert then == pytest.approx(4484)
    assert then / before == pytest.approx(2)
    assert 1.5 < after / then < 2


def test_source_hazard_is_that_of_the_formula():
    scenario = load_scenario(BASELINE)
    source = scenario.source
    epidemic = SourceEpidemic(source, scenario.calendar)
    reported = cumulative_reported(
        source, scenario.calendar, np.array([4.0, 5.0]) + source.reporting_lag
    )
    expected = source.exposure * np.diff(reported) / source.population
    hazard = np.interp([4.0, 5.0], epidemic.days, epidemic.hazard)
    assert np.diff(hazard) == pytest.approx(expected, rel=1e-3)


@pytest.mark.rules
def test_the_time_at_which_the_hazard_of_the_source_is_reached_is_its_inverse():
    world = BorderModel(scenario_of(a_world(travellers__pool=0)), 1).world
    hazards = [hazard_until(world, time) for time in (4.0, 5.1)]
    assert hazards[0] < hazards[1]
    assert [_time_of(world, hazard) for hazard in hazards] == pytest.approx([4.0, 5.1])


@pytest.mark.rules
def test_passengers_are_infected_when_the_hazard_of_their_seat_passes_their_threshold():
    hazard = {"hazard_per_hour": 0.0012, "near_rows": 2, "near_relative_risk": 5.6}
    plane = {**a_world()["legs"]["plane"], "on_board": hazard, "duration": "9 h"}
    plane |= {"seats": 300, "seats_abreast": 6}
    tomorrow = {"kind": "fixed", "value": "1 d"}
    constant = {"kind": "constant", "latent": tomorrow, "lasts": {"kind": "fixed", "value": "9 d"}}
    disease = {
        "name": "constant",
        "incubation": {"kind": "fixed", "value": "5 d"},
        "infectiousness": {"since": "infection", "profile": constant},
        "asymptomatic_share": 0,
    }
    legs = {**a_world()["legs"], "plane": plane}
    model = BorderModel(
        scenario_of(a_world(source__exposure=0, legs=legs, disease=disease)), seed=1
    )
    people, rows, index = model.people, np.arange(300), 117
    infect_now(model, index, -5.0, begins=-1.0, ends=9.0)
    model.world.people[index].infectivity = 40.0
    thresholds = people.threshold[rows].copy()
    seat_all(model, "plane", rows, seats=rows, vehicles=np.zeros(300), departs=0.5)
    leg = model.world.legs[model.geography.legs.index("plane")]
    _infect_passengers(model.world, leg, leg.boarding.first, 0.5, 0.5 + 9 / 24)
    load = infectious_days(model.world, model.world.people[index], 0.5, 0.5 + 9 / 24)
    near = np.abs(rows // 6 - index // 6) <= 2
    expected = thresholds < 24 * 0.0012 * load * np.where(near, 5.6, 1.0)
    expected[index] = True
    infected = people.infected[rows]
    np.testing.assert_array_equal(infected, expected)
    assert 3 < infected.sum() < 200
    hit = np.flatnonzero(infected & (rows != index))
    assert (people.infector[hit] == index).all()
    assert (people.infected_aboard[hit] == 0).all()


def test_travel_groups_stay_together_in_a_vehicle_when_they_fit():
    model = BorderModel(load_scenario(BASELINE), seed=2)
    while model.running:
        model.step()
    people = model.people
    flight = people.vehicle[0]
    for travel_group in np.unique(people.travel_group[flight >= 0]):
        assert len(set(flight[(people.travel_group == travel_group) & (flight >= 0)])) == 1


@pytest.mark.rules
def test_room_mates_infect_only_while_both_are_there():
    world = a_world(source__exposure=0, quarantine__room_hazard_per_day=1e4)
    model = BorderModel(scenario_of(world), seed=1)
    begin_day(model.world, 5)
    infect_now(model, 0, 1.0, begins=2.0, ends=12.0)
    enter_quarantine(model, [0, 1], [5.2, 5.6])
    assert model.quarantine_sites[0].occupied == 2
    model.quarantine.step()
    assert 5.6 <= model.people.infected_at[1] <= 6.0
    assert model.people.infector[1] == 0


def test_who_is_brought_back_at_once_lives_as_one_who_keeps_the_quarantine():
    """One stay, not two that end together, and every swab once."""
    all_of = {"adherence": 1.0}, {"adherence": 0.0}
    kept, brought_back = (
        run_under_daily_laws(
            scenario_of(
                a_world(
                    quarantine__facility=of,
                    quarantine__home=of,
                    policies__monitoring=1.0,
                    policies__quarantine_tests=["1 d", "5 d"],
                )
            ),
            seed=3,
        ).people
        for of in all_of
    )
    assert brought_back.breaches.sum() > 50 > kept.breaches.sum() == 0
    for column in ("stage", "tests", "infected_at", "first_positive_at", "released_at"):
        np.testing.assert_array_equal(getattr(kept, column), getattr(brought_back, column))


def test_who_is_brought_back_while_waiting_for_a_result_is_let_go_once():
    sites = {"east_hotel": {"place": "east"}, "west_hotel": {"place": "west"}}
    world = a_world(
        quarantine={"sites": sites, "symptoms_noticed": 0, "facility": {"breach_per_day": 10}}
    )
    world["policies"] |= {
        "monitoring": 1.0,
        "laboratory_capacity": 5,
        "quarantine_stay": "5 d",
        "quarantine_tests": [],
        "test_before_release": "1 d",
    }
    people = run_under_daily_laws(scenario_of(world), seed=0).people
    assert (people.breaches > 3).sum() > 20 and (people.stage == Stage.RELEASED).any()


@pytest.mark.rules
def test_who_comes_later_shares_no_room_with_those_before():
    """A bed that is left empty is nobody, also not the person in the last row."""
    world = a_world(source__exposure=0, quarantine__room_hazard_per_day=1e4)
    model = BorderModel(scenario_of(world), seed=1)
    begin_day(model.world, 5)
    first, last = 0, model.people.travellers - 1
    infect_now(model, first, 1.0, begins=2.0, ends=12.0)
    for row, at in ((first, 5.2), (last, 5.6)):
        enter_quarantine(model, [row], [at])
    assert model.people.next_in_room[[first, last]].tolist() == [first, last]
    model.quarantine.step()
    assert model.people.infected_at[last] == NEVER


def test_a_port_next_to_the_start_turns_people_back_home():
    direct = {**a_world()["legs"]["east_bus"], "start": "city", "departures_per_day": 8}
    world = a_world(
        legs={"east_bus": direct},
        staging={},
        ports={"east_port": {"place": "east"}},
        policies__port_capacity={"east_port": 5},
        policies__port_closures={"east_port": [{"from": "2020-03-11"}]},
    )
    model = finished(scenario_of(world))
    people, home = model.people, model.geography.code["city"]
    turned_back = (people.vehicle[0] >= 0) & (people.stage == Stage.GAVE_UP)
    assert turned_back.sum() > 20
    assert (people.location[turned_back] == home).all()
    assert (people.gave_up_at[turned_back] >= people.departed_at[turned_back]).all()
    assert not ((people.stage == Stage.ON_BOARD) | (people.stage == Stage.AT_PORT)).any()


def test_whoever_came_by_the_first_vehicle_is_turned_back_to_where_it_left():
    world = a_world(
        policies__port_capacity={"east_port": 0, "west_port": 0},
        policies__port_closures={"east_port": [{"from": "2020-03-20"}]},
    )
    model = finished(scenario_of(world))
    people, geography = model.people, model.geography
    queued = people.vehicle[geography.legs.index("east_bus")] >= 0
    by_first_bus = people.vehicle[geography.legs.index("east_bus")] == 0
    assert by_first_bus.any()
    # Only in the town between are people stranded; those turned back at home give up at once.
    assert (people.stranded_since[queued] < NEVER).all()


@pytest.mark.rules
def test_the_laboratory_works_first_come_first_served():
    world = a_world(
        source__exposure=0, policies__laboratory_capacity=10, laboratory__turnaround="6 h"
    )
    model = BorderModel(scenario_of(world), seed=1)
    laboratory = model.laboratory
    taken = np.linspace(0.2, 0.9, 25)
    for row in range(25):
        receive(model.world, row, taken[row], FoundBy.SCHEDULED_TEST, 0)
    assert laboratory.backlog == 25
    for day in range(4):
        begin_day(model.world, day)
        laboratory.step()
        model.authority.register()
    assert laboratory.tests == 25
    assert laboratory.backlog == 0
    per_day = model.surveillance.flows[:, Flow.PROCESSED].sum(axis=1)
    assert per_day[:4].tolist() == [10, 10, 5, 0]
    results = model.people.last_result_at[:25]
    assert (np.diff(results) >= 0).all()
    np.testing.assert_allclose(results[:10], np.maximum(taken[:10], np.arange(10) / 10) + 0.25)
    np.testing.assert_allclose(results[10:20], 1 + np.arange(10) / 10 + 0.25)
    assert (model.people.results_awaited[:25] == 0).all()


@pytest.mark.rules
def test_swabs_of_one_person_at_one_time_are_two_events():
    model = BorderModel(scenario_of(a_world()), seed=1)
    for row, taken in ((3, 0.1), (3, 0.1), (4, 0.2)):
        receive(model.world, row, taken, FoundBy.SYMPTOMS, 0)
    assert model.people.tests[[3, 4]].tolist() == [2, 1]
    swabs = entries_of(model.world, model.world.run[0].swabs)
    assert [(swab.person, swab.other) for swab in swabs] == [(3, 0), (3, 1), (4, 0)]


@pytest.mark.rules
def test_an_agenda_hands_out_each_day_in_order_and_forgets_nothing():
    world = BorderModel(scenario_of(a_world(travellers__pool=0)), seed=1).world

    def due(day):
        begin_day(world, day)
        found = due_today(world, Due.REWARD)
        people = [(entry.person, entry.time) for entry in entries_of(world, found)]
        found.first, found.length = NONE, 0
        return people

    for person, time in ((1, 2.5), (2, 0.1), (3, 2.2), (4, np.inf), (5, 2.1), (7, 2.1)):
        plan(world, Due.REWARD, person, time, 0, 0)
    assert due(0) == [(2, 0.1)]
    assert due(1) == []
    assert due(2) == [(5, 2.1), (7, 2.1), (3, 2.2), (1, 2.5)]
    plan(world, Due.REWARD, 6, 1.0, 0, 0)
    assert due(2) == [(6, 1.0)]
    plan(world, Due.REWARD, 8, 1.0, 0, 0)
    assert due(3) == [(8, 1.0)]


@pytest.mark.rules
@pytest.mark.parametrize("shape", [0.1, 0.3, 1.0, 5.0, 97.1875])
def test_interpolated_gamma_quantiles_are_exact_enough(shape):
    u = np.concatenate([np.logspace(-6, -0.01, 500), 1 - np.logspace(-9, -1, 200)])
    ours = quantiles_of(Gamma(kind="gamma", shape=shape, rate=1.0), u)
    np.testing.assert_allclose(ours, stats.gamma(shape).ppf(u), rtol=2e-4)


def test_breaches_come_at_the_hazard_of_the_setting_and_monitoring_brings_them_back():
    base = a_world()
    quarantine = {**base["quarantine"], "facility": {"breach_per_day": 0.1}, "symptoms_noticed": 0}
    policies = {
        "quarantine_stay": "7 d",
        "site_beds": {"east_hotel": 5000, "west_hotel": 5000},
    }
    scenario = scenario_of(
        a_world(source__exposure=0, staging={}, quarantine=quarantine, policies=policies)
    )
    breached = decided = 0
    for seed in range(6):
        model = BorderModel(scenario, seed)
        while model.running:
            model.step()
        # Of those who enter later, the calendar would cut off the ones who stay.
        stage = model.people.stage[model.people.quarantined_at < scenario.calendar.days - 8]
        breached += (stage == Stage.BREACHED).sum()
        decided += np.isin(stage, [Stage.BREACHED, Stage.RELEASED]).sum()
    expected = 1 - np.exp(-0.7)
    assert breached / decided == pytest.approx(expected, abs=0.03)
    watched = scenario_of(
        a_world(
            source__exposure=0,
            staging={},
            quarantine=quarantine,
            policies={**policies, "monitoring": 1.0},
        )
    )
    model = BorderModel(watched, 1)
    while model.running:
        model.step()
    people = model.people
    assert not (people.stage == Stage.BREACHED).any()
    restarted = (people.breaches > 0) & (people.released_at < NEVER)
    assert restarted.any()
    assert (people.released_at[restarted] - people.quarantined_at[restarted] > 7).all()


@pytest.mark.parametrize(
    ("timing", "mean"),
    [
        ("{kind: uniform, earliest: 7 d, latest: 1 d}", 4.0),
        ("{kind: uniform, earliest: 7 d, step: 1 d}", 3.5),
        ("{kind: uniform, earliest: 7 d, latest: 1 d, step: 2 d}", 4.0),
        # Density exp(-g a) over 0 < a < E: mean 1/g - E exp(-g E) / (1 - exp(-g E)).
        (
            "{kind: exponential_growth, growth_per_day: 0.2, earliest: 10 d}",
            5 - 10 * np.exp(-2) / (1 - np.exp(-2)),
        ),
    ],
)
def test_a_cohort_is_infected_when_its_timing_says(timing, mean):
    people = 20_000
    size = [f"travellers.demand.people={people}", f"travellers.pool={people}"]
    study = load_scenario(
        SCENARIOS / "studies" / "quilty_2020.yaml", [*size, f"source.timing={timing}"]
    )
    model = BorderModel(study, seed=1)
    model.step()
    before = 0.5 - model.people.infected_at
    assert before.mean() == pytest.approx(mean, abs=4 * before.std() / people**0.5)
    assert before.min() >= 0
    assert before.max() <= 10
