"""Figures of a comparison: what is drawn is what the pairs say, of few and of many policies."""

import re
from collections.abc import Sequence
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from drawn import check_apart, check_drawn, check_whole, panels, said, texts
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.figure import Figure
from shipped import SCENARIOS

from sim import load_scenario
from sim.experiment.outcome_registry import COMPARED, OUTCOMES
from sim.experiment.paired_outcomes import PairedOutcomes
from sim.experiment.paired_statistics import SHARES, PairedStatistics
from sim.view.axes import positions
from sim.view.labels import interval, signed
from sim.view.outcome_words import difference_words, title_of_outcome
from sim.view.policies.fan_chart import draw_fan_chart
from sim.view.policies.forest import draw_differences, draw_forest, forest_outcomes
from sim.view.policies.look import SIDE_COLORS, beyond_chance, is_beyond_chance
from sim.world.draws import IntArray

pytestmark = pytest.mark.thorough

SCENARIO = load_scenario(SCENARIOS / "baseline.yaml")
SERIES = "imported_confirmed_new"
LONG = "a_week_of_quarantine_in_place_of_two_weeks_or_even_of_four"
EFFECTS = {"same": 0.0, "better": -20.0, "worse": 30.0, "like_chance": None, LONG: 2.0}


class MadeUp(PairedOutcomes):
    """Pairs in which every outcome differs from the baseline by about an effect, and curves."""

    def __init__(self, policies: Sequence[str], pairs: int = 20) -> None:
        rng = np.random.default_rng(1)
        base = {name: rng.integers(100, 200, pairs).astype(float) for name in OUTCOMES}
        tables = [pd.DataFrame(base)]
        for policy in policies:
            effect = EFFECTS[policy.rstrip("0123456789")]
            change = effect if effect is not None else np.resize([-1.0, 1.0], pairs)
            change = change * rng.integers(1, 4, pairs)
            tables.append(pd.DataFrame({name: of + change for name, of in base.items()}))
        super().__init__(["baseline", *policies], tables)
        self.policies = [SimpleNamespace(name=name, scenario=SCENARIO) for name in self.names]
        days = np.arange(SCENARIO.calendar.days)
        waves = np.exp(-(((days - rng.integers(30, 60, pairs)[:, None]) / 9) ** 2))
        self._waves = [
            np.round(waves * (table["tests"].to_numpy()[:, None] - 50)).astype(int)
            for table in tables
        ]

    def curves(self, policy: int, series: str) -> IntArray:
        """Return the curves of a policy, shape (pairs, days)."""
        assert series == SERIES
        return self._waves[policy]


@pytest.mark.parametrize(
    "policies",
    [["same"], ["better"], ["same", "worse"], list(EFFECTS), [f"better{i}" for i in range(12)]],
)
@pytest.mark.parametrize(("pairs", "every"), [(1, False), (20, True)])
def test_of_any_pairs_nothing_of_the_forest_is_cut_off_or_overlaps(policies, pairs, every):
    fig = draw_forest(MadeUp(policies, pairs), every=every)
    assert fig.get_figwidth() == pytest.approx(180 / 25.4)
    check_whole(fig)
    check_apart(fig)
    if policies == ["same"]:
        assert "No policy differs from baseline" in texts(fig)
    else:
        check_drawn(fig)


def test_the_outcomes_that_policies_are_judged_by_come_first():
    first, every = forest_outcomes(every=False), forest_outcomes(every=True)
    assert set(first) == {name for name, outcome in OUTCOMES.items() if outcome.first}
    assert every[: len(first)] == first
    assert set(every) == {*first, *COMPARED}
    titles = [ax.get_title(loc="left") for ax in panels(draw_forest(MadeUp(["better"])))]
    assert titles == [title_of_outcome(name) for name in first]


@pytest.mark.parametrize(
    "outcome", ["community_infections", "days_until_local_case", "imported_confirmed"]
)
def test_the_forest_shows_the_statistics_and_on_which_side_they_are(outcome):
    pairs = MadeUp(list(EFFECTS))
    ax = Figure().subplots()
    draw_differences(ax, pairs, outcome)
    assert ax.get_xscale() == "linear"
    sides = OUTCOMES[outcome].direction.value
    drawn = [c for c in ax.collections if isinstance(c, LineCollection)]
    words = [text.get_text() for text in ax.texts]
    assert words[:2] == [f"← {sides[0]}", f"{sides[1]} →"]
    for row in range(len(EFFECTS)):
        of = pairs.statistics(row + 1, outcome)
        ends = [(line[0][0], line[1][0]) for c in drawn[2 * row :][:2] for line in c.get_segments()]
        assert ends == [(of.q05, of.q95), (of.q25, of.q75)]
        color = SIDE_COLORS[sides[of.higher > of.lower]]
        dots = [line for line in ax.lines if line.get_marker() == "o"]
        assert dots[row].get_xdata() == [of.median]
        assert (dots[row].get_markerfacecolor() != "white") == is_beyond_chance(of)
        if is_beyond_chance(of):
            assert dots[row].get_color() == color
        cells = words[5 + 3 * row :][:3]
        assert cells[0].startswith(difference_words(outcome, of.median))
        assert cells[1:] == [f"{100 * share:.0f} %" for share in (of.lower, of.higher)]


def test_chance_is_a_sign_test():
    lower, higher = np.array([0, 5, 6, 16, 14, 0]) / 20, np.array([0, 0, 0, 4, 6, 20]) / 20
    assert beyond_chance(20, lower, higher).tolist() == [False, False, True, True, False, True]
    assert not beyond_chance(0, np.nan, np.nan)


@pytest.mark.parametrize(
    ("policies", "heading"),
    [
        (["better", "worse"], "with better, +"),
        (["worse", "like_chance"], "no policy is better than baseline, +"),
        (["like_chance", "same"], "no policy differs from baseline beyond chance"),
    ],
)
def test_the_heading_says_what_is_better_and_when_nothing_is(policies, heading):
    assert heading in said(draw_forest(MadeUp(policies)))


@pytest.mark.parametrize("policies", [["better"], list(EFFECTS), [f"same{i}" for i in range(12)]])
def test_the_fan_chart_shows_median_and_bands_by_day_and_paired_peaks(policies):
    comparison = MadeUp(policies)
    fig = draw_fan_chart(comparison)
    check_drawn(fig)
    check_whole(fig)
    check_apart(fig)
    assert len(fig.axes) == len(comparison.policies)
    for policy, ax in enumerate(fig.axes):
        curves = comparison.curves(policy, SERIES)
        days = positions(comparison.policies[policy].scenario.calendar)
        bands = [c for c in ax.collections if isinstance(c, PolyCollection)]
        low, lower, median, upper, high = np.quantile(curves, SHARES, axis=0)
        for band, edges in zip(bands, ((low, high), (lower, upper)), strict=True):
            outline = {tuple(point) for point in band.get_paths()[0].vertices.tolist()}
            for edge in edges:
                assert set(zip(days.tolist(), edge.tolist(), strict=True)) <= outline
        assert ax.lines[0].get_ydata()[1:-1].tolist() == median.tolist()
        assert f"highest day {interval(curves.max(axis=1))}" in ax.get_title(loc="left")
        assert ax.get_ylim() == fig.axes[0].get_ylim()
        of = PairedStatistics.of(curves.max(axis=1), comparison.curves(0, SERIES).max(axis=1))
        assert not policy or ax.get_title(loc="left").endswith(f"; {signed(of.median)}")


def test_the_forest_says_who_is_still_in_quarantine():
    pairs = MadeUp(["worse"])
    pairs._tables[1]["fate_still_in_quarantine"] = 6_000.0
    pairs._tables[0]["fate_still_in_quarantine"] = 0.0
    fig = draw_forest(pairs)
    assert "So far, worse: 6,000 infected people are still in quarantine" in texts(fig).replace(
        "\n", " "
    ).replace("\N{NO-BREAK SPACE}", " ")
    assert re.search(r"no policy is better than baseline, \+\d+ so far with worse", said(fig))
