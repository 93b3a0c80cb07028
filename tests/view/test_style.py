"""Figures look the same whatever the settings of the reader, and their files are whole."""

import errno
import logging
import os
import warnings
from pathlib import Path

import matplotlib as mpl
import pytest
from matplotlib.figure import Figure

from sim.view import style
from sim.view.style import PIXELS_PER_INCH, font_families, in_house_style, save


@in_house_style
def figure_of(title: str) -> Figure:
    fig = Figure()
    ax = fig.subplots()
    ax.set_xlabel(title)
    return fig


def test_three_kinds_of_files_and_text_stays_text(tmp_path):
    paths = save(figure_of("a label"), tmp_path, "figure")
    assert [path.name for path in paths] == ["figure.png", "figure.svg", "figure.pdf"]
    png = paths[0].read_bytes()
    assert int.from_bytes(png[16:20], "big") == pytest.approx(6.4 * PIXELS_PER_INCH)
    assert ">a label</text>" in paths[1].read_text("utf-8")
    assert paths[2].read_bytes().startswith(b"%PDF")


def test_equal_figures_give_equal_files(tmp_path):
    first, second = (save(figure_of("a"), tmp_path / folder, "figure") for folder in "ab")
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_the_settings_of_the_reader_neither_matter_nor_change(tmp_path):
    with mpl.rc_context():
        mpl.style.use("dark_background")
        mpl.rcParams.update({"savefig.dpi": 50, "font.family": ["serif"], "font.size": 20})
        before = dict(mpl.rcParams)
        fig = figure_of("a")
        save(fig, tmp_path, "figure")
        assert dict(mpl.rcParams) == before
    assert fig.get_facecolor()[:3] == (1, 1, 1)
    label = fig.axes[0].xaxis.label
    assert (label.get_color(), label.get_fontsize()) == ("black", 8)
    assert label.get_fontfamily() == list(font_families())


def test_letters_that_no_font_has_are_said_once_and_are_no_warning(tmp_path, caplog):
    style._advise.cache_clear()
    with warnings.catch_warnings(), caplog.at_level(logging.WARNING):
        warnings.simplefilter("error")
        for name in ("one", "other"):
            save(figure_of("\N{CUNEIFORM SIGN A}"), tmp_path, name)
        save(figure_of("Москва Ελλάδα a\u00a0b → ±"), tmp_path, "known")
    assert [record.getMessage() for record in caplog.records] == [
        "figures show boxes for letters that no font has; install e.g. Noto Sans CJK"
    ]


def test_a_figure_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    save(Figure(), tmp_path, "kept")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def fail(*paths):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "replace", fail)
    for name in ("kept", "new"):
        with pytest.raises(OSError, match=rf"No space left on device: .*{name}\.png"):
            save(Figure(), tmp_path, name)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
