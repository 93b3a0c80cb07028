"""Processes that many users share."""

import os
import time

import pytest

from sim.app.fair_pool import FairPool, Turn


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


def test_a_first_answer_comes_before_a_finer_one(pool):
    busy, late = Turn(pool), Turn(pool)
    order = []
    futures = [busy.submit(time.sleep, 0.05) for _ in range(12)]
    for number, future in enumerate(futures):
        future.add_done_callback(lambda _, number=number: order.append(f"busy {number}"))
    first = late.submit(time.sleep, 0.05)
    first.add_done_callback(lambda _: order.append("late"))
    for future in (*futures, first):
        future.result(60)
    assert order.index("late") <= 4


def test_a_process_that_ends_is_replaced(pool):
    turn = Turn(pool)
    with pytest.raises(Exception, match="ended three times"):
        turn.submit(os._exit, 3).result(60)
    assert turn.submit(abs, -5).result(60) == 5


def test_what_waits_is_cancelled_when_the_pool_is_closed():
    pool = FairPool(1)
    turn = Turn(pool)
    running, *waiting = [turn.submit(time.sleep, 0.3) for _ in range(4)]
    while not running.running():
        time.sleep(0.01)
    pool.close()
    assert all(of.cancelled() for of in waiting)
    assert turn.submit(abs, 1).cancelled()
