"""Stages of a fit share no random numbers."""

import re
from pathlib import Path

import pytest

import calibration
from calibration.stages import Stage, generator

SOURCES = [
    path for path in sorted(Path(calibration.__path__[0]).glob("*.py")) if path.name != "stages.py"
]
USE = re.compile(r"generator\(\w+, Stage\.(\w+)((?:, [\w.]+)*)\)")


def test_every_stage_is_drawn_from_in_one_way():
    """NumPy takes [7, 3] and [7, 3, 0] for the same seed: numbers decide only under one count."""
    uses = [use for path in SOURCES for use in USE.findall(path.read_text())]
    counts = {(stage, numbers.count(",")) for stage, numbers in uses}
    assert sorted(stage for stage, _ in counts) == sorted(stage.name for stage in Stage)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_roots_are_used_through_stages_alone(path):
    source = path.read_text()
    assert not re.search(r"default_rng\(\[", source)
    assert source.count("generator(") == len(USE.findall(source))


def test_stages_draw_differently():
    first = {generator(4, stage).integers(2**62) for stage in Stage}
    assert len(first) == len(Stage)
