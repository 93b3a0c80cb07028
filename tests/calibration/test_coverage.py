"""Synthetic coverage, small: with simulators that count by formulas, the fit finds the truth."""

from types import SimpleNamespace

import numpy as np
import pytest
from small_study import TRAVELLERS_ONLY, WHOLE

from calibration import coverage
from calibration.chains import State
from calibration.coverage import CHAINS, RANK_COLUMNS, SCHEMES, StudyBudget, run_coverage
from calibration.coverage_scores import LOCAL_PARAMETERS, PARAMETERS, quantities
from calibration.fit import Budget
from calibration.ladders import Schedule
from calibration.local_chains import LocalSchedule
from calibration.ranks import Shape, shapes_of
from calibration.simulator import Point
from calibration.task_runner import TaskRunner
from sim.experiment.run_store import RunStore

SETS = 6
SCHEDULE = Schedule(seeds=3, corrections=2, rungs=2, moves=24, renewed=6, kept=2, apart=8)
BUDGET = StudyBudget(
    SETS,
    Budget(300, 20, SCHEDULE),
    LocalSchedule(runs=60, starts=2, moves=20, annealed=10, together=5),
)


@pytest.fixture(scope="module")
def studied(tmp_path_factory):
    """The tables, and those of a second run in the same store, with the stages that it ran."""
    path = tmp_path_factory.mktemp("coverage") / "runs.sqlite"
    found, stages = [], []
    for _ in range(2):
        stages.clear()
        with RunStore.open(path, purpose="coverage") as store:
            at = TaskRunner(store, 2, on_progress=lambda *stage: stages.append(stage))
            found.append(run_coverage(WHOLE, BUDGET, at))
    return *found, stages


@pytest.mark.slow
def test_intervals_cover_what_made_the_counts(studied):
    scores = studied[0].scores
    chains = scores[scores["scheme"] == CHAINS].groupby("group")
    covered = chains[["inside_50", "inside_90", "width_90"]].mean()
    assert 0.2 <= covered.loc[PARAMETERS, "inside_50"] <= 0.8
    assert covered.loc[PARAMETERS, "inside_90"] >= 0.75
    assert covered.loc["imported_confirmed_cumulative", "inside_90"] >= 0.75
    # Draws from the prior would cover too; these intervals have learnt something.
    assert covered.loc[LOCAL_PARAMETERS, "width_90"] < 0.6 * 3.29
    assert covered.loc["local_confirmed_cumulative", "width_90"] < 0.5


@pytest.mark.slow
def test_chains_and_corrected_starts_know_more_than_fresh_seeds(studied):
    widths = studied[0].scores.pivot_table(index="quantity", columns="scheme", values="width_90")
    series = widths.loc["imported_confirmed_cumulative"]
    assert series["hybrid"] < series["emulator"] / 2
    # This simulator counts by a formula, which the corrections of the starts all but solve.
    assert series["best_of_seeds"] < series["emulator"] / 2


@pytest.mark.slow
def test_what_is_done_is_not_done_again(studied):
    first, second, stages = studied
    assert first.scores.equals(second.scores)
    assert first.ranks.equals(second.ranks)
    assert [stage for stage in stages if stage[0] == "data sets"] == [("data sets", SETS, SETS)]


@pytest.mark.slow
def test_every_quantity_has_its_rows(studied):
    scores, ranks = studied[0].scores, studied[0].ranks
    of = quantities(WHOLE)
    local = [
        "residents.east.community_hazard_per_day",
        "local_confirmed_cumulative",
    ]
    # Chains alone have a local side, and tell of parameters one by one.
    chains_alone = [one for one in of if one.group == PARAMETERS or one.name in local]
    assert len(scores) == SETS * (len(of) * len(SCHEMES) - len(chains_alone) * (len(SCHEMES) - 1))
    of_local = scores[scores["quantity"].isin(local)]
    assert set(of_local["scheme"]) == {CHAINS}
    assert len(of_local) == SETS * len(local)
    groups = list(dict.fromkeys(quantity.group for quantity in of))
    assert len(ranks) == SETS * len(groups)
    counted = ranks.set_index("group")[list(RANK_COLUMNS)].sum(axis=1)
    assert set(counted.loc[PARAMETERS]) == {3}
    assert set(counted.loc[LOCAL_PARAMETERS]) == set(counted.loc["total"]) == {1}
    assert set(counted.loc["local_confirmed_cumulative"]) == {5}
    # The scores of the chains are those of the histograms.
    chains = scores[scores["scheme"] == CHAINS].groupby("group", sort=False)
    inside = ranks.groupby("group", sort=False)[list(RANK_COLUMNS)].sum()
    share = inside.iloc[:, 5:15].sum(axis=1) / inside.sum(axis=1)
    assert share.to_dict() == pytest.approx(chains["inside_50"].mean().to_dict(), abs=1e-3)


def known_fit(sharpness):
    """Return a fit whose posterior is known: the truth and the pairs are alike, if it is 1.

    All are around a point that is one standard deviation away from the truth.
    """

    def fit_from(simulator, reference, root, budget, at):
        truth = CURRENT[root]
        rng = np.random.default_rng([root, 99])
        centre = truth.point.scores + rng.standard_normal(3)
        states = []
        for number in range(budget.members):
            scores = centre + sharpness * rng.standard_normal(3)
            counts = np.zeros_like(truth.counts)
            states.append(State(Point(scores, number), counts, 0.0, number))
        scores = np.stack([state.point.scores for state in states])
        return SimpleNamespace(
            reference=scores, starts=states, pairs=states, ladders=budget.ladders
        )

    return fit_from


CURRENT = {}
"""The truth of every data set, by the root seed of its fit."""


@pytest.mark.parametrize(
    ("sharpness", "expected"),
    [(1.0, Shape.UNIFORM), (0.4, Shape.TOO_SURE), (2.5, Shape.TOO_UNSURE)],
)
def test_the_study_says_so_if_a_fit_is_too_sure(monkeypatch, sharpness, expected):
    made = coverage.truths

    def remembered(case, root):
        for number, truth in enumerate(made(case, root)):
            CURRENT[1_000 + number] = truth
            yield truth

    monkeypatch.setattr(coverage, "truths", remembered)
    monkeypatch.setattr(coverage, "fit_from", known_fit(sharpness))
    budget = StudyBudget(80, Budget(60, 12, SCHEDULE))
    ranks = run_coverage(TRAVELLERS_ONLY, budget, TaskRunner()).ranks
    of = ranks[ranks["group"] == PARAMETERS][list(RANK_COLUMNS)].to_numpy()
    assert shapes_of({PARAMETERS: of}) == {PARAMETERS: expected}
    # The fit says that there are no cases: the truth is above all that it says.
    total = ranks[ranks["group"] == "total"][list(RANK_COLUMNS)].to_numpy()
    assert shapes_of({"total": total}) == {"total": Shape.TOO_LOW}


def test_pairs_that_are_not_all_of_their_ladders_are_refused():
    with pytest.raises(ValueError, match="not a multiple of 2"):
        run_coverage(TRAVELLERS_ONLY, StudyBudget(1, Budget(60, 5, SCHEDULE)), TaskRunner())


def test_only_a_case_with_a_local_side_has_local_quantities():
    names = {quantity.name for quantity in quantities(WHOLE)}
    assert names - {quantity.name for quantity in quantities(TRAVELLERS_ONLY)} == {
        "residents.east.community_hazard_per_day",
        "local_confirmed_cumulative",
    }
