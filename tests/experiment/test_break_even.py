"""Whether rewards pay: paired with the same world without a reward, nothing lost on the way."""

import numpy as np
import pytest
from faulty_runs import interrupt_after, let_runs_fail
from shipped import BASELINE, SCENARIOS

from sim import load_scenario
from sim.experiment.break_even import (
    BreakEven,
    break_even,
    why_not,
    with_reward,
    without_reward,
)
from sim.experiment.cost_effectiveness import CostEffectiveness
from sim.experiment.ensemble import Member, seeds_only
from sim.experiment.pairs import half_width
from sim.experiment.parameters import world_digest
from sim.experiment.replicates import run, simulate
from sim.scenario.checks import check_scenario
from sim.scenario.loader import read_scenario
from sim.scenario.schema import Scenario

SCENARIO = load_scenario(BASELINE)


@pytest.fixture(scope="module")
def grid() -> BreakEven:
    return break_even(SCENARIO, [3, 0.3, 3], [1.0, 0.0], members=seeds_only(4, 3))


def test_a_variant_is_the_scenario_that_its_settings_say():
    settings = (
        "border.informants.b1=1.25",
        "policies.rewards=[{from: 2020-04-13, report: 1500 CNY, capture: 2500 CNY}]",
    )
    variant = with_reward(SCENARIO, 0.5, 1.25)
    assert world_digest(variant) == world_digest(load_scenario(BASELINE, settings))
    assert not list(check_scenario(variant))
    # What goes to another process is data, which is read anew there.
    assert Scenario.model_validate(variant.to_data()) == variant
    no_reward = load_scenario(BASELINE, ("policies.rewards=[]",))
    assert world_digest(without_reward(SCENARIO)) == world_digest(no_reward)


def test_without_a_reward_the_response_has_no_effect():
    for response in (-3.0, 3.0):
        settings = ("policies.rewards=[]", f"border.informants.b1={response}")
        scenario, (warning,) = read_scenario(BASELINE, settings)
        assert warning.field == "border.informants.b1"
        np.testing.assert_equal(
            simulate(scenario, Member(2)).outcomes,
            simulate(without_reward(SCENARIO), Member(2)).outcomes,
        )


def test_the_grid_is_ordered_and_paired_with_no_reward(grid):
    assert (grid.rewards, grid.responses) == ([0.3, 3], [0.0, 1.0])
    assert set(grid.cells) == {(0, 0), (0, 1), (1, 0), (1, 1)}
    none = run(without_reward(SCENARIO), members=seeds_only(4, 3))
    some = run(with_reward(SCENARIO, 3, 1.0), members=seeds_only(4, 3))

    def fewer(outcome):
        return (none.outcome(outcome) - some.outcome(outcome)).mean()

    assert grid.averted[1, 1] == pytest.approx(fewer("infections_at_large"))
    assert grid.extra_cost[1, 1] == pytest.approx(-fewer("cost_cny"))
    assert grid.deterred[1, 1] == pytest.approx(fewer("illegal_attempts"))
    by_residents = ("caught_on_report", "captured_by_residents")
    assert grid.found[1, 1] == pytest.approx(sum(some.outcome(o).mean() for o in by_residents))
    assert grid.found_more[1, 1] == pytest.approx(-sum(map(fewer, by_residents)))


def test_the_table_has_a_row_a_cell_and_agrees_with_the_grid(grid):
    table = grid.table(worth=50_000)
    assert list(zip(table["response_b1"], table["reward_multiple"], strict=True)) == [
        (0.0, 0.3), (0.0, 3), (1.0, 0.3), (1.0, 3),
    ]  # fmt: skip
    assert (table["pairs"] == 3).all()
    np.testing.assert_allclose(table["infections_averted"], grid.averted.ravel())
    np.testing.assert_allclose(
        table["net_benefit_cny"], 50_000 * table["infections_averted"] - table["extra_cost_cny"]
    )
    np.testing.assert_allclose(table["net_benefit_cny"], grid.net_benefit(50_000).ravel())
    ratio = table["extra_cost_cny"] / table["infections_averted"]
    averts = table["infections_averted"] > 0
    np.testing.assert_allclose(table["cost_per_infection_averted_cny"][averts], ratio[averts])
    assert table["cost_per_infection_averted_cny"][~averts].isna().all()


@pytest.mark.slow
def test_processes_change_nothing(grid):
    other = break_even(SCENARIO, [0.3, 3], [0.0, 1.0], members=seeds_only(4, 3), workers=2)
    assert other.table(1.0).equals(grid.table(1.0))


def test_progress_counts_every_run():
    seen = []
    break_even(SCENARIO, [1], [0.0, 1.0], members=seeds_only(1, 2), on_progress=seen.append)
    assert sum(seen) == 6


def test_failed_runs_are_named_and_the_other_pairs_kept(monkeypatch):
    let_runs_fail(
        monkeypatch,
        when=lambda scenario, seed: seed == 2 and scenario.border.informants.b1 == 1.5,
    )
    result = break_even(SCENARIO, [1, 2], [1.5], members=seeds_only(1, 3))
    assert [(name, failure.seed) for name, failure in result.failures] == [
        ("1 x reward, b1 = 1.5", 2),
        ("2 x reward, b1 = 1.5", 2),
    ]
    assert [len(cell.deterred) for cell in result.cells.values()] == [2, 2]


def test_cells_without_pairs_are_not_numbers(monkeypatch):
    let_runs_fail(monkeypatch)
    result = break_even(SCENARIO, [1], [0.5], members=seeds_only(1, 1))
    assert result.cells == {}
    assert np.isnan(result.averted).all()
    assert result.table(1.0).empty


def test_an_interruption_keeps_the_cells_that_were_done(monkeypatch):
    interrupt_after(monkeypatch, runs=5)
    result = break_even(SCENARIO, [1, 2, 3], [0.5], members=seeds_only(1, 2))
    assert result.interrupted
    assert [(cell.reward, len(cell.deterred)) for cell in result.cells.values()] == [(1, 2), (2, 1)]


def test_what_has_no_border_or_reward_is_refused():
    assert "no rewards" in why_not(without_reward(SCENARIO))
    study = load_scenario(SCENARIOS / "studies" / "quilty_2020.yaml")
    assert "no border" in why_not(study)
    assert why_not(SCENARIO) == ""
    with pytest.raises(ValueError, match="no border"):
        break_even(study, [1], [1], members=seeds_only(1, 1))


def test_cost_effectiveness_by_hand():
    against = CostEffectiveness(np.array([100.0, 300.0]), np.array([1.0, 3.0]))
    assert against.cost_per_averted == 100
    assert against.net_benefit(150) == 100
    assert not against.certain
    none = CostEffectiveness(np.array([100.0, 300.0]), np.array([1.0, -1.0]))
    assert np.isnan(none.cost_per_averted)
    nothing = CostEffectiveness(np.zeros(0), np.zeros(0))
    assert np.isnan(nothing.cost_per_averted)
    assert np.isnan(nothing.net_benefit(1))
    assert not nothing.certain


def test_half_width_is_that_of_students_t():
    # t with 4 degrees of freedom, 97.5 %: 2.776; standard deviation the root of 5, five values.
    values = np.array([-1.0, -1.0, 0.0, 1.0, 1.0]) * np.sqrt(5)
    assert half_width(values) == pytest.approx(2.776, abs=1e-3)
    assert half_width(values[:1]) == np.inf
