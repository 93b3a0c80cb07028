"""A report in a real browser: it asks for nothing, fits its window, and its sliders have keys."""

import chromium
import pytest
from report_folders import KINDS

pytest_plugins = ["report_fixture"]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(chromium.found() is None, reason="no Chromium is found"),
]

STATE = """({
    slider: document.activeElement.id,
    setting: document.activeElement.ariaValueText,
    shown: document.activeElement.previousSibling.textContent,
    medians: [...document.querySelectorAll(".plot b")].map((of) => of.textContent),
    places: [...document.querySelectorAll(".plot circle")].map((of) => of.getAttribute("cx")),
    descriptions: [...document.querySelectorAll(".plot desc")].map((of) => of.textContent),
})"""
UNASKED = """new Promise((done) => {
    const status = document.getElementById("explorer-status");
    setTimeout(() => done(status.textContent), 700);
})"""
SAID = """new Promise((done) => {
    const status = document.getElementById("explorer-status");
    const look = () =>
        status.textContent.includes("1,000") ? done(status.textContent) : setTimeout(look, 50);
    look();
})"""
DAYS = "5\N{NO-BREAK SPACE}d"
TAB, END, HOME, RIGHT = ("Tab", 9), ("End", 35), ("Home", 36), ("ArrowRight", 39)


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    with chromium.Chromium(chromium.found(), tmp_path_factory.mktemp("profile")) as started:
        yield started


@KINDS
@pytest.mark.parametrize("width", [390, 1280])
def test_a_page_asks_for_nothing_and_fits_its_window(browser, folders, kind, width):
    page = folders[kind] / "report.html"
    browser.open(page, width)
    browser.value_of("document.querySelectorAll('details').forEach((of) => { of.open = true; })")
    assert browser.value_of("document.documentElement.scrollWidth") <= width
    told = [event for event in browser.events if "params" in event]
    asked = [
        event["params"]["request"]["url"]
        for event in told
        if event["method"] == "Network.requestWillBeSent"
    ]
    assert [url for url in asked if not url.startswith("data:")] == [page.as_uri()]
    complaints = ("Log.entryAdded", "Runtime.exceptionThrown", "Runtime.consoleAPICalled")
    assert [event for event in told if event["method"] in complaints] == []


def test_figures_on_a_phone_scroll_in_themselves(browser, folders):
    browser.open(folders["comparison"] / "report.html", 390)
    scrolls = "(({scrollWidth, clientWidth}) => scrollWidth > clientWidth)"
    picture = "document.querySelector('.picture')"
    assert browser.value_of(f"{scrolls}({picture})")
    browser.value_of("document.querySelector('.fit').click()")
    assert not browser.value_of(f"{scrolls}({picture})")


def test_sliders_move_by_key_and_say_what_they_show(browser, folders):
    browser.open(folders["sweep"] / "report.html", 1280)
    assert browser.value_of(UNASKED) == ""
    for _ in range(40):
        browser.press(*TAB)
        if browser.value_of("document.activeElement.id") == "slider-0":
            break
    browser.press(*HOME)
    first = browser.value_of(STATE)
    assert (first["slider"], first["setting"], first["shown"]) == ("slider-0", DAYS, f": {DAYS}")
    browser.press(*RIGHT)
    assert browser.value_of(STATE)["setting"] == DAYS.replace("5", "10")
    browser.press(*TAB)
    browser.press(*END)
    last = browser.value_of(STATE)
    assert (last["slider"], last["setting"]) == ("slider-1", "1,000")
    assert last["medians"] != first["medians"]
    assert last["places"] != first["places"]
    assert last["descriptions"] != first["descriptions"]
    said = browser.value_of(SAID)
    assert all(f"{median} (50" in said for median in last["medians"])
