"""The page of a report needs nothing else, lets nothing in, and is the same for equal results."""

import json
import re
import shutil

import pandas as pd
import pytest
from command import bordersim
from html_reader import Reader
from report_folders import ATTACK, KINDS, page_in

from sim.view.report.page import asset

pytest_plugins = ["report_fixture"]
IMAGE = "data:image/svg+xml;base64,"


@KINDS
def test_a_page_asks_for_nothing_from_anywhere(folders, kind):
    text = page_in(folders[kind])
    assert not re.search(r"https?:|@import|url\(", text)
    for tag, attributes, _ in Reader(text).elements:
        assert tag not in ("link", "iframe", "object", "embed", "base", "form")
        assert attributes.get("src", IMAGE).startswith(IMAGE)
        assert attributes.get("href", "#").startswith("#")
        assert not any(name.startswith("on") for name in attributes)
    assert "default-src 'none'" in text


@KINDS
def test_ids_are_unique_and_what_refers_to_them_finds_them(folders, kind):
    text = page_in(folders[kind])
    elements = [attributes for _, attributes, _ in Reader(text).elements]
    ids = [attributes["id"] for attributes in elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    referred = [
        name
        for attributes in elements
        for key in ("aria-labelledby", "for")
        for name in attributes.get(key, "").split()
    ]
    referred += [at["href"][1:] for at in elements if at.get("href", "").startswith("#")]
    assert referred
    assert set(referred) <= set(ids)


@pytest.mark.parametrize("kind", ["comparison", "run"])
def test_nothing_breaks_out_of_the_page(folders, kind):
    text = page_in(folders[kind])
    assert "<script>alert" not in text
    page = Reader(text)
    assert len(page.of("script")) == 0
    assert ATTACK in page.text


def test_parameters_of_the_runs_and_digests_of_scenarios_are_shown(folders, tmp_path):
    folder = tmp_path / "run"
    shutil.copytree(folders["run"], folder)
    pd.DataFrame({"seed": [1, 2, 3], "disease.x": [0.1, 0.2, 0.3]}).to_csv(
        folder / "parameters.csv", index=False
    )
    assert bordersim("report", folder) == 0
    page = Reader(page_in(folder)).text
    assert "disease.x 0.20 0.11 0.29" in page
    digest = json.loads((folder / "manifest.json").read_text("utf-8"))["scenario_digest"]
    assert f"scenario {digest}" in page


def test_equal_folders_give_equal_pages(folders):
    before = page_in(folders["comparison"])
    assert bordersim("report", folders["comparison"]) == 0
    assert page_in(folders["comparison"]) == before


def test_a_page_without_a_sweep_has_no_script(folders):
    assert "<script" not in page_in(folders["run"])
    digest = re.search(r"script-src 'sha256-([^']+)'", page_in(folders["sweep"]))
    assert digest is not None
    assert f"<script>{asset('explorer.js')}</script>" in page_in(folders["sweep"])
