"""Counts that articles print, as points on the day that each describes."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke

from calibration.targets import CountTarget
from sim.view.days import position
from sim.view.number_text import whole
from sim.view.style import GREY, SMALL

_MARKER = "D"


def legend_of_counts() -> Line2D:
    """Return what stands for the points in a legend."""
    return Line2D(
        [],
        [],
        color=GREY,
        marker=_MARKER,
        linestyle="none",
        markersize=5,
        label="count in a newspaper",
    )


def draw_article_counts(
    ax: Axes, targets: Sequence[CountTarget], color: str, *, above: bool, named: bool = True
) -> None:
    """Draw ``targets`` as labelled points; the x axis must have its limits.

    Args:
        ax: where to draw.
        targets: counts of the place and series that the axes show.
        color: of the curve that the counts belong to.
        above: write above the points, not below them.
        named: write the number of the count in the data provenance page too.
    """
    low, high = ax.get_xlim()
    shown = [target for target in targets if low <= position(target.data_date) <= high]
    ax.scatter(
        [position(target.data_date) for target in shown],
        [target.value for target in shown],
        marker=_MARKER,
        s=26,
        color=color,
        edgecolor="white",
        linewidth=0.8,
        zorder=4,
    )
    for target in shown:
        x = position(target.data_date)
        # To the left: a growing or a level curve leaves that side free.
        leftwards = x > low + 0.25 * (high - low)
        ax.annotate(
            f"{target.id}: {whole(target.value)}" if named else whole(target.value),
            (x, target.value),
            (-3 if leftwards else 3, 3 if above else -3),
            textcoords="offset points",
            ha="right" if leftwards else "left",
            va="bottom" if above else "top",
            fontsize=SMALL,
            zorder=5,
            path_effects=[withStroke(linewidth=2, foreground="white")],
        )
