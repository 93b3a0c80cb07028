"""Synthetic coverage: how often intervals of a fit hold the truth, how wide, and its ranks."""

from itertools import cycle
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FixedLocator, NullLocator

from calibration.coverage import CHAINS, RANK_COLUMNS
from calibration.coverage_scores import LOCAL_PARAMETERS, PARAMETERS, TOTAL
from calibration.ranks import BAND, BINS, Shape, shapes_of, shares_of, uniform_band
from sim.view import style
from sim.view.axes import name_rows
from sim.view.labels import balanced
from sim.view.words import count, series_words, words
from sim.world.draws import IntArray

ACCEPTED = {50: (0.42, 0.60), 90: (0.85, 0.96)}
"""Shares of truths inside intervals of 50 and 90 % that the study accepts."""
GOALS = {
    "imported_confirmed_cumulative": 0.20,
    "imported_carriers_stock": 0.20,
    "imported_first_positives": 0.10,
    TOTAL: 0.23,
}
"""Widths of 90 % intervals that the study aims at, relative to the true final count."""

_SCORES = ["mean_rank", "inside_50", "inside_90", "width_90"]
_GROUPS = {
    PARAMETERS: "parameters, all together",
    LOCAL_PARAMETERS: "local parameters, all together",
    TOTAL: "confirmed cases so far, on a day with a count",
}
_SCHEMES = {
    "emulator": "emulator, fresh seeds",
    "best_of_seeds": "corrected starts",
    CHAINS: "chains",
}
_LOOKS = ((style.VERMILLION, "o"), (style.BLUE, "^"), (style.ORANGE, "s"))
"""Of the schemes, the last one first."""
_ROW, _APART = 0.42, 0.24
"""Inches of a row, and rows between two schemes."""
_LABEL = 24
_BAND = "#DFDFDF"
_COLUMNS, _PANEL, _TITLE = 5, 1.5, 19
"""Histograms side by side, their height in inches, and characters in a line of a title."""
_NO_SETS = "there are no synthetic data sets"


def coverage_table(scores: pd.DataFrame) -> pd.DataFrame:
    """Return coverage over data sets, one row per scheme and group of quantities.

    The parameters of a stage are one group: a data set counts with their mean, because the ranks
    of one fit hang together.

    Args:
        scores: from ``run_coverage``.

    Returns:
        ``scheme``, ``group``, ``data_sets``; means over data sets of ``mean_rank``, ``inside_50``
        and ``inside_90`` with their standard errors (``..._se``, nan of one data set); the median
        of ``width_90`` (units: see ``calibration.coverage_scores.scores_of``).
    """
    if scores.empty:
        return pd.DataFrame()
    keys = ["scheme", "group"]
    # Groups in the order of the scores: parameters, series, total.
    sets = scores.groupby([*keys, "data_set"], sort=False, as_index=False)[_SCORES].mean()
    groups = sets.groupby(keys, sort=False)
    table = groups[_SCORES[:-1]].mean()
    table = table.join(groups[_SCORES[:-1]].sem().add_suffix("_se"))
    table.insert(0, "data_sets", groups.size())
    return table.join(groups["width_90"].median()).reset_index()


@style.in_house_style
def draw_coverage(scores: pd.DataFrame) -> Figure:
    """Return the figure: coverage of 50 and of 90 % intervals, and the width of the latter.

    Args:
        scores: from ``run_coverage``, one row per data set, scheme and quantity.
    """
    table = coverage_table(scores)
    if table.empty:
        return style.nothing_to_draw("How often the fit's intervals hold the truth", _NO_SETS)
    schemes = list(dict.fromkeys(table["scheme"]))[::-1]
    looks: dict[str, dict[str, Any]] = {
        scheme: {"color": color, "marker": marker, "markersize": 4.5, "linestyle": "none"}
        for scheme, (color, marker) in zip(schemes, cycle(_LOOKS), strict=False)
    }
    # Chains alone have local quantities, and so the order of all.
    fit = table[table["scheme"] == schemes[0]]
    groups = list(dict.fromkeys([*fit["group"], *table["group"]]))
    accepted = np.all([fit[f"inside_{of}"].between(*ends) for of, ends in ACCEPTED.items()], axis=0)
    fig = style.new_figure(
        0.8 + _ROW * len(groups),
        f"The fit's intervals hold the truth as often as accepted for {accepted.sum()} of "
        f"{len(fit)} quantities",
        f"{_sets(scores)}. a, b: share of truths whose rank is inside, over parameters or days "
        "without a count; mean and standard error. c: of counts, median; relative to the true "
        "final count of confirmed cases, for entrants to that of entrants, for local cases to "
        "their largest count, in the last row to that of the day.",
        legend=[
            *(
                Line2D([], [], label=_SCHEMES.get(of, words(of)), **look)
                for of, look in looks.items()
            ),
            Patch(color=_BAND, linewidth=0, label="accepted"),
            Line2D([], [], color=style.GREY, linewidth=0.9, linestyle="--", label="nominal"),
            Line2D([], [], color="black", linewidth=1.2, label="goal, at most"),
        ],
    )
    axes = fig.subplots(1, 3, sharey=True, width_ratios=(1, 1, 1.25)).tolist()
    for ax, letter, (level, (low, high)) in zip(axes, "ab", ACCEPTED.items(), strict=False):
        ax.axvspan(100 * low, 100 * high, color=_BAND, linewidth=0, zorder=0)
        ax.axvline(level, color=style.GREY, linewidth=0.9, linestyle="--", zorder=1)
        ax.xaxis.set_major_formatter("{x:.0f} %")
        ax.set_xlabel("Truths inside")
        style.panel_title(ax, letter, f"Inside the {level} % interval")
    for number, (scheme, look) in enumerate(looks.items()):
        of = table[table["scheme"] == scheme]
        y = of["group"].map(groups.index) + _APART * ((len(looks) - 1) / 2 - number)
        for ax, level in zip(axes, ACCEPTED, strict=False):
            error = 100 * of[f"inside_{level}_se"].fillna(0)
            ax.errorbar(100 * of[f"inside_{level}"], y, xerr=error, elinewidth=0.9, **look)
        is_count = ~of["group"].isin([PARAMETERS, LOCAL_PARAMETERS])
        axes[2].plot(of["width_90"][is_count], y[is_count], **look)
    for ax in axes[:2]:
        ax.set_xlim(right=103)
    _finish_widths(axes[2], groups)
    for ax in axes:
        name_rows(ax, [balanced(_name(of), _LABEL) for of in groups])
        ax.label_outer()
        for row in range(1, len(groups)):
            ax.axhline(row - 0.5, color=style.PALE, linewidth=0.4)
    return fig


def _finish_widths(ax: Axes, groups: list[str]) -> None:
    for row, group in enumerate(groups):
        if group in GOALS:
            ax.vlines(GOALS[group], row - 0.42, row + 0.42, color="black", linewidth=1.2)
    ax.set_xscale("log")
    ax.set_xlim(min(0.02, ax.get_xlim()[0]), max(2, ax.get_xlim()[1]))
    ax.xaxis.set_major_locator(FixedLocator([0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10]))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_major_formatter("{x:g}")
    ax.set_xlabel("Of the final count (log scale)")
    style.panel_title(ax, "c", "Width of the 90 % interval")


@style.in_house_style
def draw_coverage_ranks(ranks: pd.DataFrame) -> Figure:
    """Return the figure of ranks of truths among fitted pairs, a panel per group of quantities.

    Args:
        ranks: from ``run_coverage``, one row per data set and group, a column per bin.
    """
    if ranks.empty:
        return style.nothing_to_draw("Rank of the truth among the pairs", _NO_SETS)
    counts = {
        str(group): of_group[list(RANK_COLUMNS)].to_numpy(int)
        for group, of_group in ranks.groupby("group", sort=False)
    }
    shapes = shapes_of(counts)
    rows = -(-len(counts) // _COLUMNS)
    fig = style.new_figure(
        0.3 + _PANEL * rows,
        f"Ranks of the truth: {_finding(shapes)}",
        f"{_sets(ranks)}; series on all days without a count; ties broken at random. Uniform: "
        "intervals are neither too narrow nor too wide. High at both ends: too narrow; high in the "
        "middle: too wide; high on the left: predictions too high.",
        legend=[
            Line2D([], [], color=style.BLUE, linewidth=1.1, label="ranks of the truths"),
            Patch(color=_BAND, label=f"where {100 * BAND:.0f} % of bins lie if uniform"),
        ],
    )
    axes = fig.subplots(rows, _COLUMNS, sharex=True, sharey=True, squeeze=False).ravel().tolist()
    for ax, (group, of) in zip(axes, counts.items(), strict=False):
        _draw_histogram(ax, of, shapes[group])
        ax.set_title(balanced(_name(group), _TITLE))
        ax.tick_params(axis="x", labelbottom=True)
    for ax in axes[::_COLUMNS]:
        ax.set_ylabel("Density")
    for ax in axes[max(0, len(counts) - _COLUMNS) : len(counts)]:
        ax.set_xlabel("Rank")
    for ax in axes[len(counts) :]:
        ax.remove()
    axes[0].set_ylim(0, 1.2 * axes[0].get_ylim()[1])
    return fig


def _draw_histogram(ax: Axes, counts: IntArray, shape: Shape) -> None:
    """Draw the density of ranks, shape (sets, bins), and where it lies by chance."""
    low, high = uniform_band(counts)
    edges = np.linspace(0, 1, BINS + 1)
    ax.stairs(BINS * high, edges, baseline=BINS * low, fill=True, color=_BAND, linewidth=0)
    ax.stairs(BINS * shares_of(counts).mean(axis=0), edges, baseline=None, color=style.BLUE)
    ax.set_xlim(0, 1)
    ax.set_xticks([0, 0.5, 1], ["0", "0.5", "1"])
    if shape is not Shape.UNIFORM:
        ax.text(
            0.5, 0.97, balanced(str(shape), _TITLE), transform=ax.transAxes, ha="center",
            va="top", fontsize=style.SMALL, color=style.VERMILLION,
        )  # fmt: skip


def _finding(shapes: dict[str, Shape]) -> str:
    """Return in words how many quantities deviate, and how if all do so in one way."""
    found = [shape for shape in shapes.values() if shape is not Shape.UNIFORM]
    if not found:
        return f"no deviation found in any of {len(shapes)} quantities"
    how = str(found[0]) if len(set(found)) == 1 else "not uniform"
    return f"{how} for {len(found)} of {len(shapes)} quantities"


def _name(group: str) -> str:
    return _GROUPS.get(group, series_words(group))


def _sets(table: pd.DataFrame) -> str:
    return count(table["data_set"].nunique(), "synthetic data set")
