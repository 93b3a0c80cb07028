"""What the pages show of runs is only put there when all of it is there."""

from pathlib import Path

import pytest
from PIL import Image
from shipped import ROOT

from docs.blocks import results
from docs.blocks.markdown import number
from docs.blocks.marked import IMAGES
from docs.generate import main

PAGES = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]


@pytest.mark.parametrize("kind", ["results", "comparison", "calibration"])
def test_a_folder_in_which_something_is_missing_is_refused(kind, tmp_path, capsys):
    before = {path: path.read_bytes() for path in PAGES}
    for name in ("baseline", "no_closure"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "outcomes_summary.csv").write_text("outcome\n", "utf-8")
    assert main([kind, str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert str(tmp_path) in said
    assert "is missing" in said
    assert {path: path.read_bytes() for path in PAGES} == before


def test_only_figures_that_a_page_shows_are_copied(tmp_path, monkeypatch):
    for name in ("imported.png", "of_nobody.png"):
        Image.new("RGB", (2, 2)).save(tmp_path / name)
    monkeypatch.setattr("docs.blocks.marked.IMAGES", tmp_path / "images")
    (tmp_path / "images").mkdir()
    results.copy_figures(tmp_path)
    assert [path.name for path in (tmp_path / "images").iterdir()] == ["imported.png"]


def test_every_image_is_shown_and_every_image_shown_is_there():
    text = "".join(path.read_text("utf-8") for path in PAGES)
    shown = {part.partition(")")[0] for part in text.split("images/")[1:]}
    assert {path.name for path in IMAGES.iterdir()} == {Path(name).name for name in shown}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"), (7, "7"), (7.46, "7.5"), (12_531, "12,500"), (62_149_000, "62.1 million"),
        (0.00311, "0.0031"), (7.3e-06, "0.0000073"), (-0.42, "\N{MINUS SIGN}0.42"),
        (-1234.5, "\N{MINUS SIGN}1,230"),
    ],
)  # fmt: skip
def test_numbers_have_two_or_three_digits(value, text):
    assert number(value) == text
