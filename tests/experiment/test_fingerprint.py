"""The version of the model: of its sources and of nothing else."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from shipped import ROOT

import sim
from sim.experiment.fingerprint import fingerprint_of, model_fingerprint

SIM = Path(sim.__file__).parent


@pytest.fixture
def copy(tmp_path):
    """Return a copy of the sources of the model, as an installed one would be."""
    for package in ("scenario", "world"):
        shutil.copytree(SIM / package, tmp_path / package)
    return tmp_path


def test_the_place_of_the_model_does_not_matter(copy):
    assert fingerprint_of(copy) == fingerprint_of(SIM)


def test_what_is_not_the_model_does_not_matter(copy):
    before = fingerprint_of(copy)
    shutil.rmtree(copy / "world" / "__pycache__", ignore_errors=True)
    (copy / "world" / "notes.txt").write_text("remember")
    (copy / "experiment").mkdir()
    (copy / "experiment" / "replicates.py").write_text("RUNS = 7")
    assert fingerprint_of(copy) == before


def test_line_endings_do_not_matter(copy):
    before = fingerprint_of(copy)
    for path in copy.rglob("*.py"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert fingerprint_of(copy) == before


@pytest.mark.parametrize(
    "name", ["world/model.py", "scenario/schema.py", "scenario/presets/diseases/covid19_2020.yaml"]
)
def test_every_source_matters(copy, name):
    before = fingerprint_of(copy)
    with (copy / name).open("a") as file:
        file.write("#")
    changed = fingerprint_of(copy)
    (copy / name).rename(copy / name.replace(".", "_2."))
    assert len({before, changed, fingerprint_of(copy)}) == 3


def test_other_processes_agree():
    code = "from sim.experiment.fingerprint import model_fingerprint; print(model_fingerprint())"
    shown = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert shown.stdout.strip() == model_fingerprint()
