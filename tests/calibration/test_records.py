"""Exact records of a small fit and of what is said about it: every random number as it falls.

Renew them with ``python tests/calibration/test_records.py`` and say in the changelog why they
changed. Floating-point numbers are compared to a few digits: libraries of linear algebra differ.
"""

import json
import tempfile
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import pandas as pd
import pytest
from digests import digest
from quick_simulator import QuickSimulator
from small_fit import PRIORS, SCENARIO, TARGETS, small_simulator
from small_study import WHOLE

from calibration.chains import State
from calibration.check import (
    leave_dates_out,
    left_out_table,
    parameters_table,
    targets_table,
    trade_offs,
)
from calibration.coverage import Coverage, StudyBudget, run_coverage
from calibration.fit import Budget, Fit, fit
from calibration.fitted import ensemble_of
from calibration.ladders import Schedule
from calibration.local_chains import LocalSchedule
from calibration.observation import Observation
from calibration.reference_runs import ReferenceRuns, run_reference
from calibration.repeated import repeated_table
from calibration.simulator import Point
from calibration.task_runner import TaskRunner
from sim.api import run
from sim.experiment.run_store import RunStore
from sim.world.draws import Stream

RECORD = Path(__file__).with_name("records.json")
BUDGET = Budget(
    60, 8, Schedule(seeds=1, corrections=1, rungs=2, moves=6, renewed=3, kept=2, apart=3)
)


class Study:
    """A small fit in a store, and what follows from it; each is worked out when asked for."""

    def __init__(self, folder: Path) -> None:
        observation = Observation(TARGETS, SCENARIO.calendar)
        self.simulator = QuickSimulator(SCENARIO, PRIORS.fitted, observation)
        self._store = folder / "runs.sqlite"

    def histories(self) -> list[dict[str, Any]]:
        """Histories of the model itself; the rest of the study counts by a formula."""
        simulator = small_simulator()
        seed_overrides = {(Stream.TEST, 3): 7, (Stream.SETTING_OUT, 0): 8}
        points = Point(np.zeros(3), 5), Point(np.array([0.5, -1.0, 1.0]), 6, seed_overrides)
        made = [simulator.history_within(point, -np.inf) for point in points]
        return [{"counts": digest(of[0]), "agreement": round(of[1], 4)} for of in made if of]

    def reference(self) -> dict[str, str]:
        runs = self._kept(lambda at: run_reference(self.simulator, 1, BUDGET.runs, at))
        assert isinstance(runs, ReferenceRuns)
        return {"scores": digest(runs.scores), "counts": digest(runs.counts)}

    def fit(self) -> dict[str, Any]:
        fitted = self._fitted()
        return {
            "explained": digest(fitted.emulator.explained, 4),
            "reference": digest(fitted.reference, 4),
            "above": round(fitted.above, 4),
            "starts": [_said(state) for state in fitted.starts],
            "pairs": [_said(state) for state in fitted.pairs],
        }

    def ensemble(self) -> dict[str, Any]:
        ensemble = ensemble_of(self._fitted(), SCENARIO, PRIORS, 1, BUDGET.runs)
        counted = {
            name: said
            for name, said in ensemble.provenance.items()
            if name not in ("model", "fitted_digest")  # which any change of the source changes
        }
        done = run(SCENARIO, members=ensemble.members)
        return {
            "provenance": counted,
            "base": ensemble.base,
            "seeds": [member.seed for member in ensemble.members],
            "parameters": _rows(parameters_table(ensemble, PRIORS)),
            "targets": _rows(targets_table(done, TARGETS)),
            "trade_offs": _rows(trade_offs(ensemble, PRIORS, strongest=2)),
            "repeated": _rows(repeated_table(done, run(SCENARIO, replicates=8), "region", 4)),
        }

    def left_out(self) -> list[dict[str, Any]]:
        with patch("calibration.check.Simulator", QuickSimulator):
            fits = self._kept(lambda at: leave_dates_out(SCENARIO, TARGETS, PRIORS, 1, BUDGET, at))
        return _rows(left_out_table(fits, TARGETS, SCENARIO))

    def coverage(self) -> dict[str, list[dict[str, Any]]]:
        budget = StudyBudget(2, BUDGET, LocalSchedule(runs=20, starts=2, moves=6, together=3))
        found = self._kept(lambda at: run_coverage(WHOLE, budget, at))
        assert isinstance(found, Coverage)
        return {"scores": _rows(found.scores), "ranks": _rows(found.ranks)}

    def _fitted(self) -> Fit:
        fitted = self._kept(lambda at: fit(self.simulator, 1, BUDGET, at))
        assert isinstance(fitted, Fit)
        return fitted

    def _kept(self, work: Any) -> Any:
        with RunStore.open(self._store, purpose="a test") as store:
            return work(TaskRunner(store))


def _said(state: State) -> dict[str, Any]:
    seed_overrides = sorted(
        [int(s), b, seed] for (s, b), seed in state.point.seed_overrides.items()
    )
    return {
        "scores": state.point.scores.round(4).tolist(),
        "seed": state.point.seed,
        "seed_overrides": digest(seed_overrides),
        "counts": digest(state.counts),
        "agreement": round(state.log_kernel, 4),
        "start": state.start,
    }


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(table.round(4).to_json(orient="records"))
    return rows


PARTS = ("histories", "reference", "fit", "ensemble", "left_out", "coverage")


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return Study(tmp_path_factory.mktemp("study"))


@pytest.mark.parametrize("part", PARTS)
def test_a_small_fit_gives_the_recorded_results(study: Study, part: str) -> None:
    recorded = json.loads(RECORD.read_text("utf-8"))[part]
    assert json.loads(json.dumps(getattr(study, part)())) == recorded


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        made = Study(Path(folder))
        record = {part: getattr(made, part)() for part in PARTS}
    RECORD.write_text(json.dumps(record, indent=1) + "\n", "utf-8")
