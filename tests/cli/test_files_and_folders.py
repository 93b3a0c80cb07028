"""Files and folders of every kind that a user may name, and what a command says to them."""

import codecs
import os
from pathlib import Path

import pandas as pd
import pytest
from command import bordersim
from random_scenarios import a_world, scenario_of

from sim.scenario.loader import write_scenario

WORLD = write_scenario(scenario_of(a_world()))
SEEDS = ("--ensemble", "none", "--replicates", 2, "--workers", 1)


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    path = tmp_path / "world.yaml"
    path.write_text(WORLD, "utf-8")
    return path


def test_names_with_blanks_and_signs_links_and_windows_files_work(tmp_path, capsys):
    """And the results of another scenario are replaced."""
    folder = tmp_path / "my work \u8fb9\u5883 [red]"
    folder.mkdir()
    file = folder / "a world \u00fc.yaml"
    file.write_bytes(codecs.BOM_UTF8 + WORLD.replace("\n", "\r\n").encode())
    (folder / "linked.yaml").symlink_to(file)
    (folder / "out\nput").mkdir()
    (folder / "out\nput" / "outcomes.csv").write_text("of another scenario", "utf-8")
    (folder / "link").symlink_to(folder / "out\nput")
    assert bordersim("run", folder / "linked.yaml", *SEEDS, "--out", folder / "link") == 0
    assert str(folder / "link") in capsys.readouterr().out
    assert len(pd.read_csv(folder / "out\nput" / "outcomes.csv")) == 2
    assert not list((folder / "out\nput").glob(".*"))
    assert (folder / "link").is_symlink()


@pytest.mark.parametrize("name", ["outcomes.csv", "fates.png"])
def test_what_stands_in_the_way_of_a_result_is_named(scenario, tmp_path, capsys, name):
    out = tmp_path / "out"
    (out / name).mkdir(parents=True)
    assert bordersim("run", scenario, *SEEDS, "--out", out) == 3
    said = capsys.readouterr().err
    assert f"stopped: cannot write to {out / name}: Is a directory" in said
    assert "bug" not in said
    assert not list(out.glob(".*"))


def dangling(place: Path) -> Path:
    (place / "dangling").symlink_to(place / "nowhere")
    return place / "dangling"


def loop(place: Path) -> Path:
    (place / "loop").symlink_to(place / "loop")
    return place / "loop"


def a_file(place: Path) -> Path:
    (place / "notes").write_text("", "utf-8")
    return place / "notes"


def inside_a_file(place: Path) -> Path:
    return a_file(place) / "out"


def too_long(place: Path) -> Path:
    return place / ("x" * 300)


def a_pipe(place: Path) -> Path:
    os.mkfifo(place / "pipe")
    return place / "pipe"


def read_only(place: Path) -> Path:
    (place / "closed").mkdir(mode=0o500)
    if os.access(place / "closed", os.W_OK):
        pytest.skip("root may write everywhere")
    return place / "closed"


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (dangling, "it is a link that leads nowhere"),
        (loop, "it is a link that leads nowhere"),
        (a_file, "it is a file, not a folder"),
        (a_pipe, "it is a file, not a folder"),
        (inside_a_file, "Not a directory"),
        (too_long, "File name too long"),
        (read_only, "Permission denied"),
    ],
)
def test_folders_that_cannot_be_are_refused_before_anything_is_run(
    scenario, tmp_path, capsys, make, words
):
    place = tmp_path / "place"
    place.mkdir()
    out = make(place)
    before = sorted(place.iterdir())
    assert bordersim("run", scenario, *SEEDS, "--out", out) == 2
    assert capsys.readouterr().err.endswith(f"cannot write to {out}: {words}\n")
    assert sorted(place.iterdir()) == before


def not_utf8(place: Path) -> Path:
    (place / "latin.yaml").write_bytes(WORLD.encode() + b"# \xfc\n")
    return place / "latin.yaml"


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda place: place, "this is a folder, not a file"),
        (lambda place: Path("/dev/null"), "not an ordinary file but a pipe or a device"),
        (lambda place: Path("/dev/zero"), "not an ordinary file but a pipe or a device"),
        (a_pipe, "not an ordinary file but a pipe or a device"),
        (not_utf8, "not UTF-8 text; save the file as UTF-8"),
        (dangling, "there is no such file"),
        (loop, "unreadable"),
        (too_long, "unreadable: File name too long"),
        (inside_a_file, "unreadable: Not a directory"),
    ],
)
@pytest.mark.parametrize("command", ["validate", "sweep", "compare"])
def test_what_is_no_scenario_file_is_refused_without_waiting(
    tmp_path, capsys, make, words, command
):
    path = make(tmp_path)
    paths = [path, path] if command == "compare" else [path]
    assert bordersim(command, *paths) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"{path}:")
    assert words in said
    assert "Traceback" not in said


@pytest.mark.parametrize("option", ["--targets", "--priors"])
def test_a_pipe_of_targets_or_priors_is_refused(tmp_path, capsys, option):
    assert bordersim("calibrate", option, a_pipe(tmp_path), "--out", tmp_path / "out") == 2
    assert "not an ordinary file" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_too_many_people_is_a_word_and_no_bug(scenario, tmp_path, capsys):
    crowd = ("--set", "travellers.pool=1000000000", "--set", "travellers.demand.ceiling=1000000")
    assert bordersim("run", scenario, *SEEDS, *crowd, "--out", tmp_path) == 3
    said = capsys.readouterr().err
    assert "more than 2,000,000 people" in said
    assert "bug" not in said
