"""Counts that articles print, as points on the day that each describes."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke

from calibration.targets import Target
from sim.view.days import position
from sim.view.style import BLACK, SMALL

LABEL = "count in an article"


def draw_article_counts(ax: Axes, targets: Sequence[Target], color: str = BLACK) -> None:
    """Draw ``targets`` as labelled points; the x axis must have its limits.

    Args:
        ax: where to draw.
        targets: counts of the place and series that the axes show.
        color: of the curve that the counts belong to.
    """
    low, high = ax.get_xlim()
    shown = [target for target in targets if low <= position(target.data_date) <= high]
    if not shown:
        return
    ax.scatter(
        [position(target.data_date) for target in shown],
        [target.value for target in shown],
        marker="D",
        s=26,
        color=color,
        edgecolor="white",
        linewidth=0.8,
        zorder=4,
        label=LABEL,
    )
    for target in shown:
        x = position(target.data_date)
        leftwards = x > low + 0.7 * (high - low)
        ax.annotate(
            f"{target.id}: {target.value:,.0f}",
            (x, target.value),
            (-6 if leftwards else 6, 0),
            textcoords="offset points",
            ha="right" if leftwards else "left",
            va="center",
            fontsize=SMALL,
            zorder=5,
            path_effects=[withStroke(linewidth=2, foreground="white")],
        )
