"""Decisions under an unknown willingness to pay: closed forms and identities."""

from fractions import Fraction
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from sim.experiment.comparison import Comparison
from sim.experiment.policy_choice import THRESHOLDS, Decision, Standing, decision_of
from sim.world.draws import FloatArray

EFFICIENT, DOMINATED, EXTENDEDLY = Standing
PAIRS = 4
"""A power of two, so that means of whole numbers are exact."""


def decision(costs: list[list[float]], averted: list[list[float]]) -> Decision:
    """Return a decision from costs and infections averted, the baseline averting none."""
    return Decision(np.array(costs, dtype=float), 1000.0 - np.array(averted, dtype=float))


def of_means(*points: tuple[float, float]) -> Decision:
    """Return a decision between policies of this extra cost and so many infections averted."""
    return decision(
        [[cost - 1, cost + 1] for cost, _ in points], [[n - 0.5, n + 0.5] for _, n in points]
    )


@st.composite
def decisions(draw: st.DrawFn) -> Decision:
    shape = draw(st.integers(1, 6)), PAIRS
    costs = draw(arrays(np.int64, shape, elements=st.integers(-9, 9)))
    infections = draw(arrays(np.int64, shape, elements=st.integers(0, 9)))
    return Decision(costs.astype(np.float64), infections.astype(np.float64))


thresholds = st.lists(st.integers(0, 30), min_size=1, max_size=5).map(
    lambda some: np.array(some, dtype=np.float64)
)


def test_a_hand_made_frontier() -> None:
    frontier = of_means((0, 0), (10, 1), (20, 2), (12, 3), (30, 5), (12, 3), (5, -1)).frontier()
    assert frontier.path == (0, 3, 4)
    assert frontier.ratios == (4.0, 9.0)
    assert frontier.standings == (
        EFFICIENT,
        EXTENDEDLY,
        DOMINATED,
        EFFICIENT,
        EFFICIENT,
        EFFICIENT,
        DOMINATED,
    )
    assert frontier.reigns(1, 100) == [(0, 1, 4), (3, 4, 9), (4, 9, 100)]
    assert frontier.reigns(5, 8) == [(3, 5, 8)]


def test_a_cheaper_policy_that_averts_more_dominates_the_baseline() -> None:
    frontier = of_means((0, 0), (-5, 2), (-9, -1)).frontier()
    assert frontier.path == (2, 1)
    assert list(frontier.ratios) == pytest.approx([4 / 3])
    assert frontier.standings == (DOMINATED, EFFICIENT, EFFICIENT)


def test_where_all_are_equal_the_baseline_stands_for_them() -> None:
    equal = of_means((0, 0), (0, 0), (0, 0))
    assert equal.frontier().path == (0,)
    assert set(equal.frontier().standings) == {EFFICIENT}
    curves = equal.curves()
    assert not curves.chosen.any()
    assert curves.probability == pytest.approx(1 / 3)
    assert not curves.loss.any()


@given(decisions())
def test_standings_are_what_their_definitions_say(some: Decision) -> None:
    points = [
        (Fraction(extra), Fraction(fewer))
        for extra, fewer in zip(
            some.extra_costs.mean(axis=1), some.averted.mean(axis=1), strict=True
        )
    ]
    crossings = {(a[0] - b[0]) / (a[1] - b[1]) for a in points for b in points if a[1] != b[1]} | {
        Fraction(0)
    }
    beyond = max(crossings) + 1
    thresholds = [value for value in crossings if value >= 0] + [beyond]
    for point, standing in zip(points, some.frontier().standings, strict=True):
        if any(
            other != point and other[0] <= point[0] and other[1] >= point[1] for other in points
        ):
            assert standing is DOMINATED
            continue
        best = any(
            all(value * (point[1] - n) >= point[0] - cost for cost, n in points)
            for value in thresholds
        )
        assert standing is (EFFICIENT if best else EXTENDEDLY)


@given(decisions())
def test_ratios_rise_and_say_which_policy_is_chosen(some: Decision) -> None:
    frontier = some.frontier()
    assert list(frontier.ratios) == sorted(frontier.ratios)
    for policy, begin, end in frontier.reigns(0.25, 50.0):
        (expected,) = some.curves(np.array([(begin + end) / 2])).expected
        # Policies with equal means differ by rounding.
        assert expected[policy] == pytest.approx(expected.max())


@given(decisions(), thresholds)
def test_identities(some: Decision, thresholds: FloatArray) -> None:
    curves = some.curves(thresholds)
    assert curves.probability.sum(axis=1) == pytest.approx(1)
    assert (curves.loss >= 0).all()
    at_chosen = np.take_along_axis(curves.loss, curves.chosen[:, None], axis=1)[:, 0]
    assert at_chosen == pytest.approx(curves.perfect_information)
    benefits = np.stack(list(some.net_benefits(thresholds)))
    assert benefits.shape == (len(thresholds), *some.costs.shape)
    assert not benefits[:, 0].any()
    foreseen = benefits.max(axis=1).mean(axis=1)
    assert curves.perfect_information == pytest.approx(foreseen - curves.expected.max(axis=1))
    assert (curves.frontier <= curves.probability.max(axis=1)).all()


@given(decisions(), thresholds, st.integers(-1000, 1000))
def test_a_cost_that_all_policies_have_changes_nothing(
    some: Decision, thresholds: FloatArray, cost: int
) -> None:
    before, after = (
        some.curves(thresholds),
        Decision(some.costs + cost, some.infections).curves(thresholds),
    )
    for name in ("expected", "probability", "loss"):
        assert (getattr(before, name) == getattr(after, name)).all()


def test_the_expected_benefit_decides_and_not_the_probability() -> None:
    # Averts 1 in two pairs of three, against 9 in one of three.
    curves = decision([[0, 0, 0]] * 2, [[0, 0, 0], [-1, -1, 9]]).curves(np.array([100.0]))
    assert curves.probability[0] == pytest.approx([2 / 3, 1 / 3])
    assert curves.chosen.tolist() == [1]
    assert curves.frontier == pytest.approx([1 / 3])
    assert curves.loss[0] == pytest.approx([300, 200 / 3])
    assert curves.perfect_information == pytest.approx([200 / 3])


def test_information_about_a_normal_benefit_is_worth_the_unit_normal_loss() -> None:
    pairs, mean, spread = 20_000, 3.0, 5.0
    benefit = stats.norm.ppf((np.arange(pairs) + 0.5) / pairs, mean, spread)
    curves = Decision(np.stack([0 * benefit, -benefit]), np.zeros((2, pairs))).curves()
    expected = spread * stats.norm.pdf(mean / spread) - mean * stats.norm.sf(mean / spread)
    assert curves.perfect_information == pytest.approx(expected, rel=1e-3)
    assert curves.frontier == pytest.approx(stats.norm.cdf(mean / spread), abs=1e-4)
    assert curves.thresholds is THRESHOLDS


def test_the_error_of_a_loss_is_that_of_a_mean() -> None:
    losses = np.array([1.0, 2.0, 4.0, 4.0, 9.0])
    curves = Decision(np.stack([losses, 0 * losses]), np.zeros((2, 5))).curves(np.array([5.0]))
    low, high = stats.t.interval(0.95, 4, losses.mean(), stats.sem(losses))
    assert curves.loss_half_width_95[0] == pytest.approx([(high - low) / 2, 0])
    one = decision([[0], [1]], [[0], [0]]).curves(np.array([5.0]))
    assert np.isinf(one.loss_half_width_95).all()


def test_what_cannot_be_decided() -> None:
    with pytest.raises(ValueError, match="no pairs"):
        Decision(np.zeros((2, 0)), np.zeros((2, 0)))
    with pytest.raises(ValueError, match="same policies and pairs"):
        Decision(np.zeros((2, 3)), np.zeros((2, 4)))


def test_costs_and_infections_come_from_the_comparison() -> None:
    tables = {
        "cost_cny": [[1.0, 2.0], [3.0, 4.0]],
        "community_infections": [[5.0, 6.0], [7.0, 8.0]],
    }
    comparison = SimpleNamespace(
        policies=[None, None], outcome=lambda policy, name: np.array(tables[name][policy])
    )
    some = decision_of(cast(Comparison, comparison))
    assert some.extra_costs.tolist() == [[0, 0], [2, 2]]
    assert some.averted.tolist() == [[0, 0], [-2, -2]]
