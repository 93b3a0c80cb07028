"""Folders that no report can be made of are refused, with what is wrong."""

import re
import shutil

import pytest

from sim.cli.report import run_report
from sim.exits import Refused

pytest_plugins = ["report_fixture"]


@pytest.mark.parametrize(
    ("kind", "file", "change", "message"),
    [
        ("comparison", "manifest.json", None, "no results of bordersim run, compare or sweep"),
        ("comparison", "manifest.json", lambda text: "[]", "not a JSON object"),
        ("comparison", "manifest.json", lambda text: text[:90], "manifest.json: the file is damag"),
        ("comparison", "manifest.json", lambda text: "{}", "no run, comparison or sweep"),
        (
            "comparison",
            "manifest.json",
            lambda text: text.replace('"later"', '"../later"'),
            "policies.2.name: String should match",
        ),
        (
            "comparison",
            "manifest.json",
            lambda text: text.replace('"pairs": 12', '"pairs": 0'),
            "no pair of runs has finished",
        ),
        ("comparison", "differences.csv", None, "differences.csv: the file is missing"),
        ("comparison", "differences.csv", lambda text: "", "differences.csv: the file is damaged"),
        (
            "comparison",
            "differences.csv",
            lambda text: text.replace(",q05,", ",q5,"),
            "no column q05",
        ),
        (
            "comparison",
            "differences.csv",
            lambda text: text.replace(",12,", ",twelve,", 1),
            "differences.csv: the file is damaged: Unable to parse",
        ),
        (
            "comparison",
            "differences.csv",
            lambda text: text.replace("later,as_it_was,cost_cny", "x,as_it_was,cost_cny"),
            "no row of later and cost_cny",
        ),
        ("comparison", "scenarios/later.yaml", None, "later.yaml: the file is missing"),
        ("comparison", "scenarios/later.yaml", lambda text: "a: [", "cannot read the scenario"),
        ("sweep", "sweep.yaml", None, "sweep.yaml: the file is missing"),
        ("sweep", "sweep.yaml", lambda text: "factors: 3", "sweep.yaml: the file is damaged"),
        (
            "sweep",
            "sweep.yaml",
            lambda text: text.replace("14 d]", "14 d, 20 d]"),
            "it has 8 points, the manifest 6",
        ),
        (
            "sweep",
            "sweep.yaml",
            lambda text: text.replace("14 d]", "15 d]"),
            "is not the one that sweep.yaml describes",
        ),
        (
            "sweep",
            "sweep.yaml",
            lambda text: text.replace("values: [5 d, 10 d, 14 d]", ""),
            "a factor has one of values",
        ),
        ("sweep", "summary.csv", lambda text: "\n", "no run has finished"),
        ("run", "outcomes_summary.csv", None, "outcomes_summary.csv: the file is missing"),
    ],
)
def test_missing_and_damaged_files_are_refused(folders, tmp_path, kind, file, change, message):
    folder = tmp_path / "copy"
    shutil.copytree(folders[kind], folder, ignore=shutil.ignore_patterns("*.html", "*.sqlite"))
    path = folder / file
    text = path.read_text("utf-8")
    path.unlink()
    if change is not None:
        assert change(text) != text
        path.write_text(change(text), "utf-8")
    with pytest.raises(Refused, match=re.escape(message)):
        run_report(folder)
    assert not (folder / "report.html").exists()


def test_what_is_no_text_is_refused(folders, tmp_path):
    folder = tmp_path / "copy"
    shutil.copytree(folders["run"], folder)
    (folder / "scenario.yaml").write_bytes(b"name: \xff")
    with pytest.raises(Refused, match="cannot be read"):
        run_report(folder)


def test_other_folders_are_refused_with_a_hint(folders, tmp_path):
    with pytest.raises(Refused, match="no such folder"):
        run_report(tmp_path / "nowhere")
    (tmp_path / "one").mkdir()
    shutil.copy(folders["run"] / "manifest.json", tmp_path / "one")
    with pytest.raises(Refused, match=r"perhaps .*one"):
        run_report(tmp_path)
