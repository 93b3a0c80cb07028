"""What published studies say of travellers and tests, and scenarios can say too."""

import numpy as np
import pytest
from random_scenarios import finished
from rules import quantiles_of
from scipy import stats
from shipped import SCENARIOS

from sim.scenario.distributions import GammaQuantiles, Table
from sim.scenario.loader import load_scenario, read_scenario
from sim.scenario.reading.errors import ScenarioError
from sim.scenario.swab_time import SwabTime
from sim.world.building.distributions import mean_of
from sim.world.codes import FoundBy, Stage
from sim.world.model import BorderModel
from sim.world.outcomes import outcomes_of

STEYN = SCENARIOS / "studies" / "steyn_2020.yaml"
MANY = 4000
ANTIGEN = (
    "laboratory.assays.antigen={sensitivity: {kind: stages, infectious: 1.0}, turnaround: 15 min}"
)


def study(*settings: str) -> BorderModel:
    size = (f"travellers.demand.people={MANY}", f"travellers.pool={MANY}")
    # Some settings are to have no effect: that is what is tested.
    return finished(read_scenario(STEYN, [*size, *settings])[0])


def binomial(count: int, of: int, share: float) -> bool:
    """Tell whether a count is what a share makes of so many, by chance."""
    return stats.binomtest(count, of, share).pvalue > 1e-4


@pytest.mark.rules
def test_a_gamma_distribution_has_the_quantiles_that_the_file_gives():
    gamma = GammaQuantiles(kind="gamma_quantiles", shares=(0.5, 0.975), times=("5.1 d", "11.5 d"))
    assert quantiles_of(gamma, (0.5, 0.975)) == pytest.approx([5.1, 11.5], rel=1e-4)


@pytest.mark.rules
def test_a_distribution_may_be_a_table():
    table = Table(kind="table", shares=(0, 0.5, 1), times=("1 d", "2 d", "6 d"))
    assert quantiles_of(table, (0.25, 0.5, 0.75)) == pytest.approx([1.5, 2, 4])
    assert mean_of(table) == pytest.approx(0.5 * 1.5 + 0.5 * 4)


def test_infection_before_departure_has_the_distribution_of_the_file():
    model = study("source.timing={kind: before, before: {kind: exponential, mean: 3 d}}")
    before = model.people.set_out_at - model.people.infected_at
    assert stats.kstest(before, stats.expon(scale=3).cdf).pvalue > 1e-4


def test_a_share_of_the_cohort_is_infected_and_no_one_else():
    model = study("source.infected_share=0.1")
    assert binomial(int(model.people.infected.sum()), MANY, 0.1)
    assert outcomes_of(model)["entrants"] == MANY


def test_who_sets_out_in_the_course_of_the_illness_has_not_recovered():
    model = study("source.timing={kind: course, until: recovery, multiple: 2}")
    people = model.people
    stays = people.stage == Stage.NOT_FIT_TO_TRAVEL
    assert binomial(int(stays.sum()), MANY, 0.5)
    assert (people.symptoms_end_at[stays] <= people.set_out_at[stays]).all()
    assert (people.symptoms_end_at[~stays] > people.set_out_at[~stays]).all()


def test_a_course_until_severe_disease_needs_a_disease_that_can_be_severe():
    with pytest.raises(ScenarioError, match=r"source.timing.until: the disease does not say when"):
        load_scenario(STEYN, ["source.timing={kind: course, multiple: 2}"])


def test_questionnaires_find_those_who_know_and_say_so():
    aware = "travellers.aware_share=0.5"
    model = study(aware, "policies.exit_questionnaire={flight: 0.4}")
    stopped = model.people.stage == Stage.STOPPED_AT_EXIT
    assert binomial(int(stopped.sum()), MANY, 0.2)
    # At entry the same people know; they are swabbed at once.
    perfect = (
        "laboratory.turnaround=0 h",
        "laboratory.sensitivity=perfect",
        "quarantine.symptoms_noticed=0",
    )
    at_entry = study(aware, "policies.entry_questionnaire={airport: 1.0}", *perfect)
    found = at_entry.people.found_by == FoundBy.ENTRY_SCREENING
    assert binomial(int(found.sum()), MANY, 0.5)
    assert found[stopped].all()
    nobody_knows = study("policies.exit_questionnaire={flight: 1.0}")
    assert not (nobody_knows.people.stage == Stage.STOPPED_AT_EXIT).any()


@pytest.mark.parametrize(
    ("text", "swab", "back"),
    [
        ("5 d", SwabTime(5.0), "5 d"),
        ("12 h antigen", SwabTime(0.5, "antigen"), "12 h antigen"),
        ("5d  antigen", SwabTime(5.0, "antigen"), "5 d antigen"),
    ],
)
def test_swabs_are_read_and_written_with_their_assay(text: str, swab: SwabTime, back: str):
    assert SwabTime.parse(text) == swab
    assert str(swab) == back
    assert SwabTime.parse(back) == swab


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("policies.quarantine_tests=[3 d antigen]", "no assay of that name .*got antigen"),
        ("policies.arrival_tests=[3 d antigen]", "no assay of that name .*got antigen"),
        ("policies.quarantine_tests=[3 antigen]", "unknown unit of time"),
        ("policies.quarantine_tests=[3]", "needs a number and a unit"),
        ("policies.quarantine_tests=[-3 d]", "out of range"),
        ("policies.pre_departure_test={flight: 1 d symptms}", "did you mean 'symptoms'"),
    ],
)
def test_a_swab_that_cannot_be_is_refused(setting: str, message: str):
    with pytest.raises(ScenarioError, match=message):
        load_scenario(STEYN, [setting])


def test_an_antigen_test_needs_no_laboratory_and_has_its_own_result_time():
    shut = "policies.laboratory_capacity=0"
    model = study(
        ANTIGEN, shut, "policies.quarantine_tests=[6 h antigen]", "quarantine.symptoms_noticed=0"
    )
    people = model.people
    found = people.found_by == FoundBy.SCHEDULED_TEST
    at = people.crossed_at + 0.25
    infectious = (people.infectious_from <= at) & (at < people.infectious_until)
    assert (found == infectious).all()
    assert people.first_positive_at[found] == pytest.approx(at[found] + 15 / 1440)
    assert outcomes_of(model)["peak_lab_backlog"] == 0
    assert outcomes_of(model)["tests"] == MANY


AT_ONCE = ("policies.quarantine_stay=0 d", "policies.quarantine_tests=[]")


def arrivals_tested(*settings: str) -> BorderModel:
    """Return a world whose antigen test sees just the infectious, and needs no time."""
    return study(ANTIGEN, "laboratory.assays.antigen.turnaround=0 h", *settings)


def test_arrivals_without_quarantine_are_tested_in_community():
    model = arrivals_tested(*AT_ONCE, "policies.arrival_tests=[2 d antigen]")
    people = model.people
    at = people.crossed_at + 2
    infectious = (people.infectious_from <= at) & (at < people.infectious_until)
    found = people.found_by == FoundBy.SCHEDULED_TEST
    assert (found == infectious).all() and 100 < found.sum() < MANY
    assert people.first_positive_at[found] == pytest.approx(at[found])
    assert outcomes_of(model)["fate_found_in_community"] == found.sum()
    assert outcomes_of(model)["tests"] == MANY


def test_daily_tests_instead_of_a_quarantine_leave_less_community_infectiousness():
    daily = ", ".join(f"{day} d antigen" for day in range(1, 6))
    in_community = [
        outcomes_of(arrivals_tested(*AT_ONCE, f"policies.arrival_tests=[{swabs}]"))[
            "community_infectiousness"
        ]
        for swabs in ("", "5 d antigen", daily)
    ]
    assert in_community[0] > 1.1 * in_community[1] > 1.5 * in_community[2] > 0


def test_a_share_of_the_arrivals_takes_the_tests():
    model = arrivals_tested(
        *AT_ONCE,
        "travellers.arrival_tests_taken=0.3",
        "policies.arrival_tests=[1 d antigen, 2 d antigen]",
        "laboratory.assays.antigen.sensitivity={kind: stages, infectious: 0, latent: 0}",
    )
    assert set(model.people.tests.tolist()) == {0, 2}
    assert binomial(int((model.people.tests == 2).sum()), MANY, 0.3)


def test_tests_of_arrivals_begin_when_quarantine_ends():
    """Not before release, and not of those who have left without leave."""
    kept = ("policies.quarantine_stay=4 d", "policies.quarantine_tests=[]")
    none_ill = ("quarantine.symptoms_noticed=0", "quarantine.home.adherence=0.6")
    swabs = "policies.arrival_tests=[1 d antigen, 4 d antigen, 6 d antigen]"
    unseen = "laboratory.assays.antigen.sensitivity={kind: stages, infectious: 0, latent: 0}"
    people = arrivals_tested(*kept, *none_ill, swabs, unseen).people
    left = people.stage == Stage.BREACHED
    assert binomial(int(left.sum()), MANY, 0.4)
    assert (people.tests == np.where(left, 0, 2)).all()
    # Due at the moment of release: at once.
    people = arrivals_tested(*kept, *none_ill, "policies.arrival_tests=[4 d antigen]").people
    found = people.found_by == FoundBy.SCHEDULED_TEST
    assert people.first_positive_at[found] == pytest.approx(people.released_at[found])
    assert found.any()


def test_a_test_before_departure_may_be_an_antigen_test():
    model = study(ANTIGEN, "policies.pre_departure_test={flight: 1 d antigen}")
    people = model.people
    taken = people.set_out_at - 1
    infectious = (people.infectious_from <= taken) & (taken < people.infectious_until)
    assert ((people.stage == Stage.STOPPED_AT_EXIT) == infectious).all()


def test_sensitivity_may_follow_the_time_since_onset():
    """Positive from two days before onset, or from infection if that is later, to a day after."""
    curve = "{kind: table, since: onset, days: [-2, 1, 1.001], sensitivity: [1, 1, 0]}"
    model = study(f"laboratory.sensitivity={curve}", "policies.quarantine_tests=[0 d]",
                  "quarantine.symptoms_noticed=0", "laboratory.turnaround=0 h")  # fmt: skip
    people = model.people
    since_onset = people.crossed_at - (people.infected_at + people.incubation)
    seen = (since_onset >= -2) & (since_onset <= 1)
    assert ((people.found_by == FoundBy.SCHEDULED_TEST) == seen).all()
    assert seen.any()


def test_a_share_leaves_quarantine_as_soon_as_it_comes():
    never_ill = ("quarantine.symptoms_noticed=0", "policies.quarantine_tests=[]")
    model = study("quarantine.home.adherence=0.3", *never_ill)
    people = model.people
    left = people.stage == Stage.BREACHED
    assert binomial(int(left.sum()), MANY, 0.7)
    assert people.released_at[left] == pytest.approx(people.crossed_at[left])
    # Anyone who is brought back keeps it.
    monitored = study("quarantine.home.adherence=0.3", "policies.monitoring=1.0", *never_ill)
    assert not (monitored.people.stage == Stage.BREACHED).any()


def test_isolation_at_onset_ends_community_infectiousness():
    none = (
        "policies.quarantine_stay=0 d",
        "policies.quarantine_tests=[]",
        "disease.asymptomatic_share=0",
    )
    in_community, isolated = (study(*none, f"policies.self_isolation={share}") for share in (0, 1))
    before, after = outcomes_of(in_community), outcomes_of(isolated)
    assert before["community_infectiousness"] > 1.5 * after["community_infectiousness"] > 0
    people = isolated.people
    begins = np.maximum(people.infectious_from, people.released_at)
    until = np.minimum(people.infectious_until, np.maximum(people.onset_at, people.released_at))
    expected = np.maximum(until - begins, 0)[people.released_at < np.inf].sum()
    ill_at_entry_or_later = people.symptoms_end_at > people.released_at
    gone = np.maximum(people.infectious_until - begins, 0)[~ill_at_entry_or_later].sum()
    assert after["community_infectious_days"] == pytest.approx(expected + gone, rel=1e-6)


def test_infectiousness_adds_up_by_where_it_falls():
    model = study("source.timing={kind: before, before: {kind: fixed, value: 0 d}}")
    outcomes = outcomes_of(model)
    assert outcomes["infected_at_source"] == MANY
    assert outcomes["infected_in_quarantine"] == 0
    parts = outcomes["infectiousness_in_quarantine"] + outcomes["community_infectiousness"]
    assert parts == pytest.approx(outcomes["infectiousness_after_entry"])
    assert outcomes["infectiousness_on_journey"] == 0  # the flight takes no time
    assert outcomes["days_until_infected_entrant"] == pytest.approx(0.5)
