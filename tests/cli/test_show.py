"""``bordersim show``: a picture of a scenario, without a run."""

import pytest
from command import bordersim
from shipped import SCENARIOS

BASELINE = SCENARIOS / "baseline.yaml"


@pytest.mark.real_figures
@pytest.mark.parametrize(("name", "begins"), [("a.png", b"\x89PNG"), ("a.svg", b"<?xml")])
def test_the_picture_is_of_the_kind_that_its_name_says(tmp_path, capsys, name, begins):
    assert bordersim("show", BASELINE, "--out", tmp_path / name) == 0
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_bytes().startswith(begins)
    assert name in capsys.readouterr().out


def test_it_is_named_after_the_scenario(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert bordersim("show", BASELINE, "--set", "name=another") == 0
    assert [path.name for path in tmp_path.iterdir()] == ["another_corridor.png"]


def test_another_kind_of_picture_is_refused(tmp_path, capsys):
    assert bordersim("show", BASELINE, "--out", tmp_path / "a.jpg") == 2
    assert ".png, .svg, .pdf" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_a_picture_that_cannot_be_written_is_said(tmp_path, capsys):
    (tmp_path / "file").write_text("", "utf-8")
    assert bordersim("show", BASELINE, "--out", tmp_path / "file" / "a.png") == 3
    assert f"stopped: cannot write to {tmp_path / 'file'}" in capsys.readouterr().err
