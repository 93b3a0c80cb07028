"""Where an infection counts, when places have several uses or people move on the same day."""

import numpy as np
from random_scenarios import a_world, finished, scenario_of

from sim.world.outcomes import outcomes_of


def test_room_mates_are_infected_in_their_room_though_moved_to_a_ward_that_day():
    """With false positives, people who are not infected yet in the morning are moved too."""
    people_of_rooms = 0
    for seed in range(3):
        world = a_world(laboratory__specificity=0, hospitals={"hall": {"place": "west"}})
        world["policies"]["hospital_beds"] = {"hall": 1000}
        model = finished(scenario_of(world), seed)
        people = model.people
        inside = people.quarantined_at <= people.infected_at
        inside &= people.infected
        locations = np.array([site.location for site in model.quarantine.sites])
        assert (people.infected_in[inside] == locations[people.site[inside]]).all()
        people_of_rooms += inside.sum()
    assert people_of_rooms > 10


def test_an_infection_in_a_quarantine_site_in_a_staging_town_counts_once():
    sites = {"east_hotel": {"place": "junction", "room_size": 2}}
    world = a_world(quarantine__sites=sites)
    world["policies"]["site_beds"] = {"east_hotel": 1000}
    outcomes = outcomes_of(finished(scenario_of(world)))
    where = ("at_source", "on_board", "in_staging", "in_quarantine")
    assert outcomes["infected_in_quarantine"] > 0
    assert sum(outcomes[f"infected_{w}"] for w in where) == outcomes["infected_travellers"]
