"""Extremes of what a scenario may say, and what must be true in each."""

import numpy as np
import pytest
from command import bordersim
from laws import LAWS, run_under_daily_laws, series
from random_scenarios import a_world, finished, scenario_of
from scipy.optimize import brentq
from towns import days_at_peak, town

from sim import BorderModel
from sim.experiment.outcome_registry import OUTCOMES
from sim.scenario.loader import write_scenario
from sim.world.codes import NEVER, FoundBy, Register, Stage
from sim.world.outcomes import outcomes_of
from sim.world.surveillance import COST, Flow

SHUT = {port: [{}] for port in ("east_port", "west_port")}
NOBODY_SEEN = {"kind": "table", "days": [0], "sensitivity": [0]}
COHORT = {"kind": "cohort", "people": 400, "date": "2020-03-02"}
INFECTED = {
    "kind": "cohort",
    "timing": {"kind": "uniform", "earliest": "2 d", "latest": "1 d"},
}
HEALTHY = {
    "source__exposure": 0,
    "staging": {"junction": {"contact_hazard_per_day": 1.0}},
}


def run(**changes) -> BorderModel:
    """Return the model after its last day, every law checked."""
    model = run_under_daily_laws(scenario_of(a_world(**changes)), 1)
    for check in LAWS:
        check(model)
    return model


def policies(**changes):
    return {**a_world()["policies"], **changes}


def test_of_zero_travellers_nothing_is_counted():
    model = run(travellers__pool=0)
    assert model.people.size == 0
    assert not model.surveillance.flows.any()
    outcomes = outcomes_of(model)
    days = model.scenario.calendar.days
    assert outcomes.pop("days_until_local_case") == days
    assert outcomes.pop("days_until_infected_entrant") == days
    # A count of nobody is 0; a share or an average over nobody is no number.
    for name, value in outcomes.items():
        assert np.isnan(value) if OUTCOMES[name].empty_without else value == 0, name


def test_one_traveller_goes_all_the_way():
    model = run(travellers__demand={**COHORT, "people": 1}, **HEALTHY)
    assert model.people.stage.tolist() == [Stage.RELEASED]
    assert outcomes_of(model)["entrants"] == 1


@pytest.mark.slow
def test_two_million_travellers_are_all_somewhere():
    legs = {
        name: {**leg, "seats": 1_000_000, "on_board": {}} for name, leg in a_world()["legs"].items()
    }
    demand = {**COHORT, "people": 2_000_000}
    model = finished(
        scenario_of(a_world(travellers__demand=demand, legs=legs, policies={}, **HEALTHY))
    )
    assert model.people.travellers == 2_000_000
    assert outcomes_of(model)["entrants"] == 2_000_000
    assert (model.people.stage == Stage.RELEASED).all()


def test_a_calendar_of_one_day_is_lived_through():
    day = {"start": "2020-03-01", "end": "2020-03-01"}
    model = run(calendar=day, travellers__demand={**COHORT, "date": "2020-03-01"})
    assert model.day == 1
    assert len(model.surveillance.series) == 1
    assert (model.people.departed_at < NEVER).any()
    assert (model.people.crossed_at == NEVER).all()


def test_a_calendar_of_two_years_is_lived_through():
    two_years = {"start": "2020-03-01", "end": "2022-03-02"}
    model = finished(scenario_of(a_world(calendar=two_years, travellers__pool=300)))
    assert model.day == 732
    # Only a travel group of the very last days is still on its way.
    assert model.people.travellers > 290
    assert (model.people.stage == Stage.RELEASED).mean() > 0.9


def test_no_port_capacity_lets_nobody_in():
    model = run(policies=policies(port_capacity={"east_port": 0, "west_port": 0}))
    assert (model.people.crossed_at == NEVER).all()
    assert (model.people.stage == Stage.AT_PORT).sum() > 100


def test_without_beds_tests_and_wards_everybody_stays_at_home_unfound():
    nothing = {"east_hotel": 0, "west_hotel": 0}
    model = run(
        policies=policies(
            site_beds=nothing, hospital_beds={"ward": 0, "hall": 0}, laboratory_capacity=0
        )
    )
    inside = model.people.quarantined_at < NEVER
    homes = [site.number for site in model.quarantine.sites if site.name == "home"]
    assert inside.sum() > 300
    assert np.isin(model.people.site[inside], homes).all()
    assert (model.people.found_by == FoundBy.NOT_FOUND).all()
    swabs = model.surveillance.flows[:, Flow.SWABS].sum()
    assert outcomes_of(model)["peak_lab_backlog"] == swabs > 300


def test_wards_without_beds_isolate_nobody_in_hospital():
    model = run(policies=policies(hospital_beds={"ward": 0, "hall": 0}))
    assert (model.people.hospital == -1).all()
    assert (model.people.stage == Stage.ISOLATED).any()


def test_ports_that_are_shut_throughout_strand_everybody():
    model = run(policies=policies(port_closures=SHUT))
    assert outcomes_of(model)["entrants"] == 0
    assert not len(model.carriers["east_bus"].departures)
    assert outcomes_of(model)["stranded_person_days"] > 0
    arrived = model.people.mixing_from < NEVER
    on_hold = [Stage.STAGING, Stage.STRANDED, Stage.GAVE_UP]
    assert np.isin(model.people.stage[arrived], on_hold).all()


def test_a_test_without_sensitivity_finds_nobody():
    model = run(laboratory__sensitivity=NOBODY_SEEN)
    assert outcomes_of(model)["infected_at_entry"] > 0
    assert (model.people.found_by == FoundBy.NOT_FOUND).all()


def test_a_perfect_test_lets_nobody_out_infected_before_the_last_swab():
    swabs = policies(laboratory_capacity=10**9, quarantine_tests=["7 d"], entry_screening={})
    model = run(
        laboratory__sensitivity="perfect", policies=swabs, quarantine__room_hazard_per_day=0
    )
    people = model.people
    released = people.stage == Stage.RELEASED
    assert (people.found_by == FoundBy.SCHEDULED_TEST).sum() > 10
    assert (people.infected_at == NEVER)[released & (people.register == Register.NONE)].all()


@pytest.mark.parametrize("sensitivity", [NOBODY_SEEN, "perfect"])
def test_without_specificity_every_swab_is_positive(sensitivity):
    model = run(laboratory__specificity=0, laboratory__sensitivity=sensitivity)
    people = model.people
    resulted = people.last_result_at > -NEVER
    assert resulted.sum() > 100
    assert (people.found_by != FoundBy.NOT_FOUND)[resulted & (people.stage != Stage.BREACHED)].all()


def test_a_reproduction_number_of_nought_infects_nobody_else():
    model = finished(scenario_of(town(community_hazard_per_day=0)))
    assert model.people.infected.sum() == 20


def test_a_reproduction_number_of_20_infects_all_that_the_final_size_says():
    world = town(community_hazard_per_day=1.0)
    hazard = 20 / days_at_peak(BorderModel(scenario_of(world), 1))
    world["residents"]["east"]["community_hazard_per_day"] = hazard
    infected = finished(scenario_of(world)).people.infected.sum()
    size = brentq(lambda z: z - 1 + np.exp(-20 * z), 0.5, 1)
    assert infected == pytest.approx(20_000 * size, abs=1)
    assert infected == 20_000


@pytest.mark.parametrize(
    ("window", "infected"), [([0.0, 1.0], 20_000), ([0.0, 1e-9], 20), ([0.999999999, 1.0], 20)]
)
def test_the_window_of_infectiousness_may_be_everything_or_next_to_nothing(window, infected):
    world = town(community_hazard_per_day=5.0, days=60)
    world["disease"]["infectiousness"]["window"] = window
    assert finished(scenario_of(world)).people.infected.sum() == pytest.approx(infected, abs=2)


def test_results_at_once_and_results_that_never_come_in_time():
    at_once = run(laboratory__turnaround="0 d", policies=policies(laboratory_capacity=10**9))
    people = at_once.people
    swabbed_on_entry = people.found_by == FoundBy.ENTRY_SCREENING
    assert swabbed_on_entry.any()
    assert (people.first_positive_at == people.crossed_at)[swabbed_on_entry].all()
    never = run(laboratory__turnaround="60 d")
    assert (never.people.found_by == FoundBy.NOT_FOUND).all()
    # Anyone who waits for a result is not released.
    assert (never.people.tests[never.people.stage == Stage.RELEASED] == 0).all()


def test_a_stay_of_nought_takes_no_bed_and_one_of_ten_years_never_ends():
    none = run(policies=policies(quarantine_stay="0 d", entry_screening={}, quarantine_tests=[]))
    people = none.people
    inside = people.quarantined_at < NEVER
    assert (people.released_at == people.crossed_at)[inside].all()
    homes = [site.number for site in none.quarantine.sites if site.name == "home"]
    assert np.isin(people.site[inside], homes).all()
    long = run(policies=policies(quarantine_stay="3660 d"))
    released = long.people.stage == Stage.RELEASED
    assert (long.people.found_by[released] != FoundBy.NOT_FOUND).all()


def test_people_without_patience_give_up_on_the_first_evening():
    model = run(travellers__patience="0.01 min", policies=policies(port_closures=SHUT))
    assert (model.people.stage == Stage.GAVE_UP).sum() > 100
    assert model.people.stranded_days.max() <= 1
    assert (model.people.stage != Stage.STRANDED).all()


def test_a_cohort_is_infected_before_departure_to_the_last_person():
    model = run(travellers__demand=COHORT, source=INFECTED)
    people = model.people
    away = people.departed_at < NEVER
    assert away.sum() == 400 == outcomes_of(model)["infected_at_source"]
    assert (people.infected_at < people.departed_at).all()


@pytest.mark.parametrize("slowing", ["0.1 min", "3660 d"])
def test_an_epidemic_may_double_and_stop_within_a_minute(slowing):
    curve = {
        "kind": "exponential",
        "count": 1e6,
        "date": "2020-03-10",
        "doubling_time": "0.1 min",
        "slowing_time": slowing,
    }
    model = run(source__curve=curve)
    at_source = model.people.infected_in == model.community.location
    # Before the day of the curve there are no cases, on it there are as many as people.
    day = 9.5 - model.scenario.source.reporting_lag
    assert at_source.any()
    assert model.people.infected_at[at_source] == pytest.approx(day, abs=1)


def test_where_nobody_is_infected_nobody_is_found():
    model = run(**HEALTHY)
    assert outcomes_of(model)["entrants"] > 300
    assert not model.people.infected.any()
    assert (model.people.register == Register.NONE).all()


def test_households_of_twenty_fall_ill_together():
    sizes = [0.0] * 19 + [1.0]
    world = town(people=2000, days=60, household_sizes=sizes, household_hazard_per_day=1000.0)
    people = finished(scenario_of(world)).people
    houses, members = np.unique(people.household[people.infected], return_counts=True)
    assert (members == 20).all()
    assert 1 <= len(houses) <= 20


def crossing(**levers):
    stretch = {
        "start": "junction",
        "end": "east",
        "area_km2": 100,
        "residents_per_km": 1e6,
        "exposed_km": 1e6,
        "noticed": 1.0,
    }
    return {
        "border": {
            "stretches": {"hills": stretch},
            "crossers": {"trip_cost": "0 CNY", "perceived_detection": 0},
            "informants": {"b0": 20, "capture_success": 1, "report_verified": 1},
        },
        "policies": policies(port_closures=SHUT, **levers),
    }


HUGE = [{"report": "1000000000000 CNY", "capture": "1000000000000 CNY"}]


def test_costs_beyond_all_money_do_not_turn_negative():
    """A lockdown may cost 10^21 CNY a day, more than 64 bits hold."""
    model = finished(scenario_of(a_world(
        residents={"east": {"people": 1_000_000_000}},
        policies=policies(lockdown={"east": 1}),
        costs={"lockdown_person_day": "1000000000000 CNY"},
    )))  # fmt: skip
    for place in ("east", "region"):
        cost = series(model, COST, place)
        assert (cost > 10**18).all()


def test_huge_rewards_are_paid_to_the_last_yuan():
    model = run(**crossing(rewards=HUGE))
    paid = model.surveillance.flows[:, Flow.REWARDS_CNY].sum()
    assert paid > 0
    assert paid % 10**12 == 0
    assert outcomes_of(model)["cost_rewards_cny"] == paid


def test_a_budget_of_nought_is_as_good_as_no_reward():
    with_budget = run(**crossing(rewards=HUGE, reward_budget="0 CNY"))
    without = run(**crossing())
    np.testing.assert_equal(outcomes_of(with_budget), outcomes_of(without))
    assert with_budget.reward_office.promised == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    "changes",
    [
        {"travellers__pool": 0},
        {"calendar": {"start": "2020-03-01", "end": "2020-03-01"}},
        {"policies": policies(port_closures=SHUT)},
    ],
    ids=["zero travellers", "one day", "shut ports"],
)
def test_a_run_of_an_extreme_writes_every_figure_and_table(changes, tmp_path):
    file, out = tmp_path / "extreme.yaml", tmp_path / "out"
    file.write_text(write_scenario(scenario_of(a_world(**changes))), "utf-8")
    arguments = ("--ensemble", "none", "--replicates", 2, "--workers", 1, "--out", out)
    assert bordersim("run", file, *arguments) == 0
    written = {path.name for path in out.iterdir()}
    assert {"outcomes.csv", "outcomes_summary.csv", "series_quantiles.csv"} <= written
    for figure in ("corridor", "imported", "capacity", "fates"):
        assert {f"{figure}.png", f"{figure}.svg"} <= written
