"""PRIM: a box that is planted is found, with its limits, whichever Workbench is installed."""

import logging
import math
import subprocess
import sys

import matplotlib
import numpy as np
import pandas as pd
import pytest

from sim.experiment import discovery
from sim.experiment.discovery import (
    Discovery,
    best_box,
    correlation,
    discover,
    firmness,
    simplified,
)
from sim.experiment.prim import (
    ABOVE,
    AMONG,
    BELOW,
    Box,
    Interval,
    Levels,
    WorkbenchMissing,
    peeling_trajectory,
)

POINTS, PAIRS = 40, 6


def planted(cases: int = 1000) -> tuple[pd.DataFrame, np.ndarray]:
    """Return four uniform inputs and a categorical one, and the cases in a box of three of them."""
    rng = np.random.default_rng(1)
    inputs = pd.DataFrame(rng.random((cases, 4)), columns=["a", "b", "c[0].d", "e"])
    inputs["kind"] = rng.choice(["one", "two", "three"], cases)
    inside = (inputs["a"] > 0.4) & (inputs["b"] < 0.7) & (inputs["kind"] != "two")
    return inputs, inside.to_numpy()


def crossed() -> tuple[pd.DataFrame, np.ndarray, np.ndarray, np.ndarray]:
    """Return inputs of points and of pairs, the cases with a large one, their points and pairs."""
    rng = np.random.default_rng(2)
    points, pairs = np.repeat(np.arange(POINTS), PAIRS), np.tile(np.arange(PAIRS), POINTS)
    inputs = pd.DataFrame(rng.random((POINTS, 2))[points], columns=["matters", "not"])
    inputs["fitted"] = rng.random(PAIRS)[pairs]
    chance = 1 / (1 + np.exp(-12 * (inputs["matters"] - 0.6)))
    return inputs, rng.random(len(points)) < chance.to_numpy(), points, pairs


def boxes_with(found: Discovery, limits: object) -> int:
    """Return the first of the boxes that has such limits."""
    return [box.limits for box in found.boxes].index(limits)


@pytest.mark.slow
def test_a_planted_box_is_found_with_its_limits_and_nothing_else_is_restricted():
    inputs, of_interest = planted()
    boxes = peeling_trajectory(inputs, of_interest)
    box = simplified(boxes[best_box(boxes)], inputs, of_interest)
    assert set(box.limits) == {"a", "b", "kind"}
    assert box.limits["a"].low == pytest.approx(0.4, abs=0.03)
    assert box.limits["a"].high == math.inf
    assert box.limits["b"].high == pytest.approx(0.7, abs=0.03)
    assert box.limits["b"].low == -math.inf
    assert box.limits["kind"] == Levels(("one", "three"))
    assert box.coverage > 0.93
    assert box.density > 0.93


def test_the_trajectory_begins_with_all_cases_and_says_the_truth_about_every_box():
    inputs, of_interest = planted()
    boxes = peeling_trajectory(inputs, of_interest)
    assert boxes[0] == Box(1.0, pytest.approx(of_interest.mean()), 1.0, {})
    assert len(boxes) > 10
    for box in boxes:
        inside = box.contains(inputs)
        assert box.mass == pytest.approx(inside.mean())
        assert box.density == pytest.approx(of_interest[inside].mean())
        assert box.coverage == pytest.approx(inside[of_interest].mean())


@pytest.mark.slow
def test_the_order_of_steps_does_not_depend_on_the_process():
    script = (
        "import numpy as np, pandas as pd\n"
        "from sim.experiment.prim import peeling_trajectory\n"
        "kinds = [f'level {i}' for i in range(8)]\n"
        "inputs = pd.DataFrame({'kind': kinds * 20, 'other': (kinds[::-1] + kinds) * 10})\n"
        "of_interest = np.arange(160) % 8 < 3\n"
        "print(peeling_trajectory(inputs, of_interest))\n"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={"PYTHONHASHSEED": str(seed), "PYTHONPATH": ":".join(filter(None, sys.path))},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in (1, 2)
    }
    assert len(said) == 1
    assert "level" in said.pop()


@pytest.mark.parametrize("interest", [False, True])
def test_without_cases_of_interest_and_with_only_such_cases_there_is_one_box(interest):
    inputs, _ = planted(50)
    of_interest = np.full(50, interest)
    found = discover(inputs, of_interest, np.arange(50), np.zeros(50, dtype=int))
    assert found.boxes == [Box(float(interest), float(interest), 1.0, {})]
    assert found.firmness is None


@pytest.mark.slow
def test_the_chosen_box_is_one_of_those_that_were_passed_unless_it_is_simpler(monkeypatch):
    monkeypatch.setattr(discovery, "SEARCHES", 2)
    inputs = pd.DataFrame({"x": np.linspace(0, 1, 80)})
    found = discover(inputs, (inputs["x"] > 0.5).to_numpy(), np.arange(80), np.zeros(80))
    assert found.passed == len(found.boxes)
    assert set(found.box.limits) == {"x"}
    inputs, of_interest = planted(200)
    noisy = of_interest | (np.random.default_rng(5).random(200) < 0.2)
    found = discover(inputs, noisy, np.arange(200), np.zeros(200))
    assert (found.passed, found.chosen) in (
        (len(found.boxes), boxes_with(found, found.box.limits)),
        (len(found.boxes) - 1, len(found.boxes) - 1),
    )


def test_inputs_that_do_not_vary_are_no_inputs():
    inputs, of_interest = planted()
    same = inputs.assign(same=1.0, level="only")
    assert peeling_trajectory(same, of_interest) == peeling_trajectory(inputs, of_interest)
    boxes = peeling_trajectory(same[["same", "level"]], of_interest)
    assert [box.limits for box in boxes] == [{}]


def test_the_chosen_box_has_the_largest_correlation_of_inside_and_of_interest():
    inputs, of_interest = planted()
    boxes = peeling_trajectory(inputs, of_interest)
    phi = [
        np.corrcoef(box.contains(inputs), of_interest)[0, 1] if box.limits else 0 for box in boxes
    ]
    assert [correlation(box, boxes[0].density) for box in boxes] == pytest.approx(phi)
    assert best_box(boxes) == int(np.argmax(phi))


def test_a_restriction_goes_only_if_it_adds_next_to_nothing():
    inputs, of_interest = planted()
    needed = {
        "a": Interval(0.4, math.inf),
        "b": Interval(-math.inf, 0.7),
        "kind": Levels(("one", "three")),
    }
    spare = {**needed, "e": Interval(0.005, 0.995)}
    box = Box(1.0, 1.0, float(of_interest.mean()), spare)
    assert simplified(box, inputs, of_interest).limits == needed


@pytest.mark.slow
def test_what_matters_comes_back_when_points_and_pairs_are_drawn_anew_and_chance_does_not(
    monkeypatch,
):
    searches = 20
    monkeypatch.setattr(discovery, "SEARCHES", searches)
    found = firmness(*crossed())
    assert found.returns["matters", ABOVE] == searches
    for name in ("not", "fitted"):
        for side in (ABOVE, BELOW):
            assert found.returns.get((name, side), 0) < 0.5 * searches
    assert 0.5 < found.density < 1
    assert 0.5 < found.coverage < 1
    assert firmness(*crossed()) == found


@pytest.mark.slow
def test_what_is_found_by_chance_alone_does_not_hold_for_points_that_were_left_out():
    inputs, _, points, pairs = crossed()
    luck = np.random.default_rng(3).random(POINTS)[points] < 0.3
    found = discover(inputs, luck, points, pairs)
    assert found.firmness.density < found.box.density - 0.05


def test_sides_are_those_that_a_box_cuts():
    limits = {"x": Interval(0, 1), "y": Interval(-math.inf, 1), "kind": Levels(("one",))}
    cuts = [("x", ABOVE), ("x", BELOW), ("y", BELOW), ("kind", AMONG)]
    assert Box(1, 1, 1, limits).restrictions == cuts
    assert Interval(0, 1).without(ABOVE) == Interval(-math.inf, 1)
    assert Interval(0, math.inf).without(ABOVE) is None


def test_the_workbench_leaves_logging_and_the_look_of_figures_alone():
    before = dict(matplotlib.rcParams), logging.getLogger("EMA").level, list(logging.root.handlers)
    peeling_trajectory(*planted(200))
    after = dict(matplotlib.rcParams), logging.getLogger("EMA").level, list(logging.root.handlers)
    assert after == before


def test_without_the_workbench_the_message_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "ema_workbench.analysis.prim", None)
    with pytest.raises(WorkbenchMissing, match=r"pip install 'bordersim\[discovery\]'"):
        peeling_trajectory(*planted(200))
