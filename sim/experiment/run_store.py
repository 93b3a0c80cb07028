"""Finished runs in a file, so that long work goes on where it was interrupted."""

import io
import os
import sqlite3
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from sim.experiment.fingerprint import model_fingerprint

Arrays = dict[str, NDArray[Any]]
"""What is kept of a run: arrays by name, of any shape and of any type but objects."""

_FORMAT = "1"

_TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE runs (
    scenario TEXT NOT NULL,
    parameters TEXT NOT NULL,
    seed TEXT NOT NULL,
    arrays BLOB NOT NULL,
    PRIMARY KEY (scenario, parameters, seed)
);
"""

_FAILURES = """
CREATE TABLE IF NOT EXISTS failures (
    scenario TEXT NOT NULL,
    parameters TEXT NOT NULL,
    seed TEXT NOT NULL,
    reason TEXT NOT NULL,
    details TEXT NOT NULL,
    PRIMARY KEY (scenario, parameters, seed)
)
"""

_INSERT = """
INSERT INTO runs VALUES (?, ?, ?, ?) ON CONFLICT (scenario, parameters, seed) DO NOTHING
"""

_WHERE = "WHERE scenario = ? AND parameters = ? AND seed = ?"

_WAY_OUT = "use another folder, or delete the file to start again"


class StoreRefused(ValueError):
    """A file cannot be used as this store; the message says why, and what to do."""


class RunKey(NamedTuple):
    """What identifies a run.

    Attributes:
        scenario: digest of the scenario.
        parameters: digest of what was set in it.
        seed: the seed, with whatever else tells runs of one setting apart.
    """

    scenario: str
    parameters: str
    seed: str


class FailedRun(NamedTuple):
    """Why there is no result of a run.

    Attributes:
        reason: the exception in one line.
        details: the traceback; empty if a process ended.
    """

    reason: str
    details: str


class RunStore:
    """Runs that have ended, in an SQLite file for one process at a time.

    A store is for one version of the model and one purpose. As long as it is open no other process
    can open it, not even to read: the connection holds SQLite's exclusive lock, which ends with
    the process however that ends. The lock is that of the file system, and so as good as it is;
    on a network drive that may be none. Threads of one process may share an open store.

    Made by ``RunStore.open``, or by ``RunStore.temporary`` for runs that need not outlive it.

    Attributes:
        is_temporary: it ends when it is closed.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection, is_temporary: bool) -> None:
        self._path = path
        self._connection = connection
        self._turn = Lock()
        self.is_temporary = is_temporary

    @classmethod
    def temporary(cls) -> Self:
        """Return a store that nobody else sees: in memory, on the disk where that is too small."""
        connection = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA synchronous = OFF")
        _make_tables(connection, {"format": _FORMAT, "model": model_fingerprint()})
        return cls(Path("temporary store"), connection, is_temporary=True)

    @classmethod
    def open(cls, path: Path, *, purpose: str | None) -> Self:
        """Open the store at ``path``, or make it there.

        Args:
            path: the file; its folder exists. Beside an open store lies a second file,
                ``PATH-wal``, which belongs to it.
            purpose: what the store is for, such as a digest of a study. None looks into a store
                of whatever purpose and version of the model, and makes none.

        Raises:
            StoreRefused: the file was made for another purpose or by another version, is in use,
                is damaged, or is not a store.
        """
        if purpose is None and not path.is_file():
            raise StoreRefused(f"there is no store at {path}")
        try:
            # Without an isolation level, transactions begin and end where they are written below.
            connection = sqlite3.connect(
                path, timeout=0, isolation_level=None, check_same_thread=False
            )
        except sqlite3.Error as error:
            raise _refusal(path, error) from error
        try:
            _prepare(path, connection, purpose)
        except (sqlite3.Error, UnicodeDecodeError) as error:
            connection.close()
            raise _refusal(path, error) from error
        except BaseException:
            connection.close()
            raise
        return cls(path, connection, is_temporary=False)

    def close(self) -> None:
        """Close the file, for others to open."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def meta(self) -> dict[str, str]:
        """``format`` of the file, fingerprint of the ``model``, ``purpose``, and what was noted."""
        return dict(self._rows("SELECT name, value FROM meta"))

    @property
    def size(self) -> int:
        """Bytes of all that is kept."""
        ((size,),) = self._rows(
            "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
        )
        return int(size)

    def note(self, name: str, text: str) -> None:
        """Keep a text under a name in ``meta``, for those who look into the store later.

        Raises:
            OSError: the file could not be written, because the disk is full for instance.
        """
        try:
            self._rows("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, text))
        except sqlite3.DatabaseError as error:
            raise OSError(f"cannot write to {self._path}: {error}") from error

    def __len__(self) -> int:
        ((count,),) = self._rows("SELECT count(*) FROM runs")
        return int(count)

    def __contains__(self, key: RunKey) -> bool:
        return bool(self._rows(f"SELECT 1 FROM runs {_WHERE}", key))

    def keys(self) -> list[RunKey]:
        """Return the keys of all runs, ordered."""
        rows = self._rows(
            "SELECT scenario, parameters, seed FROM runs ORDER BY scenario, parameters, seed"
        )
        return [RunKey(*row) for row in rows]

    def get(self, key: RunKey, first: int | None = None) -> Arrays | None:
        """Return the arrays of a run, or None if it is not there.

        Args:
            key: the run.
            first: only so many of its arrays, which is faster; None: all.

        Raises:
            StoreRefused: the file is damaged.
        """
        try:
            rows = self._rows(f"SELECT arrays FROM runs {_WHERE}", key)
            return _unpacked(rows[0][0], first) if rows else None
        except (sqlite3.DatabaseError, zlib.error) as error:
            raise StoreRefused(f"{self._path} is damaged ({error}); {_WAY_OUT}") from error

    def failures(self) -> dict[RunKey, FailedRun]:
        """Return the runs that failed when they were last tried."""
        rows = self._rows(
            "SELECT scenario, parameters, seed, reason, details FROM failures "
            "ORDER BY scenario, parameters, seed"
        )
        return {RunKey(*row[:3]): FailedRun(*row[3:]) for row in rows}

    def put(
        self,
        runs: Mapping[RunKey, Mapping[str, NDArray[Any]]],
        failed: Mapping[RunKey, FailedRun] | None = None,
    ) -> None:
        """Keep ``runs``, all or none of them; they are on the disk when this returns.

        Of a run that is there already the first arrays are kept. A put waits for the disk, so
        that many runs in one are much faster than one each.

        Args:
            runs: arrays by name, by run.
            failed: runs that were tried and failed. Of each the last failure is kept, until it
                succeeds.

        Raises:
            ValueError: an array has objects in it.
            OSError: the file could not be written, because the disk is full for instance.
        """
        rows = [(*key, _packed(arrays)) for key, arrays in runs.items()]
        failures = [(*key, *failure) for key, failure in (failed or {}).items()]
        try:
            with self._turn:
                self._connection.execute("BEGIN")
                # Leaving it commits, or rolls back after an error.
                with self._connection:
                    self._connection.executemany(_INSERT, rows)
                    self._connection.executemany(f"DELETE FROM failures {_WHERE}", list(runs))
                    self._connection.executemany(
                        "INSERT OR REPLACE INTO failures VALUES (?, ?, ?, ?, ?)", failures
                    )
        except sqlite3.DatabaseError as error:
            raise OSError(f"cannot write to {self._path}: {error}") from error

    def _rows(self, statement: str, values: Sequence[str] = ()) -> list[Any]:
        """Return all rows of a statement, before another thread has its turn.

        SQLite lets threads take turns within a statement, but they share its cursor, and a
        transaction is that of the connection.
        """
        with self._turn:
            return self._connection.execute(statement, values).fetchall()


def _prepare(path: Path, connection: sqlite3.Connection, purpose: str | None) -> None:
    """Lock the file, and check what is in it or begin it; another's file is left as it is.

    Raises:
        StoreRefused: it is the file of something else.
        sqlite3.Error: it is locked, damaged, or not SQLite.
        UnicodeDecodeError: it is damaged, and the message of SQLite is not text either.
    """
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("BEGIN EXCLUSIVE")
    with connection:
        expected = {"format": _FORMAT}
        if purpose is not None:
            expected |= {"model": model_fingerprint(), "purpose": purpose}
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
        # SQLite takes a file of a few bytes, whatever they are, for an empty database.
        if purpose is not None and not tables and path.stat().st_size == 0:
            _make_tables(connection, expected)
        elif not {"meta", "runs"} <= tables:
            raise StoreRefused(f"{path} is not a store of runs; use another folder")
        else:
            _check(path, connection, expected)
        # Older stores have no such table.
        connection.execute(_FAILURES)
    # Only now: the mode is written into the file, and cannot be changed in a transaction.
    connection.execute("PRAGMA journal_mode = WAL")


def _make_tables(connection: sqlite3.Connection, meta: Mapping[str, str]) -> None:
    for statement in (*_TABLES.strip().removesuffix(";").split(";"), _FAILURES):
        connection.execute(statement)
    connection.executemany("INSERT INTO meta VALUES (?, ?)", meta.items())


def _check(path: Path, connection: sqlite3.Connection, expected: dict[str, str]) -> None:
    found = dict(connection.execute("SELECT name, value FROM meta").fetchall())
    names = {
        "format": "another version of the program (format of the file {}, now {})",
        "model": "another version of the model (fingerprint {}, now {})",
        "purpose": "another purpose (digest {}, now {})",
    }
    different = [
        names[name].format(found.get(name), value)
        for name, value in expected.items()
        if found.get(name) != value
    ]
    if different:
        raise StoreRefused(f"{path} has runs of {' and '.join(different)}; {_WAY_OUT}")
    (state,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    if state != "ok":
        raise StoreRefused(f"{path} is damaged ({' '.join(state.split())}); {_WAY_OUT}")


def _refusal(path: Path, error: Exception) -> StoreRefused:
    # Of the code of an error, the lowest byte is the kind.
    kind = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
    if kind == sqlite3.SQLITE_BUSY:
        return StoreRefused(f"{path} is in use by another process; wait for it or end it")
    if kind in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
        return StoreRefused(f"{path} is damaged or not a store ({error}); {_WAY_OUT}")
    if path.is_file() and not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
        return StoreRefused(
            f"{path} cannot be written, and an open store is locked; copy it to another folder"
        )
    way_out = "make room there" if kind == sqlite3.SQLITE_FULL else "use another folder"
    return StoreRefused(f"{path} cannot be opened ({error}); {way_out}")


def _packed(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Return the names and the arrays, one .npy after the other, compressed.

    This takes a third of the time and half the space of a compressed .npz of small arrays. More
    than the first level of compression takes twice the time for a tenth of the space.

    Raises:
        ValueError: an array has objects in it.
    """
    buffer = io.BytesIO()
    for array in (np.array(list(arrays), dtype=np.str_), *arrays.values()):
        np.save(buffer, array, allow_pickle=False)
    return zlib.compress(buffer.getvalue(), 1)


def _unpacked(blob: bytes, first: int | None) -> Arrays:
    buffer = io.BytesIO(zlib.decompress(blob))
    names = np.load(buffer, allow_pickle=False).tolist()
    return {name: np.load(buffer, allow_pickle=False) for name in names[:first]}
