"""Where compiled code is kept: what it depends on, and what happens where it cannot be kept."""

import os
import shutil
import sys
import types
from importlib import import_module
from pathlib import Path

import numba
import pytest
from shipped import ROOT

from sim.world import code_cache
from sim.world.code_cache import code_texts, digest_of, texts_of

SIM = ROOT / "sim"


@pytest.fixture
def copy(tmp_path):
    """A copy of the sources."""
    return Path(shutil.copytree(SIM, tmp_path / "sim"))


def name_of(sim):
    return digest_of(code_texts(sim))


def append(path, text):
    path.write_text(path.read_text("utf-8") + text, "utf-8")


def test_every_file_that_code_can_come_from_counts(copy):
    for place in sorted(code_texts(SIM)):
        before = name_of(copy)
        append(copy / place, "\nADDED = 1\n")
        assert name_of(copy) != before, place


def test_comments_and_docstrings_do_not_count(copy):
    before = name_of(copy)
    append(copy / "world" / "contagion.py", '\n# A comment.\n"""And a string."""\n')
    assert name_of(copy) == before


@pytest.mark.parametrize("place", ["world/outcomes.py", "world/model.py", "scenario/schema.py"])
def test_files_without_rules_do_not_count(copy, place):
    before = name_of(copy)
    append(copy / place, "\nADDED = 1\n")
    assert name_of(copy) == before


def test_a_file_that_rules_begin_to_import_counts(copy):
    append(copy / "world" / "contagion.py", "\nfrom sim.world.outcomes import Result\n")
    assert "world/outcomes.py" in code_texts(copy)


def test_imports_for_types_alone_do_not_count(copy):
    lines = "\nif TYPE_CHECKING:\n    from sim.world.outcomes import Result\n"
    append(copy / "world" / "contagion.py", lines)
    assert "world/outcomes.py" not in code_texts(copy)


def test_nothing_is_imported_from_folders_that_are_not_looked_at():
    looked_at = texts_of(SIM)
    for place in code_texts(SIM):
        module = "sim." + place.removesuffix(".py").replace("/", ".")
        for name in code_cache._imports(module, looked_at[place]):
            if name.startswith("sim.") and name != "sim.scenario":
                parts = name.split(".")[1:]
                files = {"/".join(parts[:n]) + ".py" for n in (1, 2, 3, 4)}
                packages = {"/".join(parts[:n]) + "/__init__.py" for n in (1, 2, 3, 4)}
                assert looked_at.keys() & (files | packages), (place, name)


def test_all_that_compiled_rules_refer_to_is_in_files_that_count():
    import_module("sim.world.model")
    import_module("sim.world.fates")
    counted = set(code_texts(SIM))
    rules = [
        value
        for name, module in list(sys.modules.items())
        if name.startswith("sim.world")
        for value in vars(module).values()
        if isinstance(getattr(value, "py_func", None), types.FunctionType)
    ]
    if not rules:
        pytest.skip("the rules are not compiled in this process")
    for rule in rules:
        names = rule.py_func.__code__.co_names
        used = [rule.py_func.__globals__[n] for n in names if n in rule.py_func.__globals__]
        for value in [rule, *used]:
            home = getattr(value, "__module__", None) or ""
            if home.startswith("sim."):
                place = home.removeprefix("sim.").replace(".", "/") + ".py"
                assert place in counted, (rule, value)


CHANGES = {
    "Python": (code_cache.sys, "version", "3.99"),
    "numba": (code_cache.numba, "__version__", "0.99"),
    "llvmlite": (code_cache.llvmlite, "__version__", "0.99"),
    "NumPy": (code_cache.np, "__version__", "9.9"),
    "optimisation": (numba.config, "OPT", 0),
    "the chosen processor": (numba.config, "CPU_NAME", "generic"),
    "the processor": (code_cache.binding, "get_host_cpu_name", lambda: "abacus"),
    "its features": (code_cache.binding, "get_host_cpu_features", lambda: Features()),
    "the system": (code_cache.binding, "get_process_triple", lambda: "abacus-unknown-linux"),
}


class Features:
    def flatten(self):
        return "+beads"


@pytest.fixture
def compiler(monkeypatch):
    """Ask anew who compiles, now and afterwards."""
    yield code_cache._compiler.cache_clear
    monkeypatch.undo()
    code_cache._compiler.cache_clear()


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_another_compiler_or_processor_has_other_code(monkeypatch, compiler, change):
    before = digest_of({})
    monkeypatch.setattr(*change)
    compiler()
    assert digest_of({}) != before


def test_a_processor_without_a_list_of_features_will_do(monkeypatch, compiler):
    def unknown():
        raise RuntimeError("not on this processor")

    monkeypatch.setattr(code_cache.binding, "get_host_cpu_features", unknown)
    compiler()
    assert len(digest_of({})) == 16


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A user without a cache: returns the folders of theirs and of the temporary one."""
    monkeypatch.setenv("BORDERSIM_CACHE_DIR", str(tmp_path / "own"))
    monkeypatch.setattr(code_cache.tempfile, "tempdir", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    uid = f"-{os.getuid()}" if hasattr(os, "getuid") else ""
    code_cache.code_folder.cache_clear()
    yield tmp_path / "own" / "bordersim", tmp_path / "tmp" / f"bordersim{uid}"
    code_cache.code_folder.cache_clear()


def unwritable(monkeypatch, *parents):
    """Let nothing be written below some folders; an administrator could in spite of their modes."""
    allowed = code_cache.is_writable
    monkeypatch.setattr(
        code_cache,
        "is_writable",
        lambda folder: allowed(folder) and not any(folder.is_relative_to(p) for p in parents),
    )


def test_the_folder_of_the_user_is_taken(place):
    own, _ = place
    assert code_cache.code_folder().parent == own
    assert not code_cache.is_finished()
    code_cache.mark_as_finished()
    assert code_cache.is_finished()


def test_where_it_cannot_be_made_there_is_a_temporary_one(place):
    own, temporary = place
    own.parent.write_text("a file")
    assert code_cache.code_folder().parent == temporary


def test_where_nothing_can_be_written_there_is_none(place, monkeypatch):
    unwritable(monkeypatch, *place)
    assert code_cache.code_folder() is None
    assert not code_cache.is_finished()
    code_cache.mark_as_finished()


def test_finished_code_that_cannot_be_written_to_is_used(place, monkeypatch):
    own, temporary = place
    kept = code_cache.code_folder()
    (kept / "world_0").mkdir()
    (kept / "world_0" / "rule.1.nbc").write_bytes(b"code")
    code_cache.mark_as_finished()
    unwritable(monkeypatch, own)
    for _ in range(2):
        code_cache.code_folder.cache_clear()
        used = code_cache.code_folder()
        assert used.parent == temporary
        assert (used / "world_0" / "rule.1.nbc").read_bytes() == b"code"
        assert code_cache.is_finished()


def test_unfinished_code_that_cannot_be_written_to_is_left(place, monkeypatch):
    own, temporary = place
    code_cache.code_folder()
    unwritable(monkeypatch, own)
    code_cache.code_folder.cache_clear()
    assert code_cache.code_folder().parent == temporary
    assert not code_cache.is_finished()


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="others cannot write there on this system")
@pytest.mark.parametrize("kind", ["open", "link", "file"])
def test_a_temporary_folder_that_others_can_write_to_is_not_used(place, monkeypatch, kind):
    own, temporary = place
    own.parent.write_text("a file")
    if kind == "open":
        temporary.mkdir()
        temporary.chmod(0o777)
    elif kind == "link":
        (temporary.parent / "elsewhere").mkdir(mode=0o700)
        temporary.symlink_to(temporary.parent / "elsewhere")
    else:
        temporary.write_text("a file")
    assert code_cache.code_folder() is None


def test_a_user_without_a_home_has_a_temporary_folder(place, monkeypatch):
    def homeless():
        raise RuntimeError("Could not determine home directory.")

    for name in ("BORDERSIM_CACHE_DIR", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(code_cache.Path, "home", homeless)
    assert code_cache.code_folder().parent == place[1]


def test_a_program_that_is_not_in_files_keeps_no_code(place, monkeypatch, tmp_path):
    monkeypatch.setattr(code_cache, "_SIM", tmp_path / "archive.zip" / "sim")
    assert code_cache.code_folder() is None


def test_old_folders_go_and_those_used_last_stay(place):
    own, _ = place
    for age in range(20):
        old = own / f"{age:016x}"
        old.mkdir(parents=True)
        os.utime(old, (1e9 - age, 1e9 - age))
    (own / "of someone else").mkdir()
    current = code_cache.code_folder()
    left = sorted(path.name for path in own.iterdir())
    recent = [f"{age:016x}" for age in range(code_cache.MOST_FOLDERS - 1)]
    assert left == sorted([*recent, current.name, "of someone else"])


def test_a_folder_that_is_used_is_not_old(place):
    folder = code_cache.code_folder()
    code_cache.mark_as_finished()
    os.utime(folder, (1e9, 1e9))
    code_cache.code_folder.cache_clear()
    assert code_cache.code_folder() == folder
    assert folder.stat().st_mtime > 1e9 + 1
