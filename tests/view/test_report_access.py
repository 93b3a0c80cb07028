"""Everybody can read a report: by eye, by ear, by key and on paper."""

import re
from itertools import pairwise

from html_reader import Reader
from report_folders import KINDS, page_in

from sim.view.report.page import asset

pytest_plugins = ["report_fixture"]


@KINDS
def test_everybody_can_read_it(folders, kind):
    page = Reader(page_in(folders[kind]))
    assert page.of("html") == [{"lang": "en"}]
    levels = [int(tag[1]) for tag, *_ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert {"class": "skip", "href": "#answer"} in page.of("a")
    tables = page.within("table")
    assert tables
    for inside in tables:
        assert [tag for tag, _ in inside[:2]] == ["caption", "span"]
        assert all(text.strip() for text in page.words_in(inside[1][1]["id"]))
        assert all(at.get("scope") in ("row", "col") for tag, at in inside if tag == "th")
        rows = sum(tag == "tr" for tag, _ in inside)
        assert sum(at.get("scope") == "row" for tag, at in inside if tag == "th") == rows - 1
    for at, inside in zip(page.of("svg"), page.within("svg"), strict=True):
        title, description = at["aria-labelledby"].split()
        assert at["role"] == "img"
        assert inside[0] == ("title", {"id": title})
        assert inside[1] == ("desc", {"id": description})
        assert all(text.strip() for text in page.words_in(title, description))
    labelled = {at.get("for") for at in page.of("label")}
    assert all(at["id"] in labelled for at in page.of("input"))


@KINDS
def test_what_scrolls_can_be_reached_by_key_and_has_a_name(folders, kind):
    page = Reader(page_in(folders[kind]))
    scrolling = [at for at in page.of("div") if at.get("class") in ("scroll", "picture")]
    scrolling += page.of("pre")
    assert len(scrolling) == len(page.of("table")) + len(page.of("figure")) + len(page.of("pre"))
    for at in scrolling:
        assert (at["tabindex"], at["role"]) == ("0", "group")
        assert at.get("aria-label") or at["aria-labelledby"]


def test_a_print_is_black_on_white_and_cuts_nothing_off():
    screen, paper = asset("report.css").split("@media print")
    assert "overflow-x: auto" in screen
    for rule in (
        r"--paper: #ffffff;\n    --text: #000000;",
        r"\.skip, [^{]*#explorer \{ display: none; \}",
        r"\.picture \{[^}]*overflow: visible;",
        r"\.picture img \{[^}]*max-height: 20cm;",
        r"\.scroll, [^{]*pre \{ max-height: none; overflow: visible; \}",
        r"figure, \.scroll, [^{]*tr \{ break-inside: avoid; \}",
    ):
        assert re.search(rule, paper), rule
