"""Laws that hold in every world, checked on random ones."""

import pytest
from full_worlds import WORLDS
from hypothesis import given
from laws import LAWS, run_under_daily_laws
from many_worlds import worlds_drawn
from random_scenarios import scenario_of, seeds, worlds


@given(worlds(), seeds)
@worlds_drawn(100)
def test_every_law_holds_in_a_hand_written_world(world, seed):
    model = run_under_daily_laws(scenario_of(world), seed)
    for check in LAWS:
        check(model)


@pytest.mark.parametrize("world", WORLDS)
def test_every_law_holds_in_worlds_that_have_everything(world):
    """One of them has an assay beside the laboratory's own, as few random worlds have."""
    model = run_under_daily_laws(WORLDS[world](), 1)
    for check in LAWS:
        check(model)
