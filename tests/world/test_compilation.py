"""Compiling once: rules are compiled at one time, and afterwards read from the disk.

Two rules stand for those of the world, which would take a minute each time.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from shipped import ROOT

OURS = (
    "source_text.py",
    "code_cache.py",
    "compiled.py",
    "compilation.py",
    "records.py",
    "interruptions.py",
)
STUBS = {
    "world/state.py": """
        from typing import Annotated

        import numpy as np
        from numpy.typing import NDArray

        class World: ...

        Floats, Ints = NDArray[np.float64], NDArray[np.int64]
        IntTable = Annotated[Ints, "rows and columns"]
    """,
    "world/reference.py": "WORLD = None",
    "world/called.py": """
        from sim.world.compiled import compiled

        @compiled
        def factor(x: float) -> float:
            return 2 * x
    """,
    "world/model.py": """
        from sim.world.called import factor
        from sim.world.compilation import load_rules
        from sim.world.compiled import entry
        from sim.world.state import Ints

        @entry
        def scaled(x: float) -> float:
            return factor(x) + 0.5

        @entry
        def first(numbers: Ints, k: int, negative: bool) -> int:
            return -numbers[k] if negative else numbers[k]
    """,
    "world/tally.py": "",
    "__init__.py": "",
    "world/__init__.py": "",
    "scenario/__init__.py": "",
}
RUN = """
import numpy as np
from sim.world.model import first, load_rules, scaled
load_rules()
print(scaled(3.0), first(np.arange(5), 2, True))
print(sum(len(rule.signatures) for rule in (scaled, first)))
print(sum(sum(rule.stats.cache_misses.values()) for rule in (scaled, first)))
"""
MESSAGE = "Compiling the model for this machine (once, about a minute)"


@pytest.fixture
def program(tmp_path):
    """A program of two rules that compiles them as bordersim does."""
    folder = tmp_path / "program" / "sim"
    for place, text in STUBS.items():
        path = folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = text.strip("\n").split("\n")
        margin = len(lines[0]) - len(lines[0].lstrip())
        path.write_text("\n".join(line[margin:] for line in lines) + "\n")
    for name in OURS:
        shutil.copy(ROOT / "sim" / "world" / name, folder / "world" / name)
    return folder


def start(program, tmp_path, *command, **variables):
    environment = os.environ | {
        "PYTHONPATH": str(program.parent),
        "BORDERSIM_CACHE_DIR": str(tmp_path / "cache"),
        "TMPDIR": str(tmp_path),
        **variables,
    }
    return subprocess.Popen(
        [sys.executable, "-W", "error", *(command or ("-c", RUN))],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process):
    """Return the numbers, how many rules were compiled, and what was said."""
    shown, said = process.communicate()
    assert process.returncode == 0, said
    numbers, signatures, misses = shown.splitlines()
    assert signatures == "2"
    return numbers, int(misses), said


def run(program, tmp_path, **variables):
    return ended(start(program, tmp_path, **variables))


def test_rules_are_compiled_once(program, tmp_path):
    numbers, compiled, said = run(program, tmp_path)
    assert (numbers, compiled) == ("6.5 -2", 2)
    assert said == MESSAGE + "\n"
    assert run(program, tmp_path) == (numbers, 0, "")


def test_what_is_compiled_beforehand_is_what_is_run(program, tmp_path):
    beforehand = start(program, tmp_path, "-m", "sim.world.compilation")
    assert beforehand.communicate() == ("", MESSAGE + "\n")
    assert run(program, tmp_path) == ("6.5 -2", 0, "")


def test_an_edit_of_a_called_file_is_seen(program, tmp_path):
    run(program, tmp_path)
    called = program / "world" / "called.py"
    before, times = called.stat(), called.read_text()
    called.write_text(times.replace("2 * x", "7 * x"))
    # As large and as old as before.
    os.utime(called, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert run(program, tmp_path)[:2] == ("21.5 -2", 2)
    called.write_text(times)
    assert run(program, tmp_path) == ("6.5 -2", 0, "")


def test_an_edit_of_words_compiles_no_more_than_the_rules_beside_them(program, tmp_path):
    run(program, tmp_path)
    called = program / "world" / "called.py"
    called.write_text(called.read_text() + "# A comment.\n")
    assert run(program, tmp_path) == ("6.5 -2", 0, "")


def test_two_processes_compile_at_one_time(program, tmp_path):
    both = [start(program, tmp_path) for _ in range(2)]
    assert [ended(process)[0] for process in both] == ["6.5 -2"] * 2
    assert run(program, tmp_path) == ("6.5 -2", 0, "")


def test_without_a_folder_of_the_user_code_is_kept_in_a_temporary_one(program, tmp_path):
    (tmp_path / "cache").write_text("a file")
    assert run(program, tmp_path)[:2] == ("6.5 -2", 2)
    assert run(program, tmp_path) == ("6.5 -2", 0, "")


def test_without_any_folder_every_process_compiles_and_says_so(program, tmp_path):
    (tmp_path / "cache").write_text("a file")
    uid = f"-{os.getuid()}" if hasattr(os, "getuid") else ""
    (tmp_path / f"bordersim{uid}").write_text("a file")
    for _ in range(2):
        numbers, compiled, said = run(program, tmp_path)
        assert (numbers, compiled) == ("6.5 -2", 2)
        assert "there is no folder to keep it in" in said


DAMAGES = {
    "cut": lambda path: path.write_bytes(path.read_bytes()[:100]),
    "empty": lambda path: path.write_bytes(b""),
    "other": lambda path: path.write_bytes(b"not code"),
    "gone": lambda path: path.unlink(),
}


@pytest.mark.slow
@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_damaged_code_is_compiled_anew(program, tmp_path, damage):
    run(program, tmp_path)
    (index,) = (tmp_path / "cache").rglob("model.first-*.nbi")
    (code,) = (tmp_path / "cache").rglob("model.scaled-*.nbc")
    damage(index)
    damage(code)
    assert run(program, tmp_path)[:2] == ("6.5 -2", 2)
    assert run(program, tmp_path) == ("6.5 -2", 0, "")


def test_a_full_disk_costs_the_cache_and_not_the_run(program, tmp_path):
    full = (
        "import pickle, numba.core.caching as caching\n"
        "def full(*arguments): raise OSError(28, 'No space left on device')\n"
        "caching.IndexDataCacheFile.save = full\n"
    )
    process = start(program, tmp_path, "-c", full + RUN)
    assert ended(process)[0] == "6.5 -2"
    assert list((tmp_path / "cache").rglob("finished-*")) == []
    assert run(program, tmp_path)[:2] == ("6.5 -2", 2)


def test_without_compiling_the_same_rules_run(program, tmp_path):
    plain = RUN.split("print(sum")[0]
    process = start(program, tmp_path, "-c", plain, NUMBA_DISABLE_JIT="1")
    assert process.communicate() == ("6.5 -2\n", "")


def test_on_a_terminal_the_line_counts(program, tmp_path):
    terminal = "import sys; sys.stderr.isatty = lambda: True\n"
    _, _, said = ended(start(program, tmp_path, "-c", terminal + RUN))
    # Reading a stream as text turns the return of the carriage into the end of a line.
    assert said.splitlines() == ["", *(f"{MESSAGE}: {n} of 2 rules" for n in (0, 1, 2))]


def test_without_an_error_stream_nothing_is_said(program, tmp_path):
    assert ended(start(program, tmp_path, "-c", "import sys; sys.stderr = None\n" + RUN))[2] == ""


def test_the_program_stands_for_ours():
    """What is copied here is all that compiling needs of ours."""
    needs = {"sim.world." + Path(name).stem for name in OURS}
    needs |= {f"sim.world.{name}" for name in ("state", "reference", "model", "tally")}
    for name in OURS:
        text = (ROOT / "sim" / "world" / name).read_text("utf-8")
        imported = {line.split()[1] for line in text.splitlines() if "import" in line.split()[:3]}
        assert {of for of in imported if of.startswith("sim.")} <= needs
