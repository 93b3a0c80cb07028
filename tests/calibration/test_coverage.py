"""Synthetic coverage, small: the fit of a side that counts by a formula finds what made them."""

import numpy as np
import pytest
from quick_side import QuickSide
from small_fit import PRIORS, SCENARIO, TARGETS

from calibration.coverage import (
    SCHEMES,
    Truth,
    empty_days,
    quantities,
    run_coverage,
    scored_days,
)
from calibration.fit import Budget
from calibration.ladders import Schedule
from calibration.observation import Observation
from calibration.traveller_side import Point
from calibration.work import Workplace
from sim.experiment.run_store import RunStore

SIDE = QuickSide(SCENARIO, PRIORS.fitted, Observation(TARGETS, SCENARIO.calendar))

SETS = 6
BUDGET = Budget(
    300, 20, Schedule(seeds=3, corrections=2, rungs=2, moves=24, renewed=6, kept=2, apart=8)
)


@pytest.fixture(scope="module")
def studied(tmp_path_factory):
    """The table, and that of a second run in the same store, with the stages that it ran."""
    path = tmp_path_factory.mktemp("coverage") / "runs.sqlite"
    tables, stages = [], []
    for _ in range(2):
        stages.clear()
        with RunStore.open(path, purpose="coverage") as store:
            at = Workplace(store, 2, on_progress=lambda *stage: stages.append(stage))
            tables.append(run_coverage(SIDE, TARGETS, SETS, BUDGET, at))
    return *tables, stages


@pytest.mark.slow
def test_intervals_cover_what_made_the_counts(studied):
    table = studied[0]
    chains = table[table["scheme"] == "hybrid"].groupby("quantity")[["inside_50", "inside_90"]]
    covered = chains.mean()
    parameters = quantities(SIDE)[:3]
    assert 0.2 <= covered.loc[parameters, "inside_50"].mean() <= 0.8
    assert covered.loc[parameters, "inside_90"].mean() >= 0.75
    assert covered.loc["imported_confirmed_cumulative", "inside_90"] >= 0.75
    # Draws from the prior would cover too; these intervals have learnt something.
    assert covered["inside_50"].mean() < 0.9


@pytest.mark.slow
def test_chains_and_corrected_starts_know_more_than_fresh_seeds(studied):
    widths = studied[0].pivot_table(index="quantity", columns="scheme", values="width_90")
    series = widths.loc["imported_confirmed_cumulative"]
    assert series["hybrid"] < series["emulator"] / 2
    # This side counts by a formula, which the corrections of the starts all but solve.
    assert series["best_of_seeds"] < series["emulator"] / 2


@pytest.mark.slow
def test_what_is_done_is_not_done_again(studied):
    first, second, stages = studied
    assert first.equals(second)
    assert len(first) == SETS * len(SCHEMES) * len(quantities(SIDE))
    assert [stage for stage in stages if stage[0] == "data sets"] == [("data sets", SETS, SETS)]


def test_days_of_nothing_are_counted():
    size = (len(SIDE.columns), SIDE.observation.days)
    made = [
        Truth(Point(np.zeros(3), 1), np.zeros(size), SIDE),
        Truth(Point(np.zeros(3), 1), np.ones(size), SIDE),
    ]
    assert set(empty_days(SIDE, made).values()) == {0.5}
    assert set(empty_days(SIDE, made[1:]).values()) == {0.0}
    # Days that are not scored do not count.
    made[1].counts[:, [day for day in range(size[1]) if day not in scored_days(SIDE)]] = 0
    assert not made[1].counts.all()
    assert set(empty_days(SIDE, made[1:]).values()) == {0.0}
