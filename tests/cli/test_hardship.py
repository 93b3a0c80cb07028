"""What a sweep goes through: full disks, killed workers, a second driver, requests to end."""

import multiprocessing
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest
from command import bordersim
from driven import driven, wait_until
from faulty_runs import then_after_puts
from shipped import ROOT
from small_sweep import SWEEP, tables_in, write_sweep

from sim.experiment import executors, replicates
from sim.experiment.executors import NoWorkers

GOES_ON = "what is done is kept, and the same command resumes"


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """The sweep file, and the folder of its results."""
    folder = tmp_path_factory.mktemp("sweep")
    path = write_sweep(folder)
    assert bordersim("sweep", path, "--workers", 1, "--out", folder / "out") == 0
    return path, folder / "out"


@contextmanager
def room_for(size):
    """Let no file grow beyond ``size`` bytes, as if the disk were full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.fixture
def begun(monkeypatch):
    """Seeds of the runs that were begun."""
    seeds, run_once = [], replicates.simulate

    def counted(scenario, member, **arguments):
        seeds.append(member.seed)
        return run_once(scenario, member, **arguments)

    monkeypatch.setattr(replicates, "simulate", counted)
    return seeds


@pytest.mark.slow
def test_a_disk_that_is_full_during_the_runs_loses_none(undisturbed, tmp_path, begun, capsys):
    path, out = undisturbed
    command = ("sweep", path, "--workers", 1, "--out", tmp_path)
    with room_for(100_000):
        assert bordersim(*command) == 3
    said = capsys.readouterr().err
    assert f"stopped: cannot write to {tmp_path / 'runs.sqlite'}: " in said
    assert GOES_ON in said
    assert "bug" not in said
    lost = 4
    assert len(begun) > 2 * lost
    assert bordersim(*command) == 0
    assert len(begun) == 28 + lost
    assert tables_in(tmp_path) == tables_in(out)


@pytest.mark.real_figures
@pytest.mark.parametrize(
    ("size", "named"),
    [(5_000, "outcomes.csv"), (60_000, "heat_map.png")],
    ids=["table", "figure"],
)
def test_a_disk_that_is_full_at_the_end_costs_no_run(
    undisturbed, tmp_path, begun, capsys, size, named
):
    path, out = undisturbed
    shutil.copytree(out, tmp_path / "out")
    command = ("sweep", path, "--workers", 1, "--out", tmp_path / "out")
    with room_for(size):
        assert bordersim(*command) == 3
    said = capsys.readouterr().err
    assert f"stopped: cannot write to {tmp_path / 'out' / named}: " in said
    assert GOES_ON in said
    assert not list((tmp_path / "out").glob(".*"))
    assert bordersim(*command) == 0
    assert not begun
    assert tables_in(tmp_path / "out") == tables_in(out)


def test_what_stands_in_the_way_of_a_table_is_named(undisturbed, tmp_path, capsys):
    path, out = undisturbed
    shutil.copytree(out, tmp_path / "out")
    (tmp_path / "out" / "outcomes.csv").unlink()
    (tmp_path / "out" / "outcomes.csv").mkdir()
    assert bordersim("sweep", path, "--workers", 1, "--out", tmp_path / "out") == 3
    assert f"{tmp_path / 'out' / 'outcomes.csv'}: Is a directory" in capsys.readouterr().err


def test_what_a_kill_left_half_written_is_removed(undisturbed, tmp_path):
    path, out = undisturbed
    shutil.copytree(out, tmp_path / "out")
    code = (
        "import os, sys; from pathlib import Path; from sim.experiment import run_folder\n"
        "Path.replace = lambda *paths: os._exit(9)\n"
        "run_folder.write_text(Path(sys.argv[1]) / 'outcomes.csv', 'half')"
    )
    subprocess.run([sys.executable, "-c", code, tmp_path / "out"], cwd=ROOT, check=False)
    assert len(list((tmp_path / "out").glob(".*"))) == 1
    (tmp_path / "out" / ".notes").touch()
    assert bordersim("sweep", path, "--workers", 1, "--out", tmp_path / "out") == 0
    assert [left.name for left in (tmp_path / "out").glob(".*")] == [".notes"]
    assert tables_in(tmp_path / "out") == tables_in(out)


def test_a_folder_that_is_a_file_is_refused(undisturbed, tmp_path, capsys):
    path, _ = undisturbed
    (tmp_path / "out").write_text("my notes")
    assert bordersim("sweep", path, "--out", tmp_path / "out") == 2
    assert "it is a file, not a folder" in capsys.readouterr().err
    assert (tmp_path / "out").read_text() == "my notes"


def test_a_store_that_cannot_be_written_is_refused(undisturbed, tmp_path, capsys):
    path, out = undisturbed
    shutil.copytree(out, tmp_path / "out")
    store = tmp_path / "out" / "runs.sqlite"
    store.chmod(0o444)
    if os.access(store, os.W_OK):
        pytest.skip("root may write everywhere")
    for command in (("sweep", path, "--out"), ("status",)):
        assert bordersim(*command, tmp_path / "out") == 2
        assert "cannot be written, and an open store is locked" in capsys.readouterr().err


def test_the_sweep_that_was_run_is_the_one_beside_its_results(tmp_path, monkeypatch):
    path = write_sweep(tmp_path)
    then_after_puts(monkeypatch, lambda batches: path.unlink(missing_ok=True))
    assert bordersim("sweep", path, "--workers", 1, "--out", tmp_path / "out") == 0
    assert (tmp_path / "out" / "sweep.yaml").read_text("utf-8") == SWEEP


def test_a_second_driver_is_refused_and_the_first_goes_on(undisturbed, tmp_path, capsys):
    path, out = undisturbed
    shutil.copytree(out, tmp_path / "out")
    code = (
        "import sys; from pathlib import Path; from sim.experiment.run_store import RunStore\n"
        "from sim.experiment.run_store import RunKey; from sim.experiment.campaign import PURPOSE\n"
        "store = RunStore.open(Path(sys.argv[1]), purpose=PURPOSE)\n"
        "print('open', flush=True); input(); store.put({RunKey('a', 'b', 'c'): {}})\n"
        "print(len(store))"
    )
    store = tmp_path / "out" / "runs.sqlite"
    first = subprocess.Popen(
        [sys.executable, "-c", code, store],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert first.stdout.readline() == "open\n"
    assert bordersim("sweep", path, "--out", tmp_path / "out") == 2
    assert f"{store} is in use by another process" in capsys.readouterr().err
    assert first.communicate("go on\n")[0] == "29\n"


@pytest.mark.slow
def test_workers_that_are_killed_again_and_again_lose_nothing(undisturbed, tmp_path, monkeypatch):
    path, out = undisturbed
    killed = []

    def kill_all(batches):
        if batches in (1, 3):
            killed.extend(multiprocessing.active_children())
            for process in multiprocessing.active_children():
                process.kill()

    then_after_puts(monkeypatch, kill_all)
    assert bordersim("sweep", path, "--workers", 2, "--out", tmp_path) == 0
    assert len(killed) > 2
    assert tables_in(tmp_path) == tables_in(out)


def test_workers_that_cannot_start_are_no_bug(undisturbed, tmp_path, monkeypatch, capsys):
    def none(function, count):
        raise NoWorkers("worker processes end as soon as they start")

    path, _ = undisturbed
    monkeypatch.setattr(executors, "_start", none)
    assert bordersim("sweep", path, "--workers", 2, "--out", tmp_path) == 3
    said = capsys.readouterr().err
    assert "stopped: worker processes end as soon as they start" in said
    assert GOES_ON in said


@pytest.mark.slow
@pytest.mark.parametrize(
    ("number", "to_all", "seconds"),
    [
        (signal.SIGINT, True, 0.3),
        (signal.SIGINT, False, 3.0),
        (signal.SIGTERM, False, 0.6),
        (signal.SIGHUP, True, 3.0),
    ],
)
def test_a_request_to_end_says_how_to_go_on_and_leaves_no_process(
    tmp_path, number, to_all, seconds
):
    """Also while workers are starting, soon after the store has been made."""
    path = write_sweep(tmp_path, SWEEP.replace("replicates: 4", "replicates: 2000"))
    with driven("sweep", path, "--workers", 2, "--out", tmp_path / "out") as driver:
        wait_until((tmp_path / "out" / "runs.sqlite").exists)
        time.sleep(seconds)
        (os.killpg if to_all else os.kill)(driver.pid, number)
        # The streams end with the last process that could write to them.
        _, said = driver.communicate(timeout=30)
    assert driver.returncode == 130
    assert GOES_ON in said
    assert "Traceback" not in said


@pytest.mark.slow
def test_nobody_has_to_read_the_table_of_a_comparison(tmp_path):
    write_sweep(tmp_path)
    world = (tmp_path / "small_world.yaml").read_text("utf-8")
    (tmp_path / "other.yaml").write_text(world.replace("small_world", "other"), "utf-8")
    command = [sys.executable, "-m", "sim", "compare", tmp_path / "small_world.yaml"]
    command += [tmp_path / "other.yaml", "--replicates", "2", "--workers", "1", "--out", tmp_path]
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [str(part) for part in command],
        cwd=ROOT,
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(writing)
    assert done.returncode == 0
    assert (tmp_path / "differences.csv").exists()
    assert "rror" not in done.stderr
