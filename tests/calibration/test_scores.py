"""How intervals are scored against a truth, on draws made by hand."""

import numpy as np
import pandas as pd
import pytest
from quick_side import QuickSide
from small_fit import PRIORS, SCENARIO, TARGETS, small_side

from calibration.coverage import (
    SCHEMES,
    SCORED,
    SHIPPED_COVERAGE,
    Truth,
    _inside,
    _observed_size,
    _scores_of,
    empty_days,
    middle_day,
    quantities,
    scored_days,
    target_days,
    truths,
)
from calibration.emulator import Emulator
from calibration.observation import Observation
from calibration.reference_runs import run_reference
from calibration.traveller_side import Point
from calibration.work import Workplace

DRAWS = np.arange(1.0, 20.0)
"""Weibull's quantile of 19 draws at k / 20 is the k-th draw."""


@pytest.mark.parametrize(
    ("truth", "in_50", "in_90"),
    [
        (0.9, 0, 0),
        (1, 0, 1),
        (4.9, 0, 1),
        (5, 1, 1),
        (15, 1, 1),
        (15.1, 0, 1),
        (19, 0, 1),
        (20, 0, 0),
    ],
)
def test_bounds_belong_to_the_interval(truth, in_50, in_90):
    assert _inside(truth, DRAWS).tolist() == pytest.approx([in_50, in_90, 18])


def test_days_of_targets_are_not_scored():
    side = small_side()
    assert target_days(side) == {16, 24}
    assert middle_day(side) == 16
    assert scored_days(side) == [14, 15, *range(17, 24)]
    assert _observed_size(side) == 130
    assert quantities(side) == [
        "source.exposure",
        "travellers.demand.ceiling",
        "quarantine.symptoms_noticed",
        *SCORED,
        "total",
    ]


def test_only_days_that_are_scored_can_be_empty():
    side = small_side()
    counts = np.zeros((len(side.columns), side.observation.days))
    counts[:, scored_days(side)] = 1
    assert set(empty_days(side, [Truth(Point(np.zeros(3), 1), counts, side)]).values()) == {0.0}


def test_every_quantity_is_scored_by_hand():
    side = small_side()
    columns, days = len(side.columns), side.observation.days
    counts = np.zeros((columns, days))
    draws = np.zeros((19, columns, days))
    cumulative, carriers, _, entrants, infected = (
        side.columns.index(("region", series)) for series in SCORED
    )
    counts[cumulative], draws[:, cumulative] = 100, 95 + DRAWS[:, None]
    counts[cumulative, 16] = 40
    counts[entrants], draws[:, entrants] = 1000, 982 + DRAWS[:, None]
    counts[carriers], draws[:, carriers] = 7, DRAWS[:, None]
    counts[infected], draws[:, infected] = 50, 50
    # On one of nine scored days the carriers are where only the wide interval reaches.
    counts[carriers, 20] = 2
    truth = Truth(Point(np.array([10.0, 3.0, 50.0]), 1), counts, side)
    scores = _scores_of(truth, np.repeat(DRAWS[:, None], 3, axis=1), draws)
    by_name = dict(zip(quantities(side), scores.tolist(), strict=True))
    assert by_name["source.exposure"] == pytest.approx([1, 1, 18])
    assert by_name["travellers.demand.ceiling"] == pytest.approx([0, 1, 18])
    assert by_name["quarantine.symptoms_noticed"] == pytest.approx([0, 0, 18])
    # Widths are relative: imported cases to the final count, entrants to theirs.
    assert by_name["imported_confirmed_cumulative"] == pytest.approx([1, 1, 0.18])
    assert by_name["imported_carriers_stock"] == pytest.approx([8 / 9, 1, 0.18])
    assert by_name["entrants_cumulative"] == pytest.approx([0, 1, 0.018])
    assert by_name["imported_first_positives"] == pytest.approx([1, 1, 0])
    assert by_name["entrants_infected_cumulative"] == pytest.approx([1, 1, 0])
    # The total is that of the last day but one that a target describes.
    assert by_name["total"] == pytest.approx([0, 0, 18 / 40])


def test_the_shipped_table_has_every_scheme_and_quantity_of_every_data_set():
    table = pd.read_csv(SHIPPED_COVERAGE)
    sets = table["data_set"].nunique()
    assert len(table) == sets * len(SCHEMES) * table["quantity"].nunique()
    assert table["scheme"].unique().tolist() == list(SCHEMES)
    assert {*SCORED, "total", "source.exposure"} <= set(table["quantity"])
    assert table[["inside_50", "inside_90"]].isin([0, 1]).any(axis=None)


def test_a_size_that_is_never_reached_ends_the_study(monkeypatch):
    side = QuickSide(SCENARIO, PRIORS.fitted, Observation(TARGETS, SCENARIO.calendar))
    monkeypatch.setattr("calibration.coverage._IN_VAIN", 20)
    monkeypatch.setattr("calibration.coverage._observed_size", lambda side: 10**9)
    reference = run_reference(side, 1, 60, Workplace())
    emulator = Emulator.of(side, reference.scores, reference.counts)
    with pytest.raises(ValueError, match="none of 20 histories in a row"):
        next(truths(side, emulator, TARGETS, 1))
