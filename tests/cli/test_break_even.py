"""``bordersim break-even`` as a user calls it."""

import pandas as pd
import pytest
from command import bordersim
from faulty_runs import interrupt_after, let_runs_fail
from shipped import BASELINE, SCENARIOS

SMALL = [
    "--ensemble",
    "none",
    "--replicates",
    "2",
    "--workers",
    "1",
    "--rewards",
    "0.3,1",
    "--responses",
    "0.5",
]


@pytest.mark.real_figures
def test_break_even_writes_a_table_and_figures(tmp_path, capsys):
    assert bordersim("break-even", BASELINE, *SMALL, "--out", tmp_path, "--seed", 3) == 0
    assert {path.name for path in tmp_path.iterdir()} == {
        "break_even.csv",
        "break_even.png",
        "break_even.svg",
        "deterrence_and_detection.png",
        "deterrence_and_detection.svg",
    }
    table = pd.read_csv(tmp_path / "break_even.csv")
    assert list(table["reward_multiple"]) == [0.3, 1]
    assert (table["worth_of_an_averted_infection_cny"] == 100_000).all()
    printed = capsys.readouterr()
    assert "of 2 combinations" in printed.out
    assert "swept, not calibrated" in printed.out
    assert str(tmp_path) in printed.out


def test_settings_and_worth_are_used(tmp_path):
    settings = ["--set", "border.stretches.suifenhe_hills.noticed=0", "--worth", "5 CNY"]
    assert bordersim("break-even", BASELINE, *SMALL, *settings, "--out", tmp_path) == 0
    table = pd.read_csv(tmp_path / "break_even.csv")
    assert (table["crossers_found_through_residents"] == 0).all()
    assert (table["worth_of_an_averted_infection_cny"] == 5).all()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([SCENARIOS / "studies" / "quilty_2020.yaml"], "quilty_2020: break-even needs rewards"),
        ([BASELINE, "--set", "policies.rewards=[]"], "offers no rewards (policies.rewards)"),
        ([BASELINE, "--rewards", "0,1"], "--rewards: cannot be used"),
        ([BASELINE, "--rewards", "many"], "--rewards: cannot be used"),
        ([BASELINE, "--responses", "1,nan"], "--responses: cannot be used"),
        ([BASELINE, "--worth", "100000"], "--worth: money needs a number and the currency"),
        (["nowhere.yaml"], "nowhere.yaml:1:1: "),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_line(arguments, message, tmp_path, capsys):
    assert bordersim("break-even", *arguments, "--out", tmp_path / "out") == 2
    errors = capsys.readouterr().err
    assert message in errors
    assert "Traceback" not in errors
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_written_is_refused_before_the_runs(tmp_path, capsys):
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert bordersim("break-even", BASELINE, *SMALL, "--out", blocked / "results") == 2
    assert "cannot write to" in capsys.readouterr().err


def test_what_stands_in_the_way_of_the_table_is_named(tmp_path, capsys):
    table = tmp_path / "break_even.csv"
    table.mkdir()
    assert bordersim("break-even", BASELINE, *SMALL, "--out", tmp_path) == 3
    assert f"stopped: cannot write to {table}: Is a directory" in capsys.readouterr().err


def test_failed_runs_are_reported_and_the_others_kept(tmp_path, monkeypatch, capsys):
    let_runs_fail(monkeypatch, when=lambda scenario, seed: seed == 2)
    assert bordersim("break-even", BASELINE, *SMALL, "--out", tmp_path) == 3
    assert "failed: no reward, seed 2: ArithmeticError" in capsys.readouterr().err
    assert list(pd.read_csv(tmp_path / "break_even.csv")["pairs"]) == [1, 1]


def test_an_interruption_is_code_130_and_keeps_what_was_done(tmp_path, monkeypatch, capsys):
    interrupt_after(monkeypatch, runs=4)
    assert bordersim("break-even", BASELINE, *SMALL, "--out", tmp_path) == 130
    assert "interrupted: the 1 combinations with runs are written" in capsys.readouterr().err
    assert len(pd.read_csv(tmp_path / "break_even.csv")) == 1


def test_when_every_run_fails_nothing_is_written(tmp_path, monkeypatch, capsys):
    let_runs_fail(monkeypatch)
    assert bordersim("break-even", BASELINE, *SMALL, "--out", tmp_path) == 3
    assert "failed: no reward, seed 1" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
