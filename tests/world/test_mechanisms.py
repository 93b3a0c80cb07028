"""Single mechanisms against what they should be, worked out by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from laws import run_under_daily_laws
from random_scenarios import a_world, finished, scenario_of
from scipy import stats
from shipped import BASELINE, SCENARIOS

from sim import BorderModel, load_scenario
from sim.scenario.source import EpidemicSource
from sim.world.agenda import Agenda
from sim.world.bulletin import Flow
from sim.world.contagion import shared_hazard
from sim.world.state import NEVER, FoundBy, Stage
from sim.world.quantiles import gamma_quantile
from sim.world.source_epidemic import SourceEpidemic, cumulative_reported
from sim.world.transport import Boarding

times = st.floats(0, 10, allow_nan=False)


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
    ours = shared_hazard(rates, begins, ends, comes, leaves)
    np.testing.assert_allclose(ours, expected, atol=1e-9)


def test_the_number_who_set_out_has_its_binomial_mean_and_variance():
    """A party of the pool leaves with probability 1 - exp(-H), each on its own."""
    scenario = scenario_of(a_world(travellers__party_size={"mean": 1.0}))
    demand = scenario.travellers.demand
    middays = np.arange(scenario.calendar.days) + 0.5
    growth = np.log(2) / demand.doubling_time
    intention = demand.ceiling / (1 + np.exp(-growth * (middays - demand.halfway)))
    leaves = 1 - np.exp(-intention.sum() / scenario.travellers.pool)
    counts = [BorderModel(scenario, seed).people.travellers for seed in range(300)]
    expected = stats.binom(scenario.travellers.pool, leaves)
    assert np.mean(counts) == pytest.approx(expected.mean(), abs=4 * expected.std() / 300**0.5)
    assert np.var(counts) == pytest.approx(expected.var(), rel=0.35)


def test_party_sizes_have_the_mean_of_the_scenario():
    model = BorderModel(load_scenario(BASELINE), seed=4)
    sizes = np.bincount(model.people.party[: model.people.travellers])
    mean = model.scenario.travellers.party_size.mean
    assert sizes.mean() == pytest.approx(mean, abs=4 * (mean - 1) ** 0.5 / len(sizes) ** 0.5)


def test_parties_cluster_infection_before_travel():
    """With frailty of dispersion k the odds that a companion is infected too are raised."""
    nobody_on_board = "legs.moscow_vladivostok.on_board.hazard_per_hour=0"
    clustered = ["source.exposure=280", "source.party_dispersion=0.5"]
    scenario = load_scenario(BASELINE, [*clustered, nobody_on_board])
    together = scattered = 0.0
    for seed in range(8):
        people = BorderModel(scenario, seed).people
        party = people.party[: people.travellers]
        infected = np.bincount(party, people.infected[: people.travellers])
        size = np.bincount(party)
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
    hazard = epidemic.hazard_until(np.array([4.0, 5.0]))
    assert np.diff(hazard) == pytest.approx(expected, rel=1e-3)
    assert epidemic.time_of(hazard) == pytest.approx([4.0, 5.0])


def test_passengers_are_infected_when_the_hazard_of_their_seat_passes_their_threshold():
    settings = ["source.exposure=0", "legs.moscow_vladivostok.on_board.hazard_per_hour=0.0012"]
    model = BorderModel(load_scenario(BASELINE, settings), seed=1)
    people, carrier = model.people, model.carriers["moscow_vladivostok"]
    rows = np.arange(300)
    index = 117
    model.contagion.infect_at(np.array([index]), np.array([-5.0]), -1, 0)
    people.infectivity[index] = 40.0
    people.infectious_from[index], people.infectious_until[index] = -1.0, 9.0
    thresholds = people.threshold[rows].copy()
    carrier.departures = [0.5]
    none = np.zeros(300, dtype=np.int64)
    departs = np.full(300, 0.5)
    carrier._infect_passengers(Boarding(rows, departs, none, rows))
    load = model.course.infectious_days(
        people, np.array([index]), np.array([0.5]), np.array([0.5 + 9 / 24])
    )[0]
    near = np.abs(rows // 6 - index // 6) <= 2
    hazard = 24 * 0.0012 * load * np.where(near, 5.6, 1.0)
    infected = people.infected[rows]
    expected = thresholds < hazard
    expected[index] = True
    np.testing.assert_array_equal(infected, expected)
    assert 3 < infected.sum() < 200
    hit = np.flatnonzero(infected & (rows != index))
    assert (people.infector[hit] == index).all()
    assert (people.infected_aboard[hit] == 0).all()


def test_parties_stay_together_in_a_vehicle_when_they_fit():
    model = BorderModel(load_scenario(BASELINE), seed=2)
    while model.running:
        model.step()
    people = model.people
    flight = people.vehicle[0]
    for party in np.unique(people.party[flight >= 0]):
        assert len(set(flight[(people.party == party) & (flight >= 0)])) == 1


def test_room_mates_infect_only_while_both_are_there():
    world = a_world(source__exposure=0, quarantine__room_hazard_per_day=1e4)
    model = BorderModel(scenario_of(world), seed=1)
    people = model.people
    model.day = 5
    model.contagion.infect_at(np.array([0]), np.array([1.0]), -1, 0)
    people.infectious_from[0], people.infectious_until[0] = 2.0, 12.0
    people.onset_at[0] = 5.0
    people.incubation[0] = 4.0
    people.crossed_at[[0, 1]] = [5.2, 5.6]
    model.quarantine.take_in(np.array([0, 1]), np.array([5.2, 5.6]), model.land_ports[0].town)
    assert model.quarantine.facilities[0].occupied == 2
    model.quarantine.step()
    assert 5.6 <= people.infected_at[1] <= 6.0
    assert people.infector[1] == 0


def test_who_is_brought_back_at_once_lives_as_one_who_keeps_the_quarantine():
    """One stay, not two that end together, and every swab once."""
    all_of = {"kept_by": 1.0}, {"kept_by": 0.0}
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


def test_an_empty_bed_is_nobody():
    """Also not the person in the last row of the population."""
    model = BorderModel(
        scenario_of(a_world(source__exposure=0, quarantine__room_hazard_per_day=1e4)), seed=1
    )
    people, town = model.people, model.land_ports[0].town
    model.day = 5
    first, last = 0, people.size - 1
    model.contagion.infect_at(np.array([first]), np.array([1.0]), -1, 0)
    people.infectious_from[first], people.infectious_until[first] = 2.0, 12.0
    people.onset_at[first] = 9.0
    for row, at in ((first, 5.2), (last, 5.6)):
        people.crossed_at[row] = at
        model.quarantine.take_in(np.array([row]), np.array([at]), town)
    assert people.room[first] != people.room[last]
    model.quarantine.step()
    assert people.susceptible(np.array([last])).all()


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


def test_the_laboratory_works_first_come_first_served():
    world = a_world(policies__laboratory_capacity=10, laboratory__turnaround="6 h")
    model = BorderModel(scenario_of(world), seed=1)
    laboratory = model.laboratory
    taken = np.linspace(0.2, 0.9, 25)
    laboratory.receive(np.arange(25), taken, FoundBy.SCHEDULED_TEST)
    for day in range(4):
        model.day = model.bulletin.open_day = day
        laboratory.step()
        laboratory.results(day)
    assert laboratory.tests == 25
    per_day = model.bulletin.flows[:, Flow.PROCESSED].sum(axis=1)
    assert per_day[:4].tolist() == [10, 10, 5, 0]
    results = model.people.last_result_at[:25]
    assert (np.diff(results) >= 0).all()
    np.testing.assert_allclose(results[:10], np.maximum(taken[:10], np.arange(10) / 10) + 0.25)
    np.testing.assert_allclose(results[10:20], 1 + np.arange(10) / 10 + 0.25)
    assert (model.people.results_awaited[:25] == 0).all()


def test_swabs_of_one_person_at_one_time_are_two_events():
    model = BorderModel(scenario_of(a_world()), seed=1)
    model.laboratory.receive(np.array([3, 3, 4]), np.array([0.1, 0.1, 0.2]), FoundBy.SYMPTOMS)
    assert model.people.tests[[3, 4]].tolist() == [2, 1]
    ordinals = [n for swabs in model.laboratory._waiting for n in swabs.ordinals.tolist()]
    assert sorted(ordinals) == [0, 0, 1]


def test_an_agenda_hands_out_each_day_and_forgets_nothing():
    agenda = Agenda()
    agenda.add(np.array([1, 2, 3, 4]), np.array([2.5, 0.1, 2.2, np.inf]))
    agenda.add(np.array([5]), np.array([2.1]))
    assert [rows.tolist() for rows, _ in (agenda.due(day) for day in range(3))] == [
        [2],
        [],
        [5, 1, 3],
    ]
    agenda.add(np.array([6]), np.array([1.0]))
    rows, when = agenda.due(3)
    assert (rows.tolist(), when.tolist()) == ([6], [1.0])


@pytest.mark.parametrize("shape", [0.1, 0.3, 1.0, 5.0, 97.1875])
def test_interpolated_gamma_quantiles_are_exact_enough(shape):
    u = np.concatenate([np.logspace(-6, -0.01, 500), 1 - np.logspace(-9, -1, 200)])
    np.testing.assert_allclose(gamma_quantile(shape, u), stats.gamma(shape).ppf(u), rtol=2e-4)


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
