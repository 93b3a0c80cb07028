"""Figures of crossings away from the ports: each attempt counted once, whatever happened."""

import functools

import numpy as np
import pytest
from drawn import check_drawn, check_whole, texts
from shipped import SCENARIOS

from sim import load_scenario, run
from sim.experiment.replicates import Replicates
from sim.view.crossings import AT_THE_LINE, crossing_fates, draw_crossings
from sim.view.figures import draw_all
from sim.view.labels import whole

pytestmark = pytest.mark.slow

BASELINE = load_scenario(SCENARIOS / "baseline.yaml")
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
BY_NAME = {scenario.name: scenario for scenario in (BASELINE, NOBODY, NO_BORDER)}


@functools.cache
def runs_of(name: str, replicates: int = 3) -> Replicates:
    return run(BY_NAME[name], replicates=replicates, ensemble="none")


def test_every_attempt_has_one_fate() -> None:
    replicates = runs_of("baseline", 8)
    fates = crossing_fates(replicates)
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


def test_the_heading_is_that_of_the_outcomes() -> None:
    runs = runs_of("baseline", 8)
    tried = float(np.median(runs.outcome("illegal_attempts")))
    assert f"{whole(tried)} tried to cross illegally" in texts(draw_crossings(runs))


def test_without_a_border_there_is_no_figure() -> None:
    assert "crossings" not in draw_all(runs_of("no_border"), [])
