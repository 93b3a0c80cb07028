"""Outcomes that are shares or averages over nobody: no value, in every table and text."""

import json

import pandas as pd
import pytest
from command import bordersim
from random_scenarios import a_world, scenario_of
from small_sweep import write_sweep

from sim.scenario.loader import write_scenario

SHARE = "undetected_share"
SWEEP = """
name: healthy_or_not
scenario: small_world.yaml
factors:
  hazard: {label: Hazard, path: staging.junction.local_hazard_per_day, values: [0, 0.001, 0.05]}
  stay: {label: Quarantine, path: policies.quarantine_stay, values: [5 d, 14 d]}
outcomes: [undetected_share, peak_imported_confirmed_day]
replicates: 4
"""


def healthy(hazard=0.0, name="small_world"):
    """Return a world in which people are infected only in the town on the way."""
    world = a_world(name=name, source__exposure=0)
    world["staging"]["junction"]["local_hazard_per_day"] = hazard
    return write_scenario(scenario_of(world))


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    """The sweep file, the folder of its results, and what the command printed."""
    folder = tmp_path_factory.mktemp("empty")
    path = write_sweep(folder, SWEEP)
    (folder / "small_world.yaml").write_text(healthy(0.05), "utf-8")
    return path, folder / "out"


def of_share(table):
    return table[table["outcome"] == SHARE].set_index("point")


def test_a_sweep_leaves_cells_empty_and_says_how_many_runs_have_a_value(swept, capsys):
    path, out = swept
    assert bordersim("sweep", path, "--workers", 1, "--out", out) == 0
    printed = capsys.readouterr()
    assert "There is no value in any run at 2 of 6 points." in printed.out
    assert " of 4 runs)" in printed.out
    assert "nan" not in printed.out + printed.err
    runs = pd.read_csv(out / "outcomes.csv", dtype=str, keep_default_na=False)
    assert (runs.loc[runs["hazard"] == "0", SHARE] == "").all()
    assert (runs.loc[runs["hazard"] == "0.05", SHARE] != "").all()
    summary = of_share(pd.read_csv(out / "summary.csv"))
    assert (summary["runs"] == 4).all()
    assert summary["runs_with_value"].loc[[0, 1]].tolist() == [0, 0]
    assert summary["runs_with_value"].loc[[2, 3]].between(1, 3).all()
    assert summary["runs_with_value"].loc[[4, 5]].tolist() == [4, 4]
    assert summary["q50"].notna().tolist() == (summary["runs_with_value"] > 0).tolist()
    assert summary["difference_pairs"].tolist() == summary["runs_with_value"].tolist()
    # What is read from the store again is the same, and JSON has null.
    before = (out / "summary.csv").read_bytes()
    assert bordersim("sweep", path, "--workers", 1, "--json", "--out", out) == 0
    assert (out / "summary.csv").read_bytes() == before
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    empty = [row for row in rows if row["outcome"] == SHARE and row["point"] == 0]
    assert [row["q50"] for row in empty] == [None]


def test_sensitivity_and_the_report_of_a_sweep_have_no_nan(swept, capsys):
    path, out = swept
    assert bordersim("sweep", path, "--workers", 1, "--out", out) == 0
    capsys.readouterr()
    assert bordersim("sensitivity", path, "--out", out) == 0
    printed = capsys.readouterr()
    assert "nan" not in printed.out.lower()
    assert not printed.err
    # The points without a value are left out.
    assert f"{4} points" in printed.out
    assert bordersim("report", out) == 0
    page = (out / "report.html").read_text("utf-8").partition("<svg")[0]
    assert ">nan" not in page.lower()


def test_runs_of_a_world_without_infections(tmp_path, capsys):
    path = tmp_path / "healthy.yaml"
    path.write_text(healthy(), "utf-8")
    out = tmp_path / "out"
    assert bordersim("run", path, "--replicates", 3, "--workers", 1, "--out", out) == 0
    assert "nan" not in capsys.readouterr().out.lower()
    summary = pd.read_csv(out / "outcomes_summary.csv", dtype=str, keep_default_na=False)
    (row,) = summary[summary["outcome"] == SHARE].to_dict("records")
    assert row == {
        "outcome": SHARE, "runs_with_value": "0", "q05": "", "q50": "", "q95": "", "mean": "",
    }  # fmt: skip
    assert bordersim("report", out) == 0


def test_a_comparison_pairs_only_runs_with_a_value(tmp_path, capsys):
    files = []
    for name, hazard in (("as_it_was", 0.05), ("healthy", 0), ("few", 0.001)):
        files.append(tmp_path / f"{name}.yaml")
        files[-1].write_text(healthy(hazard, name), "utf-8")
    out = tmp_path / "out"
    command = ("compare", *files, "--replicates", 4, "--workers", 1, "--out", out)
    assert bordersim(*command) == 0
    assert "nan" not in capsys.readouterr().out.lower()
    table = pd.read_csv(out / "differences.csv").set_index(["policy", "outcome"])
    nobody, few = table.loc[("healthy", SHARE)], table.loc[("few", SHARE)]
    assert nobody["pairs"] == nobody["runs_with_value_of_policy"] == 0
    assert nobody["runs_with_value_of_baseline"] == 4
    assert nobody[["median", "equal", "median_of_policy"]].isna().all()
    assert few["pairs"] == few["runs_with_value_of_policy"] in (1, 2, 3)
    assert few[["median", "lower"]].notna().all()
    assert bordersim("report", out) == 0
    page = (out / "report.html").read_text("utf-8")
    assert "no pair has a value" in page
    assert "of 4\N{NO-BREAK SPACE}pairs" in page
