"""``bordersim calibrate`` as a user calls it."""

import errno
import json
import os
import signal
import time
from dataclasses import astuple
from pathlib import Path

import pandas as pd
import pytest
import yaml
from command import bordersim
from driven import driven, wait_until
from small_fit import PRIORS, SCENARIO, TARGETS

from calibration.ladders import Schedule
from sim.experiment.ensemble import read_ensemble
from sim.experiment.parameters import with_parameters
from sim.experiment.run_store import RunStore
from sim.scenario.loader import write_scenario

FIT = ["--runs", "300", "--members", "3"]


@pytest.fixture(scope="module")
def case(tmp_path_factory) -> Path:
    """A folder with a small scenario, targets and priors."""
    folder = tmp_path_factory.mktemp("case")
    (folder / "corridor.yaml").write_text(write_scenario(SCENARIO), "utf-8")
    for name, part in (("targets", TARGETS), ("priors", PRIORS)):
        text = yaml.safe_dump(part.model_dump(mode="json", exclude_none=True))
        (folder / f"{name}.yaml").write_text(text, "utf-8")
    return folder


def files(case: Path) -> list[object]:
    return [
        case / "corridor.yaml",
        "--targets",
        case / "targets.yaml",
        "--priors",
        case / "priors.yaml",
    ]


@pytest.fixture
def short_chains(monkeypatch):
    """Chains of few moves from few seeds: the command is the same, the fit poorer."""
    short = Schedule(seeds=1, corrections=1, rungs=2, moves=6, renewed=3, kept=1, apart=1)
    monkeypatch.setattr(Schedule.__init__, "__defaults__", astuple(short))


@pytest.mark.slow
@pytest.mark.real_figures
@pytest.mark.usefixtures("short_chains")
def test_a_fit_is_made_used_and_checked(case, tmp_path, capsys):
    assert bordersim("calibrate", *files(case), *FIT, "--workers", 2, "--out", tmp_path) == 0
    printed = capsys.readouterr().out
    assert "300 reference runs, 3 ladders; 3 distinct pairs" in printed
    ensemble = tmp_path / "ensemble.csv"
    assert len(read_ensemble(ensemble).members) == 3
    first = ensemble.read_bytes()
    assert bordersim("calibrate", *files(case), *FIT, "--workers", 1, "--out", tmp_path) == 0
    assert ensemble.read_bytes() == first

    out = tmp_path / "runs"
    assert bordersim("run", case / "corridor.yaml", "--ensemble", ensemble, "--out", out) == 0
    assert len(pd.read_csv(out / "outcomes.csv")) == 3
    assert "ensemble" not in json.loads((out / "manifest.json").read_text())["failures"]

    capsys.readouterr()
    assert bordersim("calibrate", *files(case), *FIT, "--check", "--out", tmp_path) == 0
    printed = capsys.readouterr().out
    headings = (
        "Fitted parameters",
        "Counts of the articles",
        "Days left out",
        "Trade-offs",
        "Undetected",
    )
    for heading in headings:
        assert heading in printed
    written = {path.name for path in tmp_path.iterdir()}
    tables = ("parameters", "targets", "left_out", "trade_offs", "undetected")
    assert {f"{table}.csv" for table in tables} <= written
    for figure in ("fit", "prior_and_posterior", "left_out", "undetected"):
        assert {f"{figure}.png", f"{figure}.svg"} <= written
    left_out = pd.read_csv(tmp_path / "left_out.csv")
    assert sorted(left_out["target"]) == ["X1", "X2", "X3"]

    # A value that was fitted may be another one in the scenario by now: the fit is what is checked.
    counts = (tmp_path / "targets.csv").read_bytes()
    path = next(iter(read_ensemble(ensemble).base))
    _, *others = files(case)
    moved = tmp_path / "moved.yaml"
    moved.write_text(write_scenario(with_parameters(SCENARIO, {path: 1.1})), "utf-8")
    assert bordersim("calibrate", moved, *others, *FIT, "--check", "--out", tmp_path) == 0
    assert (tmp_path / "targets.csv").read_bytes() == counts


@pytest.mark.slow
def test_ctrl_c_keeps_what_is_done(case, tmp_path):
    options = ("--runs", 100_000, "--workers", 2, "--out", tmp_path)
    with driven("calibrate", *files(case), *options) as process:
        wait_until((tmp_path / "runs.sqlite").exists)
        time.sleep(3)
        os.killpg(process.pid, signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "what is done is kept, and the same command resumes" in errors
    assert "Traceback" not in errors


def test_a_full_disk_stops_the_fit_and_says_what_is_kept(case, tmp_path, monkeypatch, capsys):
    def full(store, runs, failed=None):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(tmp_path / "runs.sqlite"))

    monkeypatch.setattr(RunStore, "put", full)
    assert bordersim("calibrate", *files(case), *FIT, "--workers", 1, "--out", tmp_path) == 3
    said = capsys.readouterr().err
    assert f"stopped: cannot write to {tmp_path / 'runs.sqlite'}: No space left on device" in said
    assert "what is done is kept, and the same command resumes" in said


def test_a_wrong_target_is_refused_before_anything_is_run(case, tmp_path, capsys):
    wrong = tmp_path / "targets.yaml"
    wrong.write_text((case / "targets.yaml").read_text().replace("kind: count", "kind: cuont"))
    arguments = [case / "corridor.yaml", "--targets", wrong, "--priors", case / "priors.yaml"]
    assert bordersim("calibrate", *arguments, "--out", tmp_path / "out") == 2
    assert "targets.yaml:" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("targets", "place: region", "place: regoin", "did you mean 'region'"),
        ("targets", "imported_confirmed_new", "imported_confirmed_now", "no series"),
        ("targets", "2020-03-25", "2021-03-25", "outside the calendar"),
        ("priors", "path: source.exposure", "path: source.exposures", "source.exposures"),
        ("priors", "low: 20.0", "low: -20.0", "priors.yaml"),
    ],
)
def test_what_does_not_fit_the_scenario_is_refused(case, tmp_path, capsys, name, old, new, said):
    for other in ("targets", "priors"):
        text = (case / f"{other}.yaml").read_text()
        assert other != name or old in text
        (tmp_path / f"{other}.yaml").write_text(text.replace(old, new) if other == name else text)
    (tmp_path / "corridor.yaml").write_text((case / "corridor.yaml").read_text())
    assert bordersim("calibrate", *files(tmp_path), *FIT, "--out", tmp_path / "out") == 2
    assert said in capsys.readouterr().err


def test_without_an_ensemble_there_is_nothing_to_check(case, tmp_path, capsys):
    assert bordersim("calibrate", *files(case), "--check", "--out", tmp_path) == 2
    assert "there is no ensemble to check" in capsys.readouterr().err
