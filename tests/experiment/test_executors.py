"""Tasks in processes: none is lost but the guilty, and the work always ends."""

import os
import subprocess
import sys
import traceback
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor

import pytest
from shipped import ROOT
from worker_tasks import (
    GUILTY,
    cannot_be_pickled,
    ends_its_process,
    ends_its_process_at_first,
    ends_while_it_answers,
    has_the_model,
    never_begins,
    raises,
    squared,
    wait_for,
    waits,
)

from sim.experiment import executors, worker_process
from sim.experiment.executors import IN_FLIGHT, Cancelled, Lost, run_tasks
from sim.experiment.worker_process import WorkerProcess

SQUARES = {number: number * number for number in range(20)}
INNOCENT = {number: square for number, square in SQUARES.items() if number != GUILTY}


class Breaks(Executor):
    """Ends a few tasks, has one in hand when it breaks, and then takes no more."""

    def __init__(self, good):
        self.good = good
        self.in_hand = None

    def submit(self, function, /, *arguments):
        if self.in_hand is not None:
            if not self.in_hand.done():
                self.in_hand.set_exception(BrokenExecutor("gone"))
            raise BrokenExecutor("gone")
        future = Future()
        if self.good:
            self.good -= 1
            future.set_result(function(*arguments))
        else:
            self.in_hand = future
        return future


class Reading:
    """Numbers that know how many of them have been read."""

    def __init__(self, count):
        self.count = count
        self.read = 0

    def __iter__(self):
        for number in range(self.count):
            self.read += 1
            yield number


def test_a_task_that_always_ends_its_process_is_lost_and_no_other():
    done = dict(run_tasks(ends_its_process, SQUARES, workers=2))
    lost = done.pop(GUILTY)
    assert isinstance(lost, Lost)
    assert "three times" in lost.reason
    assert done == INNOCENT


def test_a_task_whose_process_ended_once_is_done_again(tmp_path):
    tasks = [(number, tmp_path) for number in SQUARES]
    done = list(run_tasks(ends_its_process_at_first, tasks, workers=2))
    assert (tmp_path / str(GUILTY)).exists()
    assert sorted((number, result) for (number, _), result in done) == sorted(SQUARES.items())


def test_an_answer_that_breaks_off_is_not_waited_for(tmp_path):
    guilty = GUILTY, tmp_path
    stream = run_tasks(ends_while_it_answers, [(1, tmp_path), guilty], workers=2)
    assert next(stream) == ((1, tmp_path), b"")
    # While this test does not read the answer, the pipe is full and the process in the middle.
    (tmp_path / "go").touch()
    wait_for(tmp_path / "ended")
    assert list(stream) == [(guilty, bytes(10**7))]


def test_where_tasks_run_changes_nothing():
    assert list(run_tasks(squared, SQUARES)) == list(SQUARES.items())
    with ThreadPoolExecutor(2) as threads:
        assert dict(run_tasks(squared, SQUARES, executor=threads)) == SQUARES
    assert dict(run_tasks(squared, SQUARES, workers=2)) == SQUARES


def test_a_broken_executor_loses_only_what_it_had_not_done():
    done = list(run_tasks(squared, SQUARES, executor=Breaks(good=5)))
    assert sorted(task for task, _ in done) == list(SQUARES)
    finished = {task: result for task, result in done if not isinstance(result, Lost)}
    assert finished == {number: number * number for number in range(5)}


def test_an_executor_that_gives_a_task_up_ends_the_work_and_loses_no_task():
    class GivesUp(Breaks):
        def submit(self, function, /, *arguments):
            if self.good:
                return super().submit(function, *arguments)
            future = Future()
            future.set_exception(Cancelled())
            return future

    stream = run_tasks(squared, SQUARES, executor=GivesUp(good=5), in_flight=1)
    assert [next(stream) for _ in range(5)] == [(n, n * n) for n in range(5)]
    with pytest.raises(Cancelled):
        next(stream)


def test_processes_that_cannot_start_end_the_work(monkeypatch):
    monkeypatch.setattr(worker_process, "_work", never_begins)
    with pytest.raises(RuntimeError, match="end as soon as they start"):
        list(run_tasks(squared, SQUARES, workers=2))


def test_tasks_are_read_as_they_are_needed():
    here = Reading(500)
    for ended, _ in enumerate(run_tasks(squared, here), start=1):
        assert here.read == ended
    there = Reading(500)
    with ThreadPoolExecutor(2) as threads:
        for yielded, _ in enumerate(run_tasks(squared, there, executor=threads)):
            assert there.read - yielded <= IN_FLIGHT
    assert there.read == 500


@pytest.mark.parametrize("workers", [1, 2])
def test_an_exception_is_that_of_the_caller(workers):
    with pytest.raises(ArithmeticError, match="nothing adds up") as raised:
        list(run_tasks(raises, SQUARES, workers=workers))
    told = "".join(traceback.format_exception(raised.value))
    assert "in raises" in told


def test_a_result_that_cannot_be_pickled_is_an_exception():
    with pytest.raises(Exception, match="pickle"):
        list(run_tasks(cannot_be_pickled, SQUARES, workers=2))


def test_there_are_no_more_processes_than_tasks_or_workers(monkeypatch):
    started = []

    class Counted(WorkerProcess):
        def __init__(self, function):
            started.append(function)
            super().__init__(function)

    monkeypatch.setattr(executors, "WorkerProcess", Counted)
    assert dict(run_tasks(squared, [1, 2], workers=8)) == {1: 1, 2: 4}
    assert dict(run_tasks(squared, [], workers=8)) == {}
    assert len(started) == 2
    assert dict(run_tasks(squared, SQUARES, workers=2)) == SQUARES
    assert len(started) == 4


def test_an_interruption_waits_for_nothing_and_nothing_more_begins(tmp_path):
    # The first task has its file to go on, the others would wait for it much longer than this test.
    tasks = [(number, folder_of(number, tmp_path)) for number in range(500)]
    (tmp_path / "first" / "go").touch()
    stream = run_tasks(waits, tasks, workers=2)
    assert next(stream) == (tasks[0], 0)
    with pytest.raises(KeyboardInterrupt):
        stream.throw(KeyboardInterrupt)
    assert not (tmp_path / "others" / "go").exists()
    (tmp_path / "others" / "go").touch()
    assert len(list((tmp_path / "others").iterdir())) < 10


def test_an_interruption_leaves_the_executor_of_another_open(tmp_path):
    tasks = [(number, folder_of(number, tmp_path)) for number in range(500)]
    (tmp_path / "first" / "go").touch()
    with ThreadPoolExecutor(2) as threads:
        stream = run_tasks(waits, tasks, executor=threads)
        next(stream)
        with pytest.raises(KeyboardInterrupt):
            stream.throw(KeyboardInterrupt)
        (tmp_path / "others" / "go").touch()
        assert threads.submit(squared, 5).result() == 25
    begun = list((tmp_path / "others").glob("begun_*"))
    assert len(begun) <= 3


def folder_of(number, folder):
    folder = folder / ("others" if number else "first")
    folder.mkdir(exist_ok=True)
    return folder


def test_workers_end_with_the_process_that_started_them(tmp_path):
    code = (
        "from pathlib import Path; from worker_tasks import waits\n"
        "from sim.experiment.executors import run_tasks\n"
        f"tasks = [(number, Path({str(tmp_path)!r})) for number in range(9)]\n"
        "list(run_tasks(waits, tasks, workers=2))"
    )
    path = os.pathsep.join([str(ROOT), str(ROOT / "tests" / "support")])
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": path}
    )
    wait_for(tmp_path / "begun_0")
    wait_for(tmp_path / "begun_1")
    process.kill()
    (tmp_path / "go").touch()
    # The output ends when the last process that could write to it has ended.
    process.communicate(timeout=30)
    assert len(list(tmp_path.glob("begun_*"))) == 2


class GivesUp(Executor):
    """Loses every second task, as a cluster does whose workers are killed."""

    def __init__(self):
        self.submitted = 0

    def submit(self, function, /, *arguments):
        self.submitted += 1
        future = Future()
        if self.submitted % 2:
            future.set_exception(OSError("a worker is gone"))
        else:
            future.set_result(function(*arguments))
        return future


def test_what_an_executor_gives_up_is_lost_and_the_others_go_on():
    done = dict(run_tasks(squared, range(6), executor=GivesUp()))
    assert {task: result for task, result in done.items() if task % 2} == {1: 1, 3: 9, 5: 25}
    assert all(isinstance(done[task], Lost) for task in (0, 2, 4))
    assert done[0].reason == "the executor gave up: OSError: a worker is gone"


def test_what_the_function_raises_on_an_executor_is_raised():
    with ThreadPoolExecutor(1) as executor, pytest.raises(ArithmeticError):
        list(run_tasks(raises, range(20), executor=executor))


@pytest.mark.skipif(sys.platform != "linux", reason="processes start from nothing elsewhere")
def test_processes_start_with_the_model_in_memory():
    assert set(dict(run_tasks(has_the_model, range(4), workers=2)).values()) == {True}


def threads_of_linear_algebra(_: int) -> str:
    return os.environ["OPENBLAS_NUM_THREADS"]


def test_linear_algebra_has_one_thread_in_each_process(monkeypatch):
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    tasks = run_tasks(threads_of_linear_algebra, range(3), workers=2)
    assert {threads for _, threads in tasks} == {"1"}
    assert "OPENBLAS_NUM_THREADS" not in os.environ
