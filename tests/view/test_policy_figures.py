"""Figures of a comparison: forest plot and fan chart, of few and of many policies."""

from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from drawn import check_apart, check_drawn, check_whole, panels, said, texts
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from shipped import SCENARIOS

from sim import load_scenario
from sim.experiment.campaign import Campaign, Variant
from sim.experiment.comparison import Comparison
from sim.experiment.curve_depth import central_envelope, modified_band_depth
from sim.experiment.ensemble import seeds_only
from sim.experiment.outcome_registry import COMPARED
from sim.experiment.run_store import RunStore
from sim.view.days import positions
from sim.view.number_text import interval
from sim.view.outcome_words import difference_words, title_of_outcome
from sim.view.policies.fan_chart import draw_fan_chart
from sim.view.policies.forest import draw_forest
from sim.view.take_away import changed_outcomes, take_away

pytestmark = pytest.mark.thorough

SERIES = "imported_confirmed_new"
BASE = ("baseline", "baseline.yaml")
SEVEN = ("quarantine_7_days", "quarantine_7_days.yaml")
EARLIER = ("closure_week_earlier", "closure_week_earlier.yaml")
NOBODY = ("nobody_travels", "baseline.yaml", "travellers.pool=0")
LONG = ("a_week_of_quarantine_in_place_of_two_weeks_or_even_of_four", "quarantine_7_days.yaml")
SAME = ("the_same_again", "baseline.yaml")
MANY = (BASE, *((f"{name}_{n}", file) for n in range(6) for name, file in (SEVEN, EARLIER)))
CASES = {
    "one policy": (BASE, SEVEN),
    "three": (BASE, SEVEN, EARLIER, NOBODY),
    "long names": (("the_world_as_it_was_in_the_spring_of_that_year", BASE[1]), LONG, EARLIER),
    "some equal": (BASE, SAME, EARLIER),
    "twelve": MANY,
    "nobody at all": (NOBODY, SEVEN),
}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunStore]:
    path = tmp_path_factory.mktemp("runs") / "runs.sqlite"
    with RunStore.open(path, purpose="test") as opened:
        yield opened


def compare(store: RunStore, policies: Sequence[tuple[str, ...]], members: int = 6) -> Comparison:
    """Return runs of policies given as name, file and settings; equal worlds are run once."""
    variants = [
        Variant(name, load_scenario(SCENARIOS / file, settings), seeds_only(1, members))
        for name, file, *settings in policies
    ]
    campaign = Campaign(variants, store)
    campaign.run()
    return Comparison(campaign)


@pytest.mark.parametrize("draw", [draw_forest, draw_fan_chart])
@pytest.mark.parametrize(("case", "members"), [*((case, 6) for case in CASES), ("three", 1)])
def test_of_any_comparison_nothing_is_cut_off_or_overlaps(store, draw, case, members):
    fig = draw(compare(store, CASES[case], members))
    assert fig.get_figwidth() == pytest.approx(180 / 25.4)
    check_drawn(fig)
    check_whole(fig)
    check_apart(fig)


def test_where_all_is_equal_words_say_so(store):
    comparison = compare(store, (BASE, SAME, ("and_again", BASE[1])))
    assert changed_outcomes(comparison) == []
    forest, fan = draw_forest(comparison), draw_fan_chart(comparison)
    check_apart(forest)
    assert not list(panels(forest))
    assert "No policy differs from baseline" in texts(forest)
    assert "no difference in any pair" in texts(fan)


def test_outcomes_that_no_policy_changes_are_left_out(store):
    comparison = compare(store, (BASE, ("no_reward", "no_reward.yaml")))
    titles = [ax.get_title(loc="left") for ax in panels(draw_forest(comparison))]
    changed = [name for name in COMPARED if comparison.difference(1, name).any()]
    assert titles == [title_of_outcome(name) for name in changed]
    assert 0 < len(changed) < len(COMPARED)


def segments(ax: Axes) -> list[tuple[float, float]]:
    """Return the ends of the horizontal lines of a panel, from the first drawn to the last."""
    return [
        (line[0][0], line[1][0])
        for lines in ax.collections
        if isinstance(lines, LineCollection)
        for line in lines.get_segments()
        if line[0][1] == line[1][1]
    ]


def test_the_forest_shows_the_statistics(store):
    comparison = compare(store, CASES["three"])
    fig = draw_forest(comparison)
    outcomes = changed_outcomes(comparison)
    assert "over 6 pairs" in texts(fig).replace("\n", " ")
    assert "cost_cny" in outcomes
    for ax, outcome in zip(panels(fig), outcomes, strict=True):
        found = [comparison.statistics(policy, outcome) for policy in (1, 2, 3)]
        ends = [((of.q05, of.q95), (of.q25, of.q75)) for of in found]
        assert segments(ax) == [pair for both in ends for pair in both]
        lines = {tuple(np.ravel(line.get_xdata()).tolist()) for line in ax.lines}
        assert {(of.median,) for of in found} <= lines
        assert {(of.median_low_95, of.median_high_95) for of in found} <= lines
        cells = [text.get_text() for text in ax.texts][-10:-1]
        assert cells == [
            cell
            for of in found
            for cell in (
                difference_words(outcome, of.median),
                f"{100 * of.lower:.0f} %",
                f"{100 * of.higher:.0f} %",
            )
        ]
        words = [text.get_text() for text in ax.texts]
        neither = outcome in ("imported_confirmed", "tests")
        low, high = ("lower", "higher") if neither else ("better", "worse")
        assert {"no difference", low, high, f"← {low}", f"{high} →"} <= set(words)


def test_with_few_pairs_the_error_of_the_median_is_not_drawn(store):
    comparison = compare(store, (BASE, SEVEN), members=3)
    assert np.isnan(comparison.statistics(1, "cost_cny").median_low_95)
    for ax in panels(draw_forest(comparison)):
        assert not [line for line in ax.lines if line.get_marker() == "|"]


def test_the_take_away_names_the_outermost_policies_and_its_doubt(store):
    comparison = compare(store, CASES["three"])
    said = take_away(comparison, "community_infections").replace("\N{NO-BREAK SPACE}", " ")
    lowest = comparison.statistics(3, "community_infections")
    highest = comparison.statistics(1, "community_infections")
    assert lowest.median < comparison.statistics(2, "community_infections").median < 0
    low, high = (difference_words("tests", of.median) for of in (lowest, highest))
    assert said == (
        "Community infections, against baseline: "
        f"lowest with nobody travels ({low}; lower in 100 % of pairs), "
        f"highest with quarantine 7 days ({high}; higher in 100 % of pairs)"
    )
    # Three pairs cannot tell on which side of zero a median is.
    assert "uncertain" in take_away(compare(store, CASES["three"], 3), "community_infections")
    assert "uncertain" not in said


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "±0"), (1.25e6, "+1.2"), (-21_591.0, "\N{MINUS SIGN}0.02"), (-3e8, "\N{MINUS SIGN}300")],
)
def test_money_is_in_millions(value, text):
    assert difference_words("cost_cny", value) == text
    assert "million" in title_of_outcome("cost_cny")


def test_the_fan_chart_shows_envelopes_of_whole_curves_and_peaks(store):
    comparison = compare(store, CASES["three"])
    axes = list(panels(draw_fan_chart(comparison)))
    assert len(axes) == 2 * len(comparison.policies)
    for policy, (left, right) in enumerate(zip(axes[::2], axes[1::2], strict=True)):
        curves = comparison.curves(policy, SERIES)
        days = positions(comparison.policies[policy].scenario.calendar)
        bands = [c for c in left.collections if isinstance(c, PolyCollection)]
        for band, share in zip(bands, (0.9, 0.5), strict=True):
            outline = {tuple(point) for point in band.get_paths()[0].vertices.tolist()}
            for edge in central_envelope(curves, share):
                assert set(zip(days.tolist(), edge.tolist(), strict=True)) <= outline
        deepest = curves[modified_band_depth(curves).argmax()]
        assert left.lines[-1].get_ydata().tolist() == deepest.tolist()
        heights = curves.max(axis=1)
        assert right.get_title(loc="left").startswith(f"Peak {interval(heights)}\n")
        with_peak = heights > 0
        if with_peak.any():
            (dots,) = right.lines
            assert dots.get_ydata().tolist() == heights[with_peak].tolist()
            assert dots.get_xdata().tolist() == days[curves.argmax(axis=1)[with_peak]].tolist()
        else:
            assert "none in 6 runs" in [text.get_text() for text in right.texts]
        assert left.get_ylim() == axes[0].get_ylim()
        assert left.get_ylim()[1] >= heights.max()


def test_of_many_policies_only_central_runs_and_peaks_are_shown(store):
    comparison = compare(store, CASES["twelve"])
    fig = draw_fan_chart(comparison)
    curves, heights, days = panels(fig)
    assert len(curves.lines) == 2 * len(comparison.policies)
    said = [text.get_text() for text in heights.texts[:-1]]
    expected = [comparison.curves(policy, SERIES).max(axis=1) for policy in range(13)]
    assert said == [interval(values) for values in expected]
    assert segments(heights)[:2] == [
        tuple(np.quantile(expected[0], ends).tolist()) for ends in ((0.05, 0.95), (0.25, 0.75))
    ]
    assert len(days.texts[:-1]) == 13


def test_dates_of_the_baseline_are_marked(store):
    fig = draw_fan_chart(compare(store, CASES["one policy"]))
    assert "Suifenhe port closed" in said(fig)
