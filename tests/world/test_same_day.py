"""Infection and infectiousness on one day: in every place as long as people share it.

Each person's threshold has the law Exp(1), so a test with a threshold just below and just above a
hazard H says that the probability of infection is 1 - exp(-H).
"""

import numpy as np
import pytest
from laws import run_under_daily_laws
from places import PLACES, together
from random_scenarios import a_world, scenario_of
from rules import infect_now
from scipy import stats

from sim.world.codes import NEVER

HAZARD = 2.0
BEFORE, DAY = -1.0, 5


def chain(place, *, thresholds, order=None):
    """Return the people of a place on day 5, the first of them infectious until 5.3.

    Others are infectious a quarter of a day after they have been infected, for ten days.

    Args:
        place: one of ``PLACES``.
        thresholds: of the others, in order.
        order: in which people stand in the lists of the place, by their number.
    """
    number = 1 + len(thresholds)
    model = together(number, HAZARD, latent="6 h", lasts="10 d")
    choose, stay = PLACES[place]
    rows = choose(model, number)
    infect_now(model, rows[0], BEFORE, begins=BEFORE, ends=DAY + 0.3)
    model.people.threshold[rows[1:]] = thresholds
    stay(model, rows[list(order or range(number))], DAY, DAY + 1)
    return model.people, rows


everywhere = pytest.mark.parametrize("place", PLACES)
EARLY = HAZARD * 0.2
"""Infected at 5.2, and infectious from 5.45 on."""


@pytest.mark.rules
@everywhere
@pytest.mark.parametrize(("share", "infected"), [(0.5, True), (1 - 1e-9, True), (1 + 1e-9, False)])
def test_who_is_infected_today_exposes_others_from_when_they_are_infectious(place, share, infected):
    hazard = HAZARD * (1 - 0.45)
    people, rows = chain(place, thresholds=[EARLY, HAZARD * 0.3 + share * hazard])
    first, last = rows[1:]
    assert people.infected_at[first] == pytest.approx(DAY + 0.2)
    assert people.infectious_from[first] == pytest.approx(DAY + 0.45)
    assert people.infected[last] == infected
    if infected:
        assert people.infector[last] == first
        assert people.infected_at[last] == pytest.approx(DAY + 0.45 + share * 0.55)


@pytest.mark.rules
@everywhere
def test_a_chain_of_one_day_goes_on_until_a_round_infects_nobody(place):
    second = HAZARD * (0.3 + 0.1)  # at 5.55, infectious from 5.8 on
    third = HAZARD * (0.3 + 0.55 + 0.15)  # at 5.95: not before tomorrow
    fourth = HAZARD * (0.3 + 0.55 + 0.2) + 1e-9
    people, rows = chain(place, thresholds=[EARLY, second, third, fourth])
    assert people.infected_at[rows[1:4]] == pytest.approx(DAY + np.array([0.2, 0.55, 0.95]))
    assert people.infector[rows[1:4]].tolist() == rows[:3].tolist()
    assert not people.infected[rows[4]]


@pytest.mark.rules
@everywhere
def test_the_order_of_people_changes_nothing(place):
    thresholds = [EARLY, HAZARD * 0.4, HAZARD * 1.0, HAZARD * 1.1]
    people, rows = chain(place, thresholds=thresholds)
    expected = people.infected_at[rows].tolist()
    assert sum(time < NEVER for time in expected) == 4
    orders = [0, 4, 3, 2, 1], [3, 1, 4, 0, 2], [1, 2, 3, 4, 0]
    for order in orders if place != "ward" else orders[:1]:  # where the patient is the first
        people, rows = chain(place, thresholds=thresholds, order=order)
        assert people.infected_at[rows].tolist() == expected


@pytest.mark.rules
@everywhere
def test_two_who_are_infected_in_one_round_share_the_next_by_their_hazards(place):
    """Infectious from 5.45 and 5.5 on: 0.55 and 0.5 of a day."""
    thresholds = [EARLY, HAZARD * 0.25, *[HAZARD * (0.3 + 0.55 + 0.5) - 1e-9] * 40]
    people, rows = chain(place, thresholds=thresholds)
    assert people.infected[rows].all()
    infectors = people.infector[rows[3:]]
    assert np.isin(infectors, rows[1:3]).all()
    by_first = (infectors == rows[1]).mean()
    assert abs(by_first - 0.55 / 1.05) < 4 * (0.25 / 40) ** 0.5
    assert 0 < by_first < 1


@pytest.mark.rules
@pytest.mark.parametrize(("share", "infected"), [(1 - 1e-9, True), (1 + 1e-9, False)])
def test_who_is_infected_on_board_exposes_those_who_sit_near_more(share, infected):
    """Four rows, one behind the other; only the next row is near."""
    near_risk, (choose, stay) = 5.0, PLACES["vehicle"]
    model = together(4, HAZARD, latent="6 h", lasts="10 d")
    leg = model.world.legs[model.geography.legs.index("plane")]
    leg.near_rows, leg.near_risk = 1, near_risk
    rows = choose(model, 4)
    infect_now(model, rows[0], BEFORE, begins=BEFORE, ends=DAY + 0.3)
    near, far = (HAZARD * (0.3 + risk * 0.55 * share) for risk in (near_risk, 1.0))
    model.people.threshold[rows[1:]] = [near_risk * EARLY, near, far]
    stay(model, rows, DAY, DAY + 1)
    assert model.people.infected_at[rows[1]] == pytest.approx(DAY + 0.2)
    assert model.people.infected[rows[2:]].tolist() == [infected, infected]


@pytest.mark.rules
def test_the_town_itself_exposes_everybody_once_a_day():
    """Also when some are infected, who then act in a round of their own."""
    choose, stay = PLACES["staging town"]
    model = together(2, 0.0, latent="0 d", lasts="10 d")
    model.world.towns[model.staging_towns[0].number].local_hazard = 1.0
    rows = choose(model, 2)
    model.people.threshold[rows] = [0.2, 1.0 + 1e-9]
    stay(model, rows, DAY, DAY + 1)
    assert model.people.infected[rows].tolist() == [True, False]


def reed_and_frost(others: int, escapes: float) -> np.ndarray:
    """Return the probabilities that 0, 1, ... of some people are infected in the end, by one.

    Everybody who is infected fails to infect each other one with the probability ``escapes``.
    """
    sizes = np.zeros(others + 1)
    states = {(others, 1): 1.0}
    while states:
        after: dict[tuple[int, int], float] = {}
        for (susceptible, infected), chance in states.items():
            if infected == 0:
                sizes[others - susceptible] += chance
                continue
            hit = stats.binom(susceptible, 1 - escapes**infected)
            for new in range(susceptible + 1):
                state = susceptible - new, new
                after[state] = after.get(state, 0.0) + chance * hit.pmf(new)
        states = after
    return sizes


@pytest.mark.rules
@everywhere
@pytest.mark.parametrize("begins", [5.3, 5.75])
def test_where_midnight_is_does_not_change_the_law_of_outbreaks(place, begins):
    """Everybody is infectious for 0.1 days at once, and stays until the outbreak is over.

    With five people it is over after half a day, which may or may not have midnight in it.
    """
    others, escapes, lasts, random = 4, 0.75, 0.1, np.random.default_rng(1)
    model = together(1 + others, -np.log(escapes) / lasts, "0 d", f"{lasts} d")
    choose, stay = PLACES[place]
    rows = choose(model, 1 + others)
    nobody_infected, sizes = model.world.people[rows].copy(), []
    for _ in range(300):
        model.world.people[rows] = nobody_infected
        model.people.threshold[rows] = random.exponential(size=1 + others)
        infect_now(model, rows[0], BEFORE, begins=begins, ends=begins + lasts)
        stay(model, rows, DAY, DAY + 2)
        sizes.append(model.people.infected[rows].sum() - 1)
    expected = len(sizes) * reed_and_frost(others, escapes)
    observed = np.bincount(sizes, minlength=1 + others)
    assert stats.chisquare(observed, expected).pvalue > 0.001


def test_whole_runs_have_infections_by_people_infected_on_the_same_day():
    """On board, in staging and in quarantine rooms, under every law."""
    world = a_world(
        disease={
            "name": "quick",
            "incubation": {"kind": "fixed", "value": "2 d"},
            "infectiousness": {
                "since": "infection",
                "profile": {"kind": "constant", "lasts": {"kind": "fixed", "value": "3 d"}},
            },
            "asymptomatic_share": 0.2,
        },
        quarantine__sites={"east_hotel": {"place": "east", "room_size": 6}},
        policies__site_beds={"east_hotel": 300},
    )
    model = run_under_daily_laws(scenario_of(world), seed=1)
    people = model.people
    victims = np.flatnonzero(people.infector >= 0)
    days = np.floor(people.infected_at)
    same_day = victims[days[victims] == days[people.infector[victims]]]
    places = {
        "plane": people.infected_aboard[same_day] >= 0,
        "room": people.quarantined_at[same_day] <= people.infected_at[same_day],
        "junction": people.infected_in[same_day] == model.geography.code["junction"],
    }
    for place, there in places.items():
        assert there.sum() > 5, place


@pytest.mark.rules
@pytest.mark.parametrize("share", [1 - 1e-9, 1 + 1e-9])
def test_who_is_taken_out_of_contact_infects_nobody_on_the_ward_from_then_on(share):
    model = together(3, HAZARD, latent="6 h", lasts="10 d")
    choose, stay = PLACES["ward"]
    rows = choose(model, 3)
    infect_now(model, rows[1], BEFORE, begins=BEFORE, ends=DAY + 9)
    model.people.isolated_at[rows[1]] = DAY + 0.4
    model.people.threshold[rows[2]] = HAZARD * 0.4 * share
    stay(model, rows, DAY, DAY + 1)
    assert model.people.infected[rows[2]] == (share < 1)
