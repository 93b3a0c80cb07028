"""``bordersim status``, ``inspect`` and ``export`` as a user calls them."""

import json
import sqlite3
import sys

import pandas as pd
import pytest
from command import bordersim
from faulty_runs import let_runs_fail
from random_scenarios import a_world, scenario_of
from small_sweep import write_sweep

import sim
from sim.experiment.campaign import PURPOSE
from sim.experiment.outcome_registry import OUTCOMES
from sim.experiment.parameters import world_digest
from sim.experiment.run_store import RunStore


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """The folder of a sweep of which two runs failed."""
    folder = tmp_path_factory.mktemp("sweep")
    with pytest.MonkeyPatch.context() as patched:
        let_runs_fail(
            patched,
            lambda scenario, seed: seed == 4,
        )
        assert bordersim("sweep", write_sweep(folder), "--workers", 1, "--out", folder / "out") == 3
    return folder / "out"


def test_status_counts(kept, capsys):
    assert bordersim("status", kept, "--json") == 0
    status = json.loads(capsys.readouterr().out)
    assert (status["finished"], status["failed"], status["same_model"]) == (21, 7, True)
    assert status["wanted"] == 28
    assert bordersim("status", kept) == 0
    printed = capsys.readouterr().out
    assert "21 runs done, 28 wanted" in printed
    assert "small_world, small_world at point 0, small_world at point 1 and 4 more" in printed
    assert f"last command: bordersim sweep {kept.parent / 'sweep.yaml'} " in printed
    assert "7 runs failed; bordersim inspect" in printed


def test_inspect_shows_scenarios_and_reasons(kept, capsys):
    assert bordersim("inspect", kept, "--json") == 0
    shown = json.loads(capsys.readouterr().out)
    assert sum(shown["runs"].values()) == 21
    assert {failure["seed"] for failure in shown["failures"]} == {"4"}
    assert bordersim("inspect", kept / "runs.sqlite") == 0
    printed = capsys.readouterr().out
    assert "ArithmeticError: nothing adds up" in printed
    assert printed.count(": 3 runs") == 7
    assert "  small_world: 3 runs\n" in printed
    assert "  failed: small_world at point 5, seed 4: ArithmeticError" in printed
    assert not set(shown["runs"]) & set(printed.replace(":", " ").split())


def test_runs_that_no_command_asked_for_have_no_name(tmp_path, capsys):
    world = scenario_of(a_world())
    sim.run(world, replicates=2, folder=tmp_path)
    assert bordersim("status", tmp_path) == 0
    assert ": 2 runs done, 0." in capsys.readouterr().out
    assert bordersim("inspect", tmp_path) == 0
    printed = capsys.readouterr().out
    assert f"scenario {world_digest(world)}, not of the last command: 2 runs" in printed


def test_export_writes_a_row_a_run(kept, tmp_path, capsys):
    out = tmp_path / "runs.csv"
    assert bordersim("export", kept, out) == 0
    table = pd.read_csv(out)
    assert len(table) == 21
    expected = pd.read_csv(kept / "outcomes.csv")
    assert sorted(table["tests"]) == sorted(expected["tests"])
    assert "21 runs" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["runs.csv", "runs.parquet"])
def test_a_store_without_runs_is_not_exported(tmp_path, capsys, name):
    RunStore.open(tmp_path / "runs.sqlite", purpose=PURPOSE).close()
    assert bordersim("export", tmp_path, tmp_path / name) == 2
    assert "holds no finished runs: there is nothing to export" in capsys.readouterr().err
    assert not (tmp_path / name).exists()


def test_a_workbook_has_every_table_and_explains_it(kept, tmp_path, capsys):
    openpyxl = pytest.importorskip("openpyxl")
    (tmp_path / "notes.csv").write_text("a,date\n=1+1,2020-03-01\nnan,none\n", "utf-8")
    for path in kept.glob("*.csv"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    assert bordersim("export", tmp_path, tmp_path / "all.xlsx") == 0
    assert "4 tables" in capsys.readouterr().out
    book = openpyxl.load_workbook(tmp_path / "all.xlsx")
    assert book.sheetnames == ["README", "failures", "notes", "outcomes", "summary"]
    rows = list(book["outcomes"].iter_rows(values_only=True))
    expected = pd.read_csv(kept / "outcomes.csv")
    assert list(rows[0]) == list(expected.columns)
    assert [row[rows[0].index("tests")] for row in rows[1:]] == expected["tests"].tolist()
    notes = [[cell.value for cell in row] for row in book["notes"].iter_rows(min_row=2)]
    assert book["notes"]["A2"].data_type == "s" and notes[1] == [None, "none"]
    assert book["notes"]["B2"].is_date
    readme = {row[:2]: row[2] for row in book["README"].iter_rows(min_row=2, values_only=True)}
    assert "one row per run" in readme["outcomes", None]
    assert readme["outcomes", "tests"].startswith(OUTCOMES["tests"].label)


def test_a_workbook_without_its_extra_is_said(kept, tmp_path, monkeypatch, capsys):
    monkeypatch.delitem(sys.modules, "sim.experiment.workbook", raising=False)
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    assert bordersim("export", kept, tmp_path / "all.xlsx") == 2
    assert "pip install 'bordersim[xlsx]'" in capsys.readouterr().err


def test_a_store_of_another_version_is_shown_and_not_added_to(kept, tmp_path, capsys):
    store = tmp_path / "runs.sqlite"
    store.write_bytes((kept / "runs.sqlite").read_bytes())
    with sqlite3.connect(store) as connection:
        connection.execute("UPDATE meta SET value = 'older' WHERE name = 'model'")
    connection.close()
    assert bordersim("status", tmp_path) == 0
    assert "another version of the model" in capsys.readouterr().out
    assert bordersim("export", tmp_path, tmp_path / "runs.csv") == 0
    assert len(pd.read_csv(tmp_path / "runs.csv")) == 21


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["status", "nowhere"], "there is no store at nowhere"),
        (["inspect", "nowhere"], "there is no store at nowhere"),
        (["export", "nowhere", "runs.csv"], "there is no store at nowhere"),
        (["export", "nowhere", "runs.xlsx"], "nowhere: there is no table to export"),
        (["export", "nowhere", "runs.txt"], "unknown ending [allowed: .csv, .parquet, .xlsx]"),
    ],
)
def test_what_is_not_there_is_said(arguments, message, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert bordersim(*arguments) == 2
    assert message in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_parquet_without_its_extra_is_said(kept, tmp_path, monkeypatch, capsys):
    def missing(self, *arguments, **options):
        raise ImportError("no pyarrow")

    monkeypatch.setattr(pd.DataFrame, "to_parquet", missing)
    assert bordersim("export", kept, tmp_path / "runs.parquet") == 2
    assert "pip install 'bordersim[parquet]'" in capsys.readouterr().err
