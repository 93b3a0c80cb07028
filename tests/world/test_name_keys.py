"""Two names of one key would share their random numbers: refused before a run."""

import hashlib

import pytest
from full_worlds import border
from random_scenarios import a_world, scenario_of

import sim
from sim.world import draws, name_keys
from sim.world.model import BorderModel

TOWN = {"people": 4000, "community_hazard_per_day": 0.3}


class Colliding:
    """A hash under which two texts are equal."""

    def __init__(self, one, other):
        self.one, self.other, self.blake2b = one.encode(), other.encode(), hashlib.blake2b

    def __call__(self, text, **options):
        return self.blake2b(self.one if text == self.other else text, **options)


@pytest.fixture
def colliding(monkeypatch):
    def collide(one, other):
        monkeypatch.setattr(draws.hashlib, "blake2b", Colliding(one, other))
        draws.name_key.cache_clear()

    yield collide
    monkeypatch.undo()
    draws.name_key.cache_clear()


def in_section(section):
    """Return a world with two names in a section, and these."""
    if section == "border.stretches":
        scenario = border()
        stretches = scenario.border.stretches
        (name, stretch), *_ = stretches.items()
        two = scenario.border.model_copy(update={"stretches": {name: stretch, "other": stretch}})
        return scenario.model_copy(update={"border": two}), name, "other"
    scenario = scenario_of(a_world(residents={"east": TOWN, "west": TOWN}))
    one, other, *_ = getattr(scenario, section)
    return scenario, one, other


@pytest.mark.parametrize("section", ["places", "ports", "border.stretches", "residents"])
def test_two_names_of_one_key_are_refused(colliding, section):
    scenario, one, other = in_section(section)
    BorderModel(scenario, seed=1)
    colliding(one, other)
    message = f"{section}: '{one}' and '{other}' would draw the same random numbers"
    if section == "residents":  # these are names of places too
        message = f"places: '{one}' and '{other}' would draw"
    with pytest.raises(ValueError, match=message):
        BorderModel(scenario, seed=1)
    with pytest.raises(ValueError, match=message):
        sim.run(scenario, replicates=1)
    with pytest.raises(ValueError, match=message):
        sim.compare([scenario, scenario.model_copy(update={"name": "other"})], replicates=2)


def test_towns_have_shorter_keys_and_are_compared_by_these(monkeypatch):
    scenario, one, other = in_section("residents")
    monkeypatch.setattr(name_keys, "town_key", lambda name: 1)
    with pytest.raises(ValueError, match=f"residents: '{one}' and '{other}' would draw the same"):
        BorderModel(scenario, seed=1)
