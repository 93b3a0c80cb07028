"""The version of the model: of its sources and of nothing else."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from random_scenarios import a_world, scenario_of
from shipped import ROOT

import sim
from sim.experiment.campaign import _Batch, _run
from sim.experiment.class_identity import PLAIN_TRAVELLERS
from sim.experiment.ensemble import Member
from sim.experiment.fingerprint import fingerprint_of, model_fingerprint
from sim.experiment.sent_scenario import SentScenario

SIM = Path(sim.__file__).parent


@pytest.fixture
def copy(tmp_path):
    """Return a copy of the sources of the model, as an installed one would be."""
    return Path(shutil.copytree(SIM, tmp_path / "sim"))


def test_the_place_of_the_model_does_not_matter(copy):
    assert fingerprint_of(copy) == fingerprint_of(SIM)


def test_what_is_not_the_model_does_not_matter(copy):
    before = fingerprint_of(copy)
    shutil.rmtree(copy / "world" / "__pycache__", ignore_errors=True)
    (copy / "world" / "notes.txt").write_text("remember")
    (copy / "view" / "style.py").write_text("WIDTH = 7")
    (copy / "experiment" / "comparison.py").write_text("PAIRS = 7")
    assert fingerprint_of(copy) == before


def test_line_endings_do_not_matter(copy):
    before = fingerprint_of(copy)
    for path in copy.rglob("*.py"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert fingerprint_of(copy) == before


def test_what_is_said_about_the_model_does_not_matter(copy):
    before = fingerprint_of(copy)
    path = copy / "world" / "outcomes.py"
    path.write_bytes(b'"""Other words."""\n# And a comment.\n' + path.read_bytes())
    assert fingerprint_of(copy) == before


def test_every_source_matters(copy):
    seen = [fingerprint_of(copy)]
    files = [path for folder in ("scenario", "world") for path in (copy / folder).rglob("*")]
    files += [copy / "experiment" / f"{name}.py" for name in ("replicates", "kept_run")]
    for path in files:
        # Whatever lies there is one: a new kind of file would be forgotten otherwise.
        if path.is_file() and "__pycache__" not in path.parts:
            path.write_bytes(path.read_bytes() + b"\nx = 1\n")
            seen.append(fingerprint_of(copy))
    assert len(set(seen)) == len(seen) > 80


def test_the_name_of_a_source_matters(copy):
    before = fingerprint_of(copy)
    presets = copy / "scenario" / "presets" / "pcr"
    (presets / "perfect.yaml").rename(presets / "flawless.yaml")
    assert fingerprint_of(copy) != before


LINES = {
    "a literal written otherwise": (b"0.5", b"5e-1"),
    "a number": (b"0.5", b"0.50000001"),
    "a blank": (b" + ", b"  +  "),
    "a type": (b"int64", b"int32"),
}


@pytest.mark.parametrize("edit", LINES.values(), ids=LINES)
def test_every_change_of_a_line_matters(copy, edit):
    old, new = edit
    path = copy / "world" / "outcomes.py"
    path.write_bytes(path.read_bytes() + b"x = 0.5 + int64(3)\n")
    before = fingerprint_of(copy)
    text = path.read_bytes()
    assert old in text
    path.write_bytes(text.replace(old, new))
    assert fingerprint_of(copy) != before


def test_whatever_a_run_goes_through_matters(copy):
    """No code of ours that runs between the scenario and the store is left out."""
    gone_through = set()

    def note(frame, event, argument):
        gone_through.add(frame.f_code.co_filename)

    member = Member(1, {"source.exposure": 9.0})
    task = _Batch([None], SentScenario(scenario_of(a_world())), [member], PLAIN_TRAVELLERS)
    sys.setprofile(note)
    try:
        (run,) = _run(task)
    finally:
        sys.setprofile(None)
    assert isinstance(run, dict)
    ours = [Path(file).relative_to(SIM) for file in gone_through if file.startswith(str(SIM))]
    assert {path.parts[0] for path in ours} == {"scenario", "world", "experiment"}
    for path in ours:
        before = fingerprint_of(copy)
        (copy / path).write_bytes((copy / path).read_bytes() + b"x = 1\n")
        assert fingerprint_of(copy) != before, path


def test_a_file_that_is_edited_after_loading_is_not_the_one_that_is_run(copy):
    code = (
        "from pathlib import Path; import sim.experiment.fingerprint as module; "
        "path = Path(module.__file__).parents[1] / 'world' / 'outcomes.py'; "
        "path.write_text(path.read_text() + 'x = 1'); print(module.model_fingerprint())"
    )
    before = fingerprint_of(copy)
    shown = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=copy.parent
    )
    assert shown.stdout.strip() == before != fingerprint_of(copy)


def test_other_processes_agree():
    code = "from sim.experiment.fingerprint import model_fingerprint; print(model_fingerprint())"
    shown = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert shown.stdout.strip() == model_fingerprint()
