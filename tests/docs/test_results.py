"""What the pages show of runs is only put there when all of it is there."""

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
    assert "run make run first" in said
    assert {path: path.read_bytes() for path in pages} == pages


def test_every_figure_that_is_copied_is_shown():
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    text = "".join(path.read_text("utf-8") for path in pages)
    images = [f"images/{figure.rpartition('/')[2]}.png" for figure in results.FIGURES]
    assert [image for image in images if image not in text] == []
