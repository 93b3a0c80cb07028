"""``bordersim compare`` as a user calls it."""

import json

import pandas as pd
import pytest
from command import bordersim
from faulty_runs import interrupt_after, let_runs_fail
from shipped import BASELINE, SCENARIOS

from sim.experiment import replicates

WEEK, TWO = SCENARIOS / "quarantine_7_days.yaml", SCENARIOS / "closure_week_earlier.yaml"
SMALL = ["--replicates", "3", "--workers", "1"]


@pytest.mark.slow
def test_policies_are_compared_on_the_same_fitted_pairs(tmp_path, capsys):
    out = tmp_path / "of two"
    assert bordersim("compare", BASELINE, WEEK, TWO, *SMALL, "--out", out) == 0
    runs = pd.read_csv(out / "outcomes.csv")
    seeds = runs.groupby("policy")["seed"].apply(list)
    assert seeds["baseline"] == seeds["quarantine_7_days"] == seeds["closure_week_earlier"]
    differences = pd.read_csv(out / "differences.csv")
    assert set(differences["policy"]) == {"quarantine_7_days", "closure_week_earlier"}
    with_value = differences[["runs_with_value_of_baseline", "runs_with_value_of_policy"]]
    assert (differences["pairs"] == with_value.min(axis=1)).all()
    assert differences["pairs"].mode().tolist() == [3]
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    assert manifest["baseline"] == "baseline"
    assert manifest["pairs"] == 3
    assert len(list((out / "scenarios").iterdir())) == 3
    printed = capsys.readouterr()
    assert "Difference from baseline in 3 pairs of runs" in printed.out
    assert "fitted pairs" in printed.out


@pytest.mark.slow
def test_another_policy_costs_only_its_own_runs(tmp_path, monkeypatch):
    begun = []
    run_once = replicates.simulate
    monkeypatch.setattr(
        replicates,
        "simulate",
        lambda scenario, member, **a: (
            begun.append(scenario.name) or run_once(scenario, member, **a)
        ),
    )
    assert bordersim("compare", BASELINE, WEEK, *SMALL, "--out", tmp_path) == 0
    assert bordersim("compare", BASELINE, WEEK, TWO, *SMALL, "--out", tmp_path) == 0
    assert begun == ["baseline"] * 3 + ["quarantine_7_days"] * 3 + ["closure_week_earlier"] * 3


@pytest.mark.slow
def test_the_baseline_may_be_any_of_the_files(tmp_path):
    assert (
        bordersim("compare", WEEK, BASELINE, "--baseline", BASELINE, *SMALL, "--out", tmp_path) == 0
    )
    assert set(pd.read_csv(tmp_path / "differences.csv")["baseline"]) == {"baseline"}


@pytest.mark.slow
def test_json_lines_are_the_table_and_nothing_else(tmp_path, capsys):
    assert bordersim("compare", BASELINE, WEEK, *SMALL, "--json", "--out", tmp_path) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    table = pd.read_csv(tmp_path / "differences.csv")
    assert [row["outcome"] for row in rows] == list(table["outcome"])
    assert rows[0]["policy"] == "quarantine_7_days"


@pytest.mark.slow
def test_json_has_no_numbers_that_json_does_not_know(tmp_path, capsys):
    assert bordersim("compare", BASELINE, WEEK, *SMALL, "--json", "--out", tmp_path) == 0
    for line in capsys.readouterr().out.splitlines():
        json.loads(line, parse_constant=pytest.fail)


def test_failed_pairs_are_left_out_and_named(tmp_path, monkeypatch, capsys):
    first = []
    let_runs_fail(
        monkeypatch,
        lambda scenario, seed: (
            scenario.name == "baseline" and (first.append(seed) or seed == first[0])
        ),
    )
    assert bordersim("compare", BASELINE, WEEK, *SMALL, "--out", tmp_path) == 3
    rows = pd.read_csv(tmp_path / "differences.csv")
    # Fewer only where an outcome has no value in some run, as a share of nobody.
    outcomes = pd.read_csv(tmp_path / "outcomes.csv")
    without_value = set(outcomes.columns[outcomes.isna().any()])
    assert (rows["pairs"][~rows["outcome"].isin(without_value)] == 2).all()
    manifest = json.loads((tmp_path / "manifest.json").read_text("utf-8"))
    (failure,) = manifest["failures"]
    assert failure["variant"] == "baseline"
    assert failure["seed"] == first[0]
    assert failure["reason"] == "ArithmeticError: nothing adds up"
    assert "source.exposure" in failure["parameters"]
    assert "failed: baseline, seed" in capsys.readouterr().err


@pytest.mark.slow
def test_an_interruption_is_said_with_how_to_go_on(tmp_path, monkeypatch, capsys):
    with monkeypatch.context() as patched:
        interrupt_after(patched, 4)
        assert bordersim("compare", BASELINE, WEEK, *SMALL, "--out", tmp_path) == 130
    assert "the same command resumes" in capsys.readouterr().err
    assert bordersim("compare", BASELINE, WEEK, *SMALL, "--out", tmp_path) == 0


@pytest.mark.slow
def test_enough_precision_ends_it_early(tmp_path):
    arguments = ["--ensemble", "none", "--replicates", "50", "--workers", "1"]
    wanted = ["--until-precision", "imported_confirmed=1000000"]
    small = ["--set", "travellers.pool=300", "--set", "leave_out=[towns, border]"]
    code = bordersim("compare", BASELINE, WEEK, *arguments, *wanted, *small, "--out", tmp_path)
    assert code == 0
    manifest = json.loads((tmp_path / "manifest.json").read_text("utf-8"))
    assert (manifest["pairs"], manifest["pairs_asked_for"]) == (25, 50)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([BASELINE], "a comparison needs two scenarios"),
        ([BASELINE, BASELINE], "2 scenarios have the name 'baseline'"),
        ([BASELINE, "nowhere.yaml"], "nowhere.yaml:1:1: "),
        ([BASELINE, SCENARIOS / "two_ports.yaml"], "do not run the same pairs"),
        ([BASELINE, WEEK, "--until-precision", "cases=3"], "--until-precision: cannot be used"),
        ([BASELINE, WEEK, "--until-precision", "tests=0"], "--until-precision: cannot be used"),
        ([BASELINE, WEEK, "--replicates", "9999"], "--replicates: the ensemble has 1,080 pairs"),
    ],
)
def test_what_cannot_be_compared_is_refused_before_anything_is_run(
    arguments, message, tmp_path, capsys
):
    assert bordersim("compare", *arguments, "--out", tmp_path / "out") == 2
    assert message in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_store_of_something_else_is_refused_and_left_alone(tmp_path, capsys):
    store = tmp_path / "runs.sqlite"
    store.write_text("my notes")
    assert bordersim("compare", BASELINE, WEEK, *SMALL, "--out", tmp_path) == 2
    assert "use another folder" in capsys.readouterr().err
    assert store.read_text() == "my notes"


@pytest.mark.slow
@pytest.mark.real_figures
def test_a_report_of_the_comparison_says_the_answer(tmp_path, capsys):
    assert bordersim("compare", BASELINE, WEEK, *SMALL, "--out", tmp_path) == 0
    assert bordersim("report", tmp_path) == 0
    assert str(tmp_path / "report.html") in capsys.readouterr().out
    page = (tmp_path / "report.html").read_text("utf-8")
    assert "Quarantine 7 days" in page
    assert bordersim("report", tmp_path / "scenarios") == 2
