"""The desk in a real browser: by pointer and by key, and whatever becomes of the server."""

import json
import os
from pathlib import Path

import chromium
import pytest
from desk_server import TOKEN, desk
from shipped import SCENARIOS

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(chromium.found() is None, reason="no Chromium is found"),
]

AXE = Path(os.environ.get("AXE_CORE", "axe.min.js"))
"""The script of axe-core, which is not shipped with anything here."""
PAIRS = 24
CLOSURE = '[data-bar="port_closures suifenhe_port 1"] [data-end="from"]'
TEXT = "(document.getElementById('text')?.textContent ?? '')"
COMPLAINTS = ("Log.entryAdded", "Runtime.exceptionThrown", "Runtime.consoleAPICalled")
TAB, RIGHT, LEFT, ENTER = ("Tab", 9), ("ArrowRight", 39), ("ArrowLeft", 37), ("Enter", 13)
Z = ("z", 90)


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    folder = tmp_path_factory.mktemp("desk")
    with desk(SCENARIOS / "baseline.yaml", folder, replicates=PAIRS) as port:
        yield port


@pytest.fixture
def browser(tmp_path):
    with chromium.Chromium(chromium.found(), tmp_path / "profile") as started:
        yield started


@pytest.fixture
def page(browser, port):
    """A page of a new user, whose first answer is there."""
    enter(browser, port)
    return browser


def enter(browser, port, width=1280, dark=False):
    browser.open(f"http://127.0.0.1:{port}/?token={TOKEN}", width, dark=dark)
    answered(browser, "extends:")


def answered(browser, part, pairs=PAIRS):
    """Wait for the answer of a policy whose file has some text."""
    browser.wait_for(f"{TEXT}.includes({json.dumps(part)})", 120)
    shown = "document.getElementById('answer').dataset"
    browser.wait_for(f"{shown}.pairs >= {pairs} && {shown}.digest", 300)


def choose(browser, name):
    """Start from a policy of the library."""
    browser.value_of(
        "(() => { const of = document.getElementById('library'); of.value = "
        f"{json.dumps(name)}; of.dispatchEvent(new Event('change')); }})()"
    )
    browser.wait_for(f"document.getElementById('name').value === {json.dumps(name)}")


def complaints(browser):
    return [event for event in browser.events if event.get("method") in COMPLAINTS]


def asked_elsewhere(browser, port):
    urls = [
        event["params"]["request"]["url"]
        for event in browser.events
        if event.get("method") == "Network.requestWillBeSent"
    ]
    assert urls
    ours = (f"http://127.0.0.1:{port}/", "data:", "blob:")
    return [url for url in urls if not url.startswith(ours)]


def test_a_closure_is_dragged_and_the_answer_follows(page, port):
    assert "no run" in page.value_of("document.getElementById('sentence').textContent")
    days = "document.querySelector('.days .track').clientWidth / 78"
    page.drag(CLOSURE, -7 * page.value_of(days))
    answered(page, "{from: 2020-03-31, announced: 2020-03-27}")
    assert "averts" in page.value_of("document.getElementById('sentence').textContent")
    assert complaints(page) == []
    assert asked_elsewhere(page, port) == []


def test_the_same_by_key_is_one_change_and_is_undone_and_redone(page):
    page.value_of(f"document.querySelector({json.dumps(CLOSURE)}).focus()")
    for _ in range(7):
        page.press(*LEFT)
    answered(page, "{from: 2020-03-31, announced: 2020-03-27}")
    spoken = page.value_of("document.activeElement.ariaValueText")
    assert spoken == "31 March"
    click(page, "undo")
    page.wait_for(f"!{TEXT}.includes('port_closures')")
    assert page.value_of("document.getElementById('undo').disabled")
    click(page, "redo")
    answered(page, "{from: 2020-03-31, announced: 2020-03-27}")


def test_typed_values_are_changed_split_added_and_refused_beside_the_field(page):
    page.value_of(f"{keyed('lockdown suifenhe label')}.click()")
    field = "document.getElementById('field-lockdown-suifenhe-0-value')"
    type_into(page, field, "70 %")
    page.wait_for("document.querySelector('.period .problem')")
    said = page.value_of("document.querySelector('.period .problem').textContent")
    assert "a share is a number from 0 to 1" in said
    assert page.value_of(f"{field}.ariaInvalid") == "true"
    assert page.value_of(f"{field}.getAttribute('aria-describedby')")
    type_into(page, field, "0.9")
    answered(page, "{from: 2020-04-08, value: 0.9}")
    assert page.value_of("document.querySelector('.period .problem')") is None
    page.value_of(f"{keyed('lockdown suifenhe 0 split')}.click()")
    answered(page, "until: 2020-05-05")
    page.value_of(f"{keyed('lockdown suifenhe 1 remove')}.click()")
    page.wait_for(f"!{TEXT}.includes('from: 2020-05-05')")
    page.value_of(f"{keyed('lockdown suifenhe reset')}.click()")
    page.wait_for(f"!{TEXT}.includes('lockdown')")


def test_what_was_refused_is_said_and_neither_pinned_nor_kept(page):
    page.value_of(f"{keyed('lockdown suifenhe label')}.click()")
    field = "document.getElementById('field-lockdown-suifenhe-0-value')"
    type_into(page, field, "70 %")
    click(page, "pin")
    page.wait_for("document.getElementById('pin-problem').textContent.includes('not valid')")
    assert page.value_of("document.querySelectorAll('.row.refused').length") == 1
    assert page.value_of("document.querySelectorAll('#pins li').length") == 0
    click(page, "undo")
    page.wait_for("!document.querySelector('.row.refused')")
    assert page.value_of(f"{field}.value") == "0.7"
    click(page, "pin")
    page.wait_for("document.querySelectorAll('#pins li').length === 1")


def test_a_pin_waits_for_the_keys_before_it(page):
    page.value_of(f"document.querySelector({json.dumps(CLOSURE)}).focus()")
    page.press(*LEFT)
    click(page, "pin")
    page.wait_for("document.querySelectorAll('#pins li').length === 1")
    pinned = (
        "fetch('/api/start', {method: 'POST', headers: {'content-type': 'application/json'}})"
        ".then(of => of.json()).then(of => of.pins[0].text)"
    )
    assert "from: 2020-04-06" in page.value_of(pinned)
    assert page.value_of(TEXT) == page.value_of(pinned)


def test_no_drawing_of_another_policy_is_in_sight(page):
    click(page, "hold")
    page.drag(CLOSURE, -70)
    page.wait_for("!document.getElementById('apply').hidden")
    for part in ("outcomes", "curves", "benefit", "caption", "short"):
        style = f"getComputedStyle(document.getElementById('{part}'))"
        assert page.value_of(f"{style}.visibility") == "hidden", part


def test_what_is_held_back_outlives_a_reload(page):
    click(page, "hold")
    page.drag(CLOSURE, -70)
    page.wait_for("!document.getElementById('apply').hidden")
    text = page.value_of(TEXT)
    page.send("Page.reload")
    page.wait_for(f"{TEXT} === {json.dumps(text)} && !document.getElementById('apply').hidden")
    click(page, "hold")
    answered(page, "port_closures")
    assert page.value_of("document.getElementById('apply').hidden")


def test_to_hold_no_longer_applies_a_change_on_its_way(page):
    click(page, "hold")
    page.value_of(
        "(() => { const of = document.getElementById('question'); of.value = 'And if?';"
        "of.dispatchEvent(new Event('change')); document.getElementById('hold').click(); })()"
    )
    answered(page, "And if?")
    assert page.value_of("document.getElementById('apply').hidden")


def test_the_focus_stays_where_something_went(page):
    focused = "document.activeElement.dataset.key"
    page.value_of(f"{keyed('quarantine_stay label')}.click()")
    second = keyed("quarantine_stay 1 remove")
    page.value_of(f"(of => {{ of.focus(); of.click(); }})({second})")
    page.wait_for(f"!{second}")
    assert page.value_of(focused).startswith("quarantine_stay")
    page.value_of(f"document.querySelector({json.dumps(CLOSURE)}).focus()")
    page.press("Delete", 46)
    page.wait_for(f"{TEXT}.includes('port_closures')")
    assert page.value_of(focused)
    for name in ("no_reward", "no_tracing"):
        choose(page, name)
        click(page, "pin")
        page.wait_for(keyed(f"{name} out"))
    page.value_of(f"(of => {{ of.focus(); of.click(); }})({keyed('no_reward out')})")
    page.wait_for("document.querySelectorAll('#pins li').length === 1")
    assert page.value_of(focused).startswith("no_tracing")


def test_an_answer_does_not_take_away_what_is_typed(page):
    page.value_of(f"{keyed('lockdown suifenhe label')}.click()")
    field = "document.getElementById('field-lockdown-suifenhe-0-value')"
    page.value_of(f"{field}.focus(); {field}.select()")
    page.send("Input.insertText", text="0.")
    slider = """document.querySelector('[data-path="border.informants.b1"]')"""
    page.value_of(
        f"(() => {{ const of = {slider}; of.value = 0.2; "
        "of.dispatchEvent(new Event('change')); })()"
    )
    answered(page, "set_by_hand")
    page.send("Input.insertText", text="4")
    assert page.value_of("document.activeElement.value") == "0.4"
    assert "lockdown" not in page.value_of(TEXT)
    page.press(*ENTER)
    answered(page, "value: 0.4")


def test_a_calendar_without_a_first_or_a_fifteenth_has_its_ends(page):
    days = (
        "import('/assets/charts.js').then(of => [of.dateTicks('2020-04-03', 5, 4), "
        "of.dateTicks('2020-04-03', 1, 4)])"
    )
    assert page.value_of(days) == [[[0, "3 Apr"], [4, "7 Apr"]], [[0, "3 Apr"]]]


def keyed(key):
    """Return an expression for an element of a key."""
    return f"document.querySelector('[data-key={json.dumps(key)}]')"


def click(page, name):
    page.value_of(f"document.getElementById({json.dumps(name)}).click()")


def type_into(page, field, text):
    page.value_of(
        f"(() => {{ const of = {field}; of.focus(); of.value = {json.dumps(text)}; "
        "of.dispatchEvent(new Event('change', {bubbles: true})); })()"
    )


def test_changes_are_held_back_and_applied_together(page):
    click(page, "hold")
    page.drag(CLOSURE, -70)
    page.wait_for("!document.getElementById('apply').hidden")
    shown = "document.getElementById('pairs').textContent"
    assert page.value_of(shown).startswith("Held back")
    click(page, "apply")
    answered(page, "port_closures")


def test_six_policies_are_pinned_and_a_reload_keeps_them(page):
    names = ["no_closure", "no_lockdown", "no_reward", "no_tracing", "no_monitoring",
             "quarantine_7_days"]  # fmt: skip
    for number, name in enumerate(names, 1):
        choose(page, name)
        click(page, "pin")
        page.wait_for(f"document.querySelectorAll('#pins li').length === {number}")
    choose(page, "quarantine_none")
    click(page, "pin")
    page.wait_for("document.getElementById('pin-problem').textContent.includes('6 policies')")
    page.wait_for("document.querySelectorAll('#forest circle').length === 6", 300)
    page.wait_for("document.querySelectorAll('#plane path').length === 7", 300)
    page.send("Page.reload")
    answered(page, "quarantine_none")
    page.wait_for("document.querySelectorAll('#forest circle').length === 6", 300)
    assert page.value_of("document.querySelectorAll('#pins li').length") == 6
    assert not page.value_of("document.getElementById('undo').disabled")


def test_a_broken_file_is_refused_and_a_good_one_opened(page, tmp_path):
    broken, good = tmp_path / "broken.yaml", tmp_path / "good.yaml"
    broken.write_text("extends: baseline.yaml\nname: broken\npolicies: {lockdown: {harbin: 3}}\n")
    good.write_text("extends: baseline.yaml\nname: good\npolicies: {lockdown: {harbin: 0.5}}\n")
    before = page.value_of(TEXT)
    open_file(page, broken)
    page.wait_for("document.body.textContent.includes('out of range')")
    assert page.value_of(TEXT) == before
    open_file(page, good)
    answered(page, good.read_text())
    assert page.value_of(TEXT) == good.read_text()


def open_file(page, path):
    document = page.send("DOM.getDocument")["root"]["nodeId"]
    node = page.send("DOM.querySelector", nodeId=document, selector="#open")["nodeId"]
    page.send("DOM.setFileInputFiles", files=[str(path)], nodeId=node)


def test_a_link_of_another_baseline_is_refused_on_a_page_that_shows_its_own(page, port):
    text = "'extends: other.yaml\\nname: from_a_link\\n'"
    link = page.value_of(packed(text))
    page.open("about:blank", 1280)
    page.open(f"http://127.0.0.1:{port}/#p={link}", 1280)
    page.wait_for("document.getElementById('notice').textContent.includes('extends')")
    assert page.value_of("document.querySelectorAll('.lever').length") > 10


def packed(text):
    """Return an expression for what a link holds of a text."""
    return (
        f"(async () => {{ const stream = new Blob([{text}]).stream().pipeThrough("
        "new CompressionStream('deflate-raw'));"
        "const bytes = new Uint8Array(await new Response(stream).arrayBuffer());"
        "return btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_')"
        ".replaceAll('=', ''); })()"
    )


def test_a_part_of_the_corridor_shows_its_levers_by_key(page):
    page.wait_for("document.querySelector('#corridor .part')")
    page.value_of("""document.querySelector('#corridor [data-at="suifenhe_hills"]').focus()""")
    page.press(*ENTER)
    page.wait_for("document.querySelectorAll('#timetable .row').length < 10")
    levers = page.value_of("[...document.querySelectorAll('.lever')].map(of => of.textContent)")
    assert "Patrols, Suifenhe hills" in levers
    assert "Reward to informants" in levers


def test_an_assumption_is_fixed_for_both_and_freed(page):
    slider = """document.querySelector('[data-path="border.informants.b1"]')"""
    page.value_of(
        f"(() => {{ const of = {slider}; of.value = 0.2; "
        "of.dispatchEvent(new Event('change')); })()"
    )
    answered(page, "set_by_hand: [border.informants.b1]")
    assert "b1" in page.value_of("document.getElementById('base-text').textContent")
    page.wait_for("document.querySelector('.assumed.fixed button')")
    page.value_of("document.querySelector('.assumed.fixed button').click()")
    page.wait_for(f"!{TEXT}.includes('set_by_hand')")


def test_a_link_holds_the_policy(page, port):
    link = page.value_of(packed("'extends: baseline.yaml\\nname: from_a_link\\n'"))
    page.open("about:blank", 1280)
    page.open(f"http://127.0.0.1:{port}/#p={link}", 1280)
    answered(page, "name: from_a_link")
    assert page.value_of("location.hash") == ""


@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_fits_its_window_and_says_what_it_is(browser, port, width):
    enter(browser, port, width)
    assert browser.value_of("document.documentElement.scrollWidth") <= width
    unnamed = browser.value_of(
        "[...document.querySelectorAll('button, select, input, [role=slider]')].filter(of => "
        "!(of.ariaLabel || of.textContent.trim() || of.labels?.length)).map(of => of.outerHTML)"
    )
    assert unnamed == []
    assert complaints(browser) == []


def test_a_phone_can_drag_too(browser, port):
    enter(browser, port, 390)
    browser.drag(CLOSURE, -40)
    answered(browser, "port_closures")


@pytest.mark.skipif(not AXE.is_file(), reason="AXE_CORE names no script of axe-core")
@pytest.mark.parametrize("dark", [False, True])
def test_axe_finds_nothing(browser, port, dark):
    enter(browser, port, dark=dark)
    browser.value_of("""document.querySelector('[data-key="lockdown suifenhe label"]').click()""")
    browser.value_of("document.querySelectorAll('details').forEach(of => { of.open = true; })")
    browser.value_of(f"{AXE.read_text('utf-8')}; 1")
    found = browser.value_of(
        "axe.run().then(found => found.violations.map(of => [of.id, of.nodes[0].html]))"
    )
    assert found == []


def test_a_server_that_ends_and_comes_back_loses_nothing(browser, tmp_path):
    folder, at = tmp_path / "desk", SCENARIOS / "baseline.yaml"
    with desk(at, folder, replicates=4) as port:
        browser.open(f"http://127.0.0.1:{port}/?token={TOKEN}", 1280)
        answered(browser, "extends:", 4)
        choose(browser, "no_reward")
        click(browser, "pin")
        browser.wait_for("document.querySelectorAll('#pins li').length === 1")
    browser.wait_for("document.getElementById('notice').textContent.includes('does not answer')")
    with desk(at, folder, replicates=4, port=port):
        browser.wait_for("!document.getElementById('notice').textContent", 60)
        choose(browser, "no_tracing")
        answered(browser, "no_tracing", 4)
        assert browser.value_of("document.querySelectorAll('#pins li').length") == 1


def test_the_page_to_hand_on_needs_no_server(page, port, tmp_path):
    for name in ("no_lockdown", "cheaper_package"):
        choose(page, name)
        click(page, "pin")
        page.wait_for("document.getElementById('pin').textContent === 'Pinned'")
    page.wait_for("document.querySelectorAll('#plane path').length === 3", 300)
    text = page.value_of(
        "(async () => { const headers = {'content-type': 'application/json'};"
        "const start = await (await fetch('/api/start', {method: 'POST', headers})).json();"
        "const asked = {kind: 'page', texts: start.pins.map(of => of.text)};"
        "const posted = {method: 'POST', headers, body: JSON.stringify(asked)};"
        "const take = () => fetch('/api/take', posted);"
        # Refused until the last pairs of both are there; the plane has them from the first ones on.
        "let answer = await take();"
        "for (let tries = 0; answer.status === 409 && tries < 200; tries += 1) {"
        "await new Promise((done) => setTimeout(done, 200)); answer = await take(); }"
        "return answer.ok ? answer.text() : answer.status; })()"
    )
    path = tmp_path / "policies.html"
    path.write_text(text, "utf-8")
    for width in (390, 1280):
        page.open(path, width)
        assert page.value_of("document.querySelectorAll('#forest circle').length") == 2
        page.value_of("document.querySelectorAll('#policies button')[1].click()")
        assert "heaper package" in page.value_of("document.getElementById('sentence').textContent")
        assert page.value_of("document.documentElement.scrollWidth") <= width
        assert complaints(page) == []
        urls = [
            event["params"]["request"]["url"]
            for event in page.events
            if event.get("method") == "Network.requestWillBeSent"
        ]
        assert [url for url in urls if not url.startswith("data:")] == [path.as_uri()]
