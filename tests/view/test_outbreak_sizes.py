"""The label of the article's interval covers no bar, and lies inside its panel."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from sim.view.outbreak_sizes import COUNTED, draw_outbreak_sizes


@pytest.mark.parametrize("highest", [5, 100, 350, 2000])
def test_the_label_covers_no_bar(highest: int) -> None:
    fig = Figure(figsize=(3.0, 1.3), layout="constrained")
    ax = fig.subplots()
    draw_outbreak_sizes(ax, np.linspace(0, highest, 9) ** 2 / highest, COUNTED)
    fig.draw_without_rendering()
    (label,) = ax.texts
    box, panel = label.get_window_extent(), ax.get_window_extent()
    assert panel.x0 <= box.x0 and box.x1 <= panel.x1 and box.y1 <= panel.y1
    bars = [bar for container in ax.containers for bar in container]
    assert len(bars) > 1
    assert not any(box.overlaps(bar.get_window_extent()) for bar in bars if bar.get_height() > 0)
