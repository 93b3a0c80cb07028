"""What the pages show of runs is only put there when all of it is there."""

import pytest
from shipped import ROOT

from docs import results


def test_a_folder_in_which_something_is_missing_is_refused(tmp_path, capsys):
    pages = {path: path.read_bytes() for path in (ROOT / "docs").rglob("*.md")}
    for name in results.SCENARIOS:
        (tmp_path / name).mkdir()
        (tmp_path / name / "outcomes_summary.csv").touch()
    assert results.main([str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert f"{tmp_path}: baseline/series_quantiles.csv is missing" in said
    assert "make run" in said and "bordersim break-even scenarios/baseline.yaml" in said
    assert {path: path.read_bytes() for path in pages} == pages


@pytest.mark.parametrize("figure", results.FIGURES)
def test_every_figure_that_is_copied_is_shown(figure):
    name = figure.rpartition("/")[2]
    text = "".join(path.read_text("utf-8") for path in (ROOT / "docs").rglob("*.md"))
    text += (ROOT / "README.md").read_text("utf-8")
    assert f"images/{name}.png" in text
