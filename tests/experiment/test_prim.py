"""PRIM: each step is the one expected, and a planted box is found with its limits."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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


def test_the_trajectory_begins_with_all_cases():
    inputs, of_interest = planted()
    boxes = peeling_trajectory(inputs, of_interest)
    assert boxes[0] == Box(1.0, pytest.approx(of_interest.mean()), 1.0, {})
    assert len(boxes) > 10


def test_a_rectangle_in_noise_is_peeled_side_by_side():
    x, y = np.divmod(np.arange(100.0), 10)
    inputs = pd.DataFrame({"x": x, "y": y})
    of_interest = (x < 5) & (y >= 5)
    of_interest[[22, 37]] = [True, False]
    boxes = peeling_trajectory(inputs, of_interest)
    of_x = [{"x": Interval(-math.inf, limit)} for limit in (8.5, 7.5, 6.5, 5.5, 4.5)]
    of_both = [{**of_x[-1], "y": Interval(limit, math.inf)} for limit in (0.5, 1.5, 2.5, 3.5, 4.5)]
    assert [box.limits for box in boxes] == [{}, *of_x, *of_both]
    assert [box.mass for box in boxes] == [
        1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.45, 0.4, 0.35, 0.3, 0.25
    ]  # fmt: skip
    assert [box.coverage for box in boxes] == [1] * 8 + [24 / 25] * 3
    assert [box.density for box in boxes[-3:]] == [24 / 35, 24 / 30, 24 / 25]


def test_of_an_input_without_a_scale_the_worst_level_goes_first():
    kinds = np.repeat(["one", "two", "three", "four"], 10)
    of_interest = np.repeat([1, 0, 1, 0, 1, 0, 0], [10, 9, 1, 2, 6, 2, 10]).astype(bool)
    boxes = peeling_trajectory(pd.DataFrame({"kind": kinds}), of_interest)
    assert [box.limits for box in boxes] == [
        {},
        {"kind": Levels(("one", "three", "two"))},
        {"kind": Levels(("one", "three"))},
        {"kind": Levels(("one",))},
    ]
    assert [box.density for box in boxes] == [17 / 40, 17 / 30, 16 / 20, 1]


def test_of_an_input_with_few_values_a_whole_value_goes_at_a_time():
    sizes = np.repeat([1.0, 2.0, 5.0], [10, 20, 10])
    boxes = peeling_trajectory(pd.DataFrame({"size": sizes}), sizes == 2)
    assert [box.limits for box in boxes] == [
        {},
        {"size": Interval(-math.inf, 3.5)},
        {"size": Interval(1.5, 3.5)},
    ]


def test_no_box_has_less_than_a_twentieth_of_the_cases():
    values = np.arange(200.0)
    boxes = peeling_trajectory(pd.DataFrame({"x": values}), values == 199)
    assert [box.mass >= 0.05 for box in boxes] == [True] * len(boxes)
    assert boxes[-1].mass < 0.055
    assert boxes[-1].density < 1


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 150), st.booleans())
def test_every_box_says_the_truth_lies_in_the_one_before_and_is_denser(seed, cases, whole):
    rng = np.random.default_rng(seed)
    inputs = pd.DataFrame({"x": rng.random(cases), "y": rng.normal(size=cases)})
    inputs["kind"] = rng.choice(["one", "two", "three"], cases)
    if whole:
        inputs["y"] = np.rint(inputs["y"])
    of_interest = rng.random(cases) < inputs["x"] / 2
    boxes = peeling_trajectory(inputs, of_interest)
    before = np.ones(cases, dtype=bool)
    for number, box in enumerate(boxes):
        inside = box.contains(inputs)
        assert not (inside & ~before).any()
        assert box.mass * cases == pytest.approx(inside.sum())
        assert box.density == of_interest[inside].mean()
        assert box.coverage * of_interest.sum() == pytest.approx((inside & of_interest).sum())
        assert not number or (box.density > boxes[number - 1].density and box.mass >= 0.05)
        before = inside


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
    chance = np.random.default_rng(3).random(POINTS)[points] < 0.3
    found = discover(inputs, chance, points, pairs)
    assert found.firmness.density < found.box.density - 0.05


def test_sides_are_those_that_a_box_cuts():
    limits = {"x": Interval(0, 1), "y": Interval(-math.inf, 1), "kind": Levels(("one",))}
    cuts = [("x", ABOVE), ("x", BELOW), ("y", BELOW), ("kind", AMONG)]
    assert Box(1, 1, 1, limits).restrictions == cuts
    assert Interval(0, 1).without(ABOVE) == Interval(-math.inf, 1)
    assert Interval(0, math.inf).without(ABOVE) is None
