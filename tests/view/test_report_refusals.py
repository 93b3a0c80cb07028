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
        ("comparison", "manifest.json", None, "no folder of results: manifest.json is missing"),
        ("comparison", "manifest.json", lambda text: "[]", "of no run, comparison or sweep"),
        ("comparison", "manifest.json", lambda text: text[:90], "manifest.json: the file is damag"),
        ("run", "manifest.json", lambda text: text.replace("seeds_req", "x"), "no seeds_requested"),
        (
            "comparison",
            "manifest.json",
            lambda text: text.replace('"later"', '"../later"'),
            "outcomes.csv: the file is damaged: not 12 pairs",
        ),
        (
            "comparison",
            "manifest.json",
            lambda text: text.replace('"pairs": 12', '"pairs": 0'),
            "no pair of runs has finished",
        ),
        ("comparison", "outcomes.csv", None, "outcomes.csv: the file is missing"),
        ("comparison", "outcomes.csv", lambda text: "", "outcomes.csv: the file is damaged"),
        (
            "comparison",
            "outcomes.csv",
            lambda text: text.replace(",cost_cny,", ",cost,"),
            "no column cost_cny",
        ),
        ("comparison", "scenarios/later.yaml", None, "scenarios: no file of later"),
        ("comparison", "scenarios/later.yaml", lambda text: "a: [", "cannot read what was run"),
        ("sweep", "sweep.yaml", None, "sweep.yaml: the file is missing"),
        ("sweep", "sweep.yaml", lambda text: "factors: 3", "cannot read what was run"),
        (
            "sweep",
            "sweep.yaml",
            lambda text: text.replace("14 d]", "14 d, 20 d]"),
            "not the sweep that was run: 8 points",
        ),
        ("sweep", "summary.csv", lambda text: "\n", "summary.csv: the file is damaged"),
        ("run", "outcomes.csv", None, "outcomes.csv: the file is missing"),
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
    with pytest.raises(Refused, match="the file is damaged"):
        run_report(folder)


def test_other_folders_are_refused_with_a_hint(folders, tmp_path):
    with pytest.raises(Refused, match="no folder of results"):
        run_report(tmp_path / "nowhere")
    (tmp_path / "one").mkdir()
    shutil.copy(folders["run"] / "manifest.json", tmp_path / "one")
    with pytest.raises(Refused, match=r"perhaps .*one"):
        run_report(tmp_path)
