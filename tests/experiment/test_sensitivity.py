"""Indices of sensitivity: closed forms, and the indices of a finished sweep."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import qmc
from small_sweep import SWEEP, write_sweep

from sim.experiment.sweep.loader import load_sweep
from sim.experiment.sweep.points import saltelli_shares
from sim.experiment.sweep.schema import Grid
from sim.experiment.sweep.sensitivity import _from_grid, first_order_index, sensitivity_table
from sim.experiment.sweep.share_intervals import with_interval
from sim.experiment.sweep.variance_indices import variance_indices

POINTS = 8192


def ishigami(shares):
    """Sin x1 + 7 sin^2 x2 + 0.1 x3^4 sin x1 (Ishigami and Homma 1990)."""
    x = np.pi * (2 * shares - 1)
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def parts(column, number):
    return (column * number).astype(np.int64)


def test_indices_of_the_ishigami_function():
    """First-order indices 0.3139, 0.4424 and 0."""
    shares = qmc.Sobol(3, rng=np.random.default_rng(1)).random(POINTS)
    found = [first_order_index(parts(shares[:, i], 32), ishigami(shares)) for i in range(3)]
    assert found == pytest.approx([0.3139, 0.4424, 0.0], abs=0.015)


def test_sobol_indices_of_the_ishigami_function():
    """First order 0.3139, 0.4424 and 0; total order 0.5576, 0.4424 and 0.2437."""
    both = qmc.Sobol(6, rng=np.random.default_rng(1)).random(2048)
    shares = saltelli_shares(both[:, :3], both[:, 3:])
    found = variance_indices(ishigami(shares), 3)
    assert found.first_order[0] == pytest.approx([0.3139, 0.4424, 0.0], abs=0.02)
    assert found.total_order[0] == pytest.approx([0.5576, 0.4424, 0.2437], abs=0.02)
    for indices in (found.first_order, found.total_order):
        assert (indices[1] < indices[0]).all()
        assert (indices[0] < indices[2]).all()


def test_without_variance_or_with_a_missing_point_there_are_no_sobol_indices():
    for values in (np.ones(5 * 4), np.array([*range(19), np.nan])):
        found = variance_indices(values, 3)
        assert np.isnan(found.first_order).all()
        assert np.isnan(found.total_order).all()


def test_indices_of_a_sum_are_the_shares_of_variance():
    rng = np.random.default_rng(2)
    levels = rng.integers(4, size=(POINTS, 3))
    y = levels @ [1.0, 2.0, 0.0] + rng.normal(0, 1, POINTS)
    variances = np.array([1.25, 4 * 1.25, 0, 1])
    expected = (variances / variances.sum())[:3]
    found = [first_order_index(levels[:, i], y) for i in range(3)]
    assert found == pytest.approx(expected.tolist(), abs=0.02)


def test_groups_that_mean_nothing_have_no_index_on_average():
    """Uncorrected, ten groups of four would explain a quarter of nothing."""
    rng = np.random.default_rng(3)
    found = [first_order_index(np.arange(40) % 10, rng.normal(size=40)) for _ in range(2000)]
    assert np.mean(found) == pytest.approx(0.0, abs=0.02)


def test_without_variance_or_groups_there_is_no_index():
    assert np.isnan(first_order_index(np.array([0, 0, 1]), np.ones(3)))
    assert np.isnan(first_order_index(np.arange(3), np.array([1.0, 2.0, 4.0])))


@pytest.mark.parametrize("factors", [2, 5])
@pytest.mark.parametrize("points", [2, 4, 16])
def test_sobol_indices_are_shares_in_their_intervals_the_same_every_time(factors, points):
    """Few points: estimates of the formula are below 0 and above 1, resamples are biased."""
    outside = False
    for seed in range(20):
        rng = np.random.default_rng(seed)
        values = rng.normal(size=points * (factors + 2)).round(seed % 3)
        # A factor without effect, as where nobody is infected.
        values[-points:] = values[:points]
        found = variance_indices(values, factors)
        assert_shares(found.first_order, found.total_order)
        again = variance_indices(values, factors)
        np.testing.assert_array_equal(found.first_order, again.first_order)
        np.testing.assert_array_equal(found.total_order, again.total_order)
        assert found.total_order[:, -1] == pytest.approx([0, 0, 0])
        outside = outside or bool((found.first_order[0] == 0).any())
    assert outside


def assert_shares(*all_indices):
    for index, low, high in all_indices:
        known = np.isfinite(index)
        assert ((index >= 0) & (index <= 1))[known].all()
        assert ((low >= 0) & (high <= 1))[known & np.isfinite(low)].all()
        assert ((low <= index) & (index <= high))[known & np.isfinite(low)].all()


@pytest.mark.parametrize("design", ["latin_hypercube, points: 12", "saltelli, points: 4", "grid"])
def test_indices_of_a_sweep_are_shares_in_their_intervals(tmp_path, design):
    text = SWEEP.replace("steps: 2, scale: log", "steps: 3, whole: true").replace(
        "values: [5 d, 10 d, 14 d]", "range: {low: 5 d, high: 15 d}"
    )
    plan = load_sweep(write_sweep(tmp_path, f"{text}design: {{kind: {design}}}\n"))
    for seed in range(5):
        noise = np.random.default_rng(seed).normal(size=len(plan.points))
        summary = made_up(plan, lambda point, noise=noise: noise[point.number])
        table = sensitivity_table(plan, summary)
        for order in ("first_order", "total_order"):
            assert_shares(table[[order, f"{order}_low_90", f"{order}_high_90"]].to_numpy().T)
        assert table["first_order"].notna().all()
        pd.testing.assert_frame_equal(table, sensitivity_table(plan, summary))


def test_resampled_values_that_are_biased_leave_the_estimate_inside():
    biased = np.random.default_rng(0).normal(0.9, 0.01, size=500)
    share, low, high = with_interval(0.4, biased)
    assert share == 0.4
    assert (low, high) == pytest.approx((0.4 - 0.0164, 0.4 + 0.0164), abs=0.003)
    assert with_interval(-0.1, biased - 1).tolist()[0] == 0
    assert np.isnan(with_interval(0.4, np.full(3, np.nan))).tolist() == [False, True, True]
    assert np.isnan(with_interval(np.nan, biased)).all()


def made_up(plan, effect):
    """Return a summary in which the difference is what ``effect`` says of a point."""
    return pd.DataFrame(
        [
            {
                "policy": "small_world",
                "point": point.number,
                "outcome": outcome,
                "difference_mean": effect(point),
                "difference_median": effect(point),
            }
            for point in plan.points
            for outcome in plan.sweep.outcomes
        ]
    )


def test_a_sweep_tells_which_factor_matters(tmp_path):
    text = SWEEP.replace("steps: 2, scale: log", "scale: log, whole: true")
    plan = load_sweep(write_sweep(tmp_path, text + "design: {kind: latin_hypercube, points: 60}\n"))
    table = sensitivity_table(
        plan, made_up(plan, lambda point: point.levels[1].quantity.number ** 2)
    )
    assert len(table) == 2 * 2
    rows = table[table["outcome"] == "tests"].set_index("factor")
    assert rows.loc["laboratory", "first_order"] > 0.75
    assert rows.loc["laboratory", "prcc"] == pytest.approx(1, abs=0.02)
    assert abs(rows.loc["stay", "first_order"]) < 0.15
    for _, row in rows.iterrows():
        assert row["first_order_low_90"] <= row["first_order"] <= row["first_order_high_90"]


@pytest.mark.slow
def test_a_saltelli_sweep_tells_total_order_too(tmp_path):
    """The product of two centred factors: all of the variance is that of both together."""
    text = SWEEP.replace("steps: 2, scale: log", "whole: true").replace(
        "values: [5 d, 10 d, 14 d]", "range: {low: 5 d, high: 15 d}"
    )
    plan = load_sweep(write_sweep(tmp_path, text + "design: {kind: saltelli, points: 128}\n"))
    assert len(plan.points) == 128 * 4

    def product(point):
        stay, laboratory = (level.quantity.number for level in point.levels)
        return (stay - 10) * (laboratory - 505)

    rows = sensitivity_table(plan, made_up(plan, product)).set_index(["outcome", "factor"])
    for factor in ("stay", "laboratory"):
        row = rows.loc[("tests", factor)]
        assert row["first_order"] == pytest.approx(0, abs=0.1)
        assert row["total_order"] == pytest.approx(1, abs=0.1)
        assert row["total_order_low_90"] < row["total_order"] <= row["total_order_high_90"]
    some = made_up(plan, product).iloc[:-1]
    assert sensitivity_table(plan, some)["total_order"].isna().any()


def test_a_factor_without_a_scale_has_an_index_but_no_rank_correlation(tmp_path):
    text = """
name: of_levels
scenario: small_world.yaml
factors:
  stay: {path: policies.quarantine_stay, values: [5 d, 10 d, 14 d]}
  swabs:
    levels:
      - {label: none, set: {policies.quarantine_tests: []}}
      - {label: at entry, set: {policies.quarantine_tests: [0 d]}}
outcomes: [tests]
"""
    plan = load_sweep(write_sweep(tmp_path, text))
    effect = {"none": 0.0, "at entry": 10.0}
    table = sensitivity_table(plan, made_up(plan, lambda point: effect[point.levels[1].label]))
    rows = table.set_index("factor")
    assert rows.loc["swabs", "first_order"] == pytest.approx(1)
    assert np.isnan(rows.loc["swabs", "prcc"])


def test_an_empty_sweep_has_no_indices(tmp_path):
    plan = load_sweep(write_sweep(tmp_path))
    nothing = pd.DataFrame(
        columns=["policy", "point", "outcome", "difference_mean", "difference_median"]
    )
    assert sensitivity_table(plan, nothing).empty


def test_on_a_complete_grid_the_shares_are_those_of_its_points():
    """Two factors without interaction share the variance; one alone explains all of it."""
    values = {(3, 0): 1.0, (3, 1): 5.0, (7, 0): 3.0, (7, 1): 7.0}
    plan = SimpleNamespace(
        sweep=SimpleNamespace(design=Grid(kind="grid")),
        factors=[None, None],
        points=[
            SimpleNamespace(levels=[SimpleNamespace(label=str(of)) for of in place])
            for place in values
        ],
    )
    table = pd.DataFrame({"point": range(4), "difference_mean": list(values.values())})
    found = _from_grid(plan, table)
    assert found.first_order[0] == pytest.approx([1 / 5, 4 / 5])
    assert found.total_order[0] == pytest.approx([1 / 5, 4 / 5])
    assert np.isnan(found.first_order[1:]).all()
    alone = SimpleNamespace(**{**vars(plan), "factors": [None]})
    alone.points = [SimpleNamespace(levels=[of.levels[1]]) for of in plan.points[:2]]
    assert _from_grid(alone, table[:2]).first_order[0].tolist() == [1.0]
    assert _from_grid(plan, table[:3]) is None
