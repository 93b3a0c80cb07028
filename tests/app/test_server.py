"""The server: who is let in, what is answered, what is kept, and what ends."""

import json
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from command import bordersim
from desk_server import JSON, TOKEN, Client, desk
from random_scenarios import a_world, scenario_of
from shipped import SCENARIOS

from sim.app import server
from sim.app import session as session_module
from sim.app.serving import MOST_CONNECTIONS, link_of
from sim.experiment.run_store import RunStore
from sim.scenario.loader import write_scenario

pytestmark = pytest.mark.slow
PAIRS = 30
CLOSED = {
    "kind": "lever",
    "lever": "port_closures",
    "name": "suifenhe_port",
    "periods": [{"from": "2020-03-31", "announced": "2020-03-27"}],
}
ASSUMED = {"kind": "assumption", "path": "costs.test", "value": 300}
ALL = ("hello", "at_hand", "pins", "plane", "answer", "failed")


def stay(days):
    """Return the change to another stay in quarantine."""
    periods = [{"value": f"{days} d"}]
    return {"kind": "lever", "lever": "quarantine_stay", "name": "", "periods": periods}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("desk")


@pytest.fixture(scope="module")
def port(folder):
    with desk(SCENARIOS / "baseline.yaml", folder / "one", replicates=PAIRS) as port:
        yield port


@pytest.fixture
def client(port):
    return Client(port)


def small_world(folder, **changes):
    """Write a world whose runs take milliseconds, and return its file."""
    scenario = scenario_of(a_world(**changes))
    folder.mkdir(exist_ok=True)
    path = folder / f"{scenario.name}.yaml"
    path.write_text(write_scenario(scenario), "utf-8")
    return path


@pytest.fixture(scope="module")
def small_port(folder):
    with desk(small_world(folder / "small"), folder / "small_out", replicates=PAIRS) as port:
        yield port


@pytest.fixture
def small(small_port):
    return Client(small_port)


def test_nobody_is_let_in_without_the_token(port):
    for method, path in (
        ("GET", "/"),
        ("GET", "/?token=wrong"),
        ("GET", "/assets/desk.js"),
        ("GET", "/api/events"),
        ("POST", "/api/start"),
        ("POST", "/api/take"),
    ):
        response, _ = Client(port, token=None).ask(method, path)
        assert response.status == 403, path
    stranger = Client(port, token=None)
    stranger.cookies[f"desk_token_{port}"] = "wrong"
    assert stranger.ask("GET", "/")[0].status == 403


def test_the_link_gives_a_cookie_that_scripts_and_other_sites_do_not_see(port):
    client = Client(port, token=None)
    response, _ = client.ask("GET", f"/?token={TOKEN}")
    assert (response.status, response.getheader("location")) == (303, "/")
    cookie = response.getheader("set-cookie").lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert TOKEN not in cookie
    response, page = client.ask("GET", "/")
    assert response.status == 200
    assert b"Policy desk" in page
    assert "default-src 'self'" in response.getheader("content-security-policy")


def test_another_host_and_a_large_request_are_refused(client):
    assert client.ask("GET", "/", headers={"host": "evil.example"})[0].status == 421
    assert client.ask("POST", "/api/start", b" " * 1_000_001, JSON)[0].status == 413
    for path in ("/assets/../server.py", "/assets/..%2fserver.py", "/assets/%2e%2e/server.py"):
        assert client.ask("GET", path)[0].status == 404
    for asked in ([1], "x"):
        assert client.ask("POST", "/api/change", json.dumps(asked), JSON)[0].status == 400
    assert client.post("change")[0] == 400
    assert client.post("change", text=client.post("start")[1]["text"], changes=[{}])[0] == 400


def test_the_numbers_are_those_of_compare_for_the_downloaded_files(client, tmp_path):
    status, start = client.post("start")
    assert status == 200
    status, shown = client.post("change", text=start["text"], changes=[CLOSED, ASSUMED])
    assert status == 200
    answer = client.last_answer(shown["digest"])
    assert (answer["pairs"], answer["total"]) == (PAIRS, PAIRS)
    for name, text in (("policy", shown["text"]), ("assumed", shown["base_text"])):
        (tmp_path / f"{name}.yaml").write_text(text, "utf-8")
    (tmp_path / "baseline.yaml").write_text((SCENARIOS / "baseline.yaml").read_text("utf-8"))
    files = [tmp_path / "assumed.yaml", tmp_path / "policy.yaml"]
    out = tmp_path / "out"
    assert bordersim("compare", *files, "--replicates", PAIRS, "--out", out) == 0
    import pandas as pd

    table = pd.read_csv(out / "differences.csv").set_index("outcome")
    assert len(answer["outcomes"]) == 6
    for of in answer["outcomes"]:
        one = 1e6 if "CNY" in of["unit"] else 1
        row = table.loc[of["name"]]
        for key in ("median", "q05", "q25", "q75", "q95", "median_low_95", "median_high_95"):
            assert of[key] == pytest.approx(row[key] / one, rel=1e-12), (of["name"], key)
        assert (of["lower"], of["higher"]) == (row["lower"], row["higher"])
    averted, extra = (answer["plane"][of]["mean"] for of in ("averted", "extra"))
    for of in answer["benefits"]:
        assert of["mean"] == pytest.approx(of["worth"] * averted - extra), of["worth"]


def test_what_compare_prints_is_what_the_page_says(client, tmp_path, capsys):
    _, shown = client.post("change", text=client.post("start")[1]["empty"], changes=[CLOSED])
    answer = client.last_answer(shown["digest"])
    (tmp_path / "baseline.yaml").write_text((SCENARIOS / "baseline.yaml").read_text("utf-8"))
    (tmp_path / "policy.yaml").write_text(shown["text"], "utf-8")
    files = [tmp_path / "baseline.yaml", tmp_path / "policy.yaml"]
    capsys.readouterr()
    assert bordersim("compare", *files, "--replicates", PAIRS, "--out", tmp_path / "out") == 0
    printed = " ".join(capsys.readouterr().out.split())
    sentence = answer["sentence"].replace("\N{NO-BREAK SPACE}%", "%")
    assert sentence.replace("\N{NO-BREAK SPACE}", " ") in printed
    for of in answer["outcomes"]:
        assert of["text"].replace("\N{NO-BREAK SPACE}", " ") in printed, of


def test_a_new_change_ends_the_old_work_and_a_known_one_is_there_at_once(client):
    empty = client.post("start")[1]["empty"]
    with client.events() as following:
        _, first = client.post("change", text=empty, changes=[stay(9)])
        _, second = client.post("change", text=empty, changes=[stay(10)])
        seen = []
        while not (seen and seen[-1]["digest"] == second["digest"] and _is_last(seen[-1])):
            seen.append(following())
        assert not [of for of in seen if of["digest"] == first["digest"] and _is_last(of)]
        client.post("change", text=empty, changes=[stay(10)])
        known = following()
        assert known["digest"] == second["digest"]
        assert _is_last(known)


def _is_last(event):
    return event["answer"]["is_last"]


def test_problems_have_the_words_of_validate(client):
    text = client.post("start")[1]["empty"]
    change = {"kind": "lever", "lever": "lockdown", "name": "harbin"}
    status, said = client.post(
        "change", text=text, changes=[{**change, "periods": [{"value": "70 %"}]}]
    )
    assert status == 422
    (problem,) = said["problems"]
    assert problem["field"].startswith("policies.lockdown.harbin")
    assert "a share is a number from 0 to 1" in problem["text"]
    status, said = client.post("change", text="extends: baseline.yaml\nname: [")
    assert status == 422
    assert said["problems"][0]["line"].startswith("policy.yaml:")


def test_pins_are_six_at_most_and_outlive_the_server(folder):
    one, at = folder / "two", SCENARIOS / "baseline.yaml"
    with desk(at, one, replicates=5) as port:
        client = Client(port)
        empty = client.post("start")[1]["empty"]
        texts = [empty.replace("my_policy", f"policy_{number}") for number in range(7)]
        for text in texts[:6]:
            status, _ = client.post("pins", text=text)
            assert status == 200
        assert client.post("pins", text=texts[6])[0] == 422
        client.post("pins", unpin="policy_0")
        _, said = client.post("pins", text=texts[6])
        names = [pin["name"] for pin in said["pins"]]
        client.post("change", text=texts[3])
        cookies = dict(client.cookies)
    with desk(at, one, replicates=5, port=port) as again:
        assert again == port
        client = Client(port, token=None)
        client.cookies = cookies
        _, start = client.post("start")
        assert [pin["name"] for pin in start["pins"]] == names
        assert start["name"] == "policy_3"
        client.last_answer(start["digest"])


def test_a_closed_page_ends_its_work(folder):
    with desk(small_world(folder / "small"), folder / "closed", replicates=400) as port:
        leaves, stays = Client(port), Client(port)
        text = leaves.post("start")[1]["empty"]
        with leaves.events() as following:
            _, left = leaves.post("change", text=text, changes=[stay(3)])
            while following()["digest"] != left["digest"]:
                pass
        # Who is served as often as the other has the last answer no later.
        stays.last_answer(stays.post("change", text=text, changes=[stay(10)])[1]["digest"])
        time.sleep(3)
        with leaves.events() as following:
            event = following()
            assert event["digest"] == left["digest"]
            assert not _is_last(event)


def test_two_users_do_not_see_each_other(port):
    one, other = Client(port), Client(port)
    empty = one.post("start")[1]["empty"]
    one.post("pins", text=empty.replace("my_policy", "mine"))
    assert other.post("start")[1]["pins"] == []
    (user,) = (name for name in other.cookies if name.startswith("desk_user_"))
    other.cookies[user] = "../../../etc/passwd"
    assert other.post("start")[0] == 409


def test_what_is_taken_away_is_what_compare_writes(client, tmp_path):
    _, start = client.post("start")
    assert start["command_options"] == f"--replicates {PAIRS}"
    _, shown = client.post("change", text=start["empty"], changes=[CLOSED])
    client.last_answer(shown["digest"])
    response, content = _take(client, "tables", shown["text"])
    assert response.getheader("content-disposition") == 'attachment; filename="tables.xlsx"'
    assert content[:2] == b"PK"
    _, content = _take(client, "figures", shown["text"])
    assert b"forest.svg" in content
    _, content = _take(client, "report", shown["text"])
    assert b"<!doctype html>" in content[:200].lower()
    command = f"my_policy.yaml {start['command_options']}"
    assert f"bordersim compare baseline.yaml {command}" in content.decode()
    _, content = _take(client, "page", shown["text"])
    page = content.decode()
    assert "my policy" in page
    assert "src=" not in page
    assert "import " not in page.partition("<script>")[2].partition("\n// ")[0]
    assert page.count(start["question"]) == 1
    assert client.post("take", kind="tables", texts=[])[0] == 409
    _, shown = client.post("change", text=shown["text"], changes=[ASSUMED])
    client.last_answer(shown["digest"])
    _, content = _take(client, "report", shown["text"])
    assert f"bordersim compare baseline_as_assumed.yaml {command}" in content.decode()


def _take(client, kind, text):
    asked = json.dumps({"kind": kind, "texts": [text]})
    response, content = client.ask("POST", "/api/take", asked, JSON)
    assert response.status == 200, content
    return response, content


def test_the_corridor_has_a_part_for_every_place_and_no_style(client):
    text = client.post("start")[1]["empty"]
    _, drawn = client.post("corridor", text=text)
    for name in ("moscow", "suifenhe_port", "moscow_vladivostok", "quarantine", "suifenhe_hills"):
        assert f'data-at="{name}"' in drawn["svg"], name
    assert "style=" not in drawn["svg"]


def test_another_scenario_without_ensemble_has_a_desk_too(tmp_path):
    with desk(small_world(tmp_path), tmp_path / "out") as port:
        client = Client(port)
        _, start = client.post("start")
        answer = client.last_answer(start["digest"])
        assert answer["total"] == 50


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"sec-fetch-site": "same-origin", "origin": "http://{host}"}, 200),
        ({"sec-fetch-site": "none"}, 200),
        ({"content-type": "application/json; charset=utf-8"}, 200),
        ({"content-type": "text/plain"}, 415),
        ({"content-type": ""}, 415),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "http://127.0.0.1:1"}, 403),
        ({"origin": "null"}, 403),
    ],
)
def test_another_page_of_the_browser_cannot_ask_though_it_has_the_cookies(small, headers, status):
    host = f"127.0.0.1:{small.port}"
    sent = JSON | {name: value.format(host=host) for name, value in headers.items()}
    assert small.ask("POST", "/api/start", "{}", sent)[0].status == status


def test_an_odd_cookie_of_another_server_does_no_harm(small):
    small.cookies = {"odd[]": "{a: 1, b: 2}", **small.cookies}
    assert small.post("start")[0] == 200


def test_the_link_holds_any_token_and_any_address(folder):
    token = 'a b&c=d;"#%+\u00fc\u4e2d'
    path = small_world(folder / "small")
    with desk(path, folder / "odd_token", replicates=2, token=token) as port:
        link = link_of("127.0.0.1", port, token)
        assert link.isascii()
        client = Client(port, token=None)
        assert client.ask("GET", link.removeprefix(f"http://127.0.0.1:{port}"))[0].status == 303
        assert client.ask("GET", "/")[0].status == 200
    assert link_of("::1", 8642, "t") == "http://[::1]:8642/?token=t"
    assert (
        link_of("0.0.0.0", 8642, "t") == link_of("::", 8642, "t") == link_of("127.0.0.1", 8642, "t")
    )


def test_connections_are_not_more_than_there_may_be(small):
    held = [socket.create_connection(("127.0.0.1", small.port)) for _ in range(MOST_CONNECTIONS)]
    try:
        for of in held:
            of.sendall(b"GET / HTTP/1.1\r\n")
        assert small.ask("GET", "/")[0].status == 503
    finally:
        for of in held:
            of.close()
    end = time.monotonic() + 20
    while small.ask("GET", "/")[0].status == 503:
        assert time.monotonic() < end


def test_every_baseline_has_pins_of_its_own_in_one_folder(folder):
    one, other = small_world(folder / "one_base"), small_world(folder / "other_base")
    out, port, cookies = folder / "shared", 0, {}
    names = []
    for path in (one, other, one):
        with desk(path, out, replicates=2, port=port) as port:
            client = Client(port, token=None)
            client.cookies = cookies
            client.ask("GET", f"/?token={TOKEN}")
            client.ask("GET", "/")
            _, start = client.post("start")
            names.append([pin["name"] for pin in start["pins"]])
            client.post("pins", text=start["empty"].replace("my_policy", path.parent.name))
    assert names == [[], [], ["one_base"]]
    texts = [path.read_text("utf-8") for path in sorted(out.glob("users/*/*.json"))]
    assert [text.count("name: o") for text in texts] == [1, 1]


def test_a_page_is_told_first_what_its_server_compares_with(folder):
    path, bases = small_world(folder / "edited"), []
    edited = {"travellers__pool": 2001}
    for replicates, changes in ((2, {}), (2, {}), (3, {}), (3, edited)):
        small_world(folder / "edited", **changes)
        with desk(path, folder / "edited_out", replicates=replicates) as port:
            client = Client(port)
            with client.events() as following:
                hello = following(ALL)
            assert hello == {"event": "hello", "base": client.post("start")[1]["base"]}
            bases.append(hello["base"])
    assert bases[0] == bases[1]
    assert len(set(bases)) == 3


def test_the_pages_of_a_browser_hear_of_each_other(small):
    _, start = small.post("start")
    with small.events() as here, small.events() as there:
        for following in (here, there):
            assert [following(ALL)["event"] for _ in range(3)] == ["hello", "at_hand", "pins"]
        _, shown = small.post("change", text=start["empty"], changes=[stay(5)])
        small.post("pins", text=shown["text"])
        for following in (here, there):
            assert following(("at_hand",))["digest"] == shown["digest"]
            (pin,) = following(("pins",))["pins"]
            assert pin == small.post("start")[1]["pins"][0]
        small.post("pins", unpin=shown["name"])
        assert there(("pins",))["pins"] == []


def test_the_calendar_is_that_of_the_policy(small):
    _, start = small.post("start")
    text = f"{start['empty']}calendar: {{end: 2020-03-20}}\n"
    _, shown = small.post("change", text=text)
    assert shown["calendar"] == {"start": "2020-03-01", "end": "2020-03-20"}
    assert small.post("start")[1]["calendar"] == shown["calendar"] != start["calendar"]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 10**400, "x", [1], {}])
def test_what_is_no_number_is_refused(client, value):
    text = client.post("start")[1]["empty"]
    assert client.post("change", text=text, changes=[{**ASSUMED, "value": value}])[0] == 400


def test_a_full_disk_is_said_and_changes_nothing(small, monkeypatch):
    _, start = small.post("start")

    def full(path, text):
        raise OSError(28, "No space left on device", str(path))

    with monkeypatch.context() as patched:
        patched.setattr(session_module, "write_text", full)
        status, said = small.post("change", text=start["empty"], changes=[stay(6)])
        assert (status, said) == (507, b"the server cannot write: No space left on device")
        assert small.post("pins", text=start["text"])[0] == 507
    _, again = small.post("start")
    assert (again["digest"], again["pins"]) == (start["digest"], start["pins"])


def test_drawing_keeps_nobody_waiting_and_a_user_has_one_file_made(small, monkeypatch):
    text = small.post("start")[1]["empty"]
    small.last_answer(small.post("change", text=text)[1]["digest"])
    take = {"kind": "figures", "texts": [text]}
    with ThreadPoolExecutor(60) as threads:
        taken, free = server.taken, Event()
        monkeypatch.setattr(server, "taken", lambda *of: free.wait(60) and taken(*of))
        try:
            first = threads.submit(small.post, "take", **take)
            drawn = [threads.submit(small.post, "corridor", text=text) for _ in range(50)]
            time.sleep(2)
            changed = threads.submit(small.post, "change", text=text, changes=[stay(8)])
            second = threads.submit(small.post, "take", **take)
            changed.exception(20)
            second.exception(20)
            done = changed.done() and second.done()
        finally:
            free.set()
        assert done
        assert (changed.result()[0], second.result()[0]) == (200, 409)
        assert first.result()[0] == 200
        assert {of.result()[0] for of in drawn} == {200}
    assert small.post("take", **take)[0] == 200


def test_the_store_is_that_of_the_commands(folder):
    with RunStore.open(folder / "two" / "runs.sqlite", purpose=None) as store:
        assert store.meta["purpose"] == "runs of variants"
        assert len(store) >= 5
