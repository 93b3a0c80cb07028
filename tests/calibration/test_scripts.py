"""The two studies that are scripts: what they run when they are told, and what they write."""

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from random_scenarios import a_world, scenario_of

from calibration import coverage, repeated
from calibration.coverage import StudyBudget
from calibration.fit import Budget
from calibration.local_chains import LocalSchedule
from sim.api import run
from sim.experiment.ensemble import Ensemble, Member

ANSWER = coverage.Coverage(
    pd.DataFrame({"data_set": [0], "width_90": [0.5]}), pd.DataFrame({"data_set": [0]})
)


def called(monkeypatch: pytest.MonkeyPatch, script: Any, *arguments: object) -> None:
    monkeypatch.setattr(sys, "argv", ["script", *map(str, arguments)])
    script.main()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> SimpleNamespace:
    """What the study of coverage is asked for; it is not run."""
    given = SimpleNamespace()

    def study(case: Any, budget: Any, at: Any) -> coverage.Coverage:
        given.case, given.budget, given.workers = case, budget, at.workers
        given.has_a_store = at.store is not None
        at.on_progress("data sets", 1, 2)
        return ANSWER

    monkeypatch.setattr(coverage, "run_coverage", study)
    monkeypatch.setattr(coverage, "shipped_case", lambda: "the shipped case")
    monkeypatch.setattr(coverage, "SHIPPED_COVERAGE", tmp_path / "coverage.csv")
    monkeypatch.setattr(coverage, "SHIPPED_RANKS", tmp_path / "ranks.csv")
    monkeypatch.chdir(tmp_path)
    return given


def test_coverage_as_it_is_shipped(monkeypatch, asked, capsys, tmp_path):
    called(monkeypatch, coverage)
    assert asked.case == "the shipped case"
    assert asked.budget == StudyBudget(200, Budget(8000, 18), LocalSchedule(runs=600))
    assert asked.workers == 0
    assert asked.has_a_store
    assert (tmp_path / "results" / "coverage.sqlite").exists()
    assert (tmp_path / "coverage.csv").read_bytes() == b"data_set,width_90\n0,0.5\n"
    assert (tmp_path / "ranks.csv").read_bytes() == b"data_set\n0\n"
    told = capsys.readouterr()
    assert told.out == ""
    files = f"{tmp_path / 'coverage.csv'}\n{tmp_path / 'ranks.csv'}\n"
    assert told.err == f"\rdata sets: 1 of 2   \n{files}"


def test_coverage_as_it_is_told(monkeypatch, asked, tmp_path):
    called(
        monkeypatch,
        coverage,
        *("--sets", 3, "--ladders", 5, "--runs", 60, "--local-runs", 70, "--workers", 2),
        *("--store", "kept/here/runs.sqlite", "--out", "table.csv", "--ranks", "histograms.csv"),
    )
    assert asked.budget == StudyBudget(3, Budget(60, 15), LocalSchedule(runs=70))
    assert asked.workers == 2
    assert (tmp_path / "kept" / "here" / "runs.sqlite").exists()
    assert (tmp_path / "table.csv").exists()
    assert (tmp_path / "histograms.csv").exists()
    called(monkeypatch, coverage, "--store", "kept/here/runs.sqlite", "--out", "again.csv")
    assert (tmp_path / "again.csv").exists()


def test_an_ensemble_is_run_pair_by_pair_as_it_was_fitted():
    world = scenario_of(a_world())
    members = tuple(Member(seed, {"source.exposure": 100.0 * seed}) for seed in (2, 5))
    done = repeated._runs_of(world, Ensemble(members, {"source.exposure": 150.0}), 1)
    assert [result.seed for result in done.results] == [2, 5]
    expected = run(world, members=members)
    for one, other in zip(done.results, expected.results, strict=True):
        np.testing.assert_equal(one.outcomes, other.outcomes)


@pytest.mark.slow
def test_repeated_fits_are_run_and_compared(monkeypatch, tmp_path, capsys):
    world = scenario_of(a_world())
    runs = {"first": run(world, replicates=4), "second": run(world, replicates=4, seed=9)}
    workers = []

    def ensemble(path: Path) -> Any:
        members = [path.stem] * (5 if path.stem == "larger" else 4)
        return SimpleNamespace(members=members, provenance={"ladders": 2})

    def runs_of(scenario: Any, of: Any, count: int) -> Any:
        assert scenario.name == "baseline"
        workers.append(count)
        return runs[of.members[0]]

    monkeypatch.setattr(repeated, "read_ensemble", ensemble)
    monkeypatch.setattr(repeated, "_runs_of", runs_of)
    monkeypatch.setattr(repeated, "shipped_ensembles", lambda: {"articles_2020": Path("first.csv")})
    monkeypatch.setattr(repeated, "read_targets", lambda: SimpleNamespace(region="region"))
    monkeypatch.setattr(repeated, "SHIPPED_REPEATED", tmp_path / "repeated.csv")
    expected = repeated.repeated_table(runs["first"], runs["second"], "region", 2)
    called(monkeypatch, repeated, "second.csv")
    assert pd.read_csv(tmp_path / "repeated.csv").equals(expected)
    assert capsys.readouterr().out == expected.to_string(index=False) + "\n"
    called(monkeypatch, repeated, "second.csv", "--workers", 3, "--out", tmp_path / "other.csv")
    assert pd.read_csv(tmp_path / "other.csv").equals(expected)
    assert workers == [0, 0, 3, 3]
    with pytest.raises(SystemExit):
        called(monkeypatch, repeated, "larger.csv")
    assert "larger.csv: 5 pairs; a fit of as many pairs" in capsys.readouterr().err
