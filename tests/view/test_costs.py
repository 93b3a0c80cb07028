"""The figure of costs: parts that add up, and words where a ratio would mislead."""

import functools
from dataclasses import replace

import numpy as np
import pytest
from drawn import check_drawn, check_whole, texts
from shipped import SCENARIOS

from sim import load_scenario, run
from sim.experiment.cost_effectiveness import CostEffectiveness
from sim.experiment.replicates import Replicates
from sim.view.cost_parts import cost_groups
from sim.view.cost_table import verdict
from sim.view.costs import draw_costs
from sim.view.figures import draw_all, write_comparison

pytestmark = pytest.mark.slow


@functools.cache
def runs_of(*settings: str, replicates: int = 3) -> Replicates:
    return run(
        load_scenario(SCENARIOS / "baseline.yaml", settings), replicates=replicates, ensemble="none"
    )


NO_LOCKDOWN = ("name=no_lockdown_at_all", "policies.lockdown={}")
FREE = ("name=free", "costs={}", "policies.rewards=[]")


def test_groups_add_up_to_the_bill() -> None:
    all_replicates = [runs_of(), runs_of(*NO_LOCKDOWN)]
    groups = cost_groups(all_replicates)
    for replicates, of in zip(all_replicates, groups, strict=True):
        assert sum(of.values()) == pytest.approx(replicates.outcome("cost_cny").mean())
    assert list(groups[0]) == list(groups[1])
    assert groups[0]["lockdown"] > 0 == groups[1]["lockdown"]


@pytest.mark.parametrize(
    "others", [(), (NO_LOCKDOWN,), (NO_LOCKDOWN, ("name=shut", "travellers.pool=0"))]
)
def test_costs(others: tuple[tuple[str, ...], ...]) -> None:
    fig = draw_costs([runs_of(), *(runs_of(*settings) for settings in others)])
    check_drawn(fig)
    check_whole(fig)
    assert len(fig.axes) == 2 + bool(others)


def test_without_a_lockdown_there_is_one_panel_of_bars() -> None:
    assert len(draw_costs([runs_of(*NO_LOCKDOWN)]).axes) == 1


def test_one_run_and_no_seed_in_common() -> None:
    check_whole(draw_costs([runs_of(replicates=1), runs_of(*NO_LOCKDOWN, replicates=1)]))
    elsewhere = run(runs_of().scenario, replicates=1, seed=99, ensemble="none")
    assert "no runs with the same seed" in texts(draw_costs([runs_of(), elsewhere]))


def test_where_nothing_has_a_price_there_is_no_figure(tmp_path) -> None:
    free = runs_of(*FREE)
    assert "costs" not in draw_all(free, [])
    names = {path.name for path in write_comparison([runs_of(), free], tmp_path)}
    assert "costs_compared.png" not in names
    fig = draw_costs([free, free])
    check_drawn(fig)
    assert "nothing has a price" in texts(fig)


@pytest.mark.parametrize(
    ("extra", "averted", "words"),
    [
        (50_000, 2, "25,000 CNY per infection averted"),
        (-50_000, 2, "cheaper and fewer infections"),
        (0, 2, "cheaper and fewer infections"),
        (50_000, -2, "costs more and adds infections"),
        (50_000, 0, "no fewer infections"),
        (-50_000, -2, "cheaper, but more infections"),
    ],
)
def test_words_for_dominance(extra: float, averted: float, words: str) -> None:
    assert verdict(CostEffectiveness(np.full(4, extra), np.full(4, averted))) == words


def test_the_ratio_is_that_of_the_totals() -> None:
    reference = runs_of()
    changed = Replicates(
        reference.scenario.model_copy(update={"name": "changed"}),
        results=[
            replace(
                result,
                outcomes={
                    **result.outcomes,
                    "cost_cny": result.outcomes["cost_cny"] + 9000,
                    "community_infections": result.outcomes["community_infections"] - number,
                },
            )
            for number, result in enumerate(reference.results)
        ],
    )
    # Three pairs: 27,000 CNY more, and 0 + 1 + 2 infections fewer.
    words = texts(draw_costs([reference, changed]))
    assert "9,000 CNY per infection averted (uncertain)" in words
