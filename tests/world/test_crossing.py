"""Crossing away from the ports: laws, orderings run by run, and the formulas by hand."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_scenarios import a_world, finished, scenario_of
from scipy.special import expit, ndtr

from sim import BorderModel, Decision, Traveller
from sim.world import informants
from sim.world.border_guard import patrol_detection
from sim.world.codes import NEVER, CaughtBy, FoundBy, Stage
from sim.world.crossing_choice import chance_of_attempt
from sim.world.draws import Stream
from sim.world.informants import caught_by_residents, chance_to_act
from sim.world.reward_office import promise
from sim.world.surveillance import Flow

SHUT = {"east_port": [{"from": "2020-03-05"}], "west_port": [{"from": "2020-03-05"}]}
STRETCH = {
    "start": "junction",
    "end": "east",
    "trip": "12 h",
    "area_km2": 200,
    "residents_per_km": 3,
    "exposed_km": 4,
    "noticed": 0.1,
    "turned_back": 0.3,
}
EAGER = {
    "trip_cost": "500 CNY",
    "shame": "2000 CNY",
    "reopening_chance": 0.1,
    "readiness": 0.4,
    "learning": 0.0,
}


def a_border(*, stretch=None, crossers=None, informants=None, **policies):
    """Return a world whose ports are shut, so that many are stranded and some cross."""
    world = a_world()
    world["travellers"] = {**world["travellers"], "patience": "8 d", "closed_factor": 1}
    world["border"] = {
        "stretches": {"hills": {**STRETCH, **(stretch or {})}},
        "crossers": {**EAGER, **(crossers or {})},
        "informants": informants or {},
    }
    world["residents"] = {
        "east": {"people": 5000, "community_hazard_per_day": 0.3, "household_sizes": [0.5, 0.5]}
    }
    world["policies"] = {
        **world["policies"],
        "port_closures": SHUT,
        "patrols": {"hills": 5},
        "sensors": {"hills": 0.1},
        "fine": "3000 CNY",
        "detention": "10 d",
        "rewards": [{"report": "3000 CNY", "capture": "5000 CNY"}],
        "symptomatic_testing": {"east": 0.7},
        **policies,
    }
    return world


def tried(model):
    return np.flatnonzero(model.people.tried_at < NEVER)


def entered(model):
    rows = tried(model)
    done = model.people.tried_at[rows] + 0.5 < model.day
    return set(rows[done & (model.people.caught_by[rows] == CaughtBy.NOT_CAUGHT)].tolist())


shares = st.sampled_from([0.0, 0.2, 0.7, 1.0])


@given(
    st.integers(0, 2**40),
    shares,
    shares,
    shares,
    st.sampled_from([None, "0 CNY", "9000 CNY", "40000 CNY"]),
)
@settings(max_examples=40, deadline=None)
def test_laws_of_crossing(seed, sensors, turned_back, learning, budget):
    world = a_border(
        stretch={"turned_back": turned_back},
        crossers={"learning": learning, "announcement_effect": 0.2},
        sensors={"hills": sensors},
        reward_budget=budget,
    )
    model = finished(scenario_of(world), seed)
    people, flows = model.people, model.surveillance.flows
    rows = tried(model)
    over = rows[people.tried_at[rows] + 0.5 < model.day]
    inside = people.caught_by[over] == CaughtBy.NOT_CAUGHT
    back = people.stage[over] == Stage.TURNED_BACK
    caught = ~inside & ~back
    # Every crosser is caught, inside or turned back, once, and never crosses at a port.
    counted = flows.sum(axis=(0, 2))
    assert counted[Flow.ILLEGAL_ATTEMPTS] == len(rows)
    assert counted[Flow.ILLEGAL_ENTERED] == inside.sum()
    assert counted[Flow.TURNED_BACK] == back.sum()
    assert counted[Flow.ILLEGAL_CAUGHT] == caught.sum()
    assert (people.crossed_at[over[back]] == NEVER).all()
    assert (people.quarantined_at[over[caught]] == people.crossed_at[over[caught]]).all()
    assert (people.quarantined_at[over[inside]] == NEVER).all()
    legal = (people.crossed_at < NEVER) & (people.tried_at == NEVER)
    assert counted[Flow.ENTRANTS] == legal.sum()
    # Rewards: for real crossers whom residents caught, never beyond the budget.
    by_residents = over[caught & (people.caught_by[over] >= CaughtBy.REPORT)]
    paid_for = set(np.flatnonzero(people.reward).tolist())
    assert paid_for <= set(by_residents.tolist())
    amounts = people.reward.sum()
    assert amounts == model.reward_office.promised
    assert counted[Flow.REWARDS_CNY] <= amounts
    if budget is not None:
        assert amounts <= model.policy.reward_budget
    else:
        assert paid_for == set(by_residents.tolist())
    # Anyone who is not caught is found through symptoms or tracing only.
    found = over[inside & (people.first_positive_at[over] < NEVER)]
    assert set(people.found_by[found].tolist()) <= {FoundBy.SYMPTOMS, FoundBy.TRACING}
    assert (model.border_guards[0].perceived >= 0) & (model.border_guards[0].perceived <= 1)


@pytest.mark.slow
@given(st.integers(0, 2**40))
@settings(max_examples=15, deadline=None)
def test_more_detection_under_the_same_perception_never_lets_more_through(seed):
    def through(**changes):
        return entered(finished(scenario_of(a_border(**changes)), seed))

    few = through(patrols={"hills": 0}, sensors={"hills": 0.0}, rewards=[])
    some = through(patrols={"hills": 5}, sensors={"hills": 0.2}, rewards=[])
    many = through(patrols={"hills": 50}, sensors={"hills": 0.5}, rewards=[])
    assert many <= some <= few
    assert len(few) > 0


@pytest.mark.slow
@given(st.integers(0, 2**40))
@settings(max_examples=15, deadline=None)
def test_a_higher_perceived_detection_never_raises_attempts(seed):
    attempts = [
        set(
            tried(
                finished(scenario_of(a_border(crossers={"perceived_detection": perceived})), seed)
            ).tolist()
        )
        for perceived in (0.0, 0.3, 0.6, 1.0)
    ]
    for lower, higher in pairwise(attempts):
        assert higher <= lower


def test_a_reward_deters_through_perception_and_detects_through_informants():
    def outcome(**changes):
        models = [finished(scenario_of(a_border(**changes)), seed) for seed in range(10)]
        attempts = sum(len(tried(model)) for model in models)
        return attempts, sum(len(entered(model)) for model in models) / attempts

    none, share_none = outcome(rewards=[])
    silent, share_silent = outcome()
    known, _ = outcome(crossers={"announcement_effect": 0.7})
    assert silent == none  # nobody heard of it: no deterrence
    assert share_silent < share_none  # but informants act
    assert known < silent


def test_nobody_crosses_without_a_border_or_against_the_law_they_keep():
    world = a_border()
    del world["border"], world["policies"]["patrols"], world["policies"]["sensors"]
    assert not len(tried(finished(scenario_of(world))))
    assert not len(tried(finished(scenario_of(a_border(crossers={"law_abiding": 1.0})))))


def test_who_is_severely_ill_by_tonight_is_too_ill_to_cross():
    model = BorderModel(scenario_of(a_border()), seed=1)
    for _ in range(10):
        model.step()
    people = model.people
    stranded = np.flatnonzero(people.stage == Stage.STRANDED)
    tonight, tomorrow = stranded[::2], stranded[1::2]
    people.asymptomatic[stranded] = False
    people.severe_at[tonight], people.severe_at[tomorrow] = model.day + 0.9, model.day + 1.1
    before = people.urge[stranded]
    model.step()
    considers = people.urge[stranded] > before
    assert considers[1::2].all()
    assert not considers[::2].any()
    assert len(tonight) > 3


def test_a_traveller_class_of_ones_own_decides_to_cross():
    class Daredevil(Traveller):
        def decide(self):
            return Decision.CROSS

    model = finished(scenario_of(a_border()), 1, traveller_class=Daredevil)
    stranded = np.flatnonzero(model.people.stranded_since < NEVER)
    assert len(tried(model)) >= 0.9 * len(stranded) > 0


def test_the_default_decision_is_the_same_for_one_and_for_the_table():
    class Same(Traveller):
        def decide(self):
            return super().decide()

    scenario = scenario_of(a_border(crossers={"learning": 0.3}))
    table, one_by_one = finished(scenario, 4), finished(scenario, 4, traveller_class=Same)
    np.testing.assert_array_equal(table.people.stage, one_by_one.people.stage)
    assert len(tried(table)) > 10


@pytest.mark.rules
def test_patrols_find_by_random_search():
    world = BorderModel(scenario_of(a_border(stretch={"time_in_area": "6 h"})), seed=1).world
    expected = 1 - np.exp(-5 * 0.2 * 4.0 * 6 / 200)
    assert patrol_detection(world.stretches[0], 5) == pytest.approx(expected)
    assert patrol_detection(world.stretches[0], 0) == 0


@pytest.mark.rules
@pytest.mark.parametrize(("worth", "risk"), [(1.0, 1.0), (2.0, 0.5)])
def test_the_decision_is_that_of_the_formula(worth, risk):
    data = a_border()
    data["border"]["crossers"] = {}
    world = BorderModel(scenario_of(data), seed=1).world
    person = world.people[0]
    person.worth_of_home, person.risk_aversion = worth, risk
    chance = chance_of_attempt(world.run[0], person, 0.4, 3000.0, 38.0)
    loss = 3000 + 200 * 38 + 10000
    crossing = 0.6 * 20000 * worth - risk * 0.4 * loss - 3000
    waiting = 0.3 * 20000 * worth - 150 * 30
    assert chance == pytest.approx(expit((crossing - waiting) / 4000))


class Residents:
    """Residents along the only stretch of a world, whose draws are given."""

    def __init__(self, monkeypatch, **settings):
        model = BorderModel(scenario_of(a_border(informants=settings)), seed=1)
        self.world, self.draws = model.world, {}
        monkeypatch.setattr(informants, "draw_once", lambda world, stream, _: self.draws[stream])

    def catch(self, report, capture, cost=0.5, acts=1e-9, succeeds=1e-9):
        """Return what they do about a crosser, for rewards in CNY."""
        self.world.days[0].report, self.world.days[0].capture = report, capture
        self.draws.update({
            Stream.INFORMANT_COST: cost,
            Stream.INFORMANT_ACTS: acts,
            Stream.INFORMANT_SUCCEEDS: succeeds,
        })  # fmt: skip
        return caught_by_residents(self.world, self.world.stretches[0], 0, 0.5)

    def act_with(self, report, capture, probability, success, **given):
        """Tell whether a resident acts with a probability, and succeeds with another one."""
        below, above = 1 - 1e-6, 1 + 1e-6
        return (
            self.catch(report, capture, acts=probability * below, **given) != CaughtBy.NOT_CAUGHT
            and self.catch(report, capture, acts=probability * above, **given)
            == CaughtBy.NOT_CAUGHT
            and self.catch(report, capture, succeeds=success * below, **given)
            != CaughtBy.NOT_CAUGHT
            and self.catch(report, capture, succeeds=success * above, **given)
            == CaughtBy.NOT_CAUGHT
        )


@pytest.mark.rules
def test_informants_choose_the_act_that_pays_and_respond_to_the_reward(monkeypatch):
    residents = Residents(monkeypatch, cost_spread=0.0)
    # 0.5 * 5000 - 1500 = 1000 for a capture, 0.6 * 3000 - 50 = 1750 for a report.
    assert residents.catch(3000.0, 5000.0) == CaughtBy.REPORT
    who = 3 * 4 * 0.1
    q = expit(-2.0 + 0.5 * np.log(1 + 3000 / 1000))
    assert residents.act_with(3000.0, 5000.0, 1 - np.exp(-who * q), 0.6)
    assert residents.catch(3000.0, 9000.0) == CaughtBy.CAPTURE
    run = residents.world.run[0]
    chances = [chance_to_act(run, reward) for reward in (0.0, 1000.0, 5000.0, 50000.0)]
    assert (np.diff(chances) > 0).all()


@pytest.mark.rules
def test_who_captures_and_who_reports_parts_where_both_pay_the_same(monkeypatch):
    """0.5 * 5000 - f * 1500 = 0.6 * 3000 - f * 50 at f = 700 / 1450, a quantile of the costs."""
    residents = Residents(monkeypatch, cost_spread=0.8)
    border = ndtr(np.log(700 / 1450) / 0.8)
    for cost, act, reward, success in (
        (border - 1e-6, CaughtBy.CAPTURE, 5000.0, 0.5),
        (border + 1e-6, CaughtBy.REPORT, 3000.0, 0.6),
    ):
        assert residents.catch(3000.0, 5000.0, cost) == act
        q = chance_to_act(residents.world.run[0], reward)
        probability = 1 - np.exp(-3 * 4 * 0.1 * q)
        assert residents.act_with(3000.0, 5000.0, probability, success, cost=cost)


def test_a_lively_informant_reports_more_for_more_money_and_false_reports_grow_too():
    def reports(rewards):
        world = a_border(informants={"b1": 1.5, "false_reports_per_day": 2.0}, rewards=rewards)
        model = finished(scenario_of(world), 2)
        return model.surveillance.flows[:, Flow.REPORTS].sum()

    assert reports([{"report": "3000 CNY", "capture": "0 CNY"}]) > 2 * reports([])


@pytest.mark.rules
def test_rewards_for_captures_after_the_calendar_are_those_of_its_last_day():
    late = [
        {"until": "2020-03-30", "report": "100 CNY", "capture": "100 CNY"},
        {"from": "2020-03-30", "report": "700 CNY", "capture": "700 CNY"},
    ]
    model = BorderModel(scenario_of(a_border(rewards=late)), seed=1)
    for person, time in enumerate((28.0, 29.0, 31.0)):
        model.people.caught_by[person] = CaughtBy.CAPTURE
        promise(model.world, person, time)
    assert model.people.reward[:4].tolist() == [100, 700, 700, 0]
    assert model.reward_office.promised == 1500
