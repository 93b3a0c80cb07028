"""Finished runs in a file: what was put is there, whole, whatever happens to the process."""

import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as numpy_st
from shipped import ROOT
from store_writer import BATCH, batch_of

from sim.experiment import run_store as module
from sim.experiment.run_store import RunKey, RunStore, StoreRefused

KEY = RunKey("scenario", "parameters", "1")
RUN = {"series": np.arange(12).reshape(3, 4)}


def assert_same(one, other):
    assert list(one) == list(other)
    for name, array in one.items():
        assert (array.dtype, array.shape) == (other[name].dtype, other[name].shape)
        np.testing.assert_array_equal(array, other[name])


def batches_in(store):
    """Return how many batches there are; they are the first ones, and every run is whole."""
    count, rest = divmod(len(store), BATCH)
    assert rest == 0
    for number in range(count):
        for key, run in batch_of(number).items():
            assert_same(store.get(key), run)
    return count


def start_writer(path):
    search = os.pathsep.join([str(ROOT), str(ROOT / "tests" / "support")])
    return subprocess.Popen(
        [sys.executable, "-m", "store_writer", str(path)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": search},
    )


def test_a_kill_loses_at_most_what_was_not_yet_put(tmp_path):
    path = tmp_path / "runs.sqlite"
    moments = random.Random(5)
    reported = -1
    for attempt in range(10):
        begun = attempt % 2
        with start_writer(path) as process:
            if begun:
                process.stdout.readline()
            time.sleep(moments.uniform(0, 0.1 if begun else 0.3))
            process.kill()
            lines = process.stdout.read().split()
        reported = max([reported, *map(int, lines)])
        with RunStore.open(path, purpose="test") as store:
            # A kill may come between the end of a put and the report of it.
            assert len(store) in (BATCH * (reported + 1), BATCH * (reported + 2))
    assert reported > 10
    with RunStore.open(path, purpose="test") as store:
        assert batches_in(store) > reported


@pytest.fixture(scope="module")
def left_behind(tmp_path_factory):
    """Return the files of a store that was not closed, and the size of its log after each put."""
    folder = tmp_path_factory.mktemp("left_behind")
    with RunStore.open(folder / "open", purpose="test") as store:
        log = folder / "open-wal"
        sizes = [0]
        for number in range(5):
            store.put(batch_of(number))
            sizes.append(log.stat().st_size)
        shutil.copy(folder / "open", folder / "runs")
        shutil.copy(log, folder / "runs-wal")
    return folder, sizes


@given(data=st.data(), cut=st.booleans())
@settings(deadline=None, max_examples=50)
def test_a_log_that_is_half_written_loses_only_what_follows(left_behind, data, cut):
    folder, sizes = left_behind
    log = (folder / "runs-wal").read_bytes()
    place = data.draw(st.integers(0, len(log) - 1))
    rest = b"" if cut else bytes([log[place] ^ 1]) + log[place + 1 :]
    with tempfile.TemporaryDirectory() as other:
        path = Path(other) / "runs"
        shutil.copy(folder / "runs", path)
        path.with_name("runs-wal").write_bytes(log[:place] + rest)
        with RunStore.open(path, purpose="test") as store:
            assert batches_in(store) == sum(size <= place for size in sizes) - 1


ARRAYS = numpy_st.arrays(
    dtype=numpy_st.scalar_dtypes(),
    shape=numpy_st.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4),
)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    path = tmp_path_factory.mktemp("store") / "runs"
    with RunStore.open(path, purpose="test") as store:
        yield store


@given(st.dictionaries(st.text(st.characters(categories=["L", "N", "P"])), ARRAYS, max_size=4))
@settings(deadline=None, max_examples=50)
def test_arrays_come_back_as_they_were(store, arrays):
    key = KEY._replace(seed=str(len(store)))
    store.put({key: arrays})
    assert_same(store.get(key), arrays)


KEYS = st.builds(RunKey, *[st.sampled_from(["", "a", "1", "01", "1.0", "é"])] * 3)


@given(
    st.lists(
        st.one_of(st.just("reopen"), st.dictionaries(KEYS, st.integers(0, 9), max_size=5)),
        max_size=8,
    )
)
@settings(deadline=None, max_examples=30)
def test_a_store_is_a_dictionary_that_keeps_the_first_value(steps):
    expected = {}
    with tempfile.TemporaryDirectory() as folder:
        store = RunStore.open(Path(folder) / "runs", purpose="test")
        for step in steps:
            if step == "reopen":
                store.close()
                store = RunStore.open(Path(folder) / "runs", purpose="test")
                continue
            store.put({key: {"value": np.array(value)} for key, value in step.items()})
            expected = step | expected
        assert store.keys() == sorted(expected)
        assert len(store) == len(expected)
        for key, value in expected.items():
            assert key in store
            assert store.get(key)["value"] == value
        assert RunKey("another", "a", "1") not in store
        assert store.get(RunKey("another", "a", "1")) is None
        store.close()


def test_a_put_that_fails_leaves_nothing(tmp_path):
    path = tmp_path / "runs"
    other = KEY._replace(seed="2")
    with RunStore.open(path, purpose="test") as store:
        with pytest.raises(ValueError, match="Object arrays"):
            store.put({KEY: RUN, other: {"people": np.array([{}])}})
        store._connection.execute("PRAGMA max_page_count = 20")
        noise = {"noise": np.random.default_rng(1).random(100_000)}
        with pytest.raises(OSError, match=r"cannot write to .*runs: .*full"):
            store.put({KEY: RUN, other: noise})
        assert len(store) == 0
        store.put({KEY: RUN})
    with RunStore.open(path, purpose="test") as store:
        assert store.keys() == [KEY]


def refusal(path, purpose="test"):
    with pytest.raises(StoreRefused) as refused:
        RunStore.open(path, purpose=purpose)
    return clear_message(refused.value, path)


def clear_message(refused, path):
    message = str(refused)
    assert message.startswith(f"{path} ")
    assert "\n" not in message
    return message


@pytest.fixture
def path(tmp_path):
    """Return the path of a store with one run."""
    with RunStore.open(tmp_path / "runs", purpose="test") as store:
        store.put({KEY: RUN})
    return tmp_path / "runs"


def test_a_store_for_something_else_is_refused_and_kept(path, monkeypatch):
    message = refusal(path, purpose="other")
    assert "another purpose (digest test, now other)" in message
    assert "use another folder, or delete the file" in message
    with monkeypatch.context() as patch:
        patch.setattr(module, "model_fingerprint", lambda: "new")
        assert "another version of the model" in refusal(path)
        assert "another version of the model" in refusal(path, purpose="other")
        assert "another purpose" in refusal(path, purpose="other")
    with monkeypatch.context() as patch:
        patch.setattr(module, "_FORMAT", "0")
        assert "another version of the program (format of the file 1, now 0)" in refusal(path)
    with RunStore.open(path, purpose="test") as store:
        assert_same(store.get(KEY), RUN)


def test_a_store_in_use_is_refused(tmp_path):
    path = tmp_path / "runs"
    with start_writer(path) as process:
        process.stdout.readline()
        assert "in use by another process" in refusal(path)
        process.kill()


@pytest.mark.parametrize("content", [b"x", b"a letter\n" * 1000])
def test_a_file_that_is_not_a_store_is_refused_and_kept(tmp_path, content):
    path = tmp_path / "letter"
    path.write_bytes(content)
    assert "not a store" in refusal(path)
    assert path.read_bytes() == content


def test_the_database_of_another_program_is_refused_and_kept(tmp_path):
    path = tmp_path / "addresses"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE people (name)")
    connection.close()
    content = path.read_bytes()
    assert "not a store" in refusal(path)
    assert path.read_bytes() == content


def test_what_cannot_be_opened_is_refused(tmp_path):
    assert "cannot be opened" in refusal(tmp_path)
    assert "cannot be opened" in refusal(tmp_path / "nowhere" / "runs")


@pytest.fixture(scope="module")
def closed(tmp_path_factory):
    """Return the content of a store that was closed, with five batches."""
    path = tmp_path_factory.mktemp("closed") / "runs"
    with RunStore.open(path, purpose="test") as store:
        for number in range(5):
            store.put(batch_of(number))
    return path.read_bytes()


@given(data=st.data(), cut=st.booleans())
@settings(deadline=None, max_examples=100)
def test_damage_is_told_and_never_taken_for_a_run(closed, data, cut):
    place = data.draw(st.integers(1, len(closed) - 1))
    change = data.draw(st.integers(1, 255))
    rest = b"" if cut else bytes([closed[place] ^ change]) + closed[place + 1 :]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "runs"
        path.write_bytes(closed[:place] + rest)
        try:
            with RunStore.open(path, purpose="test") as store:
                assert batches_in(store) == 5
        except StoreRefused as refused:
            clear_message(refused, path)


def test_threads_share_an_open_store(tmp_path):
    def put(first):
        for number in range(first, 200, 4):
            store.put({RunKey("w", "p", str(number)): {"x": np.full(50, number)}})
            assert store.get(RunKey("w", "p", str(first))) is not None

    with RunStore.open(tmp_path / "runs.sqlite", purpose="test") as store:
        with ThreadPoolExecutor(4) as threads:
            list(threads.map(put, range(4)))
        assert len(store) == 200
        assert store.get(RunKey("w", "p", "199"))["x"].tolist() == [199] * 50
