"""Agents as a Mesa user knows them, on every supported version of Mesa."""

import numpy as np
import pytest
from random_scenarios import SHUT, a_world, finished, scenario_of

from sim import BorderModel, Decision, Traveller
from sim.world.codes import Stage
from sim.world.quarantine import QuarantineSite
from sim.world.staging_town import decide
from sim.world.travellers import PopulationSet


@pytest.fixture(scope="module")
def scenario():
    return scenario_of(a_world(policies__port_closures=SHUT))


def test_a_user_steps_the_model_by_hand_and_reads_the_collector(scenario):
    model = BorderModel(scenario, seed=1)
    for _ in range(12):
        model.step()
    table = model.datacollector.get_model_vars_dataframe()
    assert len(table) == 12
    assert table["region.entrants_cumulative"].iloc[-1] == (model.people.crossed_at < 12).sum()
    assert (table["region.entrants_new"].cumsum() == table["region.entrants_cumulative"]).all()
    while model.running:
        model.step()
    assert len(model.datacollector.get_model_vars_dataframe()) == scenario.calendar.days


def test_institutions_and_travellers_are_agents(scenario):
    model = finished(scenario)
    assert {type(agent).__name__ for agent in model.agents} == {
        "SourceCommunity",
        "StagingTown",
        "Carrier",
        "LandPort",
        "Laboratory",
        "ArrivalTests",
        "HealthAuthority",
        "Quarantine",
        "QuarantineSite",
        "HospitalWard",
        "ContactTracing",
        "RewardOffice",
        "Traveller",
    }
    sites = model.agents_by_type[QuarantineSite]
    assert {site.name for site in sites} == {"east_hotel", "west_hotel", "home"}
    assert len(model.agents_by_type[Traveller]) == model.people.size
    by_place = model.travellers.groupby("place").count()
    assert sum(by_place.values()) == model.people.size


def test_travellers_are_selected_by_mask_or_by_function(scenario):
    model = finished(scenario)
    everybody = model.travellers
    infected = everybody.select(where=model.people.infected)
    assert isinstance(infected, PopulationSet)
    assert len(infected) == model.people.infected.sum() > 0
    slow = everybody.select(lambda traveller: traveller.infected_at < np.inf)
    assert [one.row for one in slow] == [one.row for one in infected]
    assert len(everybody.select(at_most=0.5)) == len(everybody) // 2
    assert len(everybody.select(at_most=3)) == 3
    assert len(everybody.select(at_most=1.5)) == 1
    assert everybody[0] is model.traveller(0)
    assert everybody[:2] == [model.traveller(0), model.traveller(1)]
    assert everybody.agg("tests", sum) == model.people.tests.sum()
    assert infected.get("infected_at") == infected.array("infected_at").tolist()
    assert infected.map(lambda one: one.asymptomatic) == infected.get("asymptomatic")
    in_order = everybody.sort("infectivity", ascending=True).get("infectivity")
    assert in_order == sorted(in_order)
    assert sorted(one.row for one in everybody.shuffle()) == list(range(len(everybody)))
    seen = []
    infected.do(lambda one: seen.append(one.row))
    infected.shuffle_do(lambda one: seen.append(one.row))
    assert len(seen) == 2 * len(infected)


def test_a_set_that_is_changed_in_place_is_another_for_all_of_its_methods(scenario):
    few = finished(scenario).travellers.select(at_most=5)
    seen = []
    few.do(lambda one: seen.append(one.row))
    assert few.select(at_most=2, inplace=True) is few
    few.do(lambda one: seen.append(one.row))
    assert seen == [0, 1, 2, 3, 4, 0, 1]


def test_travellers_are_grouped_and_asked_for_what_they_may_not_have(scenario):
    everybody = finished(scenario).travellers
    sets, lists = everybody.groupby("journey"), everybody.groupby("journey", result_type="list")
    assert all(isinstance(group, PopulationSet) for group in sets.groups.values())
    assert all(isinstance(group, list) for group in lists.groups.values())
    assert set(sets.groups) == set(everybody.get("journey"))
    assert {key: len(group) for key, group in sets.groups.items()} == {
        key: len(group) for key, group in lists.groups.items()
    }
    by_function = everybody.groupby(lambda one: one.journey)
    assert by_function.groups.keys() == sets.groups.keys()
    few = everybody.select(at_most=2)
    assert few.get("passport", handle_missing="default", default_value=7) == [7, 7]
    with pytest.raises(AttributeError):
        few.get("passport")
    assert few.get(["row", "place"]) == [[one.row, one.place] for one in few]


def test_a_traveller_reads_and_writes_its_row(scenario):
    model = BorderModel(scenario, seed=1)
    traveller = model.traveller(3)
    traveller.patience = 99.0
    assert model.people.patience[3] == 99.0
    model.travellers.select(at_most=2).set("diverts", True)
    assert model.people.diverts[:2].all()
    assert (traveller.row, traveller.unique_id, traveller.pos) == (3, 3, None)
    traveller.nickname = "Third"
    assert model.traveller(3).nickname == "Third"
    assert traveller.place == "city"
    assert traveller.journey == "AT_HOME"
    assert traveller.registered_as == "NONE"
    with pytest.raises(AttributeError, match="no 'passport'"):
        _ = traveller.passport


class Stubborn(Traveller):
    """Never gives up, never diverts."""

    def decide(self) -> Decision:
        return Decision.WAIT


class SameAsAlways(Traveller):
    """Decides as the model does, but one by one."""

    def decide(self) -> Decision:
        return super().decide()


def test_a_subclass_changes_how_the_stranded_decide(scenario):
    plain = finished(scenario)
    stubborn = finished(scenario, traveller_class=Stubborn)
    assert (plain.people.stage == Stage.GAVE_UP).any()
    assert not (stubborn.people.stage == Stage.GAVE_UP).any()


ONE_PORT_OPEN = a_world(
    travellers__divert_share=0.5, policies__port_closures={"east_port": SHUT["east_port"]}
)


@pytest.mark.parametrize("world", [a_world(policies__port_closures=SHUT), ONE_PORT_OPEN])
def test_deciding_one_by_one_is_deciding_all_at_once(world):
    scenario = scenario_of(world)
    plain, scalar = finished(scenario), finished(scenario, traveller_class=SameAsAlways)
    np.testing.assert_array_equal(plain.people.stage, scalar.people.stage)
    np.testing.assert_array_equal(plain.surveillance.series, scalar.surveillance.series)


@pytest.mark.rules
@pytest.mark.parametrize("can_divert", [True, False])
def test_a_traveller_decides_as_the_rule_does(can_divert):
    decided = []

    class Asked(Traveller):
        @property
        def can_divert(self):
            return can_divert

        def decide(self):
            own = super().decide()
            person = self.model.world.people[self.row]
            decided.append((own, decide(self.model.world, person, can_divert)))
            return Decision.WAIT

    model = BorderModel(scenario_of(ONE_PORT_OPEN), seed=1, traveller_class=Asked)
    for _ in range(15):
        model.step()
    assert all(own == of_rule for own, of_rule in decided)
    assert {own for own, _ in decided} >= {Decision.WAIT, Decision.GIVE_UP}
    assert (Decision.DIVERT in {own for own, _ in decided}) == can_divert


def test_travellers_divert_to_the_port_that_is_open():
    half = a_world(
        travellers__divert_share=1.0, policies__port_closures={"east_port": SHUT["east_port"]}
    )
    model = finished(scenario_of(half))
    people = model.people
    late = people.crossed_at >= 12
    assert late.any()
    assert {
        model.geography.ports[port] for port in people.port[late & (people.crossed_at < 99)]
    } == {"west_port"}


class Patient(Traveller):
    """Decides as everybody does, and takes no other port."""

    can_divert = False


def test_whatever_a_subclass_changes_has_its_effect():
    half = a_world(
        travellers__divert_share=1.0, policies__port_closures={"east_port": SHUT["east_port"]}
    )
    scenario = scenario_of(half)
    plain, patient = finished(scenario), finished(scenario, traveller_class=Patient)
    assert (plain.people.stage == Stage.GAVE_UP).sum() < (
        patient.people.stage == Stage.GAVE_UP
    ).sum()


@pytest.mark.parametrize("answer", [None, 7, 1, True, "WAIT"], ids=repr)
def test_a_decision_that_is_none_is_refused(scenario, answer):
    class Wrong(Traveller):
        def decide(self):
            return answer

    with pytest.raises(TypeError, match=r"Wrong\.decide returned .*Decision\.WAIT, GIVE_UP"):
        finished(scenario, traveller_class=Wrong)


def test_nobody_diverts_to_a_port_that_shuts_before_they_would_arrive():
    """A late bus would arrive on the next day, when the port it leads to is shut."""
    world = a_world(
        travellers__divert_share=1.0,
        policies__port_closures={
            "east_port": [{"from": "2020-03-10"}],
            "west_port": [{"from": "2020-03-02"}],
        },
    )
    world["legs"] = {
        **world["legs"],
        "east_bus": {
            **world["legs"]["east_bus"],
            "first_departure": "22 h",
            "last_departure": "23 h",
        },
    }
    could_divert = {}

    class Asked(Traveller):
        def decide(self):
            could_divert.setdefault(self.model.day, set()).add(self.can_divert)
            return Decision.WAIT

    finished(scenario_of(world), traveller_class=Asked)
    assert could_divert[7] == {True}
    assert could_divert[8] == could_divert[9] == {False}


def test_between_two_days_people_are_asked_about_the_one_to_come():
    closures = {"east_port": SHUT["east_port"], "west_port": [{"from": "2020-03-02"}]}
    model = BorderModel(scenario_of(a_world(policies__port_closures=closures)), seed=1)
    can_divert = []
    while model.running:
        can_divert.append(model.can_divert_from("junction"))
        model.step()
    assert can_divert == [True] * 9 + [False] * 21
    assert not model.can_divert_from("junction")
