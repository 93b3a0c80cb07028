"""The server of the policy desk: its routes, and what is said to a page as it happens."""

import asyncio
import hashlib
import json
import math
import os
import re
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from functools import cache
from importlib import resources
from pathlib import Path
from threading import Lock
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from sim.app.assumptions import assumptions_of, value_in_file
from sim.app.corridor_svg import corridor_svg
from sim.app.door import Door, TooLarge
from sim.app.engine import Engine
from sim.app.one_file import one_file
from sim.app.policy_file import (
    MOST_CHARACTERS,
    MOST_PERIODS,
    Policy,
    new_policy,
    read_policy,
    with_assumption,
    with_name,
    with_periods,
)
from sim.app.session import MOST_PINS, PinRefused, Session, frontier_of, pin_of
from sim.app.take_away import KINDS, taken
from sim.app.timetable_rows import rows_of
from sim.scenario.lever_registry import LEVERS
from sim.scenario.reading.errors import Problem, ScenarioError

MOST_SESSIONS = 20
"""Users at one time."""
_MOST_KEPT = 500
"""Users whose policies are kept on the disk."""
_MOST_WAITING = 64
"""Events that a page has not taken yet; of more than these the oldest are dropped."""
_BEAT = 2.0
"""Seconds between two signs of life to a page, by which it is seen that it has gone."""
_KEY = re.compile("[0-9a-f]{32}")

_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}


class Desk:
    """What the routes share.

    Args:
        engine: what answers.
        folder: of the server; nothing else is written. Each baseline has its own users there.
        port: where it listens: cookies do not know it.
    """

    def __init__(self, engine: Engine, folder: Path, port: int) -> None:
        self.engine = engine
        self.folder = folder
        # Matplotlib has one set of settings, and a thread of its own keeps the others free.
        self.drawing = ThreadPoolExecutor(1, "drawing")
        path = engine.base.path.resolve()
        place = hashlib.sha256(os.fsencode(path)).hexdigest()[:8]
        self.cookie = f"desk_user_{port}_{place}"
        self._sessions: dict[str, Session] = {}
        self._lock = Lock()
        self._users = folder / "users" / f"{path.stem}-{place}"
        self._users.mkdir(parents=True, exist_ok=True)
        self._known = {
            path.stem for path in self._users.glob("*.json") if _KEY.fullmatch(path.stem)
        }
        self.library = engine.base.library()

    def session(self, key: str) -> tuple[str, Session]:
        """Return the session of a key that this server gave, or else a new one.

        Raises:
            HTTPException: there are as many users as there may be.
        """
        with self._lock:
            if key not in self._known:
                key = secrets.token_hex(16)
            if key not in self._sessions:
                if len(self._sessions) >= MOST_SESSIONS:
                    self._make_room()
                self._known.add(key)
                self._sessions[key] = Session(self.engine, self._users / f"{key}.json")
                self._forget_oldest()
            return key, self._sessions[key]

    def _make_room(self) -> None:
        for key, session in self._sessions.items():
            if session.end_unwatched():
                del self._sessions[key]
                return
        raise HTTPException(503, f"{MOST_SESSIONS} people are here; come back later")

    def _forget_oldest(self) -> None:
        paths = sorted(self._users.glob("*.json"), key=lambda path: path.stat().st_mtime)
        for path in paths[: max(0, len(paths) - _MOST_KEPT)]:
            if path.stem not in self._sessions:
                path.unlink(missing_ok=True)
                self._known.discard(path.stem)

    def close(self) -> None:
        """End all work; what is kept is on the disk."""
        self.drawing.shutdown(cancel_futures=True)
        for session in self._sessions.values():
            session.close()


Handler = Callable[[Desk, Session, dict[str, Any]], Response]


def app_of(desk: Desk, token: str, hosts: Collection[str], port: int) -> ASGIApp:
    """Return the application.

    Args:
        desk: what it serves.
        token: that a request needs.
        hosts: names by which it may be asked for; empty: any.
        port: where it listens.
    """

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        await run_in_threadpool(desk.close)

    app = Starlette(
        routes=[
            Route("/", _page(desk)),
            Route("/assets/{name}", _asset),
            Route("/api/events", _events(desk)),
            *(Route(f"/api/{name}", _answered(desk, name), methods=["POST"]) for name in _HANDLERS),
        ],
        exception_handlers={TooLarge: lambda *_: PlainTextResponse("too large", 413)},
        lifespan=lifespan,
    )
    return Door(app, token, hosts, f"desk_token_{port}")


@cache
def _assets() -> dict[str, str]:
    folder = resources.files("sim.app") / "assets"
    return {path.name: path.read_text("utf-8") for path in folder.iterdir()}


async def _asset(request: Request) -> Response:
    name = request.path_params["name"]
    assets = _assets()
    if name not in assets:
        raise HTTPException(404)
    return Response(assets[name], media_type=_TYPES[f".{name.rpartition('.')[2]}"])


def _page(desk: Desk) -> Callable[[Request], Awaitable[Response]]:
    async def page(request: Request) -> Response:
        key, _ = await run_in_threadpool(desk.session, request.cookies.get(desk.cookie, ""))
        response = Response(_assets()["index.html"], media_type="text/html")
        response.set_cookie(desk.cookie, key, httponly=True, samesite="lax", max_age=365 * 86400)
        return response

    return page


def _known(desk: Desk, request: Request) -> Session:
    given = request.cookies.get(desk.cookie, "")
    key, session = desk.session(given)
    if key != given:
        raise HTTPException(409, "this page is older than the server; reload it")
    return session


def _events(desk: Desk) -> Callable[[Request], Awaitable[Response]]:
    async def events(request: Request) -> Response:
        session = await run_in_threadpool(_known, desk, request)
        loop = asyncio.get_running_loop()
        waiting: asyncio.Queue[str] = asyncio.Queue(_MOST_WAITING)

        def put(text: str) -> None:
            if waiting.full():
                waiting.get_nowait()
            waiting.put_nowait(text)

        def tell(event: dict[str, Any]) -> None:
            # A server that is about to end has no loop any more.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(put, f"data: {json.dumps(event)}\n\n")

        async def stream() -> AsyncIterator[str]:
            tell({"event": "hello", "base": desk.engine.digest})
            if not await run_in_threadpool(session.watch, tell):
                return  # it has made room for another one; the page asks again
            try:
                yield ": here\n\n"
                while True:
                    try:
                        yield await asyncio.wait_for(waiting.get(), _BEAT)
                    except TimeoutError:
                        yield ": still here\n\n"
            finally:
                session.leave(tell)

        return StreamingResponse(stream(), media_type="text/event-stream")

    return events


def _answered(desk: Desk, name: str) -> Callable[[Request], Awaitable[Response]]:
    handler = _HANDLERS[name]
    taking: set[Session] = set()

    async def answered(request: Request) -> Response:
        try:
            asked = json.loads(await request.body() or b"{}")
            assert isinstance(asked, dict)
        except (ValueError, AssertionError, RecursionError):
            raise HTTPException(400, "the request is not JSON") from None
        session = await run_in_threadpool(_known, desk, request)
        if session in taking:
            raise HTTPException(409, "a file is being made; wait for it")
        if name == "take":
            taking.add(session)
        try:
            if name in _DRAWN:
                loop = asyncio.get_running_loop()
                return await loop.run_in_executor(desk.drawing, handler, desk, session, asked)
            return await run_in_threadpool(handler, desk, session, asked)
        except ScenarioError as error:
            return JSONResponse({"problems": _as_json(error.problems)}, 422)
        except PinRefused as error:
            return JSONResponse({"problems": [{"field": "", "text": str(error)}]}, 422)
        except (KeyError, TypeError, AttributeError, ValueError, OverflowError) as error:
            raise HTTPException(400, f"the request cannot be used: {error}") from error
        except OSError as error:
            raise HTTPException(507, f"the server cannot write: {error.strerror}") from error
        finally:
            taking.discard(session)

    return answered


def _as_json(problems: Sequence[Problem]) -> list[dict[str, str]]:
    """Return problems with the words of ``validate``, without the place in a file."""
    return [
        {
            "field": problem.field,
            "text": str(problem).partition(f"{problem.field}: ")[2] or str(problem)
            if problem.field
            else str(problem),
            "line": str(problem),
        }
        for problem in problems
    ]


def _start(desk: Desk, session: Session, _: dict[str, Any]) -> Response:
    scenario = desk.engine.base.scenario
    return JSONResponse(
        {
            "baseline": desk.engine.base.path.name,
            "base": desk.engine.digest,
            "command_options": " ".join(desk.engine.options),
            "question": scenario.question,
            "library": [
                {"name": name, "text": of.text, "question": of.scenario.question}
                for name, of in desk.library.items()
            ],
            "empty": new_policy(desk.engine.base),
            "most_pins": MOST_PINS,
            "pins": [pin_of(pin) for pin in session.pins],
            **_shown(session.policy, desk),
        }
    )


def _shown(policy: Policy, desk: Desk) -> dict[str, Any]:
    calendar = policy.scenario.calendar
    return {
        "calendar": {"start": calendar.start.isoformat(), "end": calendar.end.isoformat()},
        "text": policy.text,
        "digest": policy.digest,
        "name": policy.scenario.name,
        "policy_question": policy.own.get("question", ""),
        "base_text": policy.base_text if policy.assumes else "",
        "rows": rows_of(policy),
        "assumptions": assumptions_of(
            policy, desk.engine.base, desk.engine.ensemble_of(policy.base)
        ),
        "warnings": [warning.as_warning() for warning in policy.warnings],
    }


def _change(desk: Desk, session: Session, asked: dict[str, Any]) -> Response:
    """Return a policy after some changes, and begin to calculate it; or only look at it."""
    base = desk.engine.base
    policy = read_policy(str(asked["text"]), base)
    for change in asked.get("changes", ())[:MOST_PERIODS]:
        policy = read_policy(_changed(policy, change, desk), base)
    if not asked.get("only_look"):
        session.change(policy)
    return JSONResponse(_shown(policy, desk))


def _changed(policy: Policy, change: dict[str, Any], desk: Desk) -> str:
    kind = change["kind"]
    if kind == "lever":
        if change["lever"] not in LEVERS:
            raise KeyError(change["lever"])
        periods = change["periods"]
        if periods is not None:
            periods = [
                {str(key): str(text)[:MOST_CHARACTERS] for key, text in period.items()}
                for period in periods[:MOST_PERIODS]
            ]
        return with_periods(policy, change["lever"], str(change["name"]), periods)
    if kind == "name":
        return with_name(policy, str(change["name"]), str(change["question"]))
    if kind == "assumption":
        path, number = str(change["path"]), change["value"]
        if number is not None and not math.isfinite(number):
            raise ValueError(f"{path} is no finite number")
        value = None if number is None else value_in_file(path, float(number))
        return with_assumption(policy, desk.engine.base, path, value)
    raise KeyError(kind)


def _pinned(desk: Desk, session: Session, asked: dict[str, Any]) -> Response:
    if "unpin" in asked:
        session.unpin(str(asked["unpin"]))
    else:
        session.pin(read_policy(str(asked["text"]), desk.engine.base))
    return JSONResponse({"pins": [pin_of(pin) for pin in session.pins]})


def _corridor(desk: Desk, session: Session, asked: dict[str, Any]) -> Response:
    """Return the picture of a policy: with its flows if all its runs are done."""
    policy = read_policy(str(asked["text"]), desk.engine.base)
    known = session.answer(policy)
    done = known is not None and known.page["is_last"]
    runs = desk.engine.replicates(policy) if done else None
    return JSONResponse(
        {"digest": policy.digest, "svg": corridor_svg(policy.scenario, runs), "flows": done}
    )


def _take(desk: Desk, session: Session, asked: dict[str, Any]) -> Response:
    policies = [read_policy(str(text), desk.engine.base) for text in asked["texts"][:MOST_PINS]]
    known = [session.answer(policy) for policy in policies]
    answers = [of for of in known if of is not None and of.page["is_last"]]
    if not policies or len(answers) < len(policies):
        raise HTTPException(409, "not all pairs are there yet; wait for the last stage")
    if len({policy.base.digest for policy in policies}) > 1:
        raise HTTPException(409, "the policies make different assumptions; choose one of them")
    frontier = frontier_of(answers)
    if frontier is None:
        raise HTTPException(409, "no pair of runs has ended well under all of the policies")
    if asked["kind"] == "page":
        pages = [of.page for of in answers]
        content = one_file(policies, pages, frontier, _assets()).encode()
        name, media = "policies.html", "text/html; charset=utf-8"
    else:
        name, media = KINDS[asked["kind"]]
        content = taken(asked["kind"], desk.engine, policies, desk.folder)
    disposition = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media, headers=disposition)


_HANDLERS: dict[str, Handler] = {
    "start": _start,
    "change": _change,
    "pins": _pinned,
    "corridor": _corridor,
    "take": _take,
}

_DRAWN = ("corridor", "take")
"""What is answered with a picture: by one thread, each at a time."""
