"""The server: who is let in, what is answered, what is kept, and what ends."""

import json
import time
import urllib.request
from pathlib import Path

import pytest
from command import bordersim
from desk_server import TOKEN, Client, desk
from random_scenarios import a_world, scenario_of
from shipped import SCENARIOS

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
    assert "samesite=strict" in cookie
    response, page = client.ask("GET", "/")
    assert response.status == 200
    assert b"Policy desk" in page
    assert "default-src 'self'" in response.getheader("content-security-policy")


def test_another_host_and_a_large_request_are_refused(client):
    assert client.ask("GET", "/", headers={"host": "evil.example"})[0].status == 421
    assert client.ask("POST", "/api/start", b" " * 1_000_001)[0].status == 413
    for path in ("/assets/../server.py", "/assets/..%2fserver.py", "/assets/%2e%2e/server.py"):
        assert client.ask("GET", path)[0].status == 404
    for asked in ([1], "x"):
        assert client.ask("POST", "/api/change", json.dumps(asked))[0].status == 400
    assert client.post("change")[0] == 400
    assert client.post("change", text=client.post("start")[1]["text"], changes=[{}])[0] == 400


def test_the_numbers_are_those_of_compare_for_the_downloaded_files(client, tmp_path):
    status, start = client.post("start")
    assert status == 200
    assumed = {"kind": "assumption", "path": "costs.test", "value": 300}
    status, shown = client.post("change", text=start["text"], changes=[CLOSED, assumed])
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
    shown_outcomes = [of for row in answer["rows"] for of in row["outcomes"]]
    assert len(shown_outcomes) == 6
    for of in shown_outcomes:
        one = 1e6 if "CNY" in of["unit"] else 1
        row = table.loc[of["name"]]
        for key in ("median", "q05", "q25", "q75", "q95", "median_low_95", "median_high_95"):
            assert of[key] == pytest.approx(row[key] / one, rel=1e-12), (of["name"], key)
        assert (of["lower"], of["higher"]) == (row["lower"], row["higher"])


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
    for row in answer["rows"]:
        assert row["text"].split(" / ")[0] in printed


def test_a_new_change_ends_the_old_work_and_a_known_one_is_there_at_once(client):
    empty = client.post("start")[1]["empty"]
    stays = [
        {"kind": "lever", "lever": "quarantine_stay", "name": "", "periods": [{"value": f"{d} d"}]}
        for d in (9, 10)
    ]
    with client.events() as following:
        _, first = client.post("change", text=empty, changes=stays[:1])
        _, second = client.post("change", text=empty, changes=stays[1:])
        seen = []
        while True:
            event = following()
            seen.append(event["digest"])
            if event["digest"] == second["digest"] and event["answer"]["is_last"]:
                break
        assert second["digest"] not in seen[: seen.index(second["digest"])]
        assert seen.count(first["digest"]) <= 1
        client.post("change", text=empty, changes=stays[1:])
        assert following()["answer"]["is_last"]


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


def test_a_closed_page_ends_its_work(port, folder):
    client = Client(port)
    _, start = client.post("start")
    stay = {"kind": "lever", "lever": "detention", "name": "", "periods": [{"value": "33 d"}]}
    with client.events():
        client.post("change", text=start["empty"], changes=[stay])
    time.sleep(5)
    runs = _runs(folder / "one")
    time.sleep(2)
    assert _runs(folder / "one") == runs


def _runs(folder: Path) -> int:
    """Return the size of what is written: an open store is locked."""
    return sum(path.stat().st_size for path in folder.glob("runs.sqlite*"))


def test_two_users_do_not_see_each_other(port):
    one, other = Client(port), Client(port)
    empty = one.post("start")[1]["empty"]
    one.post("pins", text=empty.replace("my_policy", "mine"))
    assert other.post("start")[1]["pins"] == []
    other.cookies[f"desk_user_{port}"] = "../../../etc/passwd"
    assert other.post("start")[0] == 409


def test_what_is_taken_away_is_what_compare_writes(client, tmp_path):
    _, shown = client.post("change", text=client.post("start")[1]["empty"], changes=[CLOSED])
    client.last_answer(shown["digest"])
    response, content = _take(client, "tables", shown["text"])
    assert response.getheader("content-disposition") == 'attachment; filename="tables.xlsx"'
    assert content[:2] == b"PK"
    _, content = _take(client, "figures", shown["text"])
    assert b"forest.svg" in content
    _, content = _take(client, "report", shown["text"])
    assert b"<!doctype html>" in content[:200].lower()
    _, content = _take(client, "page", shown["text"])
    page = content.decode()
    assert "my policy" in page
    assert "src=" not in page
    assert "import " not in page.partition("<script>")[2].partition("\n// ")[0]
    assert client.post("take", kind="tables", texts=[])[0] == 409


def _take(client, kind, text):
    response, content = client.ask("POST", "/api/take", json.dumps({"kind": kind, "texts": [text]}))
    assert response.status == 200, content
    return response, content


def test_the_corridor_has_a_part_for_every_place_and_no_style(client):
    text = client.post("start")[1]["empty"]
    _, drawn = client.post("corridor", text=text)
    for name in ("moscow", "suifenhe_port", "moscow_vladivostok", "quarantine", "suifenhe_hills"):
        assert f'data-at="{name}"' in drawn["svg"], name
    assert "style=" not in drawn["svg"]


def test_another_scenario_without_ensemble_has_a_desk_too(tmp_path):
    scenario = scenario_of(a_world(name="small_world"))
    (tmp_path / "small_world.yaml").write_text(write_scenario(scenario), "utf-8")
    with desk(tmp_path / "small_world.yaml", tmp_path / "out") as port:
        client = Client(port)
        _, start = client.post("start")
        answer = client.last_answer(start["digest"])
        assert answer["total"] == 50


def test_a_request_of_another_page_has_no_cookie(port):
    request = urllib.request.Request(f"http://127.0.0.1:{port}/api/start", b"{}")
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(request)


def test_the_store_is_that_of_the_commands(folder):
    with RunStore.open(folder / "two" / "runs.sqlite", purpose=None) as store:
        assert store.meta["purpose"] == "runs of variants"
        assert len(store) >= 5
