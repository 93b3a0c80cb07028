"""Ctrl-C while rules are loaded: it comes through, and only afterwards."""

import os
import signal
import threading

import pytest

from sim.world.interruptions import interruptions_wait

SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]


@pytest.fixture
def handled():
    """Signals that a program hears, in order; its own handlers come back afterwards."""
    heard = []
    before = {number: signal.signal(number, lambda n, _: heard.append(n)) for number in SIGNALS}
    yield heard
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_is_heard_once_the_block_has_ended(handled, number):
    with interruptions_wait():
        os.kill(os.getpid(), number)
        assert handled == []
    assert handled == [number]
    os.kill(os.getpid(), number)
    assert handled == [number, number]


def test_ctrl_c_ends_what_comes_after_the_block_and_not_the_block():
    done = []
    # A program that was started in the background ignores the signal.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            with interruptions_wait():
                os.kill(os.getpid(), signal.SIGINT)
                done.append("block")
            done.append("afterwards")
    finally:
        signal.signal(signal.SIGINT, before)
    assert done == ["block"]


def test_a_signal_that_is_ignored_stays_ignored():
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with interruptions_wait():
            os.kill(os.getpid(), signal.SIGHUP)
        assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


def test_other_threads_load_rules_too():
    done = []

    def load():
        with interruptions_wait():
            done.append(True)

    thread = threading.Thread(target=load)
    thread.start()
    thread.join()
    assert done == [True]
