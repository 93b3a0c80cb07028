"""Terminals and files of every encoding: no command ends in an error because of a letter."""

import codecs
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from random_scenarios import a_world, scenario_of
from shipped import ROOT
from small_sweep import write_sweep

from sim.scenario.loader import write_scenario

pytestmark = pytest.mark.slow

ENCODINGS = ("cp1252", "cp1251", "cp437", "latin-1", "ascii")

WORDS = "边境 порт é \N{MINUS SIGN} ± → 🦠"
"""Of three alphabets, with signs of numbers and a sign beyond 16 bits."""

PATHS = os.pathsep.join(map(str, (ROOT, ROOT / "tests" / "support")))

SEEDS = ("--ensemble", "none", "--replicates", "2", "--workers", "1")


WITHOUT_DRAWING = (
    "from quick_figures import leave_out_drawing; leave_out_drawing(setattr)\n"
    "from sim.cli import main; main()"
)
"""The command in Python, where files of figures hold nothing."""


def command(
    encoding: str, folder: Path, *arguments: str, drawing: bool = True
) -> subprocess.CompletedProcess[bytes]:
    """Run the command in ``folder`` with both streams in pipes of ``encoding``."""
    environment = os.environ | {
        "PYTHONIOENCODING": encoding,
        "PYTHONUTF8": "0",
        "PYTHONPATH": PATHS,
        "PYTHONWARNINGS": "default::EncodingWarning",
        "PYTHONWARNDEFAULTENCODING": "1",
    }
    return subprocess.run(
        [sys.executable, *(("-m", "sim") if drawing else ("-c", WITHOUT_DRAWING)), *arguments],
        capture_output=True,
        cwd=folder,
        env=environment,
        check=False,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A folder with a scenario of many alphabets, another policy and a sweep of it."""
    folder = tmp_path_factory.mktemp("alphabets")
    path = write_sweep(folder)
    path.write_text(path.read_text("utf-8").replace("What do", f"{WORDS} What do"), "utf-8")
    world = write_scenario(scenario_of(a_world())).splitlines()
    words = [line for line in world if not line.startswith(("question:", "name:"))]
    for name in ("one", "other"):
        text = "\n".join([f"name: {name}", f"question: '{WORDS}?'", *words])
        (folder / f"{name}.yaml").write_text(text + "\n", "utf-8")
    return folder


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_refusal_is_said_in_every_encoding(folder, encoding):
    ran = command(encoding, folder, "validate", f"{WORDS}.yaml")
    assert ran.returncode == 2
    assert b"there is no such file" in ran.stderr
    assert b"internal error" not in ran.stderr


def test_signs_of_numbers_get_their_ascii_form_and_letters_an_escape(folder):
    ran = command("cp1251", folder, "run", "one.yaml", *SEEDS, "--out", "plainer")
    assert ran.returncode == 0, ran.stderr
    # All that is read and written beside the streams has an encoding that is not the locale's.
    assert str(ROOT / "sim").encode() not in b"".join(
        line for line in ran.stderr.splitlines() if b"EncodingWarning" in line
    )
    said = ran.stdout.decode("cp1251").splitlines()
    assert said[-1] == "Everything else: plainer; as a page: bordersim report plainer"
    question = next(line for line in said if "порт" in line)
    assert question.endswith(r"\u8fb9\u5883 порт \xe9 - ± -> \U0001f9a0?")


def test_no_command_ends_in_an_error_of_encoding(folder):
    for arguments in (
        ("compare", "one.yaml", "other.yaml", *SEEDS, "--out", "compared"),
        ("report", "compared"),
        ("status", "compared"),
        ("inspect", "compared"),
        ("validate", "one.yaml"),
        ("schema",),
        ("init", "начало"),
        ("completion", "bash"),
    ):
        ran = command("cp437", folder, *arguments, drawing=arguments[0] != "compare")
        assert ran.returncode == 0, (arguments, ran.stderr)
        assert b"internal error" not in ran.stderr


def test_json_is_valid_in_ascii(folder):
    arguments = ("sweep", "sweep.yaml", "--workers", "1", "--out", "swept", "--json")
    ran = command("ascii", folder, *arguments, drawing=False)
    rows = ran.stdout.decode("ascii").splitlines()
    assert rows
    assert all(json.loads(row) for row in rows)


def test_names_of_files_that_the_locale_cannot_say(folder):
    """Python reads the bytes of such a name as lone surrogates, which no encoding can write."""
    place = folder / "место"
    place.mkdir()
    shutil.copy(folder / "one.yaml", place / "мир.yaml")
    arguments = ("run", "мир.yaml", *SEEDS, "--out", "выход")
    environment = os.environ | {
        "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONPATH": PATHS
    }  # fmt: skip
    ran = subprocess.run(
        [sys.executable, "-c", WITHOUT_DRAWING, *arguments],
        capture_output=True,
        cwd=place,
        env=environment,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert (place / "выход" / "outcomes.csv").exists()


def test_files_that_are_read_may_begin_with_a_mark_of_their_encoding(folder):
    for name in ("one.yaml", "sweep.yaml", "small_world.yaml"):
        marked = folder / "marked"
        marked.mkdir(exist_ok=True)
        (marked / name).write_bytes(codecs.BOM_UTF8 + (folder / name).read_bytes())
    arguments = ("sweep", "sweep.yaml", "--workers", "1", "--out", "o", "--dry-run")
    ran = command("utf-8", folder / "marked", *arguments)
    assert ran.returncode == 0, ran.stderr
