"""Events in their order, to the minute: nobody who has left is swabbed, registered or infected."""

from typing import Any

import numpy as np
import pytest
from random_scenarios import a_world, finished, scenario_of
from rules import entries_of
from shipped import SCENARIOS

from sim.scenario.checks import check_scenario
from sim.scenario.loader import read_scenario
from sim.scenario.schema import Scenario
from sim.world.agenda import due_today, plan
from sim.world.codes import NEVER, NONE, Due, FoundBy, Register, Stage
from sim.world.day import begin_day
from sim.world.laboratory import NEGATIVE, PCR, receive
from sim.world.lists import append, free, take_first
from sim.world.model import BorderModel
from sim.world.outcomes import outcomes_of
from sim.world.surveillance import Flow

MANY = 4000
UNNOTICED = "quarantine.symptoms_noticed=0"
NO_SCHEDULE = "policies.quarantine_tests=[]"
BLIND = "laboratory.sensitivity={kind: stages, infectious: 0}"


def assay(name: str, turnaround: str, infectious: float = 1) -> str:
    """Return the setting of an assay that sees just the infectious, or nobody."""
    seen = f"{{kind: stages, infectious: {infectious}}}"
    return f"laboratory.assays.{name}={{sensitivity: {seen}, turnaround: {turnaround}}}"


def steyn(*settings: str) -> BorderModel:
    """Return Steyn's cohort, in quarantine at home; everybody is infected."""
    few = f"travellers.demand.people={MANY}"
    path = SCENARIOS / "studies" / "steyn_2020.yaml"
    return finished(read_scenario(path, [few, *settings])[0])


@pytest.mark.parametrize("hour", [11, 13])
def test_nobody_who_leaves_at_once_is_swabbed_or_found(hour):
    """A swab before noon found 2,736 of 5,000 people who had left."""
    model = steyn("quarantine.home.adherence=0", f"policies.quarantine_tests=[{hour} h]")
    assert (model.people.stage == Stage.BREACHED).all()
    assert outcomes_of(model)["tests"] == 0
    assert (model.people.found_by == FoundBy.NOT_FOUND).all()


def test_the_latest_result_keeps_a_person_in_quarantine():
    """The result of a slow assay comes after that of a swab taken later."""
    model = steyn(assay("slow", "9 d", 0), BLIND, UNNOTICED, "policies.quarantine_stay=7 d",
                  "policies.quarantine_tests=[1 d slow, 5 d]")  # fmt: skip
    people = model.people
    assert (people.stage == Stage.RELEASED).all()
    assert people.last_result_at == pytest.approx(people.crossed_at + 10)
    assert people.released_at == pytest.approx(people.crossed_at + 10)


@pytest.mark.rules
def test_of_two_results_of_one_day_the_later_one_counts_whatever_their_order():
    model = BorderModel(scenario_of(a_world()), 1)
    for time in (0.8, 0.2):
        plan(model.world, Due.RESULT, 0, time, NEGATIVE, 0)
    model.authority.register()
    assert model.people.last_result_at[0] == 0.8


@pytest.mark.parametrize(("delay", "taken"), [("0 h", True), ("12 h", False)])
def test_a_symptom_swab_that_is_due_after_release_is_not_taken(delay, taken):
    """Those who fall ill in a stay of six hours are swabbed at once, or have left by then."""
    model = steyn(
        NO_SCHEDULE, "policies.quarantine_stay=6 h", f"quarantine.symptom_swabs=[{delay}]",
        "disease.asymptomatic_share=0",
        "source.timing={kind: before, before: {kind: fixed, value: 5 d}}",
    )  # fmt: skip
    people = model.people
    ill = (people.onset_at >= people.crossed_at) & (people.onset_at < people.crossed_at + 0.25)
    assert ill.any()
    assert (people.tests[ill] > 0).any() == taken


AT_ONCE = ("policies.quarantine_stay=0 d", UNNOTICED)
ON_ARRIVAL = "policies.arrival_tests=[0 d antigen]"


def test_a_test_on_arrival_is_taken_on_arrival():
    """Not the next morning; its result is there a quarter of an hour later."""
    model = steyn(assay("antigen", "15 min"), *AT_ONCE, NO_SCHEDULE, ON_ARRIVAL)
    people, at = model.people, model.people.crossed_at
    infectious = (people.infectious_from <= at) & (at < people.infectious_until)
    found = people.found_by == FoundBy.SCHEDULED_TEST
    assert outcomes_of(model)["tests"] == MANY
    assert (found == infectious).all() and 100 < found.sum() < MANY
    assert people.first_positive_at[found] == pytest.approx(at[found] + 15 / 1440)
    assert people.in_community_from == pytest.approx(at)
    days = np.maximum(people.infectious_until - np.maximum(people.infectious_from, at), 0)
    in_community = days[~found].sum() + np.minimum(days[found], 15 / 1440).sum()
    assert outcomes_of(model)["community_infectious_days"] == pytest.approx(in_community, rel=1e-6)


def test_who_has_two_tests_on_the_day_of_release_leaves_quarantine_once():
    """Both tests let the same person go, and the bed was freed twice."""
    model = steyn(assay("antigen", "0 d"), UNNOTICED, NO_SCHEDULE, "policies.quarantine_stay=1 h",
                  "policies.arrival_tests=[2 h antigen, 3 h antigen]")  # fmt: skip
    flows = model.surveillance.flows.sum(axis=(0, 2))
    assert flows[Flow.QUARANTINE_IN] == MANY
    assert flows[Flow.QUARANTINE_OUT] == MANY
    assert flows[Flow.RELEASED_INFECTIOUS] <= MANY


def test_a_test_on_arrival_waits_for_those_who_are_kept_by_a_result():
    """It is taken on the morning after the result."""
    model = steyn(
        assay("antigen", "15 min"), *AT_ONCE, BLIND, "laboratory.turnaround=1 d",
        "policies.quarantine_tests=[0 d]", ON_ARRIVAL,
    )  # fmt: skip
    people = model.people
    assert people.released_at == pytest.approx(people.crossed_at + 1)
    found = people.found_by == FoundBy.SCHEDULED_TEST
    assert found.any()
    morning = np.floor(people.released_at[found]) + 1
    assert people.first_positive_at[found] == pytest.approx(morning + 15 / 1440)


def ill_for(duration: str, *settings: str) -> BorderModel:
    """Return the cohort, infected three days before departure, with symptoms for so long."""
    three_days = "source.timing={kind: before, before: {kind: fixed, value: 3 d}}"
    return steyn(f"disease.symptoms_last={duration}", "disease.asymptomatic_share=0", NO_SCHEDULE,
                 three_days, *settings)  # fmt: skip


def test_how_long_symptoms_last_does_not_decide_whether_falling_ill_is_noticed():
    swabbed = {}
    for duration in ("0 d", "1 min", "40 d"):
        people = ill_for(duration).people
        swabbed[duration] = people.tests > 0
    inside = (people.onset_at >= people.crossed_at) & (people.onset_at < people.planned_release)
    before = people.onset_at < people.crossed_at
    assert inside.sum() > 100 and before.sum() > 100
    for duration in swabbed:
        assert swabbed[duration][inside].all()
    # An illness from before entry must still show.
    assert not swabbed["0 d"][before].any()
    assert swabbed["40 d"][before].all()


def test_symptoms_that_are_over_do_not_keep_the_infectious_from_isolating_themselves():
    def released(share: int) -> BorderModel:
        return ill_for(
            "1 d", UNNOTICED, "policies.quarantine_stay=6 d", f"policies.self_isolation={share}"
        )

    people = released(0).people
    over = (people.symptoms_end_at < people.released_at) & (
        people.released_at < people.infectious_until
    )
    assert over.sum() > 100
    isolated = released(1)
    assert isolated.people.isolated_at[over] == pytest.approx(people.released_at[over])
    people = isolated.people
    begins = np.maximum(people.infectious_from, people.released_at)
    ends = np.minimum(people.infectious_until, people.onset_at)
    expected = np.maximum(ends - begins, 0).sum()  # before they fall ill
    days = outcomes_of(isolated)["community_infectious_days"]
    assert days == pytest.approx(expected, rel=1e-6)


def long_flights(**changes: Any) -> Scenario:
    """Return the corridor with a flight of two days, on which many fall ill."""
    noticed = changes.pop("symptoms_noticed", 0)
    world = a_world(source__exposure=1000, **changes)
    plane = {**world["legs"]["plane"], "duration": "2 d"}
    plane["on_board"] = {"symptoms_noticed": noticed}
    world["legs"] = {**world["legs"], "plane": plane}
    world["disease"] = {
        "name": "quick",
        "incubation": {"kind": "uniform", "low": "0 d", "high": "8 d"},
        "infectiousness": {
            "since": "infection",
            "profile": {"kind": "gamma", "shape": 2, "rate": 1},
        },
        "asymptomatic_share": 0,
    }
    return scenario_of(world)


def ill_on_the_flight(model: BorderModel) -> Any:
    """Return a mask: symptoms begin between departure and arrival of the flight."""
    people, plane = model.people, model.carriers["plane"]
    vehicle = people.vehicle[model.geography.legs.index("plane")]
    departs = np.append(plane.departures, NEVER)[vehicle]
    return (departs < people.onset_at) & (people.onset_at <= departs + 2)


def test_who_falls_ill_on_the_way_is_seen_at_the_port():
    policies = {**a_world()["policies"], "entry_screening": {"east_port": 1, "west_port": 1}}
    model = finished(long_flights(policies=policies))
    people = model.people
    ill = ill_on_the_flight(model) & (people.crossed_at < people.symptoms_end_at)
    ill &= people.crossed_at < model.day - 3  # there is time for a result
    assert ill.sum() > 20
    assert (people.tests[ill] > 0).all()


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_the_crew_notices_a_share_of_those_who_fall_ill_on_board(share):
    model = finished(long_flights(symptoms_noticed=share))
    people = model.people
    ill, taken_off = ill_on_the_flight(model), people.stage == Stage.TAKEN_ILL_ON_BOARD
    ill &= people.departed_at < NEVER
    assert ill.sum() > 25
    assert (ill | ~taken_off).all()
    spread = 4 * np.sqrt(ill.sum() * share * (1 - share))
    assert taken_off.sum() == pytest.approx(share * ill.sum(), abs=spread)
    assert (people.location[taken_off] == model.geography.code["junction"]).all()
    assert (people.crossed_at[taken_off] == NEVER).all()


def test_at_a_port_symptoms_are_for_entry_screening():
    world = a_world()
    bus = {**world["legs"]["east_bus"], "on_board": {"symptoms_noticed": 0.5}}
    world["legs"] = {**world["legs"], "east_bus": bus}
    (finding,) = check_scenario(Scenario.model_validate(world))
    assert finding.loc == ("legs", "east_bus", "on_board", "symptoms_noticed")
    assert "entry_screening" in finding.message


def test_who_is_severely_ill_while_waiting_does_not_board():
    model = BorderModel(scenario_of(a_world()), 1)
    for _ in range(12):
        model.step()
    people, town = model.people, model.staging_towns[0]
    waits = np.isin(people.stage, (Stage.STAGING, Stage.STRANDED))
    waiting = np.flatnonzero(waits & people.infected & (people.location == town.location))
    assert len(waiting) > 2
    people.asymptomatic[waiting] = False
    people.severe_at[waiting] = model.day
    model.step()
    assert not np.isin(people.stage[waiting], (Stage.ON_BOARD, Stage.TAKEN_ILL_ON_BOARD)).any()
    unfit = waiting[people.stage[waiting] == Stage.NOT_FIT_TO_TRAVEL]
    assert len(unfit)
    assert (people.location[unfit] == town.location).all()


@pytest.mark.rules
@pytest.mark.parametrize(("released_at", "stays_released"), [(0.2, True), (0.7, False)])
def test_a_carrier_who_was_released_before_falling_ill_stays_released(released_at, stays_released):
    model = BorderModel(scenario_of(a_world(registers={"carrier_negatives": 0})), 1)
    people, world = model.people, model.world
    people.register[0], people.stage[0] = Register.CARRIER, Stage.ISOLATED
    people.registered_in[0] = model.geography.code["east"]
    append(world, world.run[0].carriers, 0, 0.0, 0, 0)
    plan(world, Due.CONVERSION, 0, 0.4, 0, 0)
    plan(world, Due.OBSERVATION_END, 0, released_at, 0, 0)
    model.authority.step()
    expected = Register.CARRIER_RELEASED if stays_released else Register.CONFIRMED
    assert people.register[0] == expected


@pytest.mark.rules
def test_a_day_of_an_agenda_may_be_asked_for_again():
    world = BorderModel(scenario_of(a_world()), 1).world

    def due_on(day):
        begin_day(world, day)
        due, people = due_today(world, Due.REWARD), []
        while due.first != NONE:
            entry = take_first(world, due)
            people.append(world.entries[entry].person)
            free(world, entry)
        return people

    plan(world, Due.REWARD, 1, 3.1, 0, 0)
    assert due_on(3) == [1]
    plan(world, Due.REWARD, 2, 3.2, 0, 0)
    assert due_on(3) == [2]
    plan(world, Due.REWARD, 3, 3.3, 0, 0)
    assert due_on(4) == [3]


def test_a_result_of_the_morning_comes_before_a_swab_of_the_evening():
    """Positive a day after entry: the swab six hours later is not taken."""
    model = steyn(assay("fast", "1 d"), UNNOTICED, BLIND,
                  "policies.quarantine_tests=[0 d fast, 30 h]")  # fmt: skip
    found = model.people.found_by == FoundBy.SCHEDULED_TEST
    assert found.any() and not found.all()
    assert (model.people.tests == np.where(found, 1, 2)).all()
    assert model.surveillance.flows[:, Flow.SWABS].sum() == model.people.tests.sum()


@pytest.mark.rules
def test_many_swabs_of_one_person_on_one_day_are_each_an_event():
    model = BorderModel(scenario_of(a_world()), 1)
    for row in (3, 1):
        for time in np.linspace(0, 0.9, 200):
            receive(model.world, row, time, FoundBy.SYMPTOMS, PCR)
    assert model.people.tests[[1, 3]].tolist() == [200, 200]
    assert model.people.results_awaited[[1, 3]].tolist() == [200, 200]
    swabs = entries_of(model.world, model.world.run[0].swabs)
    for row in (1, 3):
        own = [swab for swab in swabs if swab.person == row]
        assert [swab.other for swab in own] == list(range(200))
        assert (np.diff([swab.time for swab in own]) > 0).all()
    model.laboratory.step()
    assert model.laboratory.tests == 40
    assert model.laboratory.backlog == 360


def test_who_is_brought_back_leaves_again_on_the_next_day_at_the_earliest():
    """However restless: a day has one breach of each person, not a million."""
    restless = "quarantine.home={breach_per_day: 1000000, breach_growth_per_day: 0}"
    model = steyn(restless, "policies.monitoring=1", UNNOTICED, NO_SCHEDULE)
    days = model.scenario.calendar.days
    assert 1 < model.people.breaches.max() <= days
    assert not (model.people.stage == Stage.BREACHED).any()
