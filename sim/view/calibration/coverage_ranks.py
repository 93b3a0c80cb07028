"""Figure of the ranks of known truths among fitted pairs: even, if the fit is calibrated."""

from dataclasses import dataclass
from string import ascii_lowercase

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator

from calibration.coverage import RANK_COLUMNS
from calibration.ranks import BAND, BINS, Shape, shapes_of, shares_of, uniform_band
from sim.view.balanced_text import balanced
from sim.view.calibration.coverage_table import group_words
from sim.view.nothing import nothing_to_draw
from sim.view.page import new_figure
from sim.view.style import BLUE, GREY, SMALL, VERMILLION, in_house_style, panel_title
from sim.world.draws import BoolArray, FloatArray, IntArray

_COLUMNS = 5
_ROW = 1.62
"""Inches: a row of panels, with titles and labels."""
_TITLE = 19
"""Characters in a line of a panel's title."""
_BAND = "#D8D8D8"
_NAMED = 2
"""Quantities that deviate and are named in the heading, at most."""
_SUBJECT = "Rank of the truth among the pairs"


@dataclass(frozen=True)
class _Histogram:
    """The ranks of one group of quantities.

    Attributes:
        group: what was ranked.
        heights: density of the ranks in each bin, shape (bins,): 1 if they are uniform.
        low: lower end of the band, shape (bins,).
        high: upper end.
        shape: what the ranks say.
    """

    group: str
    heights: FloatArray
    low: FloatArray
    high: FloatArray
    shape: Shape

    @classmethod
    def of(cls, group: str, counts: IntArray, shape: Shape) -> "_Histogram":
        """Return the histogram of ``counts``, shape (sets, bins)."""
        low, high = uniform_band(counts)
        heights = shares_of(counts).mean(axis=0)
        return cls(group, BINS * heights, BINS * low, BINS * high, shape)

    @property
    def outside(self) -> BoolArray:
        """Which bins are outside the band, shape (bins,)."""
        # One at an end of the band is inside, whatever its last digit.
        return (self.heights < self.low - 1e-9) | (self.heights > self.high + 1e-9)


@in_house_style
def draw_coverage_ranks(ranks: pd.DataFrame) -> Figure:
    """Return the figure, a panel a group of quantities.

    Args:
        ranks: from ``run_coverage``, a row a data set and group, a column a bin.
    """
    if ranks.empty:
        return nothing_to_draw(_SUBJECT, "there are no synthetic data sets")
    counts = {
        str(group): of_group[list(RANK_COLUMNS)].to_numpy(int)
        for group, of_group in ranks.groupby("group", sort=False)
    }
    shapes = shapes_of(counts)
    drawn = [_Histogram.of(group, of, shapes[group]) for group, of in counts.items()]
    sets = ranks["data_set"].nunique()
    columns = min(_COLUMNS, len(drawn))
    rows = -(-len(drawn) // columns)
    fig = new_figure(
        _ROW * rows,
        f"{_SUBJECT}: {_finding(shapes)}",
        f"{_number_of(sets, 'synthetic data set', 'synthetic data sets')}; series on all days "
        "without a count; ties broken at random. Uniform: the fit is as sure as it may be. High at "
        "both ends: its intervals are too narrow; high in the middle: too wide. Outside the bands: "
        f"{_outside(drawn)}.",
        legend=_legend(),
    )
    axes: list[Axes] = fig.subplots(rows, columns, sharey=True, squeeze=False).ravel().tolist()
    highest = max(max(of.heights.max(), of.high.max()) for of in drawn)
    axes[0].set_ylim(0, 1.3 * min(highest, BINS))
    for number, (ax, of) in enumerate(zip(axes, drawn, strict=False)):
        _draw(ax, of)
        panel_title(ax, ascii_lowercase[number], balanced(group_words(of.group), _TITLE))
        if number % columns == 0:
            ax.set_ylabel("Density")
        if number + columns >= len(drawn):
            ax.set_xlabel("Rank")
    for ax in axes[len(drawn) :]:
        ax.set_axis_off()
    return fig


def _finding(shapes: dict[str, Shape]) -> str:
    """Return in words which quantities deviate."""
    off = {group: shape for group, shape in shapes.items() if shape is not Shape.UNIFORM}
    if not off:
        return f"no deviation found for {_number_of(len(shapes), 'quantity', 'quantities')}"
    if len(off) > _NAMED:
        return f"not uniform for {len(off)} of {len(shapes)} quantities"
    named = "; ".join(f"{shape} for {group_words(group)}" for group, shape in off.items())
    others = len(shapes) - len(off)
    return f"{named}; no deviation found for {others} others" if others else named


def _number_of(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _outside(drawn: list[_Histogram]) -> str:
    """Return how many bins are outside their band, and how many would be by chance."""
    number = sum(int(of.outside.sum()) for of in drawn)
    bins = BINS * len(drawn)
    return f"{number} of {bins} bins, by chance about {(1 - BAND) * bins:.1g}"


def _legend() -> list[Artist]:
    return [
        Line2D([], [], color=BLUE, linewidth=1.1, label="ranks of the truths"),
        Patch(color=VERMILLION, linewidth=0, label="outside the band"),
        Patch(color=_BAND, linewidth=0, label=f"where {100 * BAND:.0f} % of bins lie if uniform"),
        Line2D([], [], color=GREY, linewidth=0.8, linestyle="--", label="uniform"),
    ]


def _draw(ax: Axes, of: _Histogram) -> None:
    edges = np.linspace(0, 1, BINS + 1)
    ax.stairs(of.high, edges, baseline=of.low, fill=True, color=_BAND, linewidth=0, zorder=0)
    beyond = np.clip(of.heights, of.low, of.high)
    shown = np.where(of.outside, of.heights - beyond, 0.0)
    ax.bar(edges[:-1], shown, 1 / BINS, beyond, align="edge", color=VERMILLION, zorder=1)
    ax.axhline(1, color=GREY, linewidth=0.8, linestyle="--", zorder=2)
    ax.stairs(of.heights, edges, baseline=None, color=BLUE, linewidth=1.1, zorder=3)
    ax.set_xlim(0, 1)
    ax.set_xticks([0, 0.5, 1])
    ax.tick_params(axis="x", labelbottom=True)
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    ax.yaxis.set_major_locator(MaxNLocator(nbins=3, steps=[1, 2, 5, 10]))
    if of.shape is not Shape.UNIFORM:
        ax.text(
            0.5, 0.97, balanced(str(of.shape), _TITLE), transform=ax.transAxes, ha="center",
            va="top", fontsize=SMALL, color=VERMILLION,
        )  # fmt: skip
