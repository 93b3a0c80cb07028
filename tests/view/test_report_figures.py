"""Figures inside a report: numbered, with captions, and the files of the folder."""

import base64
import shutil

from command import bordersim
from html_reader import Reader
from report_folders import KINDS, page_in, write_figure

pytest_plugins = ["report_fixture"]
IMAGE = "data:image/svg+xml;base64,"


@KINDS
def test_figures_have_numbers_and_captions(folders, kind):
    page = Reader(page_in(folders[kind]))
    figures = page.within("figure")
    assert len(figures) == len(list(folders[kind].glob("*.svg")))
    for number, inside in enumerate(figures, 1):
        tags = [tag for tag, _ in inside]
        assert {"h3", "img", "figcaption"} <= set(tags)
        assert f"Figure {number}. " in page.text


@KINDS
def test_figures_are_the_files_of_the_folder_and_described(folders, kind):
    pictures = Reader(page_in(folders[kind])).of("img")
    assert all(" " in at["alt"] for at in pictures)
    shown = {base64.b64decode(at["src"].removeprefix(IMAGE)) for at in pictures}
    assert shown == {path.read_bytes() for path in folders[kind].glob("*.svg")}


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
