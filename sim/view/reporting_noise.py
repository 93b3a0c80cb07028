"""How far a printed count may lie from what happened, as a thin bar through its point."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from calibration.targets import CountTarget, ReportingNoise
from sim.view.days import position
from sim.view.style import BLACK, GREY

_NORMAL_90 = 1.645
"""Standard deviations on either side of the middle that 90 % of a normal distribution take."""
_WIDTH = 0.7


def legend_of_noise() -> Line2D:
    """Return what stands for the bars in a legend."""
    return Line2D(
        [], [], color=GREY, marker="|", markersize=9, linestyle="none",
        label="its reporting noise (90 %)",
    )  # fmt: skip


def draw_reporting_noise(ax: Axes, targets: Sequence[CountTarget], noise: ReportingNoise) -> None:
    """Draw a bar of 90 % for every target inside the axes, which must have its limits.

    Args:
        ax: where to draw.
        targets: counts of the place and series that the axes show.
        noise: of targets that have none of their own.
    """
    low, high = ax.get_xlim()
    shown = [target for target in targets if low <= position(target.data_date) <= high]
    ax.errorbar(
        [position(target.data_date) for target in shown],
        [target.value for target in shown],
        yerr=[_NORMAL_90 * (target.noise or noise).sd(target.value) for target in shown],
        fmt="none",
        ecolor=BLACK,
        elinewidth=_WIDTH,
        zorder=3.5,
    )
