"""Processes that many users share."""

import os
import time
from threading import Lock

import pytest
from worker_tasks import wait_for, waits

from sim.app import fair_pool
from sim.app.fair_pool import FairPool, Turn
from sim.experiment.executors import Cancelled
from sim.experiment.worker_process import WorkerProcess


@pytest.fixture
def pool():
    pool = FairPool(1)
    yield pool
    pool.close()


def test_results_and_errors_come_back(pool):
    turn = Turn(pool)
    assert turn.submit(abs, -3).result(60) == 3
    with pytest.raises(ValueError, match="invalid literal"):
        turn.submit(int, "x").result(60)
    assert turn.submit(abs, -4).result(60) == 4


@pytest.fixture
def gate(pool, tmp_path):
    """Hold the process of the pool until the returned function is called."""
    Turn(pool).submit(waits, (1, tmp_path))
    wait_for(tmp_path / "begun_1")
    return (tmp_path / "go").touch


def test_a_first_answer_comes_before_a_finer_one(pool, gate):
    busy, late = Turn(pool), Turn(pool)
    order = []
    futures = [busy.submit(abs, number) for number in range(12)]
    for number, future in enumerate(futures):
        future.add_done_callback(lambda _, number=number: order.append(number))
    first = late.submit(abs, -1)
    first.add_done_callback(lambda _: order.append("late"))
    gate()
    for future in (*futures, first):
        future.result(60)
    assert order == [*range(4), "late", *range(4, 12)]


def test_what_waits_ends_when_its_user_begins_anew(pool, gate):
    turn, other = Turn(pool), Turn(pool)
    given_up, unread = turn.submit(abs, -1), turn.submit(abs, -1)
    unread.cancel()
    waiting = other.submit(abs, -2)
    turn.begin()
    assert isinstance(given_up.exception(0), Cancelled)
    later = turn.submit(abs, -3)
    assert not waiting.done()
    gate()
    assert (waiting.result(60), later.result(60)) == (2, 3)


def test_a_process_that_ends_is_replaced(pool):
    turn = Turn(pool)
    with pytest.raises(Exception, match="ended three times"):
        turn.submit(os._exit, 3).result(60)
    assert turn.submit(abs, -5).result(60) == 5


def test_a_process_that_cannot_be_started_is_started_again(monkeypatch):
    refused = [OSError("no memory"), KeyError("OMP_NUM_THREADS")]

    def started(function):
        if refused:
            raise refused.pop()
        return WorkerProcess(function)

    monkeypatch.setattr(fair_pool, "WorkerProcess", started)
    pool = FairPool(1)
    try:
        assert Turn(pool).submit(abs, -6).result(60) == 6
    finally:
        pool.close()
    assert not refused


def test_processes_are_started_one_after_the_other(monkeypatch):
    starting, at_once = Lock(), []

    def started(function):
        at_once.append(not starting.acquire(blocking=False))
        time.sleep(0.2)
        starting.release()
        return WorkerProcess(function)

    monkeypatch.setattr(fair_pool, "WorkerProcess", started)
    pool = FairPool(2)
    try:
        turn = Turn(pool)
        for future in [turn.submit(time.sleep, 0.5) for _ in range(2)]:
            future.result(60)
    finally:
        pool.close()
    assert at_once == [False, False]


def test_what_waits_ends_with_the_pool():
    pool = FairPool(1)
    turn = Turn(pool)
    running, *waiting = [turn.submit(time.sleep, 0.3) for _ in range(4)]
    while not running.running():
        time.sleep(0.01)
    pool.close()
    for future in (*waiting, turn.submit(abs, 1)):
        assert isinstance(future.exception(0), Cancelled)
