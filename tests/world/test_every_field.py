"""Every field of every shipped scenario changes what a run gives, or it is said why not."""

import random

import pytest
from any_scenario import any_world
from field_effects import EXPLAINED, FOR_READERS, changes_of, results_agree, verdict
from hypothesis import assume, given
from hypothesis import strategies as st
from many_worlds import worlds_drawn
from random_scenarios import scenario_of, seeds
from shipped import SHIPPED

from docs.blocks.reference import reference_of
from sim.experiment.ensemble import Member
from sim.experiment.replicates import simulate
from sim.scenario.checks import check_scenario
from sim.scenario.schema import Scenario
from sim.scenario.without_effect import fields_without_effect

NAMES = [path.stem for path in SHIPPED]
FEW = [
    path
    for path in SHIPPED
    if path.stem in ("baseline", "two_ports", "quarantine_21_days", "quilty_2020", "steyn_2020")
]
"""Files of which the checks try one change each; ``make thorough`` tries all changes of all."""


def wrong_in(path, changes):
    """Return what is wrong with some changes of a file."""
    return [wrong for change in changes if (wrong := verdict(path, change)) is not None]


@pytest.mark.slow
@pytest.mark.parametrize("path", FEW, ids=lambda path: path.stem)
def test_a_field_of_some_files_has_an_effect_or_is_warned_about(path):
    change = random.Random(path.stem).choice(changes_of(path))
    assert wrong_in(path, [change]) == []


@pytest.mark.thorough
@pytest.mark.parametrize("path", SHIPPED, ids=NAMES)
def test_every_field_has_an_effect_or_is_warned_about_or_explained(path):
    assert wrong_in(path, changes_of(path)) == []


def test_what_is_explained_is_a_field_of_the_file():
    fields = {f"{path.stem} {change}" for path in SHIPPED for change in changes_of(path)}
    assert set(EXPLAINED) <= fields


def test_the_reference_says_which_fields_are_only_for_readers():
    for field, words in FOR_READERS.items():
        model, _, name = field.partition(".")
        said = reference_of(Scenario).fields(model)[name]["description"]
        assert words.lower() in said.lower()


@given(any_world(), seeds, st.randoms(use_true_random=False))
@worlds_drawn(25)
def test_what_is_warned_about_can_be_left_out_of_any_world(world, seed, chance):
    scenario = scenario_of(world)
    data = scenario.to_data()
    findings = [finding for finding in fields_without_effect(scenario) if said(data, finding.loc)]
    assume(findings)
    finding = chance.choice(findings)
    leave_out(data, finding.loc)
    try:
        without = Scenario.model_validate(data)
    except ValueError:
        return  # the schema asks for it
    if list(check_scenario(without)):
        return  # something else refers to it
    one, other = (simulate(of, Member(seed)) for of in (scenario, without))
    assert results_agree(one, other), finding


def said(data, loc):
    """Tell whether data say anything at ``loc``."""
    for step in loc:
        is_there = step in data if isinstance(data, dict) else step < len(data)
        if not is_there:
            return False
        data = data[step]
    return True


def leave_out(data, loc):
    """Leave out what is at ``loc``."""
    for step in loc[:-1]:
        data = data[step]
    del data[loc[-1]]
