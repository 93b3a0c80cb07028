"""The memory of the driver: the same for the first run as for the last, and small for tables."""

import dataclasses
import tracemalloc

import pytest
from random_scenarios import a_world, scenario_of

from sim.experiment import replicates
from sim.experiment.campaign import Campaign, Variant
from sim.experiment.comparison import Comparison
from sim.experiment.ensemble import Member, seeds_only
from sim.experiment.outcome_registry import OUTCOMES
from sim.experiment.run_store import RunStore

WORLD = scenario_of(a_world())
SHUT = scenario_of(a_world(name="shut", source__exposure=20))
FEW, PAIRS = 200, 1000

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """A campaign whose runs cost nothing, and the bytes in use after each of its puts."""
    once = replicates.simulate(WORLD, Member(1))

    def cheap(scenario, member, **arguments):
        outcomes = {name: value + member.seed for name, value in once.outcomes.items()}
        return dataclasses.replace(once, seed=member.seed, outcomes=outcomes)

    members = seeds_only(1, PAIRS)
    variants = [Variant("open", WORLD, members), Variant("shut", SHUT, members)]
    in_use = []
    path = tmp_path_factory.mktemp("store") / "runs.sqlite"
    with RunStore.open(path, purpose="test") as store, pytest.MonkeyPatch.context() as patch:
        patch.setattr(replicates, "simulate", cheap)
        campaign = Campaign(variants, store)
        tracemalloc.start()
        campaign.run(
            on_progress=lambda runs, failed: in_use.append(tracemalloc.get_traced_memory()[0])
        )
        yield campaign, in_use
        tracemalloc.stop()


def test_a_run_leaves_nothing_in_memory_but_its_key(measured):
    _, in_use = measured
    runs = 2 * PAIRS - FEW
    first, last = in_use[FEW // 5], in_use[-1]
    assert last - first < 200 * runs


def test_tables_and_curves_take_their_numbers_and_little_more(measured):
    campaign, _ = measured
    tracemalloc.reset_peak()
    before = tracemalloc.get_traced_memory()[0]
    comparison = Comparison(campaign)
    curves = comparison.curves(1, "imported_confirmed_new")
    rows = sum(len(table) for table in comparison.outcomes_tables())
    peak = tracemalloc.get_traced_memory()[1]
    assert rows == 2 * PAIRS
    numbers = rows * len(OUTCOMES) * 8 + curves.nbytes
    assert peak - before < 3 * numbers
