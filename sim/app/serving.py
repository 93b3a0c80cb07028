"""From a scenario file to a server that runs until someone ends it."""

import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from urllib.parse import quote

import uvicorn

from sim.app.engine import Engine
from sim.app.fair_pool import FairPool
from sim.app.policy_file import Base
from sim.app.server import Desk, app_of
from sim.experiment.executors import Cancelled, worker_count
from sim.experiment.run_store import RunStore

_OPEN = ("0.0.0.0", "::")
"""Addresses at which anyone may ask, by whatever name the machine has there."""

MOST_CONNECTIONS = 200
"""At one time; a page has one for events, and up to six more."""


def link_of(host: str, port: int, token: str) -> str:
    """Return the link that lets in a browser on this machine.

    Args:
        host: address at which the server listens.
        port: where.
        token: that requests need.
    """
    shown = "127.0.0.1" if host in _OPEN else _in_url(host)
    return f"http://{shown}:{port}/?token={quote(token, safe='')}"


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def served(
    path: Path,
    store: RunStore,
    folder: Path,
    listening: socket.socket,
    token: str,
    host: str,
    *,
    workers: int = 0,
    replicates: int | None = None,
    ready: Callable[[], None] = lambda: None,
    ending: Event | None = None,
) -> None:
    """Serve the page until Ctrl-C.

    Args:
        path: file of the baseline.
        store: where runs are kept.
        folder: the only place that is written.
        listening: a bound socket.
        token: that requests need.
        host: address of the socket.
        workers: processes; 0 takes one a processor.
        replicates: pairs at most; None: all of the ensemble.
        ready: called when the first answer can come at once.
        ending: ends the server when it is set; None: only Ctrl-C does.

    Raises:
        ScenarioError: the baseline is not valid.
        MembersRefused: its ensemble cannot be used.
    """
    base = Base.read(path)
    pool = FairPool(worker_count(workers))
    ending = ending or Event()
    try:
        engine = Engine(base, store, pool, replicates)
        engine.prepare()
        port = listening.getsockname()[1]
        desk = Desk(engine, folder, port)
        hosts = () if host in _OPEN else ("127.0.0.1", "localhost", "[::1]", _in_url(host))
        config = uvicorn.Config(
            app_of(desk, token, hosts, port),
            log_level="warning",
            timeout_graceful_shutdown=1,
            server_header=False,
            limit_concurrency=MOST_CONNECTIONS,
            lifespan="on",
        )
        server = uvicorn.Server(config)

        def baseline() -> None:
            with suppress(Cancelled):
                engine.run_baseline(None, ending.is_set)

        def end() -> None:
            ending.wait()
            server.should_exit = True

        background = [Thread(target=of, daemon=True) for of in (baseline, end)]
        for thread in background:
            thread.start()
        # Who comes at once waits a moment, and is not turned away.
        listening.listen()
        ready()
        try:
            server.run(sockets=[listening])
        finally:
            ending.set()
            for thread in background:
                thread.join()
    finally:
        pool.close()
