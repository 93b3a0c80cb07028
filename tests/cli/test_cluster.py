"""``--executor``: the same tables from a Dask cluster, also when its workers are killed."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager

import pytest
from command import bordersim
from faulty_runs import then_after_puts
from shipped import ROOT
from small_sweep import SWEEP, tables_in, write_sweep

from sim.experiment import cluster

pytestmark = pytest.mark.slow


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def dask(*arguments):
    return subprocess.Popen(
        [sys.executable, "-m", "dask", *map(str, arguments)],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@contextmanager
def started(workers):
    """Yield the address of a scheduler and the processes of workers that were started apart."""
    port = free_port()
    address = f"127.0.0.1:{port}"
    scheduler = dask("scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard")
    processes = [
        dask("worker", address, "--nthreads", 1, "--no-nanny", "--no-dashboard")
        for _ in range(workers)
    ]
    try:
        yield address, processes
    finally:
        for process in [*processes, scheduler]:
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """The sweep file, and the tables that one process makes of it."""
    folder = tmp_path_factory.mktemp("sweep")
    path = write_sweep(folder, SWEEP.replace("replicates: 4", "replicates: 10"))
    assert bordersim("sweep", path, "--workers", 1, "--out", folder / "out") == 0
    return path, tables_in(folder / "out")


@pytest.mark.thorough
def test_two_workers_started_apart_make_the_same_tables(undisturbed, tmp_path):
    path, tables = undisturbed
    with started(workers=2) as (address, _):
        assert bordersim("sweep", path, "--executor", f"dask://{address}", "--out", tmp_path) == 0
    assert tables_in(tmp_path) == tables


@pytest.mark.thorough
def test_a_worker_that_is_killed_loses_nothing(undisturbed, tmp_path, monkeypatch):
    """The other one does what it had in hand."""
    path, tables = undisturbed
    with started(workers=2) as (address, workers):
        puts = then_after_puts(
            monkeypatch, lambda batches: batches == 4 and workers[0].send_signal(9)
        )
        assert bordersim("sweep", path, "--executor", f"dask://{address}", "--out", tmp_path) == 0
        assert workers[0].wait() == -signal.SIGKILL
        assert puts
    assert tables_in(tmp_path) == tables


def test_workers_of_its_own_make_the_same_tables(undisturbed, tmp_path):
    path, tables = undisturbed
    options = ("--executor", "dask", "--workers", 2, "--out", tmp_path)
    assert bordersim("sweep", path, *options) == 0
    assert tables_in(tmp_path) == tables
    # Nothing is left to do, and so no cluster is asked for.
    assert bordersim("sweep", path, "--executor", "dask://nowhere:1", "--out", tmp_path) == 0


def test_an_interruption_leaves_the_cluster_and_keeps_what_has_ended(
    undisturbed, tmp_path, monkeypatch, capsys
):
    path, tables = undisturbed
    # A shell's background jobs inherit that an interruption is ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with started(workers=1) as (address, _):
        options = ("--executor", f"dask://{address}", "--out", tmp_path)
        with monkeypatch.context() as patch:
            then_after_puts(
                patch, lambda batches: batches == 3 and os.kill(os.getpid(), signal.SIGINT)
            )
            began = time.monotonic()
            assert bordersim("sweep", path, *options) == 130
            assert time.monotonic() - began < 30
        assert "same command resumes" in capsys.readouterr().err
        assert bordersim("sweep", path, *options) == 0
    assert tables_in(tmp_path) == tables


def test_what_is_no_cluster_is_refused(undisturbed, tmp_path, monkeypatch, capsys):
    path, _ = undisturbed
    monkeypatch.setattr(cluster, "_SECONDS", 2)
    nobody = free_port()
    for address, message in (
        ("ray", "--executor: not an executor [allowed: dask, dask://HOST:PORT] (got 'ray')"),
        ("dask://", "--executor: not an executor"),
        ("dask://localhost:port", "no Dask scheduler answers at localhost:port"),
        (f"dask://127.0.0.1:{nobody}", f"no Dask scheduler answers at 127.0.0.1:{nobody}"),
    ):
        assert bordersim("sweep", path, "--executor", address, "--out", tmp_path) == 2
        assert message in capsys.readouterr().err


def test_workers_of_another_version_are_refused(undisturbed, tmp_path, monkeypatch, capsys):
    path, _ = undisturbed
    monkeypatch.setattr(cluster, "model_fingerprint", lambda: str(os.getpid()))
    with started(workers=1) as (address, _):
        options = ("--executor", f"dask://{address}", "--out", tmp_path)
        assert bordersim("sweep", path, *options) == 2
    assert "have another version of the model" in capsys.readouterr().err


@pytest.mark.thorough
def test_a_cluster_without_workers_is_refused(undisturbed, tmp_path, monkeypatch, capsys):
    path, _ = undisturbed
    with started(workers=0) as (address, _):
        monkeypatch.setattr(cluster, "_SECONDS", 10)
        options = ("--executor", f"dask://{address}", "--out", tmp_path)
        assert bordersim("sweep", path, *options) == 2
    assert "has no workers" in capsys.readouterr().err


def test_without_the_extra_there_is_a_hint(undisturbed, tmp_path, monkeypatch, capsys):
    path, _ = undisturbed
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert bordersim("sweep", path, "--executor", "dask", "--out", tmp_path) == 2
    assert "pip install 'bordersim[cluster]'" in capsys.readouterr().err


def test_threads_of_dask_end_with_the_command():
    assert not [thread for thread in threading.enumerate() if "TCP-Executor" in thread.name]
