"""Figures of crossings away from the ports: each attempt counted once, whatever happened."""

import functools

import numpy as np
import pytest
from drawn import check_drawn, check_whole, texts
from shipped import SCENARIOS

from sim import load_scenario, run
from sim.experiment.replicates import Replicates
from sim.scenario.schema import Scenario
from sim.view.crossing_fates import AT_THE_LINE, COLORS, crossing_fates
from sim.view.crossings import draw_crossings
from sim.view.crossings_compared import draw_crossings_compared
from sim.view.figures import draw_all, write_comparison
from sim.view.number_text import decimal

pytestmark = pytest.mark.slow

BASELINE = load_scenario(SCENARIOS / "baseline.yaml")
NO_REWARD = load_scenario(
    SCENARIOS / "baseline.yaml", ("name=no_reward_at_all", "policies.rewards=[]")
)
NOBODY = load_scenario(SCENARIOS / "baseline.yaml", ("name=nobody", "travellers.pool=0"))
NO_BORDER = load_scenario(
    SCENARIOS / "baseline.yaml",
    (
        "name=no_border",
        "border=null",
        "policies.patrols={}",
        "policies.sensors={}",
        "policies.rewards=[]",
        "policies.fine=[]",
        "policies.detention=[]",
    ),
)
PORT_OPEN = load_scenario(
    SCENARIOS / "baseline.yaml",
    ("name=port_open", "policies.port_closures={}", "policies.port_capacity={}"),
)
BY_NAME = {
    scenario.name: scenario for scenario in (BASELINE, NO_REWARD, NOBODY, NO_BORDER, PORT_OPEN)
}


@functools.cache
def runs_of(name: str, replicates: int = 3) -> Replicates:
    return run(BY_NAME[name], replicates=replicates, ensemble="none")


def test_every_attempt_has_one_fate() -> None:
    replicates = runs_of("baseline", 8)
    fates = crossing_fates(replicates)
    assert list(fates) == list(COLORS)
    attempts = replicates.outcome("illegal_attempts")
    assert attempts.any()
    np.testing.assert_array_equal(np.sum(list(fates.values()), axis=0), attempts)
    assert min(values.min() for values in fates.values()) >= 0
    seen = replicates.outcome("seen_by_patrols") + replicates.outcome("seen_by_sensors")
    assert (fates[AT_THE_LINE] <= seen).all()


@pytest.mark.parametrize(("name", "replicates"), [("baseline", 3), ("baseline", 1), ("nobody", 2)])
def test_crossings(name: str, replicates: int) -> None:
    fig = draw_crossings(runs_of(name, replicates))
    check_drawn(fig)
    check_whole(fig)
    assert ("nobody tried to cross" in texts(fig)) == (name == "nobody")


def test_crossings_compared() -> None:
    fig = draw_crossings_compared([runs_of("no_reward_at_all", 8), runs_of("baseline", 8)])
    check_drawn(fig)
    check_whole(fig)
    before, after = (
        runs_of(name, 8).outcome("illegal_attempts").mean()
        for name in ("no_reward_at_all", "baseline")
    )
    assert before > after
    assert f"{decimal(after)}, {decimal(before - after)} fewer" in texts(fig)


def test_where_nobody_is_stranded_nobody_is_called_deterred() -> None:
    """Without travellers on the way, or with an open port, there are fewer attempts, no more."""
    for name in ("nobody", "port_open"):
        policy = runs_of(name)
        assert not policy.outcome("stranded_person_days").any()
        shown = texts(draw_crossings_compared([runs_of("baseline"), policy]))
        assert "deterred" not in shown
        assert " fewer\n" in shown


def test_more_attempts_than_the_reference_are_said_to_be_more() -> None:
    fig = draw_crossings_compared([runs_of("baseline", 8), runs_of("no_reward_at_all", 8)])
    assert " more\n" in texts(fig)


def test_nobody_crosses_in_any_scenario() -> None:
    fig = draw_crossings_compared([runs_of("nobody"), runs_of("nobody")])
    check_drawn(fig)
    assert "nobody tried to cross" in texts(fig)


def test_no_seed_in_common() -> None:
    others = run(NO_REWARD, replicates=1, seed=99, ensemble="none")
    fig = draw_crossings_compared([runs_of("baseline"), others])
    check_drawn(fig)
    assert "under each policy" in texts(fig)
    assert "no runs with the same seed" in texts(fig)


def test_without_a_border_there_is_no_figure(tmp_path) -> None:
    assert "crossings" not in draw_all(runs_of("no_border"), [])
    paths = write_comparison([runs_of("baseline"), runs_of("no_border")], tmp_path)
    assert "crossings_compared.png" not in {path.name for path in paths}
    paths = write_comparison([runs_of("no_border"), runs_of("baseline")], tmp_path)
    assert "crossings_compared.png" not in {path.name for path in paths}


def test_very_many_scenarios_with_long_names() -> None:
    def renamed(number: int) -> Scenario:
        name = f"a_scenario_of_a_very_long_name_{number}"
        return BASELINE.model_copy(update={"name": name})

    results = runs_of("baseline").results
    many = [Replicates(renamed(number), results=results) for number in range(9)]
    check_whole(draw_crossings_compared(many))
