"""Figure of what a fit says about each parameter: its posterior on the scale of its prior."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter
from scipy import special

from calibration.check import INFORMED, NOT_FITTED, QUANTILES
from sim.view.balanced_text import balanced
from sim.view.nothing import nothing_to_draw
from sim.view.page import new_figure
from sim.view.parameter_text import estimate_text, range_text
from sim.view.style import (
    BLUE,
    GREY,
    SMALL,
    VERMILLION,
    empty_panel,
    in_house_style,
    panel_title,
)
from sim.world.draws import FloatArray

_ROW, _AROUND = 0.228, 0.75
"""Inches: a parameter, and what is around the rows."""
_WIDTHS = (1.45, 0.5, 3.2)
"""Of the percentiles, of the contraction and of the numbers, relative to each other."""
_LABEL = 34
"""Characters in a line of a parameter's label."""
_COLUMNS = ((0.0, "posterior median (90 %)"), (0.58, "prior 90 %"), (0.96, "unit"))
"""Where the columns of numbers are, and what stands above them."""
_PRIOR = "#E9E9E9"
_COLORS = {
    "informed": BLUE,
    "hardly informed": GREY,
    "piles up at the edge of its prior": VERMILLION,
}
_SUBJECT = "What the counts say about each parameter"


@dataclass(frozen=True)
class _Row:
    """A parameter.

    Attributes:
        place: of its row on the y axis.
        table: its row of the table.
        percentiles: of the posterior at 5, 25, 50, 75 and 95 %, on the prior's scale in percent.
        color: of its intervals and its bar.
    """

    place: float
    table: pd.Series
    percentiles: FloatArray
    color: str


@in_house_style
def draw_prior_and_posterior(table: pd.DataFrame, scores: FloatArray) -> Figure:
    """Return the figure, a row a parameter, those that the counts inform most on top.

    Args:
        table: from ``parameters_table``; what was not fitted is only counted.
        scores: normal scores of its parameters, shape (members, parameters).
    """
    fitted = np.array([row["verdict"] != NOT_FITTED for _, row in table.iterrows()], dtype=bool)
    kept = int((~fitted).sum())
    table, scores = table[fitted], scores[:, fitted]
    if table.empty or not len(scores):
        return nothing_to_draw(_SUBJECT, "the ensemble has no fitted parameters")
    rows = _rows(table, scores)
    one = len(scores) == 1
    last = max(row.place for row in rows)
    fig = new_figure(
        _AROUND + _ROW * (last + 2),
        _heading(table, one),
        f"{_members(len(scores))} Percentile 50 is the median of the prior. Contraction: share of "
        "the prior's variance, on the scale of normal scores, that the posterior does without; "
        f"below 0 it is wider. Informed: contraction of {_percent(100 * INFORMED)} or more, or a "
        "mean half a standard deviation off."
        + (
            f" Not shown: {kept} parameters that no count informs; they keep their prior."
            * (kept > 0)
        ),
        legend=_legend(rows, one),
    )
    shares, contraction, numbers = fig.subplots(1, 3, width_ratios=_WIDTHS, sharey=True)
    _draw_shares(shares, rows)
    panel_title(shares, "a", "Posterior")
    _draw_contraction(contraction, rows, one)
    panel_title(contraction, "b", "Contraction")
    _write_numbers(numbers, rows)
    return fig


def _rows(table: pd.DataFrame, scores: FloatArray) -> list[_Row]:
    """Return the parameters from the top down."""
    percentiles = 100 * special.ndtr(np.quantile(scores, QUANTILES, axis=0)).T
    contraction = table["contraction"].to_numpy()
    rows = []
    for place, i in enumerate(np.argsort(-contraction, kind="stable").tolist()):
        verdict = str(table["verdict"].iloc[i]) if len(scores) > 1 else ""
        color = _COLORS.get(verdict, GREY)
        rows.append(_Row(place, table.iloc[i], percentiles[i], color))
    return rows


def _heading(table: pd.DataFrame, one: bool) -> str:
    if one:
        return _SUBJECT
    informed = int((table["verdict"] != "hardly informed").sum())
    return f"The counts inform {informed} of {len(table)} fitted parameters"


def _members(members: int) -> str:
    if members == 1:
        return "Only one member: there are no intervals and no contraction."
    return f"{members} members of the ensemble."


def _legend(rows: Sequence[_Row], one: bool) -> list[Artist]:
    there = {str(row.table["verdict"]) for row in rows}
    verdicts = [
        Line2D([], [], color=color, linewidth=3, label=verdict)
        for verdict, color in _COLORS.items()
        if verdict in there and not one
    ]
    prior = Patch(color=_PRIOR, linewidth=0, label="prior, 90 %")
    dot = Line2D(
        [], [], color="white", marker="o", markersize=4, markeredgecolor=GREY, linestyle="none",
        label="posterior median",
    )  # fmt: skip
    intervals = [
        Line2D([], [], color=GREY, linewidth=3, label="50 %"),
        Line2D([], [], color=GREY, linewidth=1, label="90 %"),
    ]
    return [prior, dot, *([] if one else intervals), *verdicts]


def _draw_shares(ax: Axes, rows: Sequence[_Row]) -> None:
    ax.axvline(50, color="white", linewidth=0.8, zorder=1.5)
    for row in rows:
        low, lower, median, upper, high = row.percentiles
        ax.barh(row.place, 90, left=5, height=0.72, color=_PRIOR, zorder=1)
        ax.hlines(row.place, low, high, color=row.color, linewidth=1.0)
        ax.hlines(row.place, lower, upper, color=row.color, linewidth=3.0)
        ax.plot(
            median, row.place, "o", color="white", markersize=4, markeredgecolor=row.color, zorder=3
        )
    labels = [balanced(str(row.table["meaning"]), _LABEL) for row in rows]
    ax.set_yticks([row.place for row in rows], labels, linespacing=1.0)
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(max(row.place for row in rows) + 0.6, -1.2)
    ax.spines["left"].set_visible(False)
    ax.set_xlim(-1, 101)
    ax.set_xticks([5, 25, 50, 75, 95])
    ax.set_xlabel("Percentile of the prior")


def _draw_contraction(ax: Axes, rows: Sequence[_Row], one: bool) -> None:
    ax.axvline(0, color=GREY, linewidth=0.6)
    if one:
        empty_panel(ax, "needs two\nmembers")
    for row in rows:
        if one:
            continue
        percent = 100 * float(row.table["contraction"])
        ax.barh(row.place, max(0.0, percent), height=0.6, color=row.color)
        ax.annotate(
            _percent(percent),
            (max(0.0, percent), row.place),
            (3, 0),
            textcoords="offset points",
            va="center",
            fontsize=SMALL,
        )
    ax.tick_params(axis="y", length=0, labelleft=False)
    ax.spines["left"].set_visible(False)
    ax.set_xlim(0, 165)
    ax.set_xticks([0, 100])
    ax.xaxis.set_major_formatter(FuncFormatter(_percent))
    ax.set_xlabel("Of the variance")


def _percent(value: float, _: int = 0) -> str:
    return f"{value + 0:.0f} %".replace("-0 ", "0 ").replace("-", "\N{MINUS SIGN}")


def _write_numbers(ax: Axes, rows: Sequence[_Row]) -> None:
    ax.set_axis_off()
    ax.set_xlim(0, 1)
    for x, head in _COLUMNS:
        ax.text(x, -0.9, head, va="center", fontsize=SMALL, color=GREY)
    for row in rows:
        prior, posterior = (
            [float(row.table[f"{of}_q{100 * share:02.0f}"]) for share in QUANTILES]
            for of in ("prior", "posterior")
        )
        texts = estimate_text(posterior), range_text(prior[0], prior[-1]), str(row.table["unit"])
        for (x, _), text in zip(_COLUMNS, texts, strict=True):
            ax.text(x, row.place, text, va="center", fontsize=SMALL)
