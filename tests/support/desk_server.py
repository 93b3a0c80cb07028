"""A policy desk in a thread, and a client that asks it."""

import http.client
import json
import socket
import threading
from contextlib import contextmanager
from pathlib import Path

from sim.app.serving import served
from sim.experiment.campaign import PURPOSE, STORE
from sim.experiment.run_store import RunStore

TOKEN = "a-token-for-tests"
JSON = {"content-type": "application/json"}


class Client:
    """A browser without a page: it keeps cookies, and reads events."""

    def __init__(self, port, token=TOKEN):
        self.port = port
        self.cookies = {}
        if token:
            self.ask("GET", f"/?token={token}")
            self.ask("GET", "/")

    def ask(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        connection.request(method, path, body, self._cookie() | (headers or {}))
        response = connection.getresponse()
        for name, value in response.getheaders():
            if name == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        content = response.read()
        connection.close()
        return response, content

    def _cookie(self):
        return {"cookie": "; ".join(f"{key}={value}" for key, value in self.cookies.items())}

    def post(self, name, **asked):
        """Return the status and what is answered."""
        response, content = self.ask("POST", f"/api/{name}", json.dumps(asked), JSON)
        try:
            return response.status, json.loads(content)
        except ValueError:
            return response.status, content

    @contextmanager
    def lines(self, timeout=120):
        """Yield what the server says by itself: events, and None as a sign of life."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        connection.request("GET", "/api/events", headers=self._cookie())
        response = connection.getresponse()
        try:
            yield (
                json.loads(line.removeprefix(b"data: ")) if line.startswith(b"data: ") else None
                for line in iter(response.readline, b"")
            )
        finally:
            response.close()
            connection.close()

    @contextmanager
    def events(self):
        """Yield a function that returns the next event that is one of an answer or a failure."""
        with self.lines() as lines:

            def following(kinds=("answer", "failed")):
                for event in lines:
                    if event is not None and event["event"] in kinds:
                        return event
                raise AssertionError("the events have ended")

            yield following

    def last_answer(self, digest):
        """Return the answer of a policy from all pairs."""
        with self.events() as following:
            while True:
                event = following()
                if event["digest"] == digest:
                    assert event["event"] == "answer", event
                    if event["answer"]["is_last"]:
                        return event["answer"]


@contextmanager
def desk(scenario: Path, folder: Path, *, replicates=None, port=0, token=TOKEN):
    """Yield the port of a server that ends with the context."""
    folder.mkdir(parents=True, exist_ok=True)
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind(("127.0.0.1", port))
    ready, ending = threading.Event(), threading.Event()
    with RunStore.open(folder / STORE, purpose=PURPOSE) as store:

        def serve():
            served(
                scenario, store, folder, listening, token, "127.0.0.1",
                workers=2, replicates=replicates, ready=ready.set, ending=ending,
            )  # fmt: skip

        thread = threading.Thread(target=serve)
        thread.start()
        assert ready.wait(180), "the server does not start"
        try:
            yield listening.getsockname()[1]
        finally:
            ending.set()
            thread.join()
