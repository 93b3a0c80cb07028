"""Colours of a report: text and marks stand out from what is below them, in figures too."""

import re

import numpy as np
import pytest
from command import bordersim
from matplotlib.figure import Figure
from shipped import SCENARIOS
from small_sweep import write_sweep
from svg_contrast import color_of, contrast, text_contrasts

from sim.view.report.page import asset
from sim.view.style import save

pytestmark = pytest.mark.thorough

TEXT, MARK = 4.5, 3.0
"""Least ratios of WCAG 2 for text of this size, and for marks."""


def _palettes():
    """Return the colours of the page by name: light, dark and on paper, which is light else."""
    light, dark, paper = re.findall(r":root \{(.*?)\}", asset("report.css"), re.DOTALL)
    palettes = [
        dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", text)) for text in (light, dark, paper)
    ]
    return [*palettes[:2], palettes[0] | palettes[2], palettes[1] | palettes[2]]


@pytest.mark.parametrize("palette", _palettes(), ids=["light", "dark", "paper", "paper of dark"])
def test_text_stands_out_from_its_paper(palette):
    colors = {name: color_of(text) for name, text in palette.items()}
    for paper in ("paper", "shade"):
        for text in ("text", "quiet", "link"):
            assert contrast(colors[text], colors[paper]) >= TEXT
    assert contrast(colors["warn-text"], colors["warn-paper"]) >= TEXT


@pytest.mark.parametrize("palette", _palettes()[:2], ids=["light", "dark"])
def test_what_has_the_focus_stands_out(palette):
    for paper in ("paper", "shade"):
        assert contrast(color_of(palette["accent"]), color_of(palette[paper])) >= MARK


def test_text_and_marks_in_the_explorer_stand_out():
    rules = dict(re.findall(r"^(\.plot[^{]*) \{(.*?)\}", asset("report.css"), re.M | re.S))
    (paper,) = re.findall(r"background: (#\w{6})", rules[".plot"])
    (text,) = re.findall(r"\scolor: (#\w{6})", rules[".plot"])
    (words,) = re.findall(r"fill: (#\w{6})", rules[".plot text"])
    for color in (text, words):
        assert contrast(color_of(color), color_of(paper)) >= TEXT
    marks = re.findall(r"stroke: (#\w{6})", " ".join(rules.values()))
    assert len(marks) == 5
    assert all(contrast(color_of(mark), color_of(paper)) >= MARK for mark in marks)


def _drawn(tmp_path, draw):
    """Return the least contrast of each text that ``draw`` writes on axes from 0 to 1."""
    fig = Figure(figsize=(3, 2))
    ax = fig.add_axes((0, 0, 1, 1))
    ax.set_axis_off()
    ax.set(xlim=(0, 1), ylim=(0, 1))
    draw(ax)
    save(fig, tmp_path, "drawn")
    return [ratio for _, ratio in text_contrasts(tmp_path / "drawn.svg")]


GREY_ON_PALE = contrast(color_of("#6e6e6e"), color_of("#dddddd"))


@pytest.mark.parametrize(
    ("draw", "ratio"),
    [
        (lambda ax: ax.text(0.4, 0.4, "a", color="#ffffff"), 1.0),
        (lambda ax: ax.text(0.4, 0.4, "a"), 21.0),
        (lambda ax: (_band(ax, "#dddddd"), _text(ax)), GREY_ON_PALE),
        (lambda ax: (_band(ax, "#bbbbbb", alpha=0.5), _text(ax)), GREY_ON_PALE),
        (lambda ax: (_band(ax, "#dddddd"), _text(ax, rotation=90)), GREY_ON_PALE),
        (
            lambda ax: (_text(ax), _band(ax, "#dddddd", zorder=9)),
            contrast((1, 1, 1), (110 / 255,) * 3),
        ),
        (lambda ax: _text(ax, bbox={"facecolor": "#dddddd", "linewidth": 0}), GREY_ON_PALE),
        (lambda ax: (_image(ax), _text(ax)), GREY_ON_PALE),
    ],
    ids=["invisible", "plain", "band", "veil", "rotated", "later", "boxed", "image"],
)
def test_the_contrast_of_a_text_is_that_with_what_is_below_it(tmp_path, draw, ratio):
    assert _drawn(tmp_path, draw) == pytest.approx([ratio], rel=0.02)


def _band(ax, color, **how):
    ax.axvspan(0.2, 0.8, color=color, linewidth=0, **{"zorder": 0, **how})


def _text(ax, **how):
    ax.text(0.5, 0.5, "text", color="#6e6e6e", ha="center", va="center", **how)


def _image(ax):
    ax.imshow(np.full((2, 2), 221), cmap="gray", vmin=0, vmax=255, extent=(0.2, 0.8, 0.2, 0.8))
    ax.set(xlim=(0, 1), ylim=(0, 1), aspect="auto")


FEW = ("--replicates", 3, "--ensemble", "none", "--workers", 1)


def _run(folder):
    path = SCENARIOS / "baseline.yaml"
    assert bordersim("run", path, *FEW, "--out", folder) == 0


def _compare(folder):
    paths = [SCENARIOS / f"{name}.yaml" for name in ("baseline", "closure_week_earlier")]
    assert bordersim("compare", *paths, *FEW, "--out", folder) == 0


def _sweep(folder):
    folder.mkdir()
    assert bordersim("sweep", write_sweep(folder), "--workers", 1, "--out", folder) == 0


@pytest.mark.parametrize("make", [_run, _compare, _sweep])
def test_text_in_figures_stands_out(tmp_path, make):
    folder = tmp_path / "out"
    make(folder)
    pictures = list(folder.glob("*.svg"))
    assert pictures
    for picture in pictures:
        found = list(text_contrasts(picture))
        assert found
        assert [(name, ratio) for name, ratio in found if ratio < TEXT] == []
