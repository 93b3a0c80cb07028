"""How a truth is scored against what schemes predict, on draws made by hand."""

import numpy as np
import pandas as pd
import pytest
from small_fit import PRIORS, SCENARIO, TARGETS, small_simulator
from small_study import WHOLE

from calibration.coverage import CHAINS, RANK_COLUMNS, SCHEMES, SHIPPED_COVERAGE, SHIPPED_RANKS
from calibration.coverage_scores import (
    SCORED,
    Draws,
    middle_day,
    quantities,
    scored_days,
    scores_of,
)
from calibration.ranks import histogram, ranks_of
from calibration.simulator import Point
from calibration.synthetic import Case, LocalTruth, Truth, observed_size

DRAWS = np.arange(1.0, 20.0)
"""Weibull's quantile of 19 draws at k / 20 is the k-th draw."""

CASE = Case(SCENARIO, PRIORS, TARGETS, small_simulator())


@pytest.mark.parametrize(
    ("truth", "low", "high"),
    [(0.9, 0.0, 0.05), (1.5, 0.05, 0.1), (5, 0.2, 0.3), (15.1, 0.75, 0.8), (20, 0.95, 1.0)],
)
def test_a_rank_is_where_the_truth_is_among_the_draws(truth, low, high):
    rng = np.random.default_rng(1)
    ranks = [ranks_of(np.array([truth]), DRAWS[:, None], rng)[0] for _ in range(50)]
    assert low <= min(ranks) < max(ranks) <= high


def test_days_of_targets_are_not_scored():
    assert middle_day(CASE.simulator) == 16
    assert scored_days(CASE) == [14, 15, *range(17, 24)]
    assert observed_size(CASE.simulator) == 130
    # With local counts, no day that they describe, and none after the last of them.
    assert scored_days(WHOLE) == [14, 15, 17, 18, 19]
    assert [quantity.name for quantity in quantities(CASE)] == [
        "source.exposure",
        "travellers.demand.ceiling",
        "quarantine.symptoms_noticed",
        *SCORED,
        "total",
    ]


def by_column(counts):
    return {column: counts[:, i] for i, column in enumerate(CASE.simulator.columns)}


def made_by_hand():
    columns, days = len(CASE.simulator.columns), CASE.simulator.observation.days
    counts, draws = np.zeros((columns, days)), np.zeros((19, columns, days))
    cumulative, carriers, _, entrants, infected = (
        CASE.simulator.columns.index(("region", series)) for series in SCORED
    )
    counts[cumulative], draws[:, cumulative] = 100.5, 95 + DRAWS[:, None]
    counts[cumulative, 16] = 40
    counts[entrants], draws[:, entrants] = 1000.5, 982 + DRAWS[:, None]
    counts[carriers], draws[:, carriers] = 7.5, DRAWS[:, None]
    counts[infected], draws[:, infected] = 50, 51
    # On one of nine scored days the carriers are where only the wide interval reaches.
    counts[carriers, 20] = 2.5
    truth = Truth(Point(np.array([10.5, 3.5, 50.0]), 1), counts, CASE.simulator)
    return truth, Draws(np.repeat(DRAWS[:, None], 3, axis=1), by_column(draws), 19)


def test_every_quantity_is_scored_by_hand():
    truth, draws = made_by_hand()
    scores, ranks = scores_of(CASE, truth, draws, root=1)
    names = [quantity.name for quantity in quantities(CASE)]
    scored = dict(zip(names, scores[:, 1:].tolist(), strict=True))
    mean_rank = dict(zip(names, scores[:, 0].tolist(), strict=True))
    assert scored["source.exposure"] == pytest.approx([1, 1, 18])
    assert scored["travellers.demand.ceiling"] == pytest.approx([0, 1, 18])
    assert scored["quarantine.symptoms_noticed"] == pytest.approx([0, 0, 18])
    # Widths are relative: imported cases to the final count, entrants to theirs.
    assert scored["imported_confirmed_cumulative"] == pytest.approx([1, 1, 0.18], abs=1e-2)
    assert scored["imported_carriers_stock"] == pytest.approx([8 / 9, 1, 0.18], abs=1e-2)
    assert scored["entrants_cumulative"] == pytest.approx([0, 1, 0.018], abs=1e-3)
    assert scored["entrants_infected_cumulative"] == pytest.approx([0, 0, 0])
    # The total is that of the last day but one that a target describes.
    assert scored["total"] == pytest.approx([0, 0, 18 / 40])
    assert mean_rank["source.exposure"] == pytest.approx(0.525, abs=0.025)
    assert mean_rank["imported_confirmed_cumulative"] == pytest.approx(0.275, abs=0.025)
    assert mean_rank["total"] < 0.05 < 0.95 < mean_rank["quarantine.symptoms_noticed"]
    # Nothing happens, and nothing is predicted: ranks are spread, by chance alone.
    nothing = ranks[names.index("imported_first_positives")]
    assert nothing.sum() == 9
    assert (nothing > 0).sum() > 5
    assert ranks[0].tolist() == histogram(np.array([mean_rank["source.exposure"]])).tolist()


def test_one_root_seed_gives_the_same_ranks_and_another_one_others():
    truth, draws = made_by_hand()
    first, again, other = (scores_of(CASE, truth, draws, root)[0] for root in (1, 1, 2))
    assert (first == again).all()
    assert (first != other).any()


def test_only_the_last_pairs_of_ladders_are_ranked():
    truth, draws = made_by_hand()
    few = Draws(draws.scores, draws.counts, 5)
    scores, _ = scores_of(CASE, truth, few, root=1)
    # The truth of 10.5 is below the last five draws, 15 to 19; the width is that of all.
    assert scores[0, 0] <= 1 / 6
    assert scores[0, 3] == 18


def test_local_quantities_are_scored_where_they_are_predicted():
    columns, days = WHOLE.local.columns, WHOLE.local.days
    counts = np.zeros((len(columns), days))
    local = columns.index(("east", "local_confirmed_cumulative"))
    counts[local] = np.linspace(0, 50, days)
    size = len(WHOLE.simulator.columns), WHOLE.simulator.observation.days
    truth = Truth(
        Point(np.zeros(3), 1),
        np.zeros(size),
        WHOLE.simulator,
        LocalTruth(np.array([10.5]), counts, WHOLE.local),
    )
    whole = {column: counts[None, i] + DRAWS[:, None] for i, column in enumerate(columns)}
    pairs = Draws(np.repeat(DRAWS[:, None], 4, axis=1), whole, 19)
    names = [quantity.name for quantity in quantities(WHOLE)]
    both = [
        names.index(name) for name in (WHOLE.local.priors[0].path, "local_confirmed_cumulative")
    ]
    with np.errstate(all="ignore"):  # the travellers' totals are zero
        scores, ranks = scores_of(WHOLE, truth, pairs, root=1)
        alone = {column: whole[column] for column in WHOLE.simulator.columns}
        without, no_ranks = scores_of(WHOLE, truth, Draws(pairs.scores[:, :3], alone, 19), root=1)
    assert scores[both[0], 1:].tolist() == [1, 1, 18]
    assert scores[both[1], 3] == pytest.approx(18 / 50)
    assert ranks[both].sum(axis=1).tolist() == [1, 5]
    assert np.isnan(without[both]).all()
    assert no_ranks[both].sum() == 0
    # What both predict has the same ranks, and a true total of 0 is taken for 1.
    others = [number for number in range(len(names)) if number not in both]
    assert (scores[others] == without[others]).all()
    assert scores[names.index("total"), 3] == 18


@pytest.mark.skipif(not SHIPPED_COVERAGE.exists(), reason="not run yet with the present fit")
def test_the_shipped_tables_have_every_scheme_and_quantity_of_every_data_set():
    table, ranks = pd.read_csv(SHIPPED_COVERAGE), pd.read_csv(SHIPPED_RANKS)
    sets = table["data_set"].nunique()
    of_chains = table[table["scheme"] == CHAINS]
    assert len(of_chains) == sets * of_chains["quantity"].nunique()
    assert table["scheme"].unique().tolist() == list(SCHEMES)
    assert {*SCORED, "local_confirmed_active", "total", "source.exposure"} <= set(table["quantity"])
    assert set(ranks["group"]) == set(of_chains["group"])
    assert len(ranks) == sets * ranks["group"].nunique()
    assert (ranks[list(RANK_COLUMNS)].sum(axis=1) > 0).all()
