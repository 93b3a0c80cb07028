"""``bordersim sweep`` as a user calls it, and as a power cut ends it."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time

import pandas as pd
import pytest
from command import bordersim
from faulty_runs import interrupt_after, let_runs_fail
from random_scenarios import START
from shipped import ROOT
from small_sweep import SWEEP, tables_in, write_sweep

from sim.experiment import replicates
from sim.view.labels import about


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """The folder of the sweep file, and that of its results."""
    folder = tmp_path_factory.mktemp("sweep")
    path = write_sweep(folder)
    assert bordersim("sweep", path, "--workers", 1, "--out", folder / "out") == 0
    return path, folder / "out"


def test_a_sweep_writes_tables_and_says_what_matters_most(tmp_path, capsys):
    path = write_sweep(tmp_path)
    assert bordersim("sweep", path, "--workers", 1, "--out", tmp_path / "out") == 0
    printed = capsys.readouterr()
    assert "small_sweep: What do stay and laboratory do?" in printed.out
    assert "Lowest: " in printed.out and "What matters most is " in printed.out
    outcomes = pd.read_csv(tmp_path / "out" / "outcomes.csv")
    assert len(outcomes) == 7 * 4
    assert list(outcomes.columns[:6]) == ["policy", "point", "stay", "laboratory", "pair", "seed"]
    summary = pd.read_csv(tmp_path / "out" / "summary.csv")
    tests = summary[summary["outcome"] == "tests"].set_index("point")["q50"]
    assert f"Highest: {about(tests.loc[0:].max())} tests (" in printed.out
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))
    assert manifest["points"] == 6
    assert (tmp_path / "out" / "sweep.yaml").read_text("utf-8") == SWEEP


def test_two_workers_write_the_same_tables(undisturbed, tmp_path):
    path, out = undisturbed
    assert bordersim("sweep", path, "--workers", 2, "--out", tmp_path) == 0
    assert tables_in(tmp_path) == tables_in(out)


def test_a_dry_run_counts_and_runs_nothing(undisturbed, tmp_path, capsys):
    path, out = undisturbed
    assert bordersim("sweep", path, "--dry-run", "--out", tmp_path / "new") == 0
    printed = capsys.readouterr().out
    assert "6 points x 1 policy x 4 pairs = 24" in printed
    assert "scenario files as they are        4\n" in printed
    assert "together                          28\n" in printed
    assert "new                               28" in printed
    assert "one run took" in printed
    assert "MB" in printed
    assert not (tmp_path / "new").exists()
    assert bordersim("sweep", path, "--dry-run", "--json", "--out", out) == 0
    assert json.loads(capsys.readouterr().out) == {
        "sweep": "small_sweep",
        "runs": 28,
        "finished": 28,
        "failed": 0,
        "new": 0,
        "others": 0,
    }


def test_only_what_has_changed_is_run(undisturbed, tmp_path, monkeypatch, capsys):
    _, out = undisturbed
    shutil.copytree(out, tmp_path / "out")
    begun = []
    run_once = replicates.simulate
    monkeypatch.setattr(
        replicates,
        "simulate",
        lambda scenario, member, **a: begun.append(1) or run_once(scenario, member, **a),
    )
    path = write_sweep(tmp_path, SWEEP.replace("14 d]", "21 d]"))
    assert bordersim("sweep", path, "--workers", 1, "--out", tmp_path / "out") == 0
    assert len(begun) == 2 * 4
    assert "8 stored runs are of other" in capsys.readouterr().err


@pytest.mark.slow
def test_a_failing_run_is_a_row_with_its_parameters_and_ends_nothing(tmp_path, monkeypatch, capsys):
    let_runs_fail(
        monkeypatch,
        lambda scenario, seed: seed == 2 and scenario.policies.quarantine_stay.on(START) == 10,
    )
    path = write_sweep(tmp_path)
    assert bordersim("sweep", path, "--workers", 1, "--out", tmp_path / "out") == 3
    failures = pd.read_csv(tmp_path / "out" / "failures.csv")
    assert list(failures["seed"]) == [2, 2]
    assert failures["variant"].str.contains("at point").all()
    assert (failures["reason"] == "ArithmeticError: nothing adds up").all()
    assert len(pd.read_csv(tmp_path / "out" / "outcomes.csv")) == 28 - 2
    assert "failed: small_world at point 2, seed 2" in capsys.readouterr().err


@pytest.mark.slow
def test_after_an_interruption_the_same_command_goes_on(undisturbed, tmp_path, monkeypatch, capsys):
    path, out = undisturbed
    with monkeypatch.context() as patched:
        interrupt_after(patched, 9)
        assert bordersim("sweep", path, "--workers", 1, "--out", tmp_path) == 130
    assert "the same command resumes" in capsys.readouterr().err
    assert bordersim("sweep", path, "--workers", 1, "--out", tmp_path) == 0
    assert tables_in(tmp_path) == tables_in(out)


def test_sensitivity_of_a_finished_sweep_runs_nothing(undisturbed, tmp_path, capsys):
    path, out = undisturbed
    assert bordersim("sensitivity", path, "--out", out) == 0
    printed = capsys.readouterr().out
    assert "Quarantine" in printed
    assert "of the variance between points" in printed
    table = pd.read_csv(out / "sensitivity.csv")
    assert list(table["factor"]) == ["stay", "laboratory"] * 2
    assert bordersim("sensitivity", path, "--json", "--out", out) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["factor"] for row in rows] == list(table["factor"])
    assert bordersim("sensitivity", path, "--out", tmp_path / "nowhere") == 2
    assert "first: bordersim sweep" in capsys.readouterr().err


def test_sensitivity_twice_gives_the_same_bytes(tmp_path, capsys):
    """Of a design for Sobol' indices, whose intervals were drawn anew each time."""
    text = SWEEP.replace("steps: 2, scale: log", "whole: true").replace("replicates: 4", "")
    path, out = write_sweep(tmp_path, f"{text}design: {{kind: saltelli, points: 4}}\n"), tmp_path
    path.write_text(path.read_text("utf-8") + "replicates: 1\n", "utf-8")
    assert bordersim("sweep", path, "--workers", 1, "--out", out) == 0
    found = []
    for _ in range(2):
        capsys.readouterr()
        assert bordersim("sensitivity", path, "--out", out) == 0
        printed = capsys.readouterr()
        found.append((printed, (out / "sensitivity.csv").read_bytes()))
        assert "nan" not in printed.out
        assert not printed.err
    assert found[0] == found[1]
    table = pd.read_csv(out / "sensitivity.csv")
    assert table["total_order"].notna().all()


@pytest.mark.slow
def test_a_driver_killed_again_and_again_loses_nothing_that_was_finished(undisturbed, tmp_path):
    path, out = undisturbed
    moments = random.Random(8)
    command = [sys.executable, "-m", "sim", "sweep", path, "--workers", "2", "--out", tmp_path]
    kept = [0]
    for _ in range(4):
        with subprocess.Popen(
            [str(part) for part in command],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as driver:
            time.sleep(moments.uniform(0.5, 4.0))
            driver.send_signal(signal.SIGKILL)
        assert bordersim("sweep", path, "--dry-run", "--json", "--out", tmp_path) == 0
        kept.append(_finished(path, tmp_path))
    assert kept == sorted(kept)
    assert bordersim("sweep", path, "--workers", 1, "--out", tmp_path) == 0
    assert tables_in(tmp_path) == tables_in(out)


def _finished(path, out):
    from sim.cli.kept_runs import opened_runs
    from sim.experiment.campaign import Campaign
    from sim.experiment.ensemble import seeds_only
    from sim.experiment.sweep.loader import load_sweep
    from sim.experiment.sweep.results import variants_of

    if not (out / "runs.sqlite").exists():
        return 0
    with opened_runs(out) as store:
        variants = variants_of(load_sweep(path), [seeds_only(1, 4)])
        return Campaign(variants, store).progress().finished


def test_all_problems_of_a_sweep_file_are_reported_at_once(tmp_path, capsys):
    path = write_sweep(tmp_path)
    text = """name: Small sweep
scenario: small_wolrd.yaml
policies: [small_world.yaml]
factors:
  stay: {path: policies.quarantine_stey, values: [5 d, 10 d]}
  upside_down: {path: policies.laboratory_capacity, range: {low: 10, high: 5}}
  twice: {path: policies.laboratory_capacity, values: [10, 20]}
  negative: {path: policies.bookings, values: [-5]}
design: {kind: gird}
outcomes: [tests, nonsense]
replicates: 0
colour: red
"""
    path.write_text(text, "utf-8")
    for command in ("sweep", "validate"):
        assert bordersim(command, path) == 2
        said = capsys.readouterr().err
        for line, word in (
            ("1:1: name:", "small_sweep"),
            ("2:1: scenario:", "small_world.yaml"),
            ("5:10: policies.quarantine_stey:", "quarantine_stay"),
            ("6:70: factors.upside_down.range.high:", "not above low"),
            ("7:3: factors.twice:", "varied by upside_down already"),
            ("8:48: policies.bookings", "-5"),
            ("9:10: design.kind:", "grid"),
            ("10:19: outcomes[1]:", "no outcome"),
            ("11:1: replicates:", ">= 1"),
            ("12:1: colour:", "unknown field"),
        ):
            assert [
                of for of in said.splitlines() if of.startswith(f"{path}:{line}") and word in of
            ]
        assert "10 problems found; nothing was run" in said
    path.write_text(text.replace("factors:", "factor:"), "utf-8")
    assert bordersim("validate", path) == 2
    said = capsys.readouterr().err
    assert "did you mean 'factors'?" in said and "did you mean 'small_world.yaml'?" in said


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("replicates: 4", "replicates: 4\nmax_runs: 20"), "are 24 runs, more than max_runs (20)"),
        (("small_sweep", "Small sweep"), "sweep.yaml:2:1: name"),
        (("factors:", "factor:"), "did you mean 'factors'?"),
    ],
)
def test_what_cannot_be_run_is_refused_at_once(tmp_path, capsys, change, message):
    path = write_sweep(tmp_path, SWEEP.replace(*change))
    assert bordersim("sweep", path, "--out", tmp_path / "out") == 2
    assert message in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
