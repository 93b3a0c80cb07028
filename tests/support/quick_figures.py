"""Files of figures without the drawing, where a test looks at everything but the figures.

Drawing takes most of the time of a small run. The figures themselves are tested in ``tests/view``,
and one test of every command draws them from real runs: those are marked ``real_figures``.
"""

from collections.abc import Callable
from typing import Any

import pytest
from matplotlib.figure import Figure

from sim.view import style

_FILES = {
    "png": b"\x89PNG\r\n\x1a\n",
    "pdf": b"%PDF-1.4",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>',
}


@pytest.fixture(autouse=True)
def quick_figures(request, monkeypatch):
    """Write files of every figure that hold nothing."""
    if request.node.get_closest_marker("real_figures") is None:
        leave_out_drawing(monkeypatch.setattr)


def leave_out_drawing(replace: Callable[[Any, str, Any], None]) -> None:
    """Replace by ``replace``, which may be ``setattr``, what draws figures."""
    replace(style, "_fix_layout", lambda fig: None)
    replace(Figure, "savefig", lambda fig, file, *, format, **options: file.write(_FILES[format]))
