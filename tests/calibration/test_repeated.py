"""Bands of repeated fits: how far their edges move, and how far they move by chance."""

import numpy as np
import pandas as pd
import pytest
from random_scenarios import a_world, scenario_of

from calibration.coverage_scores import SCORED
from calibration.repeated import SHIPPED_REPEATED, by_chance, movement, repeated_table
from sim.api import run


def test_movement_is_relative_to_the_width():
    band = np.outer(np.linspace(0, 1, 101), [10.0, 20.0])
    assert movement(band, band) == 0
    # The 90 % band is 9 and 18 wide.
    assert movement(band, band + 0.9) == pytest.approx(2 * 0.9 / 27)
    assert movement(np.zeros((5, 3)), np.zeros((5, 3))) == 0


def test_movement_by_chance_is_that_of_two_samples_of_one_distribution():
    """The standard error of a 5 % quantile of n normal draws is 2.11 / sqrt(n) (Cramer 1946)."""
    rng = np.random.default_rng(1)
    first, second = rng.normal(size=(2, 400, 30))
    error = np.sqrt(0.05 * 0.95 / 400) / 0.10314
    expected = np.sqrt(2) * error * np.sqrt(2 / np.pi) / (2 * 1.645)
    assert movement(first, second) == pytest.approx(expected, rel=0.25)
    assert np.median(by_chance(first, second, 400)) == pytest.approx(expected, rel=0.15)


def test_three_equal_pairs_of_each_ladder_are_worth_one():
    first, second = np.random.default_rng(2).normal(size=(2, 100, 30))
    tripled = [np.tile(of, (3, 1)) for of in (first, second)]
    one, three = np.median(by_chance(first, second, 100)), np.median(by_chance(*tripled, 100))
    assert three == pytest.approx(one, rel=0.1)
    assert np.median(by_chance(*tripled, 300)) < 0.7 * one


@pytest.mark.slow
def test_a_row_for_every_series_that_is_scored():
    scenario = scenario_of(a_world())
    first, second = (run(scenario, replicates=6, seed=seed) for seed in (1, 50))
    place = next(iter(scenario.places))
    table = repeated_table(first, second, place, 3)
    assert list(table["series"]) == list(SCORED)
    assert (table["members"] == 6).all()
    assert (table[["movement", "chance_median"]] >= 0).all(axis=None)
    same = repeated_table(first, first, place, 6)
    assert (same["movement"] == 0).all()


def test_the_shipped_table_says_what_two_fits_came_to():
    table = pd.read_csv(SHIPPED_REPEATED).set_index("series")
    assert list(table.index) == list(SCORED)
    # The page says that an edge is known to a tenth of the width of its band.
    assert (table["movement"] < 0.1).all()
