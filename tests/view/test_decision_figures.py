"""The figures of a decision: whole, without overlaps, and with the numbers that were computed."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest
from drawn import check_drawn, check_whole, overlaps, said, texts
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.experiment.comparison import Comparison
from sim.experiment.policy_choice import decision_of
from sim.view.labels import about
from sim.view.policies.cost_plane import draw_cost_plane
from sim.view.policies.expected_loss import draw_expected_loss
from sim.view.policies.look import policy_looks
from sim.world.draws import FloatArray

pytestmark = pytest.mark.thorough

LONG = "home_quarantine_with_monitoring_and_tests_on_day_"


@dataclass(frozen=True)
class Drawn:
    """What the figures ask of a comparison."""

    names: tuple[str, ...]
    costs: FloatArray
    infections: FloatArray

    @property
    def policies(self) -> list[SimpleNamespace]:
        return [SimpleNamespace(name=name) for name in self.names]

    @property
    def baseline(self) -> SimpleNamespace:
        return self.policies[0]

    @property
    def pairs(self) -> int:
        return len(self.costs[0])

    def outcome(self, policy: int, name: str) -> FloatArray:
        nobody = np.zeros_like(self.costs)
        table = {"cost_cny": self.costs, "community_infections": self.infections}.get(name, nobody)
        values: FloatArray = table[policy]
        return values


def comparison(names: list[str], extra: FloatArray, averted: FloatArray) -> Comparison:
    """Return policies of these extra costs and infections averted, shape (policies, pairs)."""
    infections = np.linspace(900, 100, extra.shape[1]) - averted
    return cast(Comparison, Drawn(tuple(names), 5e7 + extra, infections))


@functools.cache
def made_up(policies: int, pairs: int, *, long: bool = True) -> Comparison:
    rng = np.random.default_rng(policies)
    effects, prices = rng.uniform(-0.4, 0.9, policies), rng.normal(0, 6e6, policies)
    effects[0] = prices[0] = 0
    spread = rng.lognormal(0, 0.5, pairs)
    averted = np.round(100 * effects[:, None] * spread * rng.lognormal(0, 0.3, (policies, pairs)))
    extra = (np.sign(effects) * effects**2 * 6e7 + prices)[:, None] * rng.lognormal(
        0, 0.2, (policies, pairs)
    )
    names = [f"{LONG}{i}" if long and i % 2 else f"policy_{i}" for i in range(policies)]
    return comparison(names, extra, averted)


def four() -> Comparison:
    """Return a frontier of baseline and best; mixed is in their mixture, worse costs more."""
    around_one = np.array([0.9, 1.0, 1.1])
    extra = np.outer([0, 9e6, 12e6, 20e6], around_one)
    averted = np.outer([0, 10, 30, 20], around_one)
    return comparison(["baseline", "mixed", "best", "worse"], extra, averted)


CASES: dict[str, Callable[[], Comparison]] = {
    "two": lambda: made_up(2, 30),
    "six with long names": lambda: made_up(6, 30),
    "twelve": lambda: made_up(12, 50),
    "four": four,
    "a crowded frontier": lambda: comparison(
        [f"policy_{i}" for i in range(12)],
        np.outer([*(1e4 * np.arange(11) ** 2), 5e7], np.ones(9)),
        np.outer([*np.arange(11), 60], np.ones(9)),
    ),
    "like the baseline": lambda: comparison(
        ["baseline", "same", "same_too"], np.zeros((3, 8)), np.zeros((3, 8))
    ),
    "one pair": lambda: made_up(3, 1),
    "nothing averted": lambda: comparison(
        ["baseline", "dear"], np.outer([0, 1e4], np.ones(5)), np.zeros((2, 5))
    ),
    "hardly different": lambda: comparison(
        ["baseline", "cheaper"], np.outer([0, -3], np.arange(5.0)), np.outer([0, 0.1], np.ones(5))
    ),
}
FIGURES: dict[str, Callable[[Comparison], Figure]] = {
    "cost plane": draw_cost_plane,
    "expected loss": draw_expected_loss,
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("figure", FIGURES)
def test_every_figure_is_whole_and_nothing_overlaps(figure: str, case: str) -> None:
    some = CASES[case]()
    fig = FIGURES[figure](some)
    assert fig.get_figwidth() == pytest.approx(180 / 25.4)
    check_whole(fig)
    assert overlaps(fig) == []
    check_drawn(fig)
    words = said(fig)
    assert "Unit costs are assumptions." in words
    assert ("One pair of runs, " if some.pairs == 1 else f"{some.pairs} pairs of runs, ") in words
    if figure == "cost plane":
        for policy in some.policies:
            assert policy.name.replace("_", " ") in words


def words_in(ax: Axes) -> list[str]:
    """Return what is written in a panel or beside it, without its letter."""
    found = [" ".join(text.get_text().split()) for text in ax.texts]
    return [words for words in found if len(words) > 1]


def lines_of(ax: Axes, color: str, points: int) -> list[Line2D]:
    return [
        line
        for line in ax.lines
        if to_hex(line.get_color()) == color.lower() and len(np.array(line.get_xdata())) == points
    ]


def test_more_than_six_policies_have_a_legend() -> None:
    def in_legend(fig: Figure) -> str:
        return " ".join(text.get_text() for row in fig.legends for text in row.get_texts())

    six, seven = (draw_cost_plane(made_up(of, 10, long=False)) for of in (6, 7))
    assert "policy 3" not in in_legend(six)
    assert all(f"policy {number}" in in_legend(seven) for number in range(7))
    assert "policy 11" in in_legend(draw_expected_loss(CASES["a crowded frontier"]()))


def test_the_plane_marks_the_dominated_and_writes_the_ratios() -> None:
    fig = draw_cost_plane(four())
    clouds, means = fig.axes
    assert "2 of 4 policies are efficient: baseline costs least, best averts most" in said(fig)
    assert set(words_in(means)) == {"baseline", "mixed", "worse", "best (400,000 CNY)"}
    for ax in (clouds, means):
        marks = {
            to_hex(line.get_color()): to_hex(line.get_markerfacecolor())
            for line in ax.lines
            if line.get_marker() not in ("", "None", None, ".")
        }
        expected = [look.color.lower() for look in policy_looks(4)]
        assert marks == {
            color: color if policy in (0, 2) else "#ffffff" for policy, color in enumerate(expected)
        }
    (frontier,) = (line for line in means.lines if np.array_equal(line.get_xdata(), [0, 30]))
    assert np.array(frontier.get_ydata()) == pytest.approx([0, 12e6])
    assert "better to the right" in means.get_xlabel()
    assert "better below" in means.get_ylabel()


def test_every_ratio_of_a_frontier_is_written() -> None:
    some = made_up(12, 50)
    frontier = decision_of(some).frontier()
    assert len(frontier.ratios) > 1
    for ratio in frontier.ratios:
        assert f"({about(ratio)} CNY)" in said(draw_cost_plane(some))


def test_losses_and_probabilities_are_those_of_the_policies_that_win_somewhere() -> None:
    fig = draw_expected_loss(four())
    losses, shares = fig.axes
    curves = decision_of(four()).curves()
    assert (
        "Highest net benefit: baseline below 400,000 CNY per averted infection, best above it"
        in said(fig)
    )
    assert "left out: mixed, worse." in said(fig)
    looks = policy_looks(4)
    for policy in (0, 2):
        (line,) = lines_of(losses, looks[policy].color, len(curves.thresholds))
        floor = losses.get_ylim()[0]
        assert np.array(line.get_ydata()) == pytest.approx(
            np.maximum(curves.loss[:, policy], floor)
        )
        (line,) = lines_of(shares, looks[policy].color, len(curves.thresholds))
        assert np.array(line.get_ydata()) == pytest.approx(100 * curves.probability[:, policy])
    broad = [np.array(line.get_ydata()) for line in shares.lines if line.get_linewidth() > 5]
    assert np.nansum(broad, axis=0) == pytest.approx(100 * curves.frontier)
    assert set(words_in(losses)) == set(words_in(shares)) == {"baseline", "best"}


def test_a_policy_to_choose_is_shown_even_if_it_never_wins() -> None:
    # Half of the pairs each of the others is best, and by much the worst in the other half.
    extra = np.array([[0, 0, 0, 0], [-9e6, 9.1e6, -9e6, 9.1e6], [-1e6, -1e6, -1e6, -1e6],
                      [9.1e6, -9e6, 9.1e6, -9e6]])  # fmt: skip
    some = comparison(["baseline", "one", "middle", "other"], extra, np.zeros((4, 4)))
    assert "Highest net benefit: middle, at 1,000 to 10 million CNY per averted infection" in said(
        draw_expected_loss(some)
    )
    assert "middle" in words_in(draw_expected_loss(some).axes[0])


@pytest.mark.parametrize("draw", [draw_cost_plane, draw_expected_loss])
def test_where_nothing_differs_no_policy_is_called_better(draw) -> None:
    fig = draw(CASES["like the baseline"]())
    assert "No policy costs or averts anything else than baseline" in texts(fig)
