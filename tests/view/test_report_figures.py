"""Figures inside a report: numbered, with captions and data, and nothing but pictures."""

import re
import shutil

import pytest
from command import bordersim
from html_reader import Reader
from report_folders import KINDS, page_in, write_figure

from sim.view.report.embedded_figures import inlined
from sim.view.report.folder import FolderError

pytest_plugins = ["report_fixture"]


@KINDS
def test_figures_have_numbers_and_captions(folders, kind):
    page = Reader(page_in(folders[kind]))
    figures = page.within("figure")
    assert len(figures) == len(list(folders[kind].glob("*.svg")))
    for number, inside in enumerate(figures, 1):
        tags = [tag for tag, _ in inside]
        assert {"h3", "svg", "figcaption"} <= set(tags)
        assert f"Figure {number}. " in page.text


def test_a_figure_loses_what_is_no_picture(tmp_path):
    path = tmp_path / "bad.svg"
    path.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        'viewBox="0 0 9 9" onload="alert(1)"><style>* {display: none}</style>'
        "<script>alert(2)</script><foreignObject><b>3</b></foreignObject>"
        '<image href="http://example.org/x.png" width="4"/><a href="javascript:alert(5)"/>'
        '<use xlink:href="#one"/><rect id="one" clip-path="url( #two )" fill="url(//x.org)"/>'
        '<text style="background: u\\72l(x)">&lt;script&gt;</text></svg>',
        "utf-8",
    )
    svg = inlined(path, 2, "<T>", 'a "d"')
    assert not re.search(r"alert|http|example|x\.org|style>|<script|foreign|<b>|u\\", svg)
    assert 'href="#figure-2-one"' in svg
    assert 'id="figure-2-one" clip-path="url(#figure-2-two)"' in svg
    assert '<title id="figure-2-title">&lt;T&gt;</title>' in svg


@pytest.mark.parametrize(
    "text",
    [
        "<svg",
        "<p/>",
        "<svg xmlns='http://www.w3.org/2000/svg'/>",
        '<!DOCTYPE svg [<!ENTITY a "b">]><svg viewBox="0 0 1 1">&a;</svg>',
    ],
)
def test_a_damaged_figure_is_refused(tmp_path, text):
    path = tmp_path / "bad.svg"
    path.write_text(text, "utf-8")
    with pytest.raises(FolderError, match=r"bad\.svg: the file is damaged"):
        inlined(path, 1, "", "")


def test_a_discovery_has_its_boxes(folders, tmp_path):
    folder = tmp_path / "copy"
    shutil.copytree(folders["sweep"], folder)
    write_figure(folder, "discovery")
    (folder / "boxes.csv").write_text(
        "box,coverage,density,mass,restricted,correlation,chosen,limits\n"
        "0,1,0.25,1,0,0,False,no condition\n"
        "1,0.5,0.75,0.2,1,0.4,True,stay is above 7 d\n"
    )
    assert bordersim("report", folder) == 0
    page = Reader(page_in(folder)).text
    assert "Conditions under which one policy outperforms another" in page
    assert "stay is above 7 d (chosen)" in page
    assert "boxes.csv" in page
