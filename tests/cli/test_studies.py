"""``bordersim run`` and ``validate`` of a published study, as a user calls them."""

import pandas as pd
import pytest
from command import bordersim
from shipped import SCENARIOS

QUILTY = SCENARIOS / "studies" / "quilty_2020.yaml"
VALUES = """published:
  study: Quilty et al. 2020
  scale: 100
  unit: "%"
  replicates: 3
  values:
    - {what: undetected, outcome: undetected_share, value: 46, interval: [36, 58]}
    - {what: no match, outcome: undetected_share, value: 10, tolerance: 1}
"""


def small_study(tmp_path):
    path = tmp_path / "small.yaml"
    path.write_text(QUILTY.read_text("utf-8").partition("published:")[0] + VALUES, "utf-8")
    return path


@pytest.mark.slow
@pytest.mark.real_figures
def test_a_study_is_shown_beside_what_is_printed(tmp_path, capsys):
    path, out = small_study(tmp_path), tmp_path / "out"
    assert bordersim("run", path, "--replicates", 2, "--workers", 1, "--out", out) == 0
    said = capsys.readouterr().out
    assert "Quilty et al. 2020" in said
    assert "46 (36 to 58)" in said
    assert said.count("differs") == 1
    table = pd.read_csv(out / "published.csv")
    assert table["agrees"].tolist() == [True, False]
    assert table["runs"].tolist() == [3, 3]
    assert table["simulated"].nunique() == 1
    for name in ("published.png", "published.svg", "scenario.yaml"):
        assert (out / name).stat().st_size > 0
    # What is written can be run again, with its published numbers.
    again = tmp_path / "again"
    command = ("run", out / "scenario.yaml", "--replicates", 2, "--workers", 1, "--out", again)
    assert bordersim(*command) == 0
    assert (again / "published.csv").read_bytes() == (out / "published.csv").read_bytes()


def test_with_another_setting_nothing_published_is_shown(tmp_path, capsys):
    path, out = small_study(tmp_path), tmp_path / "out"
    changed = ("--set", "policies.exit_screening={}")
    command = ("run", path, "--replicates", 2, "--workers", 1, "--out", out, *changed)
    assert bordersim(*command) == 0
    assert "Quilty et al. 2020" not in capsys.readouterr().out
    assert not (out / "published.csv").exists()


def test_a_wrong_setting_of_a_published_number_is_refused_before_anything_is_run(tmp_path, capsys):
    path = small_study(tmp_path)
    text = path.read_text("utf-8").replace("{what: no match,", "{what: no match, set: {legs: 1},")
    path.write_text(text, "utf-8")
    for command in ("run", "validate"):
        assert bordersim(command, path) == 2
        said = capsys.readouterr()
        assert f"{path}:{len(text.splitlines())}:" in said.err
        assert "valid:" not in said.out
