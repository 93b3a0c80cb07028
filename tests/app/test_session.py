"""One user's policies: what is calculated, what ends, what is tried again, and what pages hear."""

import time
from concurrent.futures import Future
from threading import Event, Thread

import numpy as np
import pytest
from random_scenarios import a_world, scenario_of
from shipped import SCENARIOS
from starlette.exceptions import HTTPException
from worker_tasks import wait_for, waits

from sim.app import engine as engine_module
from sim.app import server as server_module
from sim.app.engine import Engine
from sim.app.fair_pool import FairPool, Turn
from sim.app.policy_file import Base, new_policy, read_policy
from sim.app.server import Desk
from sim.app.session import Session
from sim.experiment.executors import Cancelled
from sim.experiment.parameters import world_digest
from sim.experiment.policy_choice import Decision
from sim.experiment.run_store import FailedRun, RunStore
from sim.scenario.loader import write_scenario

pytestmark = pytest.mark.slow
PAIRS = 30


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    path = tmp_path_factory.mktemp("small") / "small_world.yaml"
    path.write_text(write_scenario(scenario_of(a_world())), "utf-8")
    return Base.read(path)


@pytest.fixture
def store():
    with RunStore.temporary() as store:
        yield store


class SomeFail:
    """A pool that runs tasks at once; ``fails`` says of which policy which seeds fail."""

    workers = 1

    def __init__(self):
        self.fails = {}

    def add(self, turn, rank, task):
        function, (run, batch) = task
        future = Future()
        guilty = self.fails.get(batch.sent.scenario.name, ())
        future.set_result(
            [
                FailedRun("it fails", "") if member.seed in guilty else outcome
                for member, outcome in zip(batch.members, function(run, batch), strict=True)
            ]
        )
        return future

    def give_up(self, turn):
        pass


@pytest.fixture
def failing(base, store):
    """An engine in whose pool some runs fail."""
    return Engine(base, store, SomeFail(), PAIRS)


@pytest.fixture
def pool():
    pool = FairPool(1)
    yield pool
    pool.close()


@pytest.fixture
def gate(pool, tmp_path):
    """Hold the process of the pool until the returned function is called."""
    Turn(pool).submit(waits, (1, tmp_path))
    wait_for(tmp_path / "begun_1")
    opened = (tmp_path / "go").touch
    yield opened
    opened()


@pytest.fixture
def session_of(tmp_path):
    """Return a function that gives a session on an engine, all of which end with the test."""
    sessions = []

    def made(engine):
        sessions.append(Session(engine, tmp_path / f"user_{len(sessions)}.json"))
        return sessions[-1]

    yield made
    for session in sessions:
        session.close()


class Page:
    """Hears events, and waits for them."""

    def __init__(self):
        self.events = []

    def __call__(self, event):
        self.events.append(event)

    def wait(self, kind, **wanted):
        """Return the first event of a kind with some content."""
        end = time.monotonic() + 60
        while time.monotonic() < end:
            for event in list(self.events):
                if event["event"] == kind and wanted.items() <= event.items():
                    return event
            time.sleep(0.01)
        raise AssertionError(f"no {kind} {wanted} among {self.kinds()}")

    def last_answer(self, policy):
        end = time.monotonic() + 60
        while time.monotonic() < end:
            for event in list(self.events):
                of_it = event["event"] == "answer" and event["digest"] == policy.digest
                if of_it and event["answer"]["is_last"]:
                    return event["answer"]
            time.sleep(0.01)
        raise AssertionError(f"no last answer among {self.kinds()}")

    def kinds(self):
        return [event["event"] for event in self.events]


def stay(base, days, name=None):
    """Return a policy with another stay in quarantine."""
    text = new_policy(base).replace("my_policy", name or f"stay_{days}")
    return read_policy(f"{text}policies: {{quarantine_stay: {days} d}}\n", base)


def runs_of(store, scenario):
    return sum(key.scenario == world_digest(scenario) for key in iter(store.keys()))


def test_policies_of_which_other_runs_failed_are_compared_on_the_pairs_that_all_have(
    base, failing, session_of
):
    one, other = stay(base, 3), stay(base, 10)
    failing.pool.fails = {"stay_3": [2, 5], "stay_10": [9], "small_world": [20]}
    session, page = session_of(failing), Page()
    session.watch(page)
    for policy in (one, other):
        session.pin(policy)
    assert page.last_answer(one)["pairs"] == PAIRS - 3
    assert page.last_answer(other)["pairs"] == PAIRS - 2
    session.unpin("nobody")  # the plane is told anew
    plane = page.events[-1]
    assert set(plane["standings"]) == {"baseline", one.digest, other.digest}
    comparison = failing.comparison([one, other])
    assert comparison.pairs == PAIRS - 4
    of = [
        np.stack([comparison.outcome(number, name) for number in range(3)])
        for name in ("cost_cny", "community_infections")
    ]
    expected = Decision(*of).frontier()
    assert list(plane["standings"].values()) == [str(x) for x in expected.standings]
    runs = failing.replicates(one)
    assert (len(runs.results), len(runs.failures)) == (PAIRS - 2, 2)


def test_policies_without_a_common_pair_have_no_place_on_the_plane(base, failing, session_of):
    one, other = stay(base, 3), stay(base, 10)
    seeds = range(1, PAIRS + 1)
    failing.pool.fails = {"stay_3": seeds[::2], "stay_10": seeds[1::2]}
    session, page = session_of(failing), Page()
    session.watch(page)
    for policy in (one, other):
        session.pin(policy)
        page.last_answer(policy)
    session.unpin("nobody")
    assert page.events[-1] == {"event": "plane", "standings": {}, "frontier": []}


@pytest.mark.parametrize("again", ["change", "pin"])
def test_a_policy_that_failed_is_tried_again_when_it_is_asked_for(base, failing, session_of, again):
    policy = stay(base, 3)
    failing.pool.fails = {"stay_3": range(1, PAIRS + 1)}
    session, page = session_of(failing), Page()
    session.watch(page)
    session.change(policy)
    assert page.wait("failed", digest=policy.digest)["reason"] == "it fails"
    failing.pool.fails = {}
    getattr(session, again)(policy)
    assert page.last_answer(policy)["pairs"] == PAIRS


def test_a_failure_after_the_first_answer_is_said_beside_it(base, failing, session_of, monkeypatch):
    policy, page = stay(base, 3), Page()

    def full_after_the_first_answer(event):
        page(event)
        if event["event"] == "answer" and event["digest"] == policy.digest:
            monkeypatch.setattr(engine_module, "MOST_STORED", 0)

    session = session_of(failing)
    session.watch(full_after_the_first_answer)
    session.change(policy)
    assert "no more runs" in page.wait("failed", digest=policy.digest)["reason"]
    session.leave(full_after_the_first_answer)
    later = Page()
    session.watch(later)
    told = [of for of in later.events if of.get("digest") == policy.digest]
    assert [of["event"] for of in told] == ["at_hand", "answer", "failed"]
    assert told[1]["answer"]["pairs"] == 20
    monkeypatch.undo()
    session.change(policy)
    assert later.last_answer(policy)["pairs"] == PAIRS


def test_what_is_in_a_full_store_is_still_answered(base, failing, session_of, monkeypatch):
    known, new = stay(base, 3), stay(base, 10)
    session, page = session_of(failing), Page()
    session.watch(page)
    session.change(known)
    page.last_answer(known)
    size = failing.store.size
    assert size > 10_000
    monkeypatch.setattr(engine_module, "MOST_STORED", size - 1)
    second, page = session_of(failing), Page()
    second.watch(page)
    second.change(known)
    page.last_answer(known)
    second.change(new)
    page.wait("failed", digest=new.digest)
    assert runs_of(failing.store, new.scenario) == 0
    failing.run_baseline(None, lambda: False)


def test_all_pages_of_a_user_hear_what_one_of_them_does(base, failing, session_of):
    session, here, there = session_of(failing), Page(), Page()
    session.watch(here)
    assert here.kinds()[:2] == ["at_hand", "pins"]
    session.watch(there)
    policy = stay(base, 3)
    session.change(policy)
    session.pin(policy)
    for page in (here, there):
        page.wait("at_hand", digest=policy.digest)
        (pin,) = [of for of in page.events if of["event"] == "pins"][-1]["pins"]
        assert (pin["name"], pin["text"], pin["digest"]) == ("stay_3", policy.text, policy.digest)
    session.unpin("stay_3")
    assert [of for of in there.events if of["event"] == "pins"][-1]["pins"] == []


def test_the_note_of_the_runs_is_that_of_each_policy(store):
    base = Base.read(SCENARIOS / "baseline.yaml")
    texts = [
        new_policy(base),
        f"{new_policy(base)}policies: {{contact_tracing: {{harbin: 0.5}}}}\n",
    ]
    policies = [
        read_policy(text.replace("my_", f"number_{n}_"), base) for n, text in enumerate(texts)
    ]
    notes = Engine(base, store, SomeFail(), 5).notes(policies)
    assert notes[0] == notes[1] == "5 fitted pairs of parameters and seeds"
    assert "not from the fit" in notes[2]


def test_a_change_ends_what_waits_for_a_process(base, store, pool, gate, session_of):
    engine = Engine(base, store, pool, PAIRS)
    first, second = stay(base, 3), stay(base, 10)
    session, page = session_of(engine), Page()
    session.watch(page)
    session.change(first)
    _until(lambda: bool(pool._waiting))
    session.change(second)
    gate()
    page.last_answer(second)
    assert runs_of(store, first.scenario) == 0


def test_a_session_ends_at_once_though_its_runs_wait(base, store, pool, gate, session_of):
    session = session_of(Engine(base, store, pool, PAIRS))
    session.watch(Page())
    session.change(stay(base, 3))
    _until(lambda: bool(pool._waiting))
    closing = Thread(target=session.close)
    closing.start()
    closing.join(5)
    assert not closing.is_alive()
    assert not session.watch(Page())


def test_with_its_last_page_the_work_ends_and_with_the_next_it_goes_on(
    base, store, pool, session_of
):
    total = 300
    session = session_of(Engine(base, store, pool, total))
    policy, page = stay(base, 3), Page()

    def leaves(event):
        page(event)
        if event["event"] == "answer" and event["digest"] == policy.digest:
            session.leave(leaves)

    session.watch(leaves)
    session.change(policy)
    assert page.wait("answer", digest=policy.digest)["answer"]["pairs"] == 20
    time.sleep(0.5)  # what a process is at may end
    runs = len(store)
    time.sleep(1)
    assert len(store) == runs < 2 * total
    session.watch(page)
    assert page.last_answer(policy)["pairs"] == total


class Stuck(SomeFail):
    """A pool that is asked for something and does not come back."""

    def __init__(self):
        self.asked, self.end = Event(), Event()

    def add(self, turn, rank, task):
        self.asked.set()
        self.end.wait(60)
        raise Cancelled


def test_a_new_user_takes_the_place_of_one_without_a_page_at_once(
    base, store, tmp_path, monkeypatch
):
    monkeypatch.setattr(server_module, "MOST_SESSIONS", 2)
    pool = Stuck()
    desk = Desk(Engine(base, store, pool, PAIRS), tmp_path, 1)
    (gone, left), (_, stays) = desk.session(""), desk.session("")
    page = Page()
    left.watch(page)
    stays.watch(Page())
    left.change(stay(base, 3))
    assert pool.asked.wait(10)
    with pytest.raises(HTTPException, match="2 people are here"):
        desk.session("")
    left.leave(page)
    new = Thread(target=desk.session, args=("",))
    new.start()
    new.join(5)
    try:
        assert not new.is_alive()
        assert not left.watch(page)
        key, again = desk.session(gone)
        assert key == gone
        assert again is not left
    finally:
        pool.end.set()
        new.join()
        desk.close()


def _until(true):
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)
