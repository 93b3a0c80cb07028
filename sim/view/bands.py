"""A daily series of many runs as a median with a 50 % and a 90 % band."""

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from sim.experiment.tables import QUANTILES
from sim.world.draws import FloatArray

BANDS_NOTE = "line: median; bands: middle 50 % and 90 % of the runs, day by day"


def draw_bands(
    ax: Axes,
    days: FloatArray,
    runs: npt.NDArray[np.number],
    color: str,
    label: str,
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
        label: for the legend.
        inner: draw the 50 % band too.
        linestyle: of the median.
    """
    low, lower, median, upper, high = np.quantile(runs, QUANTILES, axis=0)
    # Each curve covers its days wholly, so that a calendar of one day can be seen too.
    x = np.concatenate([days[:1] - 0.5, days, days[-1:] + 0.5])

    def whole(values: FloatArray) -> FloatArray:
        return np.pad(values, 1, mode="edge")

    if len(runs) > 1:
        ax.fill_between(x, whole(low), whole(high), color=color, alpha=0.18, linewidth=0)
        if inner:
            ax.fill_between(x, whole(lower), whole(upper), color=color, alpha=0.3, linewidth=0)
    ax.plot(x, whole(median), color=color, label=label, linestyle=linestyle)
