"""Campaigns: every run once, the same ones whatever happened on the way."""

import numpy as np
import pytest
from faulty_runs import interrupt_after, let_runs_fail
from random_scenarios import a_world, scenario_of

from sim.experiment import replicates
from sim.experiment.campaign import Campaign, Progress, Variant
from sim.experiment.comparison import Comparison
from sim.experiment.ensemble import Member, seeds_only
from sim.experiment.precision import Precision, StoppingRule
from sim.experiment.replicates import simulate
from sim.experiment.run_store import RunStore
from sim.world.draws import Stream

WORLD = scenario_of(a_world())
SHUT = scenario_of(a_world(name="shut", source__exposure=20))
MEMBERS = seeds_only(1, 6)
VARIANTS = [Variant("open", WORLD, MEMBERS), Variant("shut", SHUT, MEMBERS)]


@pytest.fixture
def store(tmp_path):
    with RunStore.open(tmp_path / "runs.sqlite", purpose="test") as opened:
        yield opened


@pytest.fixture
def begun(monkeypatch):
    """Names of the worlds that were run, one per run."""
    names = []
    run_once = replicates.simulate

    def counted(scenario, member, **arguments):
        names.append(scenario.name)
        return run_once(scenario, member, **arguments)

    monkeypatch.setattr(replicates, "simulate", counted)
    return names


def outcomes(campaign):
    return [
        [None if run is None else run.outcomes for run in campaign.runs(number)]
        for number in range(len(campaign.variants))
    ]


def test_runs_are_those_of_the_model_and_are_not_done_again(store, begun):
    campaign = Campaign(VARIANTS, store)
    assert campaign.progress() == Progress(finished=0, failed=0, new=12, others=0)
    campaign.run()
    assert campaign.progress() == Progress(finished=12, failed=0, new=0, others=0)
    assert len(begun) == 12
    expected = simulate(SHUT, Member(4))
    kept = list(campaign.runs(1))[3]
    np.testing.assert_equal(vars(kept), vars(expected))
    np.testing.assert_equal(list(campaign.outcomes(1))[3], expected.outcomes)
    Campaign(VARIANTS, store).run()
    assert len(begun) == 12


@pytest.mark.slow
def test_the_same_results_on_any_number_of_workers(tmp_path):
    found = []
    for workers in (1, 2):
        with RunStore.open(tmp_path / f"{workers}", purpose="test") as store:
            campaign = Campaign(VARIANTS, store)
            campaign.run(workers=workers)
            found.append(outcomes(campaign))
    np.testing.assert_equal(found[0], found[1])


def test_names_and_questions_may_change_but_a_changed_world_is_run_anew(store, begun):
    Campaign(VARIANTS, store).run()
    renamed = WORLD.model_copy(update={"name": "other", "question": "Why?"})
    Campaign([Variant("other", renamed, MEMBERS)], store).run()
    assert len(begun) == 12
    changed = Campaign(
        [Variant("open", scenario_of(a_world(travellers__pool=900)), MEMBERS)], store
    )
    assert changed.progress() == Progress(finished=0, failed=0, new=6, others=12)


def test_one_world_under_two_names_is_run_once(store, begun):
    twice = Campaign([Variant("a", WORLD, MEMBERS), Variant("b", WORLD, MEMBERS)], store)
    twice.run()
    assert len(begun) == 6
    np.testing.assert_equal(outcomes(twice)[0], outcomes(twice)[1])


def test_seed_override_is_another_run(store):
    seed_overrides = Member(1, {}, {(Stream.INCUBATION, 3): 77})
    campaign = Campaign([Variant("open", WORLD, [Member(1), seed_overrides])], store)
    assert campaign.progress().new == 2


def test_a_failing_run_is_kept_as_such_and_tried_again(store, monkeypatch):
    with monkeypatch.context() as patched:
        let_runs_fail(patched, lambda scenario, seed: scenario.name == "shut" and seed == 2)
        campaign = Campaign(VARIANTS, store)
        campaign.run()
        assert campaign.progress() == Progress(finished=11, failed=1, new=0, others=0)
        ((variant, member, failure),) = campaign.failures()
        assert (variant.name, member.seed) == ("shut", 2)
        assert failure.reason == "ArithmeticError: nothing adds up"
        assert "Traceback" in failure.details
        assert campaign.is_done(6)
        comparison = Comparison(campaign)
        assert comparison.places.tolist() == [0, 2, 3, 4, 5]
    campaign.run()
    assert campaign.progress() == Progress(finished=12, failed=0, new=0, others=0)
    assert not campaign.failures()


def test_after_an_interruption_only_what_is_missing_is_run(store, monkeypatch, begun):
    with monkeypatch.context() as patched:
        interrupt_after(patched, 7)
        with pytest.raises(KeyboardInterrupt):
            Campaign(VARIANTS, store).run()
    kept = Campaign(VARIANTS, store).progress().finished
    assert kept == 6
    Campaign(VARIANTS, store).run()
    # Seven were run before, one of them lost with its batch.
    assert len(begun) == 7 + 12 - kept


@pytest.mark.slow
def test_pairs_are_run_together_and_runs_end_when_enough_is_known(store, begun):
    members = seeds_only(1, 100)
    campaign = Campaign([Variant("open", WORLD, members), Variant("shut", SHUT, members)], store)
    wide = StoppingRule(campaign, [Precision("imported_confirmed", 1e6)])
    campaign.run(pairs_at_once=25, enough=wide.enough)
    assert wide.enough()
    assert wide.pairs == 25
    assert begun == ["small_world"] * 25 + ["shut"] * 25
    assert Comparison(campaign, wide.pairs).pairs == 25
    narrow = StoppingRule(campaign, [Precision("imported_confirmed", 1e-9)])
    assert not narrow.enough()
    assert narrow.pairs is None


@pytest.mark.slow
def test_fewer_pairs_are_enough_for_less_precision(tmp_path):
    members = seeds_only(1, 50)
    with RunStore.open(tmp_path / "runs.sqlite", purpose="test") as store:
        variants = [Variant("open", WORLD, members), Variant("shut", SHUT, members)]
        campaign = Campaign(variants, store)
        campaign.run()
        whole = Comparison(campaign).statistics(1, "imported_confirmed").mean_half_width_95
        first = Comparison(campaign, 25).statistics(1, "imported_confirmed").mean_half_width_95
        assert whole < first
        between = StoppingRule(campaign, [Precision("imported_confirmed", (whole + first) / 2)])
        between.enough()
        assert between.pairs == 50


def test_a_comparison_has_tables_of_runs_and_of_differences(store):
    campaign = Campaign(VARIANTS, store)
    campaign.run()
    comparison = Comparison(campaign)
    table = comparison.outcomes_table()
    assert list(table["policy"]) == ["open"] * 6 + ["shut"] * 6
    assert list(table["seed"]) == [1, 2, 3, 4, 5, 6] * 2
    differences = comparison.differences_table().set_index("outcome")
    by_policy = table.set_index(["policy", "seed"])["imported_confirmed"]
    by_hand = by_policy["shut"] - by_policy["open"]
    assert differences.loc["imported_confirmed", "mean"] == pytest.approx(by_hand.mean())
    assert differences.loc["imported_confirmed", "q95"] == np.quantile(by_hand, 0.95)
    curves = comparison.curves(1, "imported_confirmed_cumulative")
    assert curves.shape == (6, WORLD.calendar.days)
    assert (curves[:, -1] == comparison.outcome(1, "imported_confirmed")).all()
