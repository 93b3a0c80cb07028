"""A daily series of many runs as a median with a 50 % and a 90 % band."""

import numpy as np
import numpy.typing as npt
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.experiment.tables import QUANTILES
from sim.view.style import GREY
from sim.world.draws import FloatArray

OUTER, INNER = 0.18, 0.3
"""Opacity of the 90 % band, and of the 50 % band upon it."""
BOTH = INNER + OUTER - INNER * OUTER
"""Opacity of the two together."""


def legend_of_bands(runs: int) -> list[Artist]:
    """Return what stands for line and bands in a legend."""
    if runs == 1:
        return [Line2D([], [], color=GREY, label="the run")]
    return [
        Line2D([], [], color=GREY, label="median"),
        Patch(color=GREY, alpha=BOTH, linewidth=0, label="middle 50 % of the runs"),
        Patch(color=GREY, alpha=OUTER, linewidth=0, label="90 %"),
    ]


def draw_bands(
    ax: Axes,
    days: FloatArray,
    runs: npt.NDArray[np.number],
    color: str,
    *,
    inner: bool = True,
    linestyle: str = "-",
) -> None:
    """Draw the quantiles of ``runs``, shape (runs, days).

    Args:
        ax: where to draw.
        days: positions of the days on the x axis.
        runs: values by run and day; a single run is drawn as a line.
        color: of line and bands.
        inner: draw the 50 % band too.
        linestyle: of the median.
    """
    low, lower, median, upper, high = np.quantile(runs, QUANTILES, axis=0)
    # Each curve covers its days wholly, so that a calendar of one day can be seen too.
    x = np.concatenate([days[:1] - 0.5, days, days[-1:] + 0.5])

    def whole(values: FloatArray) -> FloatArray:
        return np.pad(values, 1, mode="edge")

    if len(runs) > 1:
        ax.fill_between(x, whole(low), whole(high), color=color, alpha=OUTER, linewidth=0)
        if inner:
            ax.fill_between(x, whole(lower), whole(upper), color=color, alpha=INNER, linewidth=0)
    ax.plot(x, whole(median), color=color, linestyle=linestyle)
