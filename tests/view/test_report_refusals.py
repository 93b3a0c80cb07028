"""Folders that no report can be made of are refused, with what is wrong."""

import re
import shutil

import pytest
from command import bordersim

from sim.view.report.folder import FolderError, read_folder
from sim.view.report.page import report_of

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
    with pytest.raises(FolderError, match=re.escape(message)):
        report_of(read_folder(folder))


def test_the_command_says_so_and_writes_nothing(tmp_path, capsys):
    assert bordersim("report", tmp_path) == 2
    assert "no folder of results" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_what_is_no_text_is_refused(folders, tmp_path):
    folder = tmp_path / "copy"
    shutil.copytree(folders["run"], folder)
    (folder / "scenario.yaml").write_bytes(b"name: \xff")
    with pytest.raises(FolderError, match="the file is damaged"):
        report_of(read_folder(folder))


def test_other_folders_are_refused_with_a_hint(folders, tmp_path):
    with pytest.raises(FolderError, match="no folder of results"):
        read_folder(tmp_path / "nowhere")
    (tmp_path / "one").mkdir()
    shutil.copy(folders["run"] / "manifest.json", tmp_path / "one")
    with pytest.raises(FolderError, match=r"perhaps .*one"):
        read_folder(tmp_path)
