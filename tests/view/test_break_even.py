"""Figures of break-even: what they say of grids of every kind."""

import numpy as np
import pytest
from drawn import check_whole, texts
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from shipped import BASELINE

from sim import load_scenario
from sim.experiment.break_even import BreakEven, Cell
from sim.experiment.cost_effectiveness import CostEffectiveness
from sim.view.break_even import draw_break_even, draw_deterrence_and_detection
from sim.view.heat_map import HATCH

pytestmark = pytest.mark.slow

SCENARIO = load_scenario(BASELINE)


def a_grid(extra_cost: list[list[float]], averted: list[list[float]], spread=0.1) -> BreakEven:
    """Return a grid of six runs a cell around these means; nan: no runs."""
    rows, columns = np.shape(averted)
    result = BreakEven(SCENARIO, [float(2**j) for j in range(columns)], list(np.arange(rows) / 2.0))
    for (i, j), mean in np.ndenumerate(np.array(averted)):
        if not np.isnan(mean):
            runs = mean + spread * np.array([-1.0, 1.0] * 3)
            against = CostEffectiveness(np.full(6, extra_cost[i][j]), runs)
            result.cells[i, j] = Cell(
                result.rewards[j], result.responses[i], against, runs, runs, runs
            )
    return result


def hatched(fig: Figure) -> int:
    boxes = (patch for patch in fig.axes[0].patches if isinstance(patch, Rectangle))
    return sum(box.get_hatch() == HATCH for box in boxes)


def outline(fig: Figure) -> int:
    """Return the sides of cells along the outline of panel a."""
    (lines,) = (c for c in fig.axes[0].collections if type(c) is LineCollection)
    return len(lines.get_segments())


def test_the_region_that_pays_is_outlined_and_the_doubtful_hatched() -> None:
    # Worth 1,000 CNY: the first column pays; the last cell averts nothing that can be told.
    grid = a_grid([[500, 9000], [500, 9000]], [[1, 2], [1, 0.01]])
    fig = draw_break_even(grid, 1000)
    check_whole(fig)
    assert "The reward pays for itself in 2 of 4 cases" in texts(fig)
    assert outline(fig) == 6
    assert hatched(fig) == 1


def test_words_where_a_ratio_would_mislead() -> None:
    fig = draw_break_even(a_grid([[-500, 500], [500, 500]], [[1, -1], [1, 0]]), 1e5)
    check_whole(fig)
    assert texts(fig).count("saves\nmoney") == 1
    assert texts(fig).count("none\naverted") == 2


@pytest.mark.parametrize(
    ("extra_cost", "averted"),
    [
        ([[500]], [[1]]),
        ([[500]], [[0]]),
        ([[500, 700, 900]], [[1, 2, 3]]),
        ([[500], [700]], [[1], [2]]),
        ([[500, 500], [500, 500]], [[1, 1], [1, 1]]),
        ([[500, 500], [500, 500]], [[1, np.nan], [np.nan, np.nan]]),
        ([[500, 500], [500, 500]], [[np.nan, np.nan], [np.nan, np.nan]]),
        ([[0, 0], [0, 0]], [[0, 0], [0, 0]]),
        ([[10.0**j for j in range(12)]] * 6, [[1.0] * 12] * 6),
    ],
)
def test_any_grid_can_be_drawn(extra_cost: list[list[float]], averted: list[list[float]]) -> None:
    grid = a_grid(extra_cost, averted)
    for fig in (draw_break_even(grid, 1e5), draw_deterrence_and_detection(grid)):
        check_whole(fig)
        for ax in fig.axes[:2]:
            assert ax.get_title(loc="left")
            assert ax.get_xlabel()
            assert ax.get_ylabel()
        assert "nobody has measured" in texts(fig).lower()


def test_very_noisy_cells_are_hatched() -> None:
    assert hatched(draw_break_even(a_grid([[500, 500]], [[1, 2]], spread=50), 1e5)) == 2
