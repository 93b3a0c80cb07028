"""What is shipped: the wheel holds the program and its data, all of it and nothing else."""

import subprocess
import sys
import tarfile
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest
from shipped import ROOT

from sim import __version__

pytest.importorskip("hatchling", reason="the wheel is built with hatchling, which is not installed")

pytestmark = pytest.mark.slow

INFO = f"bordersim-{__version__}.dist-info"
DATA = {".yaml", ".csv", ".typed", ".css", ".html", ".js", ".j2"}
MEGABYTE = 1_000_000
LARGER = {"calibration/ensemble.csv": 4, "calibration/coverage.csv": 2}
"""Megabytes of files with over 1,000 pairs, or 200 data sets."""


def is_large(name: str, size: int) -> bool:
    """Tell whether a file is larger than it should be."""
    megabytes = next((of for end, of in LARGER.items() if name.endswith(end)), 1)
    return size > megabytes * MEGABYTE


def build(source: Path, folder: Path) -> tuple[Path, Path]:
    """Return the wheel and the source archive of the checkout ``source``."""
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(folder)]
    subprocess.run(command, cwd=source, check=True, capture_output=True)
    (wheel,), (archive,) = folder.glob("*.whl"), folder.glob("*.tar.gz")
    return wheel, archive


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The wheel and the source archive of this checkout."""
    return build(ROOT, tmp_path_factory.mktemp("built"))


@pytest.fixture(scope="module")
def wheel(built: tuple[Path, Path]) -> dict[str, bytes]:
    """Every file of the wheel."""
    with zipfile.ZipFile(built[0]) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def files_of(folder: str, inside: str) -> set[str]:
    """Return the files of a folder of the checkout by where they are in the wheel."""
    return {
        f"{inside}/{path.relative_to(ROOT / folder).as_posix()}"
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_the_wheel_is_the_two_packages_and_the_scenarios(wheel: dict[str, bytes]):
    ours = files_of("sim", "sim") | files_of("calibration", "calibration")
    shipped = files_of("scenarios", "sim/shipped_scenarios")
    info = {"METADATA", "RECORD", "WHEEL", "entry_points.txt", "licenses/LICENSE"}
    assert set(wheel) == ours | shipped | {f"{INFO}/{name}" for name in info}


def test_every_kind_of_data_is_inside(wheel: dict[str, bytes]):
    suffixes = {Path(name).suffix for name in wheel if not name.startswith(INFO)}
    assert suffixes == DATA | {".py"}
    assert {
        "sim/py.typed",
        "sim/scenario/presets/pcr/kucirka_2020.yaml",
        "sim/view/report/templates/report.html.j2",
        "sim/shipped_scenarios/two_ports_counts.csv",
        "sim/shipped_scenarios/studies/quilty_2020.yaml",
        "sim/shipped_scenarios/sweeps/quarantine_and_tests.yaml",
        "calibration/ensemble.csv",
        "calibration/targets.yaml",
        "calibration/priors.yaml",
    } <= set(wheel)


def test_nothing_is_large_and_nothing_names_this_machine(wheel: dict[str, bytes]):
    assert [name for name, content in wheel.items() if is_large(name, len(content))] == []
    assert [name for name in wheel if name.startswith("/") or ".." in name.split("/")] == []
    here = [str(ROOT).encode(), str(Path.home()).encode() + b"/"]
    assert [name for name, content in wheel.items() if any(path in content for path in here)] == []


def test_metadata_say_licence_python_and_extras(wheel: dict[str, bytes]):
    metadata = Parser().parsestr(wheel[f"{INFO}/METADATA"].decode())
    assert metadata["License-Expression"] == "MIT"
    assert metadata["License-File"] == "LICENSE"
    assert wheel[f"{INFO}/licenses/LICENSE"] == (ROOT / "LICENSE").read_bytes()
    assert metadata["Requires-Python"] == "<3.14,>=3.11"
    extras = {"app", "bench", "cluster", "dev", "parquet", "xlsx"}
    assert set(metadata.get_all("Provides-Extra")) == extras
    assert wheel[f"{INFO}/entry_points.txt"] == b"[console_scripts]\nbordersim = sim.cli:main\n"


def test_the_source_archive_makes_the_same_wheel_and_archive(
    built: tuple[Path, Path], tmp_path: Path
):
    with tarfile.open(built[1]) as archive:
        archive.extractall(tmp_path / "another folder", filter="data")
    (source,) = (tmp_path / "another folder").iterdir()
    again = build(source, tmp_path / "again")
    assert [path.name for path in again] == [path.name for path in built]
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in built]


def test_the_source_archive_has_no_results_and_no_caches(built: tuple[Path, Path]):
    with tarfile.open(built[1]) as archive:
        files = [member for member in archive if member.isfile()]
    folders = {member.name.split("/")[1] for member in files if member.name.count("/") > 1}
    assert folders == {"sim", "calibration", "scenarios", "tests", "docs", "benchmarks"}
    assert [member.name for member in files if is_large(member.name, member.size)] == []
    assert [member.name for member in files if Path(member.name).suffix == ".pyc"] == []


def test_the_program_of_the_wheel_runs_in_an_empty_folder(
    built: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """From the files of the wheel alone; what it depends on is that of these tests."""
    installed, folder = tmp_path / "installed", tmp_path / "an empty folder"
    with zipfile.ZipFile(built[0]) as archive:
        archive.extractall(installed)
    folder.mkdir()
    monkeypatch.setenv("PYTHONPATH", str(installed))

    def bordersim(*arguments: str) -> None:
        command = [sys.executable, "-W", "error", "-m", "sim", *arguments]
        subprocess.run(command, cwd=folder, check=True, capture_output=True)

    bordersim("init", ".")
    assert files_of("scenarios", ".") == {
        f"./{path.relative_to(folder).as_posix()}" for path in folder.rglob("*") if path.is_file()
    }
    bordersim("run", "baseline.yaml", "--replicates", "1", "--workers", "1")
    assert (folder / "results" / "baseline" / "outcomes.csv").is_file()
